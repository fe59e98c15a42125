//! Comparisons of numbers as bits, which are functions of their own, or the compiler would make them calls of the library again.
#![allow(unsafe_code)]

use super::{INFINITY, SIGN};
use core::hint::black_box;

/// `a > b`.
#[inline(never)]
pub fn is_above(a: u32, b: u32) -> bool {
    let is_number = |x: u32| x & !SIGN <= INFINITY;
    let key = |x: u32| if x & SIGN == 0 { x as i32 } else { -((x & !SIGN) as i32) };
    is_number(a) && is_number(b) && key(a) > key(b)
}

/// The larger of each number and 0; NaN stays as it is.
#[inline(never)]
pub fn rectify(numbers: &mut [u32]) {
    for x in black_box(numbers) {
        *x = opaque(*x);
        if x.wrapping_sub(SIGN + 1) < INFINITY {
            *x = 0;
        }
    }
}

/// The same, of which the compiler knows nothing, so that it does not have a loop several times.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn opaque(#[cfg_attr(not(nn_unpacked), allow(unused_mut))] mut x: u32) -> u32 {
    #[cfg(nn_unpacked)]
    // SAFETY: it does nothing.
    unsafe {
        core::arch::asm!("/* {} */", inout(reg) x, options(pure, nomem, nostack, preserves_flags));
    }
    x
}

#[cfg(test)]
mod tests {
    use super::super::ONE;
    use super::*;

    #[test]
    fn comparisons_are_those_of_the_machine() {
        let edges = [0, 1, ONE - 1, ONE, ONE + 1, 0x3f80_0000, INFINITY - 1, INFINITY, INFINITY + 1, !SIGN];
        let edges = edges.into_iter().flat_map(|bits| [bits, bits | SIGN]);
        for a in edges.clone() {
            for b in edges.clone() {
                assert_eq!(is_above(a, b), f32::from_bits(a) > f32::from_bits(b), "{a:#x} and {b:#x}");
            }
            let mut rectified = [a];
            rectify(&mut rectified);
            assert_eq!(rectified, [if 0.0 > f32::from_bits(a) { 0 } else { a }]);
        }
    }
}
