//! Sizes that are computed while compiling. One that a number of the target's addresses can't hold is a compile error, in
//! every profile: without overflow checks, plain arithmetic would go on with what is left of it.

use crate::text::Text;

/// The sum of two sizes.
pub const fn sum(a: usize, b: usize) -> usize {
    match a.checked_add(b) {
        Some(sum) => sum,
        None => too_large(),
    }
}

/// The product of two sizes.
pub const fn product(a: usize, b: usize) -> usize {
    match a.checked_mul(b) {
        Some(product) => product,
        None => too_large(),
    }
}

/// A size that was computed without a stop, so that one message can tell of it: the largest stands for all that are larger.
pub const fn exact(size: usize) -> usize {
    if size == usize::MAX { too_large() } else { size }
}

/// The bytes that a program can hold: those of 64 bits address static memory by 32 bits, too.
pub const MOST: usize = if isize::MAX as usize > i32::MAX as usize { i32::MAX as usize } else { isize::MAX as usize };

/// A compile error for more bytes than a program can hold, for which the compiler itself would ask for as many.
#[track_caller]
pub const fn held(bytes: usize) {
    if bytes > MOST {
        Text::EMPTY
            .and("this needs ")
            .number(bytes)
            .and(" bytes; a program holds ")
            .number(MOST)
            .and(" at most")
            .fail();
    }
}

const fn too_large() -> ! {
    Text::EMPTY.and("this needs more than ").number(usize::MAX).and(" bytes, which this target can't address").fail()
}

#[cfg(test)]
mod tests {
    use super::{MOST, held, product, sum};

    #[test]
    fn sizes_up_to_the_last_address_are_exact() {
        assert_eq!(sum(usize::MAX - 1, 1), usize::MAX);
        assert_eq!(product(usize::MAX / 5, 5), usize::MAX);
    }

    #[test]
    #[should_panic(expected = "bytes, which this target can't address")]
    fn a_sum_beyond_it_is_refused() {
        sum(usize::MAX, 1);
    }

    #[test]
    #[should_panic(expected = "bytes, which this target can't address")]
    fn a_product_beyond_it_is_refused() {
        product(usize::MAX / 5 + 1, 5);
    }

    #[test]
    fn a_program_holds_what_it_can_address() {
        held(MOST);
    }

    #[test]
    #[should_panic(expected = "bytes; a program holds 2,147,483,647 at most")]
    fn more_than_that_is_refused() {
        held(MOST + 1);
    }
}
