//! What a number of a network must be able to do.

use crate::kernel::dense::Gradients;
use crate::kernel::product::Promised;
use crate::kernel::{self, Fast, InstructionSet, Lanes, OnAllSets, One, math};
use crate::optimizer::Defaults;
use crate::storage::Plain;
use core::fmt::{Debug, Display, LowerExp};
use core::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};
use rand_core::Rng;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A number type that networks compute in: `f32` or `f64`.
///
/// Functions that `core` lacks are the library's own (`exp`, `exp_m1`, `sigmoid`, `tanh`, `gelu` and `softmax` of `f32`)
/// or those of [`libm`], never the platform's, so that a result does not depend on where it was computed.
pub trait Scalar:
    sealed::Sealed
    + OnAllSets
    + Plain<Self>
    + Copy
    + Default
    + PartialOrd
    + Debug
    + Display
    + LowerExp
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + SubAssign
    + Mul<Output = Self>
    + MulAssign
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The type's name in a declaration, `f32` or `f64`.
    const NAME: &'static str;
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;

    /// What optimisers begin with.
    #[doc(hidden)]
    const DEFAULTS: Defaults<Self>;

    /// The vector of one number whose functions are approximations, if there are any.
    #[doc(hidden)]
    type Fast: Lanes<Self>;
    /// Computes a product, in code that this crate is compiled with.
    #[doc(hidden)]
    fn product(set: InstructionSet, product: Promised<Self>);
    /// Computes the backward pass of a dense layer, in code that this crate is compiled with.
    #[doc(hidden)]
    fn gradients(set: InstructionSet, gradients: Gradients<Self>);

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
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
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
        while exponent > 0 {
            if exponent & 1 == 1 {
                power *= square;
            }
            square *= square;
            exponent >>= 1;
        }
        power
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
    /// The bits, in the lowest places.
    #[doc(hidden)]
    fn to_bits(self) -> u64;
    /// The number of these bits.
    #[doc(hidden)]
    fn from_bits(bits: u64) -> Self;
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

/// The largest number that is not NaN. In a softmax a NaN reaches every output through the sum.
pub(crate) fn largest<T: Scalar>(numbers: &[T]) -> T {
    numbers.iter().fold(T::from_f64(f64::NEG_INFINITY), |largest, x| if *x > largest { *x } else { largest })
}

/// Methods that are one function each.
macro_rules! by {
    ($($method:ident = $function:expr;)*) => {$(
        #[inline]
        fn $method(self) -> Self {
            $function(self)
        }
    )*};
}

/// What is written alike for both types. The kernels are compiled with this crate, for each instruction set.
macro_rules! common {
    () => {
        const DEFAULTS: Defaults<Self> =
            Defaults { betas: [0.9, 0.999], smoothing: 0.99, epsilon: 1e-8, weight_decay: 0.01 };

        #[inline]
        fn from_u64(x: u64) -> Self {
            x as Self
        }
        fn product(set: InstructionSet, product: Promised<Self>) {
            kernel::on(set, product);
        }
        fn gradients(set: InstructionSet, gradients: Gradients<Self>) {
            kernel::on(set, gradients);
        }
    };
}

impl Scalar for f32 {
    type Fast = Fast<One<Self>>;
    const NAME: &'static str = "f32";
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    common!();

    #[cfg(all(target_arch = "arm", target_abi = "eabi"))]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn plus_product(self, a: Self, b: Self) -> Self {
        kernel::soft::plus_product(self, a, b)
    }

    #[inline]
    fn from_f64(x: f64) -> Self {
        x as Self
    }
    #[inline]
    fn to_f64(self) -> f64 {
        self.into()
    }
    #[inline]
    fn is_finite(self) -> bool {
        Self::is_finite(self)
    }
    by! {
        abs = Self::abs;
        sqrt = libm::sqrtf;
        exp = |x| math::exp(One(x)).0;
        exp_m1 = |x| math::exp_m1(One(x)).0;
        ln = libm::logf;
        ln_1p = libm::log1pf;
        sigmoid = |x| math::sigmoid(One(x)).0;
        tanh = |x| math::tanh(One(x)).0;
        erf = libm::erff;
        gelu = |x| math::gelu(One(x)).0;
        gelu_slope = |x| math::gelu_slope(One(x)).0;
    }

    #[inline]
    fn softmax(row: &mut [Self]) -> [Self; 2] {
        math::softmax::<One<Self>, false>(row)
    }

    #[inline]
    fn to_bits(self) -> u64 {
        Self::to_bits(self).into()
    }
    #[inline]
    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits as u32)
    }

    #[inline]
    fn uniform(rng: &mut impl Rng) -> Self {
        // The upper 24 bits: as many as a significand has, so every value is exact and below one.
        (rng.next_u32() >> 8) as Self / (1_u32 << 24) as Self
    }
}

const INV_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

/// The normal distribution function.
fn normal(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

impl Scalar for f64 {
    type Fast = One<Self>;
    const NAME: &'static str = "f64";
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    common!();

    #[inline]
    fn from_f64(x: f64) -> Self {
        x
    }
    #[inline]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline]
    fn is_finite(self) -> bool {
        Self::is_finite(self)
    }
    by! {
        abs = Self::abs;
        sqrt = libm::sqrt;
        exp = libm::exp;
        exp_m1 = libm::expm1;
        ln = libm::log;
        ln_1p = libm::log1p;
        sigmoid = |x: Self| 1.0 / (1.0 + libm::exp(-x));
        tanh = libm::tanh;
        erf = libm::erf;
        gelu = |x: Self| x * normal(x);
        gelu_slope = |x: Self| normal(x) + x * INV_SQRT_2PI * libm::exp(-0.5 * x * x);
    }

    #[inline]
    fn softmax(row: &mut [Self]) -> [Self; 2] {
        let largest = largest(row);
        row.iter_mut().for_each(|x| *x = libm::exp(*x - largest));
        let sum = row.iter().fold(0.0, |sum, x| sum + *x);
        row.iter_mut().for_each(|x| *x /= sum);
        [largest, sum]
    }

    #[inline]
    fn to_bits(self) -> u64 {
        Self::to_bits(self)
    }
    #[inline]
    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }

    #[inline]
    fn uniform(rng: &mut impl Rng) -> Self {
        (rng.next_u64() >> 11) as Self / (1_u64 << 53) as Self
    }
}
