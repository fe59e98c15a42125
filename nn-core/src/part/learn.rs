//! The wide contract of learning: what a part leaves on the tape, and how a gradient goes back.
//!
//! **In place.** An activation needs no second buffer: it leaves its output where its input lies. In training this is
//! possible where neither neighbour reads the overwritten values, which [`Learn::ReadsInput`] and [`Learn::ReadsOutput`]
//! say.
//!
//! **The tape.** Recording keeps the values between parts that the backward pass will read, and nothing else.

use super::init::Init;
use super::run::{Inputs, Part};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag};
use crate::number::shape::Row;
use crate::number::storage::{Both, Plain};
use rand_core::Rng;

/// A [`Part`] that learns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot learn",
    label = "runs, but cannot learn",
    note = "a layer of your own learns if it implements `nn_core::layer::Backward` too"
)]
pub trait Learn: Part<T: Scalar> {
    /// What the backward pass needs to know of one row, beside the input and the output.
    type Tape: Plain<Self::T>;
    /// The arena of the backward pass for one row, with or without the gradient by the input.
    type Slope<Wanted: Flag>: Plain<Self::T>;
    /// Whether the backward pass reads the input.
    type ReadsInput: Flag;
    /// Whether the backward pass reads the output.
    type ReadsOutput: Flag;
    /// What [`Statistics`](crate::statistics::Statistics) keep of its layers.
    type Seen: Plain<f64>;

    /// Whether the part works where its input lies.
    const IN_PLACE: bool = false;
    /// How the weights before this part should be initialised, if it matters to it.
    const WANTS: Option<Init> = None;

    /// First values for every parameter: as `always` says, or else suited to what `follows`.
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>);

    /// The forward pass of training: `x` to `y`, and to the tape what `backward` will read.
    fn record<K: Isa>(
        &self,
        k: K,
        x: &Inputs<Self>,
        state: &mut Self::State,
        seed: Seed,
        tape: &mut [Self::T],
        y: &mut [Self::T],
    );

    /// The forward pass of training where the input lies. Called only if [`IN_PLACE`](Self::IN_PLACE).
    #[inline]
    fn record_in_place<K: Isa>(&self, _k: K, _seed: Seed, _y: &mut [Self::T]) {}

    /// The backward pass: turns the gradient by `y`, at `end` of the arena, into that by `x`, at the end that is
    /// returned (if it is `Wanted`), and sets or adds to that by the parameters, as `pass` says.
    fn backward<K: Isa, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        arena: &mut [Self::T],
        end: End,
        gradient: &mut Self,
    ) -> End;

    /// Calls `each` with every tensor of several parts side by side.
    fn walk<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [Self::T]; N]));

    /// Calls `each` with every tensor.
    fn read(&self, each: &mut impl FnMut(Kind, &[Self::T]));
}

/// What the forward pass of a part left for its backward pass.
pub struct Recorded<'a, P: Part> {
    /// The input. Overwritten if the part worked in place.
    pub x: &'a Inputs<P>,
    /// The output. Overwritten if the next part worked in place.
    pub y: &'a [P::T],
    /// The part's tape.
    pub tape: &'a [P::T],
    /// The seed of the forward pass.
    pub seed: Seed,
    /// Whether the gradient by the parameters is set, not added to what is there.
    pub first: bool,
    /// What was remembered before; nothing if a stream began.
    pub before: Option<&'a P::State>,
}

impl<'a, P: Part> Recorded<'a, P> {
    /// The same, of a newtype for its content.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn of<Q: Part<T = P::T, In = P::In, State = P::State>>(self) -> Recorded<'a, Q> {
        let Self { x, y, tape, seed, first, before } = self;
        Recorded { x, y, tape, seed, first, before }
    }
}

/// What statistics keep of a layer: so many numbers, and for each node, or channel, whether it was ever off the bounds of its activation. In
/// double precision, so that sums of many values keep growing.
pub(crate) type Seen<P> = Both<[f64; SEEN], Row<f64, <P as Part>::Out>>;
pub(crate) const SEEN: usize = 5;

/// `walk` and `read` of a composition: field by field.
macro_rules! walk_fields {
    ($($field:tt: $Part:ty),+) => {
        #[inline]
        fn walk<const N: usize>(mut all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [Self::T]; N])) {
            $(<$Part>::walk(all.each_mut().map(|part| &mut part.$field), each);)+
        }

        #[inline]
        fn read(&self, each: &mut impl FnMut(Kind, &[Self::T])) {
            $(self.$field.read(each);)+
        }
    };
}
pub(crate) use walk_fields;
