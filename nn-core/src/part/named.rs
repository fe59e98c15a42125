//! Parts with a name, and parts that are a network of their own in another.

use super::learn::Learn;
use super::run::Part;
use crate::number::storage::storage;

/// A part that is numbered inside, as a `Sequential` in a `Sequential`: a branch, or several branches.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct Nested<L>(
    /// The part inside.
    pub L,
);

storage! { [L: Part] Nested<L> as L::T = { 0: L::NUMBERS } }
crate::__delegate_part!(inside, [L: Part] Nested<L> => L, Self::COMPOSED);
crate::__delegate_learn!([L: Learn] Nested<L> => L);

/// A part with a name of at most 32 bytes, which is written into two numbers, the first byte the highest.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct Named<L, const HEAD: u128, const TAIL: u128>(
    /// The part inside.
    pub L,
);

storage! { [L: Part, const HEAD: u128, const TAIL: u128] Named<L, HEAD, TAIL> as L::T = { 0: L::NUMBERS } }
crate::__delegate_part!(named, [L: Part, const HEAD: u128, const TAIL: u128] Named<L, HEAD, TAIL> => L, Self::COMPOSED);
crate::__delegate_learn!([L: Learn, const HEAD: u128, const TAIL: u128] Named<L, HEAD, TAIL> => L);

impl<L, const HEAD: u128, const TAIL: u128> Named<L, HEAD, TAIL> {
    /// The name.
    pub const NAME: &'static str = {
        const fn bytes<const HEAD: u128, const TAIL: u128>() -> &'static [u8] {
            const { &[HEAD.to_be_bytes(), TAIL.to_be_bytes()] }.as_flattened()
        }
        let mut name = bytes::<HEAD, TAIL>();
        while let [rest @ .., 0] = name {
            name = rest;
        }
        match core::str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => "?",
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        assert_eq!(Named::<(), { 0x61 << 120 }, 0>::NAME, "a");
        const HALF: u128 = u128::from_be_bytes(*b"sixteen_bytes_ab");
        assert_eq!(Named::<(), HALF, HALF>::NAME, "sixteen_bytes_absixteen_bytes_ab");
    }
}
