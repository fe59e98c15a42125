//! A part whose rows are the frames of one stream, unrolled through time: so many of its rows are one.

use super::about::About;
use super::init::Init;
use super::layout::Layout;
use super::learn::{Learn, Recorded};
use super::piece::{Piece, Stretch};
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, zero};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::Isa;
use crate::number::Number;
use crate::number::arena::{End, Flag, No, Yes, copy, split_mut};
use crate::number::shape::{Frames, Row};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Plain, numbers, storage};
use rand_core::Rng;

/// `N` frames of a part in one row, which is a [`Piece`] of a stream.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct Unrolled<P, const N: usize>(
    /// The part.
    pub P,
);

storage! { [P: Part, const N: usize] Unrolled<P, N> as P::T = { 0: P::NUMBERS } }

impl<P: Part, const N: usize> Part for Unrolled<P, N> {
    type T = P::T;
    type In = Frames<P::In, N>;
    type Out = Frames<P::Out, N>;
    /// Input and output, and the arena of one frame.
    type Work<Inside: Flag> = Both<Both<Inside::Then<P::T, Row<P::T, Self::In>>, Row<P::T, Self::Out>>, P::Work<No>>;
    type State = Piece<P::State, N>;
    type Starts = No;
    type Ends = P::Ends;

    const ABOUT: About = About { macs: P::ABOUT.macs.saturating_mul(N), ..P::ABOUT }.of_row();
    const ALL_ZERO: Self = Self(zero());
    const NUMBERS: Option<Numbers<Self, P::T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = P::LAYOUT;

    /// Frame by frame, in the arena of one.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        piece: &mut Self::State,
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
        let (x, y) = (<Row<P::T, P::In>>::blocks(x), <Row<P::T, P::Out>>::blocks_mut(y));
        for (x, y) in x.chunks(N).zip(y.chunks_mut(N)) {
            for (step, (x, y)) in x.chunks(1).zip(y).enumerate() {
                if piece.begins(step) {
                    self.0.begin(&mut piece.state);
                }
                let at = self.0.run(k, Some(x), 1, &mut piece.state, arena, End::Head, watch);
                copy(at.split(arena, P::OUT).0, y.values_mut());
            }
        }
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        P::describe(at, each);
    }
}

impl<P: Learn, const N: usize> Learn for Unrolled<P, N> {
    type Tape = [P::Tape; N];
    type Slope<Wanted: Flag> =
        Both<Both<Row<P::T, Self::Out>, Wanted::Then<P::T, Row<P::T, Self::In>>>, [P::Slope<Wanted>; N]>;
    type ReadsInput = Yes;
    type ReadsOutput = P::ReadsOutput;
    type Seen = P::Seen;

    const WANTS: Option<Init> = P::WANTS;

    #[inline]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.0.prepare(rng, always, follows);
    }

    /// All steps of a stretch at once. What is not run gives zeros.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(
        &self,
        k: K,
        x: &Inputs<Self>,
        piece: &mut Self::State,
        seed: Seed,
        tape: &mut [P::T],
        y: &mut [P::T],
    ) {
        let (frames, mut tape): (&[Row<P::T, P::In>], _) = (Plain::blocks(numbers(x)), tape);
        for (row, (x, y)) in frames.chunks(N).zip(<Row<P::T, Self::Out>>::blocks_mut(y)).enumerate() {
            let (of_row, rest) = split_mut(tape, N * P::Tape::LEN);
            let (steps, mut from) = (piece.run(), 0);
            while let Some(stretch) = piece.stretch(from, steps) {
                if stretch.begins {
                    self.0.begin(&mut piece.state);
                }
                let seed = seed.at(row as u64).at(from as u64);
                let (tape, y) = (stretch.of_mut(of_row, P::Tape::LEN), stretch.of_mut(y.values_mut(), P::OUT));
                self.0.record(k, stretch.of(x, 1), &mut piece.state, seed, tape, y);
                from = stretch.to;
            }
            split_mut(y.values_mut(), from * P::OUT).1.fill(P::T::ZERO);
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
        dx.fill(P::T::ZERO);
        let counted = pass.before.map_or(N, Piece::counted);
        if pass.first && counted == 0 {
            Self::walk([gradient], &mut |_, [values]| values.fill(P::T::ZERO));
        }
        let all: &[Row<P::T, P::In>] = Plain::blocks(numbers(pass.x));
        for (row, x) in all.chunks(N).enumerate() {
            let of_row = Stretch { from: row * N, to: row * N + N, begins: true };
            let (y, tape) = (of_row.of(pass.y, P::OUT), of_row.of(pass.tape, P::Tape::LEN));
            let (dy, seed) = (of_row.of(dy, P::OUT), pass.seed.at(row as u64));
            let mut from = 0;
            while let Some(stretch) = match pass.before {
                Some(piece) => piece.stretch(from, counted),
                None => (from == 0).then_some(Stretch { from: 0, to: N, begins: true }),
            } {
                copy(stretch.of(dy, P::OUT), End::Head.split(arena, (stretch.to - from) * P::OUT).0);
                let inner = Recorded {
                    x: stretch.of(x, 1),
                    y: stretch.of(y, P::OUT),
                    tape: stretch.of(tape, P::Tape::LEN),
                    seed: seed.at(from as u64),
                    first: pass.first && row == 0 && from == 0,
                    before: pass.before.filter(|_| !stretch.begins).map(|piece| &piece.state),
                };
                let at = self.0.backward::<K, Wanted>(k, inner, arena, End::Head, &mut gradient.0);
                if Wanted::IS {
                    let dx = stretch.of_mut(split_mut(dx, row * Self::IN).1, P::IN);
                    copy(at.split(arena, (stretch.to - from) * P::IN).0, dx);
                }
                from = stretch.to;
            }
        }
        end.other()
    }

    #[inline]
    fn walk<const C: usize>(all: [&mut Self; C], each: &mut impl FnMut(Kind, [&mut [P::T]; C])) {
        P::walk(all.map(|unrolled| &mut unrolled.0), each);
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[P::T])) {
        self.0.read(each);
    }
}
