//! A part whose rows are frames, in a stream of several frames a step.

use super::about::About;
use super::init::Init;
use super::layout::Layout;
use super::learn::{Learn, Recorded};
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, zero};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::Isa;
use crate::number::arena::{End, Flag};
use crate::number::shape::{Frames, Shape};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Plain, numbers, storage};
use rand_core::Rng;

/// `N` frames of a part in one step: its rows are the frames of all steps, one after another.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct EachFrame<P, const N: usize>(
    /// The part.
    pub P,
);

storage! { [P: Part, const N: usize] EachFrame<P, N> as P::T = { 0: P::NUMBERS } }

/// The frames of steps.
#[cfg_attr(not(debug_assertions), inline(always))]
fn frames<P: Part, const N: usize>(x: &Inputs<EachFrame<P, N>>) -> &Inputs<P> {
    Plain::blocks(numbers(x))
}

impl<P: Part, const N: usize> Part for EachFrame<P, N> {
    type T = P::T;
    type In = Frames<P::In, N>;
    type Out = Frames<P::Out, N>;
    type Work<Inside: Flag> = [P::Work<Inside>; N];
    type State = P::State;
    type Starts = P::Starts;
    type Ends = P::Ends;

    const ABOUT: About = P::ABOUT.of_frames(N, Self::OUT);
    const ALL_ZERO: Self = Self(zero());
    const NUMBERS: Option<Numbers<Self, P::T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = P::LAYOUT;

    #[inline]
    fn begin(&self, state: &mut Self::State) {
        self.0.begin(state);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        state: &mut Self::State,
        arena: &mut [P::T],
        at: End,
        watch: &mut impl Watch<P::T>,
    ) -> End {
        self.0.run(k, x.map(frames::<P, N>), rows * N, state, arena, at, watch)
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        P::describe(at, &mut |module| {
            let (output, macs) = (Self::Out::DIMS, module.macs.saturating_mul(N));
            each(&Module { output, macs, ..module.clone() });
        });
    }
}

impl<P: Learn, const N: usize> Learn for EachFrame<P, N> {
    type Tape = [P::Tape; N];
    type Slope<Wanted: Flag> = [P::Slope<Wanted>; N];
    type ReadsInput = P::ReadsInput;
    type ReadsOutput = P::ReadsOutput;
    type Seen = P::Seen;

    const IN_PLACE: bool = P::IN_PLACE;
    const WANTS: Option<Init> = P::WANTS;

    #[inline]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.0.prepare(rng, always, follows);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(
        &self,
        k: K,
        x: &Inputs<Self>,
        state: &mut Self::State,
        seed: Seed,
        tape: &mut [P::T],
        y: &mut [P::T],
    ) {
        self.0.record(k, frames::<P, N>(x), state, seed, tape, y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record_in_place<K: Isa>(&self, k: K, seed: Seed, y: &mut [P::T]) {
        self.0.record_in_place(k, seed, y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        arena: &mut [P::T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let Recorded { x, y, tape, seed, first, before } = pass;
        let inner = Recorded { x: frames::<P, N>(x), y, tape, seed, first, before };
        self.0.backward::<K, Wanted>(k, inner, arena, end, &mut gradient.0)
    }

    #[inline]
    fn walk<const C: usize>(all: [&mut Self; C], each: &mut impl FnMut(Kind, [&mut [P::T]; C])) {
        P::walk(all.map(|each| &mut each.0), each);
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[P::T])) {
        self.0.read(each);
    }
}
