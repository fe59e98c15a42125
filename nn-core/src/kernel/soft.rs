//! `sum + a · b` for machines without a floating-point unit, whose compiler calls two functions of a library for it.
//!
//! One function that knows of both operations needs neither to pack the product nor to unpack it again, and is done at once where
//! a factor is zero, as half of what a ReLU gives is. It has the bits of the two functions: the product is rounded, and the
//! sum is rounded again (IEEE 754, to the nearest, ties to even). Zeros, subnormal numbers, infinities and NaN are left to them.

/// The lowest bit of the exponent; in a significand, the bit before the point.
const ONE: u32 = 1 << 23;
const SIGN: u32 = 1 << 31;
/// The top of a significand with seven bits more.
const TOP: u32 = ONE << 7;
/// Without its sign, an infinity.
const INFINITY: u32 = 255 << 23;

/// The same bits as `sum + a * b`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn plus_product(sum: f32, a: f32, b: f32) -> f32 {
    // `target_has_atomic` tells Armv6-M, which multiplies to 32 bits only, from its larger sisters.
    const WIDE: bool = cfg!(target_has_atomic = "32");
    f32::from_bits(of_bits::<WIDE>(sum.to_bits(), a.to_bits(), b.to_bits()))
}

/// As bits, and a function of its own: the compiler would make the comparisons calls of the library again.
#[inline(never)]
fn of_bits<const WIDE: bool>(sum: u32, a: u32, b: u32) -> u32 {
    let is_zero = |x: u32| x << 1 == 0;
    let is_finite = |x: u32| x & !SIGN < INFINITY;
    if !is_zero(b) {
        nonzero::<WIDE>(sum, a, b)
    } else if is_finite(a) && is_finite(sum) && !is_zero(sum) {
        sum
    } else {
        by_library(sum, a, b)
    }
}

#[inline(never)]
fn nonzero<const WIDE: bool>(sum: u32, a: u32, b: u32) -> u32 {
    let exponent_of = |x: u32| x >> 23 & 255;
    let is_normal = |exponent: u32| exponent.wrapping_sub(1) < 254;
    let (exponent, exponent_a, exponent_b) = (exponent_of(sum), exponent_of(a), exponent_of(b));
    if !is_normal(exponent_a) || !is_normal(exponent_b) || exponent == 255 {
        return by_library(sum, a, b);
    }

    // The product: a significand of 24 bits, and the rest of its bits from the top.
    let (mut product, mut rest) = multiply::<WIDE>(a & (ONE - 1) | ONE, b & (ONE - 1) | ONE);
    let mut exponent_p = (exponent_a + exponent_b).wrapping_sub(127);
    if product < ONE {
        product = product << 1 | rest >> 31;
        rest <<= 1;
    } else {
        exponent_p = exponent_p.wrapping_add(1);
    }
    // If this carries to 25 bits, what follows is right all the same.
    product += rest >> 31 & (product | u32::from(rest << 1 != 0));
    let sign_p = (a ^ b) & SIGN;
    if exponent_p.wrapping_sub(1) >= 252 {
        return by_library(sum, a, b);
    }
    if exponent == 0 {
        return if sum << 1 == 0 { sign_p + ((exponent_p - 1) << 23) + product } else { by_library(sum, a, b) };
    }

    // The sum: both with seven bits more, the smaller shifted to the place of the larger.
    let (mut large, mut small) = ((sum << 7) & (TOP - 1) | TOP, product << 7);
    let (mut exponent_s, mut sign_s) = (exponent, sum);
    let mut by = exponent as i32 - exponent_p as i32;
    if by < 0 || by == 0 && large < small {
        (large, small) = (small, large);
        (exponent_s, sign_s, by) = (exponent_p, sign_p, -by);
    }
    if by >= 32 {
        return if exponent > exponent_p { sum } else { by_library(sum, a, b) };
    }
    let shifted = small >> by;
    let shifted = shifted | u32::from(shifted << by != small);
    let total = if (sum ^ sign_p) & SIGN == 0 { large + shifted } else { large - shifted };
    if total == 0 {
        return 0;
    }
    // Mostly none or one. Armv6-M has no instruction that counts them.
    let zeros = if !WIDE && total >= TOP { u32::from(total < SIGN) } else { total.leading_zeros() };
    let (total, exponent_s) = (total << zeros, exponent_s.wrapping_sub(zeros));
    if exponent_s >= 253 {
        return by_library(sum, a, b);
    }
    let up = (total & 255) + 127 + (total >> 8 & 1);
    (sign_s & SIGN) + (exponent_s << 23) + (total >> 8) + (up >> 8)
}

#[cold]
#[inline(never)]
fn by_library(sum: u32, a: u32, b: u32) -> u32 {
    (f32::from_bits(sum) + f32::from_bits(a) * f32::from_bits(b)).to_bits()
}

/// The product of two numbers of 24 bits: all but its lower 24 bits, and these from the top.
#[cfg_attr(not(debug_assertions), inline(always))]
fn multiply<const WIDE: bool>(a: u32, b: u32) -> (u32, u32) {
    if WIDE {
        let product = u64::from(a << 8) * u64::from(b);
        return ((product >> 32) as u32, product as u32);
    }
    let half = |x: u32| (x >> 12, x & 0xfff);
    let ((a, a_low), (b, b_low)) = (half(a), half(b));
    let low = a_low * b_low;
    let middle = a * b_low + a_low * b + (low >> 12);
    (a * b + (middle >> 12), middle << 20 | (low & 0xfff) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sum: u32, a: u32, b: u32) {
        let expected = f32::from_bits(sum) + f32::from_bits(a) * f32::from_bits(b);
        let [found, narrow, wide] = [
            plus_product(f32::from_bits(sum), f32::from_bits(a), f32::from_bits(b)),
            f32::from_bits(of_bits::<false>(sum, a, b)),
            f32::from_bits(of_bits::<true>(sum, a, b)),
        ];
        for found in [found, narrow, wide] {
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
