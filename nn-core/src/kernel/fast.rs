//! Vectors whose functions are approximations.

use super::lanes::{Lanes, MOST_LANES, sealed::Sealed};
use super::math::{self, PowerOfTwo, fast};
use crate::number::arena::split_mut;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// A vector of `f32` that computes `exp`, `sigmoid`, `tanh`, `gelu` and `softmax` by [`fast`], and all else as `V` does.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Fast<V>(pub V);

operators!([V: Lanes<f32>] Fast<V>);

impl<V> Sealed for Fast<V> {}

/// Methods that are those of the vector inside.
macro_rules! inside {
    ($($name:ident($($other:ident),*);)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $name(self $(, $other: Self)*) -> Self {
            Self(self.0.$name($($other.0),*))
        }
    )*};
}

/// Methods that are approximations.
macro_rules! approximate {
    ($($name:ident)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $name(self) -> Self {
            Self(fast::$name(self.0))
        }
    )*};
}

impl<V: PowerOfTwo> Lanes<f32> for Fast<V> {
    type Chunk = V::Chunk;
    type Half = <V::Half as Lanes<f32>>::Fast;
    type Fast = Self;
    const LEN: usize = V::LEN;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn splat(x: f32) -> Self {
        Self(V::splat(x))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load(chunk: &Self::Chunk) -> Self {
        Self(V::load(chunk))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store(self, chunk: &mut Self::Chunk) {
        self.0.store(chunk);
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chunks(numbers: &[f32]) -> (&[Self::Chunk], &[f32]) {
        V::chunks(numbers)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chunks_mut(numbers: &mut [f32]) -> (&mut [Self::Chunk], &mut [f32]) {
        V::chunks_mut(numbers)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sum(self) -> f32 {
        self.0.sum()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self(self.0.map(f))
    }
    inside! {
        mul_add(by, plus);
        max(other);
        min(other);
        largest(later);
        if_positive(yes, no);
        abs();
        sqrt();
        exp_m1();
        ln_1p();
        ln_normal();
        gelu_slope();
        erf();
    }
    approximate!(exp sigmoid tanh gelu);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn softmax(row: &mut [f32]) -> [f32; 2] {
        math::softmax::<V, true>(row)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn softmax_of_lanes(lanes: &mut [Self]) -> [f32; 2] {
        let mut inside = [V::splat(0.0); MOST_LANES];
        let (inside, _) = split_mut(&mut inside, lanes.len());
        for (inside, lanes) in inside.iter_mut().zip(&*lanes) {
            *inside = lanes.0;
        }
        let result = math::softmax_of_lanes::<V, true>(inside);
        for (inside, lanes) in inside.iter().zip(lanes) {
            lanes.0 = *inside;
        }
        result
    }
}
