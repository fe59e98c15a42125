//! The normal distribution function, and GELU by it.

use super::exp::{LN_2_HIGH, LN_2_LOW, exponential_m1};
use super::{BIASED, PowerOfTwo, polynomial};
use crate::kernel::lanes::Lanes;
use core::f32::consts::LOG2_E;

/// Where `exp(-x²/2)` has become 0: its exponent is -127 there.
const END: f32 = 13.27;
/// Adding and subtracting 1.5 * 2^15 rounds to the nearest 256th.
const ROUND_256TH: f32 = 49_152.0;
const INV_SQRT_2PI: f32 = 0.398_942_3;

/// `Φ(-a) * exp(a²/2)` for `a >= 0`, as numerator and denominator: minimax of the relative error up to 5, 7.8e-9. All
/// coefficients are positive, so nothing cancels.
#[cfg_attr(not(debug_assertions), inline(always))]
fn mills<V: Lanes<f32>>(a: V) -> (V, V) {
    let p = polynomial(a, [0.5, 0.300_524_18, 0.088_441_156, 0.010_359_058, 1.877_125_4e-6]);
    let q = polynomial(a, [1.0, 1.398_932_6, 0.793_073_65, 0.219_971_93, 0.026_098_697]);
    (p, q)
}

/// The normal distribution function Φ.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn normal<V: PowerOfTwo>(x: V) -> V {
    let a = V::splat(END).min(x.abs());
    let whole = (a * V::splat(-0.5 * LOG2_E)).mul_add(a, V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    // -a²/2 has to be known to more digits than f32 has: the square of a's upper 12 bits is exact, the rest is small.
    let high = (a + V::splat(ROUND_256TH)) - V::splat(ROUND_256TH);
    let half = high * V::splat(-0.5);
    let rest = (a - high) * a.mul_add(V::splat(-0.5), half);
    let r = n.mul_add(V::splat(-LN_2_HIGH), half * high) + n.mul_add(V::splat(-LN_2_LOW), rest);
    let one = V::splat(1.0);
    let (p, q) = mills(a);
    // exp(r) * p, with one rounding fewer than if exp(r) were a number.
    let tail = exponential_m1(r).mul_add(p, p) * whole.low_bits_to_exponent() / q;
    x.if_positive(one - tail, tail)
}

/// `x * Φ(x)`; NaN at minus infinity, as PyTorch has it.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn gelu<V: PowerOfTwo>(x: V) -> V {
    x * normal(x)
}

/// The derivative of [`gelu`], `Φ(x) + x * φ(x)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn gelu_slope<V: PowerOfTwo>(x: V) -> V {
    let x = V::splat(END).min(V::splat(-END).max(x));
    let a = x.abs();
    let half = a * V::splat(-0.5);
    let whole = (half * V::splat(LOG2_E)).mul_add(a, V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    let r = n.mul_add(V::splat(-LN_2_HIGH), half * a);
    let one = V::splat(1.0);
    let e = (one + exponential_m1(r)) * whole.low_bits_to_exponent();
    let (p, q) = mills(a);
    let tail = p * e / q;
    (x * V::splat(INV_SQRT_2PI)).mul_add(e, x.if_positive(one - tail, tail))
}
