//! `exp`, `sigmoid` and `tanh` of `f32`, by lanes.
//!
//! The polynomials are those of S. L. Moshier's Cephes library (`expf`, `tanhf`). Every step is an IEEE operation that
//! rounds once, so vectors of any length give the same bits.

#![allow(clippy::excessive_precision, reason = "the constants stand as Cephes prints them")]

use super::lanes::{Lanes, One};

/// What `exp` needs beyond [`Lanes`].
pub trait PowerOfTwo: Lanes<f32> {
    /// 2 to the power of each lane, which is a whole number in -127..=128 (or NaN: the result then does not matter).
    /// -127 gives zero and 128 infinity.
    fn power_of_two(self) -> Self;
}

impl PowerOfTwo for One<f32> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn power_of_two(self) -> Self {
        // `as` saturates, and 0 for NaN.
        Self(f32::from_bits(((self.0 as i32 + 127) << 23) as u32))
    }
}

/// Adding and subtracting 1.5 * 2^23 rounds to the nearest whole number, ties to even, below 2^22.
const ROUND: f32 = 12_582_912.0;

#[cfg_attr(not(debug_assertions), inline(always))]
fn polynomial<V: Lanes<f32>, const N: usize>(x: V, coefficients: [f32; N]) -> V {
    let mut sum = V::splat(0.0);
    for c in coefficients {
        sum = sum.mul_add(x, V::splat(c));
    }
    sum
}

/// e to the power of `x`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn exp<V: PowerOfTwo>(x: V) -> V {
    // Beyond these bounds the result is infinite or zero anyway; the constant comes first so that a NaN passes.
    let x = V::splat(89.0).min(V::splat(-104.0).max(x));
    let n = x.mul_add(V::splat(core::f32::consts::LOG2_E), V::splat(ROUND)) - V::splat(ROUND);
    // ln 2 in two parts, the first with so few bits that its product with `n` is exact.
    let r = n.mul_add(V::splat(-0.693_359_375), x);
    let r = n.mul_add(V::splat(2.121_944_40e-4), r);
    let p = polynomial(
        r,
        [
            1.987_569_15e-4,
            1.398_199_950_7e-3,
            8.333_451_907_3e-3,
            4.166_579_589_4e-2,
            1.666_666_545_9e-1,
            5.000_000_120_1e-1,
        ],
    );
    let p = p.mul_add(r * r, r) + V::splat(1.0);
    // n reaches -150 and 128: scale in two steps, each within the range of an exponent.
    let half = n.mul_add(V::splat(0.5), V::splat(ROUND)) - V::splat(ROUND);
    p * half.power_of_two() * (n - half).power_of_two()
}

/// `1 / (1 + exp(-x))`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sigmoid<V: PowerOfTwo>(x: V) -> V {
    V::splat(1.0) / (V::splat(1.0) + exp(-x))
}

/// The hyperbolic tangent: a polynomial below 0.625 in magnitude, `1 - 2 / (exp(2 |x|) + 1)` above.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn tanh<V: PowerOfTwo>(x: V) -> V {
    let size = x.abs();
    let square = x * x;
    let p = polynomial(
        square,
        [-5.704_988_727_45e-3, 2.063_908_879_54e-2, -5.373_971_555_31e-2, 1.333_144_220_36e-1, -3.333_328_194_22e-1],
    );
    // The sum with zero turns -0 into 0, so that the sign of a zero passes.
    let near = p.mul_add(square, V::splat(0.0)).mul_add(x, x);
    let far = V::splat(1.0) - V::splat(2.0) / (exp(size + size) + V::splat(1.0));
    let far = x.if_positive(far, -far);
    (size - V::splat(0.625)).if_positive(far, near)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distance from the correctly rounded result in units of its last place, over bit patterns of both signs.
    fn worst(f: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64) -> f64 {
        let mut worst = 0.0_f64;
        for bits in (0..0x7f80_0000_u32).step_by(40_961).flat_map(|bits| [bits, bits | 1 << 31]) {
            let x = f32::from_bits(bits);
            let (got, want) = (f(x), exact(x.into()));
            if want.abs() >= f64::from(f32::MIN_POSITIVE) && want.abs() <= f64::from(f32::MAX) {
                let place = f32::from_bits((want as f32).abs().to_bits() & 0x7f80_0000) * f32::EPSILON;
                worst = worst.max((f64::from(got) - want).abs() / f64::from(place));
            } else {
                assert_eq!(got.is_finite(), (want as f32).is_finite(), "at {x}");
            }
        }
        worst
    }

    #[test]
    fn errors_are_bounded() {
        let exp_error = worst(|x| exp(One(x)).0, libm::exp);
        assert!(exp_error < 2.0, "exp {exp_error}");
        let sigmoid_error = worst(|x| sigmoid(One(x)).0, |x| 1.0 / (1.0 + libm::exp(-x)));
        assert!(sigmoid_error < 4.0, "sigmoid {sigmoid_error}");
        let tanh_error = worst(|x| tanh(One(x)).0, libm::tanh);
        assert!(tanh_error < 2.0, "tanh {tanh_error}");
    }

    #[test]
    fn edges_are_exact() {
        let f = |g: fn(One<f32>) -> One<f32>, x| g(One(x)).0;
        assert_eq!(f(exp, f32::INFINITY), f32::INFINITY);
        assert_eq!(f(exp, f32::NEG_INFINITY), 0.0);
        assert_eq!(f(exp, 0.0), 1.0);
        assert!(f(exp, f32::NAN).is_nan());
        assert_eq!(f(sigmoid, f32::INFINITY), 1.0);
        assert_eq!(f(sigmoid, f32::NEG_INFINITY), 0.0);
        assert!(f(sigmoid, f32::NAN).is_nan());
        assert_eq!(f(tanh, f32::INFINITY), 1.0);
        assert_eq!(f(tanh, -0.0).to_bits(), (-0.0_f32).to_bits());
        assert_eq!(f(tanh, 0.0).to_bits(), 0);
        assert_eq!(f(tanh, f32::NEG_INFINITY), -1.0);
        assert!(f(tanh, f32::NAN).is_nan());
    }
}
