//! Activations: the non-linearity after a layer, each with its slope.
//!
//! In a declaration an activation follows its layer, `8 relu`. One of your own takes four lines and stands there by its
//! path:
//!
//! ```
//! use nn_core::activation::{Activation, After, Lanes};
//! use nn_core::scalar::Scalar;
//!
//! /// max(0, x)², smooth at zero.
//! struct SquaredRelu;
//!
//! impl Activation for SquaredRelu {
//!     type Keeps = nn_core::activation::Before; // the slope is computed from the input
//!     const NAME: &'static str = "squared_relu";
//!     fn value<T: Scalar, V: Lanes<T>>(x: V) -> V {
//!         let y = V::splat(T::ZERO).max(x);
//!         y * y
//!     }
//!     fn slope<T: Scalar, V: Lanes<T>>(x: V, dy: V) -> V {
//!         let y = V::splat(T::ZERO).max(x);
//!         dy * (y + y)
//!     }
//! }
//! use nn_core::prelude::*;
//! type Net = network!(2 => 8 SquaredRelu => 1);
//! assert_eq!(Net::MACS, 24);
//! ```

mod approximate;
mod dropout;
mod element;
mod softmax;

pub use crate::kernel::Lanes;
pub use approximate::Approximate;
pub use dropout::Dropout;
pub use element::*;
pub use softmax::Softmax;

use crate::chain::Chain;
use crate::init::Init;
use crate::kernel::Isa;
use crate::layer::Kind;
use crate::part::{Largest, Part, Recorded, Seed, Watch};
use crate::scalar::Scalar;
use crate::shape::{Row, Shape};
use crate::statistics::Seen;
use crate::storage::{End, Flag, No, Nothing, Numbers, Yes, copy, numbers};
use crate::summary::{Module, Place};
use crate::weights::Header;
use core::marker::PhantomData;
use rand_core::Rng;

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

/// What is known of the numbers at the end of a network.
pub trait Ending {
    /// The loss that takes them, if one on logits can't.
    type Loss;
    /// What is known after this, if `Before` is known before it.
    type After<Before: Ending>: Ending;
    /// What is known of these beside `Other` numbers.
    type Or<Other: Ending>: Ending;
}

/// Nothing is known.
pub enum Open {}
/// What was known before.
pub enum Same {}

impl Ending for Open {
    type Loss = ();
    type After<Before: Ending> = Self;
    type Or<Other: Ending> = Other;
}
impl Ending for Same {
    type Loss = ();
    type After<Before: Ending> = Before;
    type Or<Other: Ending> = Other;
}
impl Ending for Sigmoid {
    type Loss = crate::loss::BinaryCrossEntropy;
    type After<Before: Ending> = Self;
    type Or<Other: Ending> = Self;
}
impl Ending for Softmax {
    type Loss = crate::loss::CrossEntropyOfProbabilities;
    type After<Before: Ending> = Self;
    type Or<Other: Ending> = Self;
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
    /// The value at `x`.
    fn value<T: Scalar, V: Lanes<T>>(x: V) -> V;
    /// `dy` times the slope, which is the gradient by the input if `dy` is that by the output.
    fn slope<T: Scalar, V: Lanes<T>>(kept: V, dy: V) -> V;
}

/// A function of a row of numbers: every [`Activation`], [`Softmax`], and [`Dropout`].
pub trait RowActivation {
    /// What [`slopes`](Self::slopes) is given: [`After`], the output, [`Before`], the input, or [`Neither`].
    type Keeps: Keeps;
    /// The name in a summary.
    const LABEL: &'static str;
    /// How the weights of the layer before should be initialised.
    const WANTS: Init;
    /// The least and the largest value.
    const LIMITS: [f64; 2];
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

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize) {
        let (chunks, tail) = V::chunks_mut(rows);
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

/// An activation as a part of a network: it has no parameters and works where its input lies.
///
/// # Shapes
/// Rows of shape `S` in, rows of shape `S` out.
pub struct Activate<A, T, S>(PhantomData<(A, T, S)>);

/// A part, then an activation.
#[doc(hidden)]
pub type ActivateAfter<P, A> = Chain<P, Activate<A, <P as Part>::T, <P as Part>::Out>>;

impl<A, T, S> Clone for Activate<A, T, S> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<A, T, S> PartialEq for Activate<A, T, S> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<A: RowActivation, T, S> core::fmt::Debug for Activate<A, T, S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(A::LABEL)
    }
}

impl<A: RowActivation, T: Scalar, S: Shape> Part for Activate<A, T, S> {
    type T = T;
    type In = S;
    type Out = S;
    type Work<Inside: Flag> = Row<T, S>;
    type Tape = Nothing<T>;
    type State = Nothing<T>;
    type Slope<Wanted: Flag> = Row<T, S>;
    type ReadsInput = <A::Keeps as Keeps>::Input;
    type ReadsOutput = <A::Keeps as Keeps>::Output;
    type Ends = <A::Keeps as Keeps>::Ends;
    type Seen = Seen<Self>;

    const IN_PLACE: bool = true;
    const COUNT: usize = 0;
    const MULTIPLIES: usize = 0;
    const PLACES: usize = 1;
    const WANTS: Option<Init> = Some(A::WANTS);
    const ALL_ZERO: Self = Self(PhantomData);
    const NUMBERS: Option<Numbers<Self>> = Some(Numbers::none());
    const HEADER: Header = Header::EMPTY;
    const LARGEST: [Largest; 3] = Largest::of::<Self>(A::LABEL);

    fn prepare<R: Rng>(&mut self, _rng: &mut R, _always: Option<Init>, _follows: Option<Init>) {}

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa<T>>(
        &self,
        _k: K,
        x: Option<&[Row<T, S>]>,
        rows: usize,
        _state: &mut [T],
        arena: &mut [T],
        at: End,
        watch: &mut impl Watch<T>,
    ) -> End {
        let (y, _) = at.split(arena, rows * S::LEN);
        if let Some(x) = x {
            copy(numbers(x), y);
        }
        A::apply::<T, K::V>(y, S::LEN);
        watch.see(y);
        at
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa<T>>(&self, k: K, x: &[Row<T, S>], _state: &mut [T], seed: Seed, _tape: &mut [T], y: &mut [T]) {
        copy(numbers(x), y);
        self.record_in_place(k, seed, y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record_in_place<K: Isa<T>>(&self, _k: K, seed: Seed, y: &mut [T]) {
        A::train::<T, K::V>(y, S::LEN, seed);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa<T>, Wanted: Flag>(
        &self,
        _k: K,
        pass: Recorded<'_, Self>,
        _dstate: &mut [T],
        arena: &mut [T],
        end: End,
        _gradient: &mut Self,
    ) -> End {
        let (dy, _) = end.split(arena, pass.x.len() * S::LEN);
        let kept = if Self::ReadsInput::IS { numbers(pass.x) } else { pass.y };
        A::slopes::<T, K::V>(kept, dy, S::LEN, pass.seed);
        end
    }

    #[inline]
    fn walk<const N: usize>(_all: [&mut Self; N], _each: &mut impl FnMut(Kind, [&mut [T]; N])) {}

    #[inline]
    fn read(&self, _each: &mut impl FnMut(Kind, &[T])) {}

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { range: A::LIMITS, ..Module::of::<Self>(at, A::LABEL) });
    }
}
