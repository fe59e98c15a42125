//! The natural logarithm.

use super::{PowerOfTwo, splat};

/// ln 2 in two parts, the first with so few bits that its product with an exponent is exact.
const LN_2_HIGH: f32 = 6.931_381e-1;
const LN_2_LOW: f32 = 9.058_001e-6;

/// `(ln(1 + s) - ln(1 - s) - 2 s) / s`, a polynomial of `s²` from the second power of `s` on: the error is below 2^-34.
const SERIES: [f32; 4] = [0.666_666_6, 0.400_009_72, 0.284_987_87, 0.242_790_79];

/// The natural logarithm of a positive number that is neither subnormal nor infinite; any other number stays as it is.
///
/// Operation by operation that of `libm` (FreeBSD's `logf`), and with the same bits where `mul_add` is not fused.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn ln_normal<V: PowerOfTwo>(x: V) -> V {
    let [c1, c2, c3, c4] = splat(SERIES);
    let (n, m) = x.split();
    let f = m - V::splat(1.0);
    let s = f / (V::splat(2.0) + f);
    let square = s * s;
    let fourth = square * square;
    let even = fourth * fourth.mul_add(c4, c2);
    let series = square.mul_add(fourth.mul_add(c3, c1), even);
    let half = V::splat(0.5) * f * f;
    let low = n.mul_add(V::splat(LN_2_LOW), s * (half + series));
    x.if_positive(n.mul_add(V::splat(LN_2_HIGH), low - half + f), x)
}
