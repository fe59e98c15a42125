//! What a number of a network must be able to do.

use crate::kernel::{Lanes, One, math};
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
/// Functions that `core` lacks are the library's own (`exp`, `sigmoid` and `tanh` of `f32`) or those of [`libm`], never
/// the platform's, so that a result does not depend on where it was computed.
pub trait Scalar:
    sealed::Sealed
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

    /// The vectors of the portable path.
    #[doc(hidden)]
    type Portable: Lanes<Self>;

    /// The nearest number of this type.
    fn from_f64(x: f64) -> Self;
    /// The number as `f64`, exactly.
    fn to_f64(self) -> f64;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// The magnitude.
    fn abs(self) -> Self;
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
    /// A random number, uniform in `0.0..1.0`.
    fn uniform(rng: &mut impl Rng) -> Self;
}

impl Scalar for f32 {
    const NAME: &'static str = "f32";
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[cfg(target_arch = "x86_64")]
    type Portable = crate::kernel::Sse2;
    #[cfg(not(target_arch = "x86_64"))]
    type Portable = One<Self>;

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
    #[inline]
    fn abs(self) -> Self {
        Self::abs(self)
    }
    #[inline]
    fn sqrt(self) -> Self {
        libm::sqrtf(self)
    }
    #[inline]
    fn exp(self) -> Self {
        math::exp(One(self)).0
    }
    #[inline]
    fn exp_m1(self) -> Self {
        libm::expm1f(self)
    }
    #[inline]
    fn ln(self) -> Self {
        libm::logf(self)
    }
    #[inline]
    fn ln_1p(self) -> Self {
        libm::log1pf(self)
    }
    #[inline]
    fn sigmoid(self) -> Self {
        math::sigmoid(One(self)).0
    }
    #[inline]
    fn tanh(self) -> Self {
        math::tanh(One(self)).0
    }
    #[inline]
    fn erf(self) -> Self {
        libm::erff(self)
    }
    #[inline]
    fn uniform(rng: &mut impl Rng) -> Self {
        // The upper 24 bits: as many as a significand has, so every value is exact and below one.
        (rng.next_u32() >> 8) as Self / (1_u32 << 24) as Self
    }
}

impl Scalar for f64 {
    const NAME: &'static str = "f64";
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    type Portable = One<Self>;

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
    #[inline]
    fn abs(self) -> Self {
        Self::abs(self)
    }
    #[inline]
    fn sqrt(self) -> Self {
        libm::sqrt(self)
    }
    #[inline]
    fn exp(self) -> Self {
        libm::exp(self)
    }
    #[inline]
    fn exp_m1(self) -> Self {
        libm::expm1(self)
    }
    #[inline]
    fn ln(self) -> Self {
        libm::log(self)
    }
    #[inline]
    fn ln_1p(self) -> Self {
        libm::log1p(self)
    }
    #[inline]
    fn sigmoid(self) -> Self {
        1.0 / (1.0 + libm::exp(-self))
    }
    #[inline]
    fn tanh(self) -> Self {
        libm::tanh(self)
    }
    #[inline]
    fn erf(self) -> Self {
        libm::erf(self)
    }
    #[inline]
    fn uniform(rng: &mut impl Rng) -> Self {
        (rng.next_u64() >> 11) as Self / (1_u64 << 53) as Self
    }
}
