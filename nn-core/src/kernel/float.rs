//! `f32` and `f64` as scalars, and how a scalar is made of a constant.
#![allow(unsafe_code)]

use super::fast::Fast;
use super::isa::{InstructionSet, Isa};
use super::jobs::{Gradients, Promised};
use super::math;
use super::one::One;
use super::scalar::Scalar;
use super::set::on;
#[cfg(nn_soft)]
use super::soft;
use super::turned::{Entropies, Slopes};
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use super::x86 as root;
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
use libm as root;
use rand_core::Rng;

/// The nearest number of `T` to a constant; [`Scalar::from_f64`] can't be called while the program compiles.
pub const fn nearest<T: Scalar>(x: f64) -> T {
    match size_of::<T>() {
        // SAFETY: the trait is sealed, and of its two types `f32` is the one of four bytes.
        4 => unsafe { core::mem::transmute_copy(&(x as f32)) },
        // SAFETY: and `f64` is the other.
        _ => unsafe { core::mem::transmute_copy(&x) },
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
        #[inline]
        fn from_u64(x: u64) -> Self {
            x as Self
        }
        fn product(set: InstructionSet, product: &Promised<Self>) {
            on(set, product);
        }
        fn gradients(set: InstructionSet, gradients: &Gradients<Self>) {
            on(set, gradients);
        }
        fn slopes(set: InstructionSet, gradients: &Gradients<Self>) {
            on(set, Slopes(gradients));
        }
        fn entropies(set: InstructionSet, entropies: &mut Entropies<'_, Self>) {
            on(set, entropies);
        }
    };
}

impl Scalar for f32 {
    type V<K: Isa> = K::F32;
    type Fast = Fast<One<Self>>;
    const ONE: Self = 1.0;
    const LEAST: Self = Self::MIN_POSITIVE;

    common!();

    #[cfg(nn_soft)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn plus_product(self, a: Self, b: Self) -> Self {
        soft::plus_product(self, a, b)
    }
    #[cfg(nn_unpacked)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_above(self, other: Self) -> bool {
        soft::bits::is_above(self.to_bits(), other.to_bits())
    }
    #[inline]
    fn from_f64(x: f64) -> Self {
        x as Self
    }
    #[inline]
    fn to_f64(self) -> f64 {
        self.into()
    }
    by! {
        abs = Self::abs;
        sqrt = root::sqrtf;
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
    type V<K: Isa> = One<Self>;
    type Fast = One<Self>;
    const ONE: Self = 1.0;
    const LEAST: Self = Self::MIN_POSITIVE;
    common!();

    #[inline]
    fn from_f64(x: f64) -> Self {
        x
    }
    #[inline]
    fn to_f64(self) -> f64 {
        self
    }
    by! {
        abs = Self::abs;
        sqrt = root::sqrt;
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
    fn uniform(rng: &mut impl Rng) -> Self {
        (rng.next_u64() >> 11) as Self / (1_u64 << 53) as Self
    }
}
