//! A part whose rows are frames, over the frames of a signal.

use super::about::About;
use super::init::Init;
use super::layout::Layout;
use super::learn::{Learn, Recorded, Seen};
use super::memory::Memory;
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, zero};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::Isa;
use crate::number::arena::{End, Flag, No, Yes, copy, split, split_mut};
use crate::number::shape::{Frames, Row, Shape};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Plain, numbers, storage};
use rand_core::Rng;

/// A layer of frames over a signal of `N` of them, each of which it begins anew.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct OverSignal<P, const N: usize>(
    /// The layer over frames.
    pub P,
);

storage! { [P: Part, const N: usize] OverSignal<P, N> as P::T = { 0: P::NUMBERS } }

impl<P: Part, const N: usize> Part for OverSignal<P, N> {
    type T = P::T;
    type In = Frames<P::In, N>;
    type Out = Frames<P::Out, N>;
    /// Input and output, and the arena of a signal.
    type Work<Inside: Flag> =
        Both<Both<Inside::Then<P::T, Row<P::T, Self::In>>, Row<P::T, Self::Out>>, [P::Work<No>; N]>;
    type State = ();
    type Starts = No;
    type Ends = P::Ends;

    const ABOUT: About = P::ABOUT.of_frames(N, Self::OUT).of_row();
    const ALL_ZERO: Self = Self(zero());
    const NUMBERS: Option<Numbers<Self, P::T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = P::LAYOUT;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        _state: &mut (),
        arena: &mut [P::T],
        at: End,
        watch: &mut impl Watch<P::T>,
    ) -> End {
        let (x, arena, at) = match x {
            Some(x) => (numbers(x), arena, at),
            None => {
                let (x, rest) = at.split(arena, rows * Self::IN);
                (&*x, rest, at.other())
            }
        };
        let (y, arena) = at.split(arena, rows * Self::OUT);
        let frames: &[Row<P::T, P::In>] = Plain::blocks(x);
        for (x, y) in frames.chunks(N).zip(<Row<P::T, Self::Out>>::blocks_mut(y)) {
            let mut state = P::State::NEW;
            self.0.begin(&mut state);
            let at = self.0.run(k, Some(x), N, &mut state, arena, End::Head, &mut ());
            copy(at.split(arena, Self::OUT).0, y.values_mut());
        }
        watch.see(y);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        P::describe(at, &mut |module| {
            let (output, macs) = (Self::Out::DIMS, module.macs.saturating_mul(N));
            each(&Module { output, macs, ..module.clone() });
        });
    }
}

impl<P: Learn, const N: usize> Learn for OverSignal<P, N> {
    type Tape = [P::Tape; N];
    type Slope<Wanted: Flag> =
        Both<Both<Row<P::T, Self::Out>, Wanted::Then<P::T, Row<P::T, Self::In>>>, [P::Slope<Wanted>; N]>;
    type ReadsInput = Yes;
    type ReadsOutput = P::ReadsOutput;
    type Seen = Seen<Self>;

    const WANTS: Option<Init> = P::WANTS;

    #[inline]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.0.prepare(rng, always, follows);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(&self, k: K, x: &Inputs<Self>, _state: &mut (), seed: Seed, tape: &mut [P::T], y: &mut [P::T]) {
        let mut state = P::State::NEW;
        let (frames, mut tape): (&[Row<P::T, P::In>], _) = (Plain::blocks(numbers(x)), tape);
        for (row, (x, y)) in frames.chunks(N).zip(<Row<P::T, Self::Out>>::blocks_mut(y)).enumerate() {
            self.0.begin(&mut state);
            let (of_row, rest) = split_mut(tape, N * P::Tape::LEN);
            self.0.record(k, x, &mut state, seed.at(row as u64), of_row, y.values_mut());
            tape = rest;
        }
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
        let rows = pass.x.len();
        let (dy, arena) = end.split(arena, rows * Self::OUT);
        let (dx, arena) = end.other().split(arena, if Wanted::IS { rows * Self::IN } else { 0 });
        let all: &[Row<P::T, P::In>] = Plain::blocks(numbers(pass.x));
        for (row, x) in all.chunks(N).enumerate() {
            let from = |numbers: usize| row * N * numbers;
            copy(split(split(dy, from(P::OUT)).1, N * P::OUT).0, End::Head.split(arena, N * P::OUT).0);
            let inner = Recorded {
                x,
                y: split(split(pass.y, from(P::OUT)).1, N * P::OUT).0,
                tape: split(split(pass.tape, from(P::Tape::LEN)).1, N * P::Tape::LEN).0,
                seed: pass.seed.at(row as u64),
                first: pass.first && row == 0,
                before: None,
            };
            let at = self.0.backward::<K, Wanted>(k, inner, arena, End::Head, &mut gradient.0);
            if Wanted::IS {
                copy(at.split(arena, N * P::IN).0, split_mut(split_mut(dx, from(P::IN)).1, N * P::IN).0);
            }
        }
        end.other()
    }

    #[inline]
    fn walk<const C: usize>(all: [&mut Self; C], each: &mut impl FnMut(Kind, [&mut [P::T]; C])) {
        P::walk(all.map(|over| &mut over.0), each);
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[P::T])) {
        self.0.read(each);
    }
}
