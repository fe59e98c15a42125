//! A part over places, in a stream: the places before those of a step are remembered.

use super::about::About;
use super::init::Init;
use super::layout::Layout;
use super::learn::{Learn, Recorded};
use super::past::History;
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, zero};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::{Isa, Scalar};
use crate::number::Number;
use crate::number::arena::{End, Flag, No, split, split_mut};
use crate::number::ring::Ring;
use crate::number::shape::{Places, Row, Shape};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Larger, Plain, numbers, storage};
use core::marker::PhantomData;
use generic_array::GenericArray;
use rand_core::Rng;

/// A part over the frames of a step, `X`, and as many before them as `H` remembers: what convolutions and pools need of a stream
/// that takes several frames a step. Where nothing is remembered it may also take fewer, the last ones.
///
/// `Lowest` says whether a stream begins with the lowest numbers; else it begins with zeros.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct WithPast<P, X, H, Lowest>(
    /// The part.
    pub P,
    PhantomData<(X, H, Lowest)>,
);

storage! {
    [P: Part, X, H, L] WithPast<P, X, H, L> as P::T = {
        0: P::NUMBERS, 1: Some(Numbers::none(&PhantomData))
    }
}

type Frame<P, X> = GenericArray<<P as Part>::T, <X as Places>::Channels>;

impl<P: Part, X: Places, H: History<P::T, Frame<P, X>>, L: Flag> WithPast<P, X, H, L> {
    /// The frames of a step.
    const STEP: usize = X::LEN / <Frame<P, X> as Plain<P::T>>::LEN;
    /// The frames that the part takes: those before the step, and those of the step but the `SKIPPED` oldest.
    const TAKEN: usize = P::IN / <Frame<P, X> as Plain<P::T>>::LEN;
    const SKIPPED: usize = {
        assert!(
            Self::TAKEN > 0 && Self::TAKEN * <Frame<P, X> as Plain<P::T>>::LEN == P::IN,
            "a part takes whole frames"
        );
        assert!(
            Self::TAKEN <= H::FRAMES + Self::STEP,
            "a part takes the frames of a step and those that are remembered"
        );
        let skipped = H::FRAMES + Self::STEP - Self::TAKEN;
        assert!(skipped == 0 || H::FRAMES == 0, "nothing is remembered that is not taken");
        skipped
    };

    /// The frames that the part takes in each step, one step after another.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn gather(x: &[P::T], past: &mut H, to: &mut [P::T]) {
        let width = const { <Frame<P, X> as Plain<P::T>>::LEN };
        let x: &[Frame<P, X>] = Plain::blocks(x);
        for (step, mut to) in to.chunks_mut(P::IN.max(1)).enumerate() {
            let mut next = step * Self::STEP + Self::SKIPPED;
            while !to.is_empty() {
                let from = at(x, past.ring(), next, H::FRAMES);
                let count = from.len().min(to.len() / width);
                if count == 0 {
                    break;
                }
                let (now, later) = split_mut(to, count * width);
                crate::number::arena::copy(split(numbers(from), count * width).0, now);
                (to, next) = (later, next + count);
            }
        }
        past.push(x);
    }
}

/// The frames from `next` on that lie side by side, where 0 is the first of as many as these before `x`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn at<'a, X>(x: &'a [X], past: Ring<'a, X>, next: usize, before: usize) -> &'a [X] {
    match next.checked_sub(before) {
        Some(at) => x.get(at..).unwrap_or_default(),
        None => past.from(before - next),
    }
}

impl<P: Part<State = ()>, X: Places, H: History<P::T, Frame<P, X>>, L: Flag> Part for WithPast<P, X, H, L> {
    type T = P::T;
    type In = X;
    type Out = P::Out;
    /// What the part takes, beside the input and what it needs itself.
    type Work<Inside: Flag> = Both<Both<Inside::Then<P::T, Row<P::T, X>>, Row<P::T, P::In>>, P::Work<No>>;
    type State = H;
    type Starts = L;
    type Ends = P::Ends;

