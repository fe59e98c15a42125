//! Functions of `f32` by lanes.
//!
//! Every step is an IEEE operation that rounds once, so vectors of any length give the same bits, as long as they agree
//! on whether [`mul_add`](Lanes::mul_add) is fused. The approximations are our own (see each function); those of `fast`
//! are for networks that ask for them.
//!
//! `accuracy` holds the bounds.

mod exp;
pub mod fast;
#[allow(dead_code, reason = "not every machine has vectors")]
mod ln;
mod normal;
mod softmax;

#[cfg(test)]
pub(crate) mod accuracy;
#[cfg(test)]
mod approximations;
#[cfg(test)]
mod fused;

pub use exp::{exp, exp_m1, sigmoid, tanh};
pub use normal::{gelu, gelu_slope};
pub use softmax::{softmax, softmax_of_lanes};
#[allow(unused_imports, reason = "not every machine has vectors")]
pub use {ln::ln_normal, softmax::exp_of_difference};

use super::lanes::Lanes;
use super::one::One;

/// What `exp` needs beyond [`Lanes`].
pub trait PowerOfTwo: Lanes<f32> {
    /// The bits of each lane, as whole numbers, shifted left by 23 places: of [`BIASED`]` + n` this makes 2 to the power
    /// of `n`, for whole `n` in -127..=128. -127 gives zero and 128 infinity.
    fn low_bits_to_exponent(self) -> Self;
    /// The sign bit of `x` set in each lane too: gives a magnitude the sign of `x`, and lets a zero or NaN have one.
    fn or_sign_of(self, x: Self) -> Self;
    /// A positive number that is neither subnormal nor infinite as `m` times 2 to the power of `n`, `m` from √½ to √2: `n` and `m`.
    fn split(self) -> (Self, Self);
}

/// The bits of √½, and how far those of 1 are above them.
pub const ROOT_OF_HALF: u32 = 0x3f35_04f3;
pub const ABOVE_ROOT: u32 = 0x3f80_0000 - ROOT_OF_HALF;

impl PowerOfTwo for One<f32> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn low_bits_to_exponent(self) -> Self {
        Self(f32::from_bits(self.0.to_bits() << 23))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn or_sign_of(self, x: Self) -> Self {
        Self(f32::from_bits(self.0.to_bits() | x.0.to_bits() & 1 << 31))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn split(self) -> (Self, Self) {
        let bits = self.0.to_bits().wrapping_add(ABOVE_ROOT);
        let n = (bits >> 23) as i32 - 127;
        (Self(n as f32), Self(f32::from_bits((bits & 0x7f_ffff) + ROOT_OF_HALF)))
    }
}

/// 1.5 * 2^23 and the bias of an exponent. Adding the first rounds to a whole number, ties to even, and leaves that number
/// in the low bits; with the bias, these are the bits of an exponent.
const BIASED: f32 = 12_582_912.0 + 127.0;

/// Each number in all lanes of a vector. A loop: `map` is not always inlined.
#[cfg_attr(not(debug_assertions), inline(always))]
fn splat<V: Lanes<f32>, const N: usize>(numbers: [f32; N]) -> [V; N] {
    let mut vectors = [V::splat(0.0); N];
    for (vector, number) in vectors.iter_mut().zip(numbers) {
        *vector = V::splat(number);
    }
    vectors
}

/// A polynomial, its coefficients from the lowest power.
#[cfg_attr(not(debug_assertions), inline(always))]
fn polynomial<V: Lanes<f32>, const N: usize>(x: V, coefficients: [f32; N]) -> V {
    let mut sum = V::splat(coefficients[N - 1]);
    for c in coefficients.iter().rev().skip(1) {
        sum = sum.mul_add(x, V::splat(*c));
    }
    sum
}
