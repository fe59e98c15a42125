//! The exponential function and what is made of it.

use super::{BIASED, PowerOfTwo, splat};
use crate::kernel::lanes::Lanes;
use core::f32::consts::{LN_2, LOG2_E};

/// ln 2 in two parts, the first with so few bits that its product with an exponent is exact.
pub(super) const LN_2_HIGH: f32 = 0.693_145_75;
pub(super) const LN_2_LOW: f32 = 1.428_606_8e-6;

/// `(exp(r) - 1 - r) / r²` for `|r| <= ln 2 / 2`, from the lowest power: minimax of the relative error of `exp(r) - 1`,
/// 1.4e-8, by a Remez exchange of our own.
const EXPONENTIAL: [f32; 5] = [0.499_999_97, 0.166_665_46, 0.041_667_435, 0.008_366_26, 0.001_387_066_1];

/// `exp(r)` for `|r| <= ln 2 / 2`, with a short chain of dependent operations.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn exponential<V: Lanes<f32>>(r: V) -> V {
    let [c2, c3, c4, c5, c6] = splat(EXPONENTIAL);
    let square = r * r;
    let low = r.mul_add(c3, c2).mul_add(square, V::splat(1.0) + r);
    let high = square.mul_add(c6, r.mul_add(c5, c4));
    high.mul_add(square * square, low)
}

/// `exp(r) - 1` for `|r| <= ln 2 / 2`, precise near zero: one more operation in the chain, one rounding fewer.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn exponential_m1<V: Lanes<f32>>(r: V) -> V {
    onto(r, EXPONENTIAL)
}

/// `1 - exp(-r)`, as `exponential_m1`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn one_minus_exponential<V: Lanes<f32>>(r: V) -> V {
    let [c2, c3, c4, c5, c6] = EXPONENTIAL;
    onto(r, [-c2, c3, -c4, c5, -c6])
}

/// `r + r² * polynomial(r)`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn onto<V: Lanes<f32>>(r: V, coefficients: [f32; 5]) -> V {
    let [c2, c3, c4, c5, c6] = splat(coefficients);
    let square = r * r;
    let high = square.mul_add(c6, r.mul_add(c5, c4));
    high.mul_add(square, r.mul_add(c3, c2)).mul_add(square, r)
}

/// e to the power of `x`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn exp<V: PowerOfTwo>(x: V) -> V {
    // Beyond these bounds the result is infinite or zero anyway; the constant comes first so that a NaN passes.
    let x = V::splat(89.0).min(V::splat(-104.0).max(x));
    let whole = x.mul_add(V::splat(LOG2_E), V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    let r = n.mul_add(V::splat(-LN_2_HIGH), x);
    let r = n.mul_add(V::splat(-LN_2_LOW), r);
    // n reaches -150 and 128: scale in two steps, each within the range of an exponent.
    let half = x.mul_add(V::splat(0.5 * LOG2_E), V::splat(BIASED));
    let rest = whole - (half - V::splat(BIASED));
    exponential(r) * half.low_bits_to_exponent() * rest.low_bits_to_exponent()
}

/// `exp(x) - 1`, precise near zero.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn exp_m1<V: PowerOfTwo>(x: V) -> V {
    let x = V::splat(89.0).min(V::splat(-25.0).max(x));
    // One less than the exponent, which reaches 128: the result is doubled at the end.
    let whole = x.mul_add(V::splat(LOG2_E), V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    let half = (whole - V::splat(1.0)).low_bits_to_exponent();
    let r = n.mul_add(V::splat(-LN_2_HIGH), x);
    let r = n.mul_add(V::splat(-LN_2_LOW), r);
    let result = exponential_m1(r).mul_add(half, half - V::splat(0.5));
    (result + result).or_sign_of(x)
}

/// `1 / (1 + exp(-x))`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sigmoid<V: PowerOfTwo>(x: V) -> V {
    // The power of two is 0 at the upper bound, infinite at the lower.
    let y = V::splat(88.75).min(V::splat(-88.0).max(-x));
    let whole = y.mul_add(V::splat(LOG2_E), V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    let scale = whole.low_bits_to_exponent();
    // The lower part of ln 2 goes to the scale, by the first term of its exponential: it is at most 1.9e-4.
    let one = V::splat(1.0);
    let scale = n.mul_add(V::splat(-LN_2_LOW), one) * scale;
    let r = n.mul_add(V::splat(-LN_2_HIGH), y);
    one / exponential(r).mul_add(scale, one)
}

/// The hyperbolic tangent, `(1 - e) / (1 + e)` with `e = exp(-2 |x|)` and both sums made from `1 - exp(-r)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn tanh<V: PowerOfTwo>(x: V) -> V {
    let size = V::splat(10.0).min(x.abs());
    let whole = size.mul_add(V::splat(-2.0 * LOG2_E), V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    let scale = whole.low_bits_to_exponent();
    // ln 2 happens to have 21 bits as f32, so n * ln 2 is exact for |n| < 8; beyond, its error is far below the result's.
    let rest = one_minus_exponential(n.mul_add(V::splat(LN_2), size + size));
    let one = V::splat(1.0);
    // The upper sum is at most 1 and the lower at least 1, so that the result is at most 1.
    (rest.mul_add(scale, one - scale) / rest.mul_add(-scale, one + scale)).or_sign_of(x)
}
