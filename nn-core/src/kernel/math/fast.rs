//! Fewer operations and fewer digits, for networks that ask for them.
//!
//! The errors are the largest over all bit patterns, fused or not:
//!
//! | function  | absolute | relative | within       |
//! |-----------|----------|----------|--------------|
//! | `exp`     |          | 8.5e-5   | 0..=2.41e38  |
//! | `sigmoid` | 2.9e-5   |          | 0..=1        |
//! | `tanh`    | 5.7e-5   | 2.5e-4   | -1..=1       |
//! | `gelu`    | 6.3e-5   |          | up to 4      |
//! | `gelu`    |          | 2e-5     | above 4      |
//!
//! NaN stays NaN, and nothing else makes one. What activations make of them stands in the documentation of the language.

use super::{BIASED, PowerOfTwo, polynomial};
use crate::kernel::lanes::Lanes;
use core::f32::consts::LOG2_E;

/// `tanh(x) / x` as polynomials of `x²`, up to where it reaches 1: minimax of the absolute error of `tanh`, 5.6e-5.
const TANH: ([f32; 3], [f32; 3]) = ([0.999_755_26, 0.100_896_746, 0.000_631_485_66], [1.0, 0.433_541_3, 0.012_396_893]);
/// Where it is above 1 by more than rounding takes away, so that what saturates is 1 exactly.
const TANH_END: f32 = 5.246;

/// 2 to the power of `whole - BIASED`, times that of `f`, at most 1/2 in magnitude: minimax of the relative error, 7.5e-5.
#[cfg_attr(not(debug_assertions), inline(always))]
fn scaled<V: PowerOfTwo>(x: V) -> V {
    let whole = x.mul_add(V::splat(LOG2_E), V::splat(BIASED));
    // Exact but for the product, whose error is 5e-6 for the largest `x`.
    let f = x.mul_add(V::splat(LOG2_E), V::splat(BIASED) - whole);
    let low = f.mul_add(V::splat(0.693_260_85), V::splat(0.999_928_06));
    let high = f.mul_add(V::splat(0.055_172_496), V::splat(0.242_611_27));
    high.mul_add(f * f, low) * whole.low_bits_to_exponent()
}

/// `x` within bounds; NaN stays NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn clamp<V: Lanes<f32>>(x: V, min: f32, max: f32) -> V {
    V::splat(max).min(V::splat(min).max(x))
}

/// e to the power of `x`; 0 below -87.7, and above 88.37 what it is there.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn exp<V: PowerOfTwo>(x: V) -> V {
    scaled(clamp(x, -88.0, 88.37))
}

/// [`exp`] of a number that is not above zero.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn exp_below_zero<V: PowerOfTwo>(x: V) -> V {
    scaled(V::splat(-88.0).max(x))
}

/// `1 / (1 + exp(-x))`, as `1/2 + tanh(x/2) / 2`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sigmoid<V: Lanes<f32>>(x: V) -> V {
    let ([p0, p1, p2], [_, q1, q2]) = TANH;
    let x = clamp(x, -2.0 * TANH_END, 2.0 * TANH_END);
    // The powers of two of the halves are in the coefficients.
    let p = polynomial(x * x, [p0 / 4.0, p1 / 16.0, p2 / 64.0]);
    let q = polynomial(x * x, [1.0, q1 / 4.0, q2 / 16.0]);
    clamp(x * p / q + V::splat(0.5), 0.0, 1.0)
}

/// The hyperbolic tangent.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn tanh<V: Lanes<f32>>(x: V) -> V {
    let x = clamp(x, -TANH_END, TANH_END);
    clamp(x * polynomial(x * x, TANH.0) / polynomial(x * x, TANH.1), -1.0, 1.0)
}

/// `x * Φ(x)`; Φ by a rational function: minimax of the absolute error of the product, 6.2e-5.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn gelu<V: Lanes<f32>>(x: V) -> V {
    let end = 4.199;
    let above = V::splat(-end).max(x);
    let x = V::splat(end).min(above);
    let p = polynomial(x * x, [0.398_463_93, 0.045_454_822, 0.003_001_650_3]);
    let q = polynomial(x * x, [1.0, 0.277_940_18, 0.030_815_022, 0.000_443_910_2]);
    above * (x * p / q + V::splat(0.5))
}
