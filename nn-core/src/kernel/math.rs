//! Functions of `f32` by lanes.
//!
//! Every step is an IEEE operation that rounds once, so vectors of any length give the same bits, as long as they agree
//! on whether [`mul_add`](Lanes::mul_add) is fused. The approximations are our own (see each function); those of `fast`
//! are for networks that ask for them.
//!
//! `accuracy` holds the bounds.

mod exp;
pub mod fast;
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

use super::lanes::Lanes;
use super::one::One;

/// What `exp` needs beyond [`Lanes`].
pub trait PowerOfTwo: Lanes<f32> {
    /// The bits of each lane, as whole numbers, shifted left by 23 places: of [`BIASED`]` + n` this makes 2 to the power
    /// of `n`, for whole `n` in -127..=128. -127 gives zero and 128 infinity.
    fn low_bits_to_exponent(self) -> Self;
    /// The sign bit of `x` set in each lane too: gives a magnitude the sign of `x`, and lets a zero or NaN have one.
    fn or_sign_of(self, x: Self) -> Self;
}

impl PowerOfTwo for One<f32> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn low_bits_to_exponent(self) -> Self {
        Self(f32::from_bits(self.0.to_bits() << 23))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn or_sign_of(self, x: Self) -> Self {
        Self(f32::from_bits(self.0.to_bits() | x.0.to_bits() & 1 << 31))
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
