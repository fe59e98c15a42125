//! The contracts of an activation.

use crate::kernel::{Lanes, Scalar};
use crate::number::arena::{Flag, No, Yes, split_mut};
use crate::part::ending::{Ending, Open, Same};
use crate::part::init::Init;
use crate::part::seed::Seed;
use core::marker::PhantomData;

/// What the slope of an activation is computed from.
pub trait Keeps {
    /// Whether that is the input.
    type Input: Flag;
    /// Whether that is the output.
    type Output: Flag;
    /// What is known of the values.
    type Ends: Ending;
}

/// The slope is computed from the output: training needs no memory for the input.
pub enum After {}
/// The slope is computed from the input, which training keeps.
pub enum Before {}
/// The slope is the same everywhere: training needs no memory for it.
pub enum Neither {}
/// [`After`], and the values are probabilities: those of `A`, which losses on logits apply themselves.
pub struct Probability<A>(PhantomData<A>);

impl Keeps for After {
    type Input = No;
    type Output = Yes;
    type Ends = Open;
}
impl Keeps for Before {
    type Input = Yes;
    type Output = No;
    type Ends = Open;
}
impl Keeps for Neither {
    type Input = No;
    type Output = No;
    type Ends = Same;
}
impl<A: Ending> Keeps for Probability<A> {
    type Input = No;
    type Output = Yes;
    type Ends = A;
}

/// A function of one number, and its slope.
///
/// Both are written for vectors of any length, so that one line serves every instruction set and number type.
pub trait Activation {
    /// What [`slope`](Self::slope) is given: [`After`], the output, [`Before`], the input, or [`Neither`].
    type Keeps: Keeps;
    /// The name in a summary, by which a checkpoint knows it too.
    const NAME: &'static str;
    /// How the weights of the layer before should be initialised.
    const INIT: Init = Init::GlorotUniform;
    /// The least and the largest value, where they are finite; at these a node is saturated.
    const RANGE: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];
    /// Whether it never falls, so that the largest value is that of the largest number.
    #[doc(hidden)]
    const RISES: bool = false;
    /// The value at `x`.
    fn value<T: Scalar, V: Lanes<T>>(x: V) -> V;
    /// Replaces as many of the numbers by their values as a kernel of its own is faster for, the first ones; says how many.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn some_values<T: Scalar, V: Lanes<T>>(_numbers: &mut [T]) -> usize {
        0
    }
    /// `dy` times the slope, which is the gradient by the input if `dy` is that by the output.
    fn slope<T: Scalar, V: Lanes<T>>(kept: V, dy: V) -> V;
}

/// A function of a row of numbers: every [`Activation`], [`Softmax`](super::Softmax), and [`Dropout`](super::Dropout). One of
/// your own implements it where a function of single numbers is not enough.
pub trait RowActivation {
    /// What [`slopes`](Self::slopes) is given: [`After`], the output, [`Before`], the input, or [`Neither`].
    type Keeps: Keeps;
    /// The name in a summary.
    const LABEL: &'static str;
    /// How the weights of the layer before should be initialised.
    const WANTS: Init;
    /// The least and the largest value.
    const LIMITS: [f64; 2];
    /// Whether [`apply`](Self::apply) takes each number for itself, so that it does not matter in which order they lie.
    #[doc(hidden)]
    const BY_VALUE: bool = false;
    /// Whether it takes each number for itself and never falls, so that the largest value is that of the largest number.
    #[doc(hidden)]
    const RISES: bool = false;
    /// The value of each number, if it [`RISES`](Self::RISES).
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rise<T: Scalar, V: Lanes<T>>(x: V) -> V {
        x
    }
    /// Replaces rows of `width` numbers by their values.
    fn apply<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize);
    /// The same in training.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn train<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize, _seed: Seed) {
        Self::apply::<T, V>(rows, width);
    }
    /// Replaces the gradients by the output in `dy` by those by the input, after `train` with the same seed.
    fn slopes<T: Scalar, V: Lanes<T>>(kept: &[T], dy: &mut [T], width: usize, seed: Seed);
}

impl<A: Activation> RowActivation for A {
    type Keeps = <A as Activation>::Keeps;
    const LABEL: &'static str = A::NAME;
    const WANTS: Init = A::INIT;
    const LIMITS: [f64; 2] = A::RANGE;
    const BY_VALUE: bool = true;
    const RISES: bool = <A as Activation>::RISES;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rise<T: Scalar, V: Lanes<T>>(x: V) -> V {
        A::value::<T, V>(x)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize) {
        let done = A::some_values::<T, V>(rows);
        let (chunks, tail) = V::chunks_mut(T::many(split_mut(rows, done).1));
        for chunk in chunks {
            A::value::<T, V>(V::load(chunk)).store(chunk);
        }
        if const { V::LEN > 1 } && !tail.is_empty() {
            Self::apply::<T, V::Half>(tail, width);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slopes<T: Scalar, V: Lanes<T>>(kept: &[T], dy: &mut [T], width: usize, seed: Seed) {
        let (kept, kept_tail) = V::chunks(kept);
        let (dy, dy_tail) = V::chunks_mut(dy);
        for (kept, dy) in kept.iter().zip(dy) {
            A::slope::<T, V>(V::load(kept), V::load(dy)).store(dy);
        }
        if const { V::LEN > 1 } && !dy_tail.is_empty() {
            Self::slopes::<T, V::Half>(kept_tail, dy_tail, width, seed);
        }
    }
}
