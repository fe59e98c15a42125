//! What a number must be able to do for networks to learn in it.

use super::isa::{InstructionSet, Isa};
use super::jobs::{Gradients, Promised};
use super::lanes::Lanes;
use super::native::Native;
use super::turned::Entropies;
pub use crate::number::Number;
use core::fmt::LowerExp;
use core::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};
use rand_core::Rng;

/// A number type that networks learn in: `f32` or `f64`.
///
/// Functions that `core` lacks are the library's own (`exp`, `exp_m1`, `sigmoid`, `tanh`, `gelu` and `softmax` of `f32`)
/// or those of [`libm`], never the platform's, so that a result does not depend on where it was computed.
pub trait Scalar:
    Number
    + Native
    + LowerExp
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + SubAssign
    + Mul<Output = Self>
    + MulAssign
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// One.
    const ONE: Self;
    /// The smallest positive number that is not subnormal.
    #[doc(hidden)]
    const LEAST: Self;

    /// Its vectors on the set of a token. The token names them for everybody else, see [`Isa::V`].
    #[doc(hidden)]
    type V<K: Isa>: Lanes<Self>;
    /// The vector of one number whose functions are approximations, if there are any.
    #[doc(hidden)]
    type Fast: Lanes<Self>;
    /// Computes a product, in code that this crate is compiled with.
    #[doc(hidden)]
    fn product(set: InstructionSet, product: &Promised<Self>);
    /// Computes the backward pass of a dense layer, in code that this crate is compiled with.
    #[doc(hidden)]
    fn gradients(set: InstructionSet, gradients: &Gradients<Self>);
    /// That of turned rows.
    #[doc(hidden)]
    fn slopes(set: InstructionSet, gradients: &Gradients<Self>);
    /// Computes the cross-entropies of turned rows.
    #[doc(hidden)]
    fn entropies(set: InstructionSet, entropies: &mut Entropies<'_, Self>);

    /// `self > other`.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_above(self, other: Self) -> bool {
        self > other
    }
    /// `self + a · b`, both rounded.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn plus_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }
    /// The nearest number of this type.
    #[doc(hidden)]
    fn from_u64(x: u64) -> Self;
    /// The nearest number of this type.
    fn from_f64(x: f64) -> Self;
    /// The number as `f64`, exactly.
    fn to_f64(self) -> f64;
    /// The magnitude.
    fn abs(self) -> Self;
    /// -1 below zero, 1 above, and 0 at zero.
    fn sign(self) -> Self {
        if self > Self::ZERO {
            Self::ONE
        } else if self < Self::ZERO {
            -Self::ONE
        } else {
            // Zero, or NaN.
            self + Self::ZERO
        }
    }
    /// The number to the power of `exponent`, by repeated squaring.
    #[doc(hidden)]
    fn power(self, mut exponent: u64) -> Self {
        let (mut power, mut square) = (Self::ONE, self);
        loop {
            // Not a branch: nobody foresees the bits of a number of steps.
            power *= if exponent & 1 == 1 { square } else { Self::ONE };
            exponent >>= 1;
            if exponent == 0 {
                return power;
            }
            square *= square;
        }
    }
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// e to the power of the number.
    fn exp(self) -> Self;
    /// `exp(x) - 1`, precise near zero.
    fn exp_m1(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// `ln(1 + x)`, precise near zero.
    fn ln_1p(self) -> Self;
    /// The logistic function, `1 / (1 + exp(-x))`.
    fn sigmoid(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// `x · Φ(x)`, Φ being the normal distribution function.
    #[doc(hidden)]
    fn gelu(self) -> Self;
    /// The slope of it.
    #[doc(hidden)]
    fn gelu_slope(self) -> Self;
    /// Replaces a row of numbers by `exp(x_i) / Σ exp(x_j)`.
    #[doc(hidden)]
    fn softmax(row: &mut [Self]) -> [Self; 2];
    /// A random number, uniform in `0.0..1.0`.
    fn uniform(rng: &mut impl Rng) -> Self;
    /// A random number of the standard normal distribution, by a point in the unit circle (Marsaglia, Bray 1964). 0 if of a
    /// hundred points none lies in it, as with a generator that always gives the same number.
    fn normal(rng: &mut impl Rng) -> Self {
        for _ in 0..100 {
            let [x, y] = [(); 2].map(|()| {
                let unit = Self::uniform(rng);
                unit + unit - Self::ONE
            });
            let square = x * x + y * y;
            if square > Self::ZERO && square < Self::ONE {
                let logarithm = square.ln();
                return x * (-(logarithm + logarithm) / square).sqrt();
            }
        }
        Self::ZERO
    }
}
