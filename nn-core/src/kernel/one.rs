//! The vector of one number.

use super::lanes::{Lanes, MOST_LANES, sealed::Sealed};
use super::scalar::Scalar;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// The vector of one number, without fused operations: for machines without vectors, and for what is left at the end of a
/// slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct One<T>(pub T);

/// The operators of a vector of one number.
macro_rules! operators {
    ([$($generics:tt)*] $One:ty) => {
        operators!([$($generics)*] $One, Add add +);
        operators!([$($generics)*] $One, Sub sub -);
        operators!([$($generics)*] $One, Mul mul *);
        operators!([$($generics)*] $One, Div div /);
        impl<$($generics)*> Neg for $One {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
    };
    ([$($generics:tt)*] $One:ty, $Trait:ident $method:ident $op:tt) => {
        impl<$($generics)*> $Trait for $One {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $method(self, other: Self) -> Self {
                Self(self.0 $op other.0)
            }
        }
    };
}

/// What the vectors of one number have in common: all but `mul_add` and the functions.
macro_rules! one_number {
    ($T:ty) => {
        type Chunk = [$T; 1];
        type Half = Self;
        const LEN: usize = 1;

        #[cfg_attr(not(debug_assertions), inline(always))]
        fn splat(x: $T) -> Self {
            Self(x)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn load(&[x]: &[$T; 1]) -> Self {
            Self(x)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn store(self, chunk: &mut [$T; 1]) {
            *chunk = [self.0];
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn chunks(numbers: &[$T]) -> (&[[$T; 1]], &[$T]) {
            numbers.as_chunks()
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn chunks_mut(numbers: &mut [$T]) -> (&mut [[$T; 1]], &mut [$T]) {
            numbers.as_chunks_mut()
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn max(self, other: Self) -> Self {
            if Scalar::is_above(self.0, other.0) { self } else { other }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn min(self, other: Self) -> Self {
            if Scalar::is_above(other.0, self.0) { self } else { other }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn largest(self, later: Self) -> Self {
            let is_nan = later.0.partial_cmp(&later.0).is_none();
            if is_nan || Scalar::is_above(later.0, self.0) { later } else { self }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn if_positive(self, yes: Self, no: Self) -> Self {
            if Scalar::is_above(self.0, <$T as crate::number::Number>::ZERO) { yes } else { no }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn abs(self) -> Self {
            Self(Scalar::abs(self.0))
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn sqrt(self) -> Self {
            Self(Scalar::sqrt(self.0))
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn sum(self) -> $T {
            self.0
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn map(self, f: impl Fn($T) -> $T) -> Self {
            Self(f(self.0))
        }
    };
}

operators!([T: Scalar] One<T>);

impl<T> Sealed for One<T> {}

impl<T: Scalar> Lanes<T> for One<T> {
    type Fast = T::Fast;
    one_number!(T);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rectify(numbers: &mut [T]) -> usize {
        T::rectify(numbers)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        Self(plus.0.plus_product(self.0, by.0))
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
    fn softmax(row: &mut [T]) -> [T; 2] {
        T::softmax(row)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn softmax_of_lanes(lanes: &mut [Self]) -> [T; 2] {
        let mut row = [T::from_f64(f64::NEG_INFINITY); MOST_LANES];
        for (x, lane) in row.iter_mut().zip(&*lanes) {
            *x = lane.0;
        }
        let result = T::softmax(&mut row);
        for (x, lane) in row.iter().zip(lanes) {
            lane.0 = *x;
        }
        result
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tanh(self) -> Self {
        Self(self.0.tanh())
    }
}
