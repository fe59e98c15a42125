//! GELU, by the normal distribution function Φ.

use super::exp::{LN_2_HIGH, LN_2_LOW, exponential_m1};
use super::{BIASED, PowerOfTwo, polynomial};
use crate::kernel::lanes::Lanes;
use core::f32::consts::LOG2_E;

/// Where `exp(-x²/2)` has become 0: its exponent is -127 there.
const END: f32 = 13.27;
/// Adding and subtracting 1.5 * 2^15 rounds to the nearest 256th.
const ROUND_256TH: f32 = 49_152.0;
const INV_SQRT_2PI: f32 = 0.398_942_3;

/// `1 / (Φ(-a) * exp(a²/2))` for `a >= 0`, the inverse of Mills' ratio but for a constant: minimax of the relative error up to
/// 5.05, 1.9e-8; beyond, where the normal distribution is below 3e-7, it is some per cent too small. It is `2a`, which is exact,
/// and a polynomial about 2.5 whose value is from 1.8 to 3, so that few roundings count.
#[cfg_attr(not(debug_assertions), inline(always))]
fn inverse_mills<V: Lanes<f32>>(a: V) -> V {
    let t = V::splat(5.05).min(a) - V::splat(2.5);
    let slope = polynomial(
        t,
        [
            0.283_604_62,
            0.053_740_155,
            -0.011_382_391,
            0.002_095_332_6,
            -0.000_320_608_44,
            3.659_874e-5,
            -1.989_989_2e-6,
            -8.178_561e-7,
            4.406_894_3e-7,
            -6.976_454_6e-8,
        ],
    );
    slope.mul_add(t, a + a) + V::splat(2.075_572)
}

/// `|x|`, at most [`END`], and `Φ(-|x|)`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn tail<V: PowerOfTwo>(x: V) -> (V, V) {
    let a = V::splat(END).min(x.abs());
    let whole = (a * V::splat(-0.5 * LOG2_E)).mul_add(a, V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    // -a²/2 has to be known to more digits than f32 has: the square of a's upper 12 bits is exact, the rest is small.
    let high = (a + V::splat(ROUND_256TH)) - V::splat(ROUND_256TH);
    let half = high * V::splat(-0.5);
    let rest = (a - high) * a.mul_add(V::splat(-0.5), half);
    let r = n.mul_add(V::splat(-LN_2_HIGH), half * high) + n.mul_add(V::splat(-LN_2_LOW), rest);
    (a, (V::splat(1.0) + exponential_m1(r)) * whole.low_bits_to_exponent() / inverse_mills(a))
}

/// The normal distribution function Φ.
#[cfg(test)]
pub fn normal<V: PowerOfTwo>(x: V) -> V {
    let (_, tail) = tail(x);
    x.if_positive(V::splat(1.0) - tail, tail)
}

/// `x * Φ(x)`; NaN at minus infinity, as PyTorch has it.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn gelu<V: PowerOfTwo>(x: V) -> V {
    let (a, tail) = tail(x);
    // Above zero `x - x * tail`, with a rounding fewer than `x * (1 - tail)`.
    x.if_positive((-a).mul_add(tail, x), x * tail)
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
    let tail = e / inverse_mills(a);
    (x * V::splat(INV_SQRT_2PI)).mul_add(e, x.if_positive(one - tail, tail))
}
