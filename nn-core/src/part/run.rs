//! The wide contract of running: what a part does with its arena.
//!
//! Users implement the narrow [`Layer`](super::layer::Layer); every layer is a [`Part`] by a blanket implementation.
//! Compositions ([`Chain`](super::chain::Chain), whole networks) implement [`Part`] itself. Its methods share no name with
//! those of a trait that a user imports.
//!
//! **The arena.** A part's input is given, or it lies at one [`End`] of an arena; its output is left at an end, which the part
//! returns. A layer reads at one end and writes at the other, and nobody needs the input afterwards, so that the arena of
//! a chain is as large as the largest of its parts needs, however the chain is nested. In the backward pass the gradient by
//! the output takes the same way back.

use super::about::About;
use super::ending::Ending;
use super::layout::Layout;
use super::memory::Memory;
use super::place::{Module, Place};
use crate::kernel::Isa;
use crate::number::Number;
use crate::number::arena::{End, Flag};
use crate::number::element::Element;
use crate::number::shape::{Row, Shape};
use crate::number::storage::Plain;
use crate::number::storage::numbers::Numbers;

/// Sees the value of every layer while a network runs; `()` looks at nothing and costs nothing.
pub trait Watch<T> {
    /// Whether it looks at what it is shown.
    const LOOKS: bool = true;

    /// Called with the output of each layer, in order.
    fn see(&mut self, values: &[T]);
}

impl<T> Watch<T> for () {
    const LOOKS: bool = false;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn see(&mut self, _: &[T]) {}
}

impl<T, F: FnMut(&[T])> Watch<T> for F {
    fn see(&mut self, values: &[T]) {
        self(values);
    }
}

/// The inputs of a part, a row a sample.
pub type Inputs<P> = [Row<<P as Part>::T, <P as Part>::In>];

/// What stands in a network: a layer, or a composition of parts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer or a network",
    label = "not a layer or a network",
    note = "a stage is a width, a network made by `network!`, or a type that implements `nn_core::layer::Layer`"
)]
pub trait Part: Sized {
    /// The number type.
    type T: Number;
    /// The shape of the input.
    type In: Shape;
    /// The shape of the output.
    type Out: Shape;
    /// The arena that inference needs for one row, output included; `Inside` says whether the input lies in it too.
    type Work<Inside: Flag>: Plain<Self::T>;
    /// What the part remembers from one call to the next, for one stream.
    type State: Memory;
    /// Whether a stream begins with something else than what is new.
    type Starts: Flag;
    /// What is known of the numbers at its end.
    type Ends: Ending;

    /// Values in.
    const IN: usize = Self::In::LEN;
    /// Values out.
    const OUT: usize = Self::Out::LEN;
    /// How large it is, and what it needs.
    const ABOUT: About;
    /// Every parameter zero.
    const ALL_ZERO: Self;
    /// Whether it is its numbers and nothing else.
    const NUMBERS: Option<Numbers<Self, Self::T>>;

    /// Whether it also runs where [`Isa::TURNED`].
    const TURNS: bool;

    /// Where its tensors lie.
    const LAYOUT: Layout;
    /// Makes a state that of a stream that begins.
    #[inline]
    fn begin(&self, state: &mut Self::State) {
        state.restart();
    }

    /// Inference of so many rows. The input is `x`, or lies at the end `at` of the arena; the output lies at the end that
    /// is returned, which is `at` if the input was given.
    #[allow(clippy::too_many_arguments, reason = "each is used, and a struct would be built at every call")]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        state: &mut Self::State,
        arena: &mut [Self::T],
        at: End,
        watch: &mut impl Watch<Self::T>,
    ) -> End;

    /// Whether it takes inputs that are no numbers yet, by [`run_elements`](Self::run_elements).
    const READS: bool = false;

    /// Inference of one input as it comes, and whether it lies channel by channel. Called only if [`READS`](Self::READS).
    #[inline]
    fn run_elements<K: Isa, E: Element<Self::T>>(
        &self,
        _k: K,
        _x: (&[E], bool),
        _state: &mut Self::State,
        _arena: &mut [Self::T],
        at: End,
        _watch: &mut impl Watch<Self::T>,
    ) -> End {
        at
    }

    /// Calls `each` for each layer, in the order in which [`run`](Self::run) shows their values.
    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>));
}

/// The part with every parameter zero.
pub const fn zero<P: Part>() -> P {
    const fn by_parts<P: Part>() -> P {
        P::ALL_ZERO
    }
    match &P::NUMBERS {
        Some(numbers) => numbers.zero(),
        None => by_parts(),
    }
}

/// A part as one row of a summary.
pub(crate) const fn module<'a, P: Part>(place: Place<'a>, label: &'static str) -> Module<'a> {
    Module::of(place, label, P::Out::DIMS, P::ABOUT)
}