    const ABOUT: About = {
        let gives = P::Out::DIMS[1] * P::Out::DIMS[2];
        let field = H::FRAMES.saturating_add(Self::STEP.div_ceil(gives)).saturating_sub(Self::SKIPPED);
        About { field: Some(field), rate: [Self::STEP, gives], ..P::ABOUT }
    };
    const ALL_ZERO: Self = Self(zero(), PhantomData);
    const NUMBERS: Option<Numbers<Self, P::T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = P::LAYOUT;

    #[inline]
    fn begin(&self, past: &mut H) {
        past.restart();
        if L::IS {
            past.fill_with(P::T::LOWEST);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        past: &mut H,
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
        let (taken, arena) = at.other().split(arena, rows * P::IN);
        Self::gather(x, past, taken);
        self.0.run(k, Some(Plain::blocks(taken)), rows, &mut (), arena, at, watch)
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        P::describe(at, each);
    }
}

impl<P, X, H, L> Learn for WithPast<P, X, H, L>
where
    P: Learn<T: Scalar, State = ()>,
    X: Places,
    H: History<P::T, Frame<P, X>>,
    L: Flag,
{
    /// What the part takes, and its tape.
    type Tape = Both<Row<P::T, P::In>, P::Tape>;
    /// The gradient by what the part takes lies where the part leaves it, that by the input beside it.
    type Slope<Wanted: Flag> = Both<Wanted::Then<P::T, Larger<Row<P::T, X>, Row<P::T, P::In>>>, P::Slope<Wanted>>;
    type ReadsInput = No;
    type ReadsOutput = P::ReadsOutput;
    type Seen = P::Seen;

    const WANTS: Option<Init> = P::WANTS;

    #[inline]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.0.prepare(rng, always, follows);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(&self, k: K, x: &Inputs<Self>, past: &mut H, seed: Seed, tape: &mut [P::T], y: &mut [P::T]) {
        let (taken, tape) = split_mut(tape, x.len() * P::IN);
        Self::gather(numbers(x), past, taken);
        self.0.record(k, Plain::blocks(taken), &mut (), seed, tape, y);
    }

    /// A frame of the input has the gradients of all steps that took it, as far as they are in the piece.
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
        let (taken, tape) = split(pass.tape, rows * P::IN);
        let (first, seed) = (pass.first, pass.seed);
        let inner = Recorded { x: Plain::blocks(taken), y: pass.y, tape, seed, first, before: None };
        if !Wanted::IS {
            return self.0.backward::<K, Wanted>(k, inner, arena, end, &mut gradient.0);
        }
        let room = <Larger<Row<P::T, X>, Row<P::T, P::In>> as Plain<P::T>>::LEN;
        let (dx, arena) = end.other().split(arena, rows * room);
        let at = self.0.backward::<K, Wanted>(k, inner, arena, end, &mut gradient.0);
        let (dx, (slopes, _)) = (end.other().split(dx, rows * Self::IN).0, at.split(arena, rows * P::IN));
        dx.fill(P::T::ZERO);
        let width = const { <Frame<P, X> as Plain<P::T>>::LEN };
        for (step, slopes) in slopes.chunks(P::IN.max(1)).enumerate() {
            // The first of the frames that a step takes may lie before the piece.
            let first = step * Self::STEP + Self::SKIPPED;
            let (from, to) = (H::FRAMES.saturating_sub(first), first.saturating_sub(H::FRAMES));
            let slopes = slopes.get(from * width..).unwrap_or_default();
            for (dx, slope) in dx.get_mut(to * width..).unwrap_or_default().iter_mut().zip(slopes) {
                *dx += *slope;
            }
        }
        end.other()
    }

    #[inline]
    fn walk<const C: usize>(all: [&mut Self; C], each: &mut impl FnMut(Kind, [&mut [P::T]; C])) {
        P::walk(all.map(|part| &mut part.0), each);
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[P::T])) {
        self.0.read(each);
    }
}
