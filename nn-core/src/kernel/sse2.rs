//! Four `f32` in a register of x86-64.
#![allow(unsafe_code)]

use super::lanes::Lanes;
use super::math::{self, PowerOfTwo};
use core::arch::x86_64::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// An expression of intrinsics that need nothing but SSE2 and touch no memory.
macro_rules! sse2 {
    ($($expression:tt)*) => {
        // SAFETY: this module is compiled only where SSE2 is switched on for the whole program.
        unsafe { $($expression)* }
    };
}

/// Four `f32`.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Sse2(__m128);

macro_rules! operator {
    ($($Trait:ident $method:ident $intrinsic:ident),*) => {$(
        impl $Trait for Sse2 {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $method(self, other: Self) -> Self {
                Self(sse2!($intrinsic(self.0, other.0)))
            }
        }
    )*};
}
operator!(Add add _mm_add_ps, Sub sub _mm_sub_ps, Mul mul _mm_mul_ps, Div div _mm_div_ps);

impl Neg for Sse2 {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn neg(self) -> Self {
        Self(sse2!(_mm_xor_ps(self.0, _mm_set1_ps(-0.0))))
    }
}

impl Lanes<f32> for Sse2 {
    type Chunk = [f32; 4];
    const LEN: usize = 4;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn splat(x: f32) -> Self {
        Self(sse2!(_mm_set1_ps(x)))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load(chunk: &[f32; 4]) -> Self {
        // SAFETY: `chunk` is four readable floats; the load asks for no alignment.
        Self(unsafe { _mm_loadu_ps(chunk.as_ptr()) })
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store(self, chunk: &mut [f32; 4]) {
        // SAFETY: `chunk` is four writable floats; the store asks for no alignment.
        unsafe { _mm_storeu_ps(chunk.as_mut_ptr(), self.0) }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chunks(numbers: &[f32]) -> (&[[f32; 4]], &[f32]) {
        numbers.as_chunks()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chunks_mut(numbers: &mut [f32]) -> (&mut [[f32; 4]], &mut [f32]) {
        numbers.as_chunks_mut()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        self * by + plus
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn max(self, other: Self) -> Self {
        Self(sse2!(_mm_max_ps(self.0, other.0)))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn min(self, other: Self) -> Self {
        Self(sse2!(_mm_min_ps(self.0, other.0)))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn if_positive(self, yes: Self, no: Self) -> Self {
        let positive = sse2!(_mm_cmpgt_ps(self.0, _mm_setzero_ps()));
        Self(sse2!(_mm_or_ps(_mm_and_ps(positive, yes.0), _mm_andnot_ps(positive, no.0))))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn abs(self) -> Self {
        Self(sse2!(_mm_andnot_ps(_mm_set1_ps(-0.0), self.0)))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sum(self) -> f32 {
        let mut lanes = [0.0; 4];
        self.store(&mut lanes);
        (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp(self) -> Self {
        math::exp(self)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sigmoid(self) -> Self {
        math::sigmoid(self)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tanh(self) -> Self {
        math::tanh(self)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        let mut lanes = [0.0; 4];
        self.store(&mut lanes);
        Self::load(&lanes.map(f))
    }
}

impl PowerOfTwo for Sse2 {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn power_of_two(self) -> Self {
        let exponent = sse2!(_mm_add_epi32(_mm_cvttps_epi32(self.0), _mm_set1_epi32(127)));
        Self(sse2!(_mm_castsi128_ps(_mm_slli_epi32::<23>(exponent))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::One;
    use super::*;

    /// A function written for vectors of any length.
    trait LaneFn {
        fn call<V: Lanes<f32>>(&self, x: V) -> V;
    }

    const EDGES: [f32; 16] = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.3,
        -2.7,
        9.1,
        -17.3,
        88.8,
        -88.8,
        104.5,
        -104.5,
        f32::MIN_POSITIVE,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::NAN,
    ];

    fn same_bits(f: impl LaneFn) {
        for chunk in EDGES.as_chunks::<4>().0 {
            let mut by_four = [0.0; 4];
            f.call(Sse2::load(chunk)).store(&mut by_four);
            for (x, y) in chunk.iter().zip(by_four) {
                let one = f.call(One(*x)).0;
                assert!(one.to_bits() == y.to_bits() || one.is_nan() && y.is_nan(), "at {x}: {one} and {y}");
            }
        }
    }

    macro_rules! lanes_agree {
        ($($name:ident: |$x:ident| $body:expr;)*) => {$(
            #[test]
            fn $name() {
                struct F;
                impl LaneFn for F {
                    fn call<V: Lanes<f32>>(&self, $x: V) -> V {
                        $body
                    }
                }
                same_bits(F);
            }
        )*};
    }
    lanes_agree! {
        exp: |x| x.exp();
        sigmoid: |x| x.sigmoid();
        tanh: |x| x.tanh();
        erf: |x| x.erf();
        max_with_a_constant: |x| V::splat(0.5).max(x);
        min_with_a_constant: |x| V::splat(0.5).min(x);
        max_of_two: |x| x.max(-x);
        choice: |x| x.if_positive(x * x, -x.abs());
        multiply_and_add: |x| x.mul_add(x, -x / V::splat(3.0));
    }
}
