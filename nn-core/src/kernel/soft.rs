//! `sum + a · b` for machines without a floating-point unit, whose compiler calls two functions of a library for it.
//!
//! One function that knows of both operations needs neither to pack the product nor to unpack it again, and is done at once where
//! a factor is zero, as half of what a ReLU gives is. It has the bits of the two functions: the product is rounded, and the
//! sum is rounded again (IEEE 754, to the nearest, ties to even). What is rare is left to them.
//!
//! * `packed`: one product at a time, in small code, for any machine;
//! * `unpacked`: sums of many, for fast programs on RISC-V and on cores with Thumb-2; `assembly`: what is between two of its terms
//!   on the latter;
//! * `bits`: comparisons.

#[cfg(all(nn_unpacked, target_arch = "arm"))]
#[macro_use]
mod assembly;
#[cfg(any(test, nn_unpacked))]
pub mod bits;
#[cfg(any(test, not(nn_unpacked)))]
mod packed;
#[cfg(any(test, nn_unpacked))]
pub mod unpacked;

/// The lowest bit of the exponent; in a significand, the bit before the point.
const ONE: u32 = 1 << 23;
const SIGN: u32 = 1 << 31;
/// Without its sign, an infinity.
const INFINITY: u32 = 255 << 23;

/// The same bits as `sum + a * b`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn plus_product(sum: f32, a: f32, b: f32) -> f32 {
    let of_bits = cfg_select! {
        nn_unpacked => { unpacked::of_term }
        _ => { packed::of_bits::<{ packed::WIDE }> }
    };
    f32::from_bits(of_bits(sum.to_bits(), a.to_bits(), b.to_bits()))
}

#[cold]
#[inline(never)]
fn by_library(sum: u32, a: u32, b: u32) -> u32 {
    (f32::from_bits(sum) + f32::from_bits(a) * f32::from_bits(b)).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sum: u32, a: u32, b: u32) {
        let expected = f32::from_bits(sum) + f32::from_bits(a) * f32::from_bits(b);
        let found = [
            plus_product(f32::from_bits(sum), f32::from_bits(a), f32::from_bits(b)),
            f32::from_bits(packed::of_bits::<false>(sum, a, b)),
            f32::from_bits(packed::of_bits::<true>(sum, a, b)),
            f32::from_bits(unpacked::of_term(sum, a, b)),
        ];
        for found in found {
            let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
            assert!(same, "{sum:#x} + {a:#x} * {b:#x}: {found:e}, not {expected:e}");
        }
    }

    /// Against the operations of the machine: random numbers, sums near the product (which cancel), and all combinations of edges.
    #[test]
    #[cfg_attr(miri, ignore = "too many numbers for Miri")]
    fn the_bits_are_those_of_two_operations() {
        let edges =
            [0, 1, ONE - 1, ONE, ONE + 1, 0x3f80_0000, 0x3f7f_ffff, 0x4b7f_ffff, INFINITY - 1, INFINITY, INFINITY + 1];
        let edges = edges.into_iter().flat_map(|bits| [bits, bits | SIGN]);
        for sum in edges.clone() {
            for a in edges.clone() {
                edges.clone().for_each(|b| check(sum, a, b));
            }
        }
        let mut state = 1_u64;
        let mut random = || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (state >> 32) as u32
        };
        for _ in 0..if cfg!(debug_assertions) { 300_000 } else { 30_000_000 } {
            let (any, near) = ([random(), random(), random()], random());
            check(any[0], any[1], any[2]);
            // Of similar size, so that nothing is lost by shifting.
            let [sum, a, b] = any.map(|bits| bits & !INFINITY | ((bits >> 23 & 7) + 123) << 23);
            check(sum, a, b);
            let product = (f32::from_bits(a) * f32::from_bits(b)).to_bits();
            check((product ^ SIGN).wrapping_add(near & 3).wrapping_sub(1), a, b);
        }
    }
}
