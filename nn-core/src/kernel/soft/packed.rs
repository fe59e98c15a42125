//! One product at a time. Zeros, subnormal numbers, infinities and NaN are left to the library.

use super::{INFINITY, ONE, SIGN, by_library};

/// The top of a significand with seven bits more.
const TOP: u32 = ONE << 7;

/// Whether the machine multiplies to 64 bits: `target_has_atomic` tells Armv6-M, which does not, from its larger sisters.
pub const WIDE: bool = cfg!(any(target_has_atomic = "32", target_arch = "riscv32"));

/// As bits, and a function of its own: the compiler would make the comparisons calls of the library again.
#[inline(never)]
pub fn of_bits<const WIDE: bool>(sum: u32, a: u32, b: u32) -> u32 {
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
