//! Fused arithmetic, one number at a time.

use crate::kernel::lanes::sealed::Sealed;
use crate::kernel::math::{PowerOfTwo, exp, sigmoid, softmax, softmax_of_lanes, tanh};
use crate::kernel::{Lanes, One};
use core::ops::{Add, Div, Mul, Neg, Sub};

/// One number with a fused `mul_add`.
#[derive(Clone, Copy)]
pub struct Fused(pub f32);

macro_rules! operator {
    ($($Trait:ident $method:ident $op:tt),*) => {$(
        impl $Trait for Fused {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0 $op other.0)
            }
        }
    )*};
}
operator!(Add add +, Sub sub -, Mul mul *, Div div /);

impl Neg for Fused {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sealed for Fused {}

impl Lanes<f32> for Fused {
    type Fast = crate::kernel::Fast<Self>;
    type Chunk = [f32; 1];
    type Half = Self;
    const LEN: usize = 1;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(x)
    }
    fn load(&[x]: &[f32; 1]) -> Self {
        Self(x)
    }
    fn store(self, chunk: &mut [f32; 1]) {
        *chunk = [self.0];
    }
    fn chunks(numbers: &[f32]) -> (&[[f32; 1]], &[f32]) {
        numbers.as_chunks()
    }
    fn chunks_mut(numbers: &mut [f32]) -> (&mut [[f32; 1]], &mut [f32]) {
        numbers.as_chunks_mut()
    }
    #[inline(always)]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        Self(self.0.mul_add(by.0, plus.0))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self.0 > other.0 { self } else { other }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self.0 < other.0 { self } else { other }
    }
    #[inline(always)]
    fn if_positive(self, yes: Self, no: Self) -> Self {
        if self.0 > 0.0 { yes } else { no }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.abs())
    }
    fn sqrt(self) -> Self {
        Self(self.0.sqrt())
    }
    fn sum(self) -> f32 {
        self.0
    }
    fn exp(self) -> Self {
        exp(self)
    }
    fn sigmoid(self) -> Self {
        sigmoid(self)
    }
    fn tanh(self) -> Self {
        tanh(self)
    }
    fn softmax(row: &mut [f32]) -> [f32; 2] {
        softmax::<Self, false>(row)
    }
    fn softmax_of_lanes(lanes: &mut [Self]) -> [f32; 2] {
        softmax_of_lanes::<Self, false>(lanes)
    }
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self(f(self.0))
    }
}

impl PowerOfTwo for Fused {
    #[inline(always)]
    fn low_bits_to_exponent(self) -> Self {
        Self(f32::from_bits(self.0.to_bits() << 23))
    }
    #[inline(always)]
    fn or_sign_of(self, x: Self) -> Self {
        Self(f32::from_bits(self.0.to_bits() | x.0.to_bits() & 1 << 31))
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let (n, m) = One(self.0).split();
        (Self(n.0), Self(m.0))
    }
}
