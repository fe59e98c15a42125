//! What a vector of numbers can do.

use crate::scalar::Scalar;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// A vector of [`LEN`](Self::LEN) numbers, computed with lane by lane.
///
/// An [activation](crate::activation::Activation) is written once for any `V: Lanes<T>`:
///
/// ```
/// use nn_core::activation::Lanes;
/// use nn_core::scalar::Scalar;
///
/// fn square_plus_one<T: Scalar, V: Lanes<T>>(x: V) -> V {
///     x * x + V::splat(T::ONE)
/// }
/// # use nn_core::kernel::One;
/// # assert_eq!(square_plus_one(One(3.0_f32)).0, 10.0);
/// ```
pub trait Lanes<T: Scalar>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// The vector in memory, an array of [`LEN`](Self::LEN) numbers.
    type Chunk;
    /// How many numbers the vector has.
    const LEN: usize;

    /// `x` in every lane.
    fn splat(x: T) -> Self;
    /// Reads a vector.
    fn load(chunk: &Self::Chunk) -> Self;
    /// Writes a vector.
    fn store(self, chunk: &mut Self::Chunk);
    /// Numbers as vectors, and what is left at the end.
    fn chunks(numbers: &[T]) -> (&[Self::Chunk], &[T]);
    /// Numbers as vectors to be changed, and what is left at the end.
    fn chunks_mut(numbers: &mut [T]) -> (&mut [Self::Chunk], &mut [T]);

    /// `self * by + plus`, fused where the instruction set says so.
    fn mul_add(self, by: Self, plus: Self) -> Self;
    /// The larger; `other` if either is NaN. Put a constant first, and a NaN stays one.
    fn max(self, other: Self) -> Self;
    /// The smaller; `other` if either is NaN. Put a constant first, and a NaN stays one.
    fn min(self, other: Self) -> Self;
    /// `yes` where the lane is above zero, `no` where it is not or is NaN.
    fn if_positive(self, yes: Self, no: Self) -> Self;
    /// The magnitude.
    fn abs(self) -> Self;
    /// The sum of the lanes, by pairs: `(0 + 1) + (2 + 3)`.
    fn sum(self) -> T;
    /// e to the power of each lane.
    fn exp(self) -> Self;
    /// The logistic function.
    fn sigmoid(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// Any function, number by number.
    fn map(self, f: impl Fn(T) -> T) -> Self;

    /// `exp(x) - 1`, precise near zero.
    #[inline]
    fn exp_m1(self) -> Self {
        self.map(T::exp_m1)
    }
    /// `ln(1 + x)`, precise near zero.
    #[inline]
    fn ln_1p(self) -> Self {
        self.map(T::ln_1p)
    }
    /// The error function.
    #[inline]
    fn erf(self) -> Self {
        self.map(T::erf)
    }
}

/// The vector of one number: for machines without vectors, and for what is left at the end of a slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct One<T>(pub T);

macro_rules! one_operator {
    ($($Trait:ident $method:ident $op:tt),*) => {$(
        impl<T: Scalar> $Trait for One<T> {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $method(self, other: Self) -> Self {
                Self(self.0 $op other.0)
            }
        }
    )*};
}
one_operator!(Add add +, Sub sub -, Mul mul *, Div div /);

impl<T: Scalar> Neg for One<T> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<T: Scalar> Lanes<T> for One<T> {
    type Chunk = [T; 1];
    const LEN: usize = 1;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn splat(x: T) -> Self {
        Self(x)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load(&[x]: &[T; 1]) -> Self {
        Self(x)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store(self, chunk: &mut [T; 1]) {
        *chunk = [self.0];
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chunks(numbers: &[T]) -> (&[[T; 1]], &[T]) {
        numbers.as_chunks()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chunks_mut(numbers: &mut [T]) -> (&mut [[T; 1]], &mut [T]) {
        numbers.as_chunks_mut()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        self * by + plus
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn max(self, other: Self) -> Self {
        if self.0 > other.0 { self } else { other }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn min(self, other: Self) -> Self {
        if self.0 < other.0 { self } else { other }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn if_positive(self, yes: Self, no: Self) -> Self {
        if self.0 > T::ZERO { yes } else { no }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn abs(self) -> Self {
        Self(self.0.abs())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sum(self) -> T {
        self.0
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp(self) -> Self {
        Self(self.0.exp())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sigmoid(self) -> Self {
        Self(self.0.sigmoid())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tanh(self) -> Self {
        Self(self.0.tanh())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn map(self, f: impl Fn(T) -> T) -> Self {
        Self(f(self.0))
    }
}
