//! The exponential function and the logarithm.

use super::simd::Simd;
use std::f32::consts::{LN_2, LOG2_E};

/// `2^t` from its whole and its broken part, with an error of 1e-7.
pub const EXP2: [f32; 6] = [1.000_000_1, LN_2, 0.240_221_07, 0.055_503_57, 0.009_676_032, 0.001_339_086_3];

/// `2^t`, for `t` from -126 to 126.
#[inline(always)]
pub fn exp2<S: Simd>(s: S, t: S::V) -> S::V {
    let n = s.round(t);
    let f = s.sub(t, n);
    let c = EXP2;
    // Pairs first, for a shorter chain.
    let f2 = s.mul(f, f);
    let low = s.fma(s.splat(c[1]), f, s.splat(c[0]));
    let middle = s.fma(s.splat(c[3]), f, s.splat(c[2]));
    let high = s.fma(s.splat(c[5]), f, s.splat(c[4]));
    s.scale(s.fma(s.fma(high, f2, middle), f2, low), n)
}

/// `e^x`; below -87 it is that of -87.
#[inline(always)]
pub fn exp<S: Simd>(s: S, x: S::V) -> S::V {
    let x = s.min(s.max(x, s.splat(-87.0)), s.splat(87.0));
    exp2(s, s.mul(x, s.splat(LOG2_E)))
}

/// `1 / (1 + e^-x)`.
#[inline(always)]
pub fn sigmoid<S: Simd>(s: S, x: S::V) -> S::V {
    let one = s.splat(1.0);
    s.div(one, s.add(one, exp(s, s.sub(s.splat(0.0), x))))
}

/// The logarithm of positive numbers; the polynomial is that of Cephes.
#[inline(always)]
pub fn ln<S: Simd>(s: S, x: S::V) -> S::V {
    let (n, m) = s.split(x);
    let f = s.sub(m, s.splat(1.0));
    let f2 = s.mul(f, f);
    let series = [
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ];
    let mut p = s.splat(7.037_683_6e-2);
    for c in series {
        p = s.fma(p, f, s.splat(c));
    }
    let y = s.fma(s.mul(p, f), f2, s.fma(f2, s.splat(-0.5), f));
    s.fma(n, s.splat(LN_2), y)
}
