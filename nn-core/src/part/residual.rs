//! Residual blocks: a part whose output is added to its input.

use super::about::About;
use super::ending::Open;
use super::init::Init;
use super::layout::{Field, Layout, Step};
use super::learn::{Learn, Recorded, Seen, walk_fields};
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, module, zero};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag, No, Yes, copy, split, split_mut};
use crate::number::shape::Row;
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Larger, Plain, numbers, storage};
use core::mem::offset_of;
use rand_core::Rng;

/// `x + L(x)` (He et al. 2016): gradients reach the input of the block undiminished.
///
/// # Shapes
/// The two ends of `L` are the same shape.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct Residual<L>(
    /// The part inside.
    pub L,
);

storage! { [L: Part] Residual<L> as L::T = { 0: L::NUMBERS } }

/// `to += from`, number by number.
#[cfg_attr(not(debug_assertions), inline(always))]
fn add<T: Scalar>(from: &[T], to: &mut [T]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += *from;
    }
}

impl<L: Part<T: Scalar, Out = <L as Part>::In>> Part for Residual<L> {
    type T = L::T;
    type In = L::In;
    type Out = L::Out;
    type Work<Inside: Flag> = Both<Inside::Then<L::T, Row<L::T, L::In>>, L::Work<No>>;
    type State = L::State;
    type Starts = L::Starts;
    type Ends = Open;

    const ABOUT: About = L::ABOUT.inside();
    const ALL_ZERO: Self = Self(zero());
    const NUMBERS: Option<Numbers<Self, L::T>> = Self::COMPOSED;
    const TURNS: bool = L::TURNS;
    const LAYOUT: Layout =
        Layout::Fields(const { &[Field::of(|this: &Self| &this.0, offset_of!(Self, 0), Step::Inside)] });

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        state: &mut L::State,
        arena: &mut [L::T],
        at: End,
        watch: &mut impl Watch<L::T>,
    ) -> End {
        if let Some(x) = x {
            let at = self.0.run(k, Some(x), rows, state, arena, at, watch);
            let (y, _) = at.split(arena, rows * L::OUT);
            add(numbers(x), y);
            watch.see(y);
            return at;
        }
        let (x, rest) = at.split(arena, rows * L::IN);
        let end = self.0.run(k, Some(Plain::blocks(x)), rows, state, rest, at.other(), watch);
        let (y, _) = end.split(rest, rows * L::OUT);
        // The output must lie at an end of the whole arena. If the inner one lies beside the input, the input's place does.
        if end == at {
            add(y, x);
            watch.see(x);
        } else {
            add(x, y);
            watch.see(y);
        }
        end
    }

    #[inline]
    fn begin(&self, state: &mut L::State) {
        self.0.begin(state);
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        L::describe(at.inside(), each);
        each(&Module { parameters: 0, macs: 0, ..module::<Self>(at, "residual") });
    }
}

/// What the sum overwrites, if the backward pass reads it.
type Inner<L> = <<L as Learn>::ReadsOutput as Flag>::Then<<L as Part>::T, Row<<L as Part>::T, <L as Part>::Out>>;

impl<L: Learn<Out = <L as Part>::In>> Learn for Residual<L> {
    type Tape = Both<L::Tape, Inner<L>>;
    type Slope<Wanted: Flag> = Both<Wanted::Then<L::T, Row<L::T, L::Out>>, Larger<L::Slope<Wanted>, Row<L::T, L::Out>>>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Both<L::Seen, Seen<Self>>;

    const WANTS: Option<Init> = L::WANTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.0.prepare(rng, always, follows);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(
        &self,
        k: K,
        x: &Inputs<Self>,
        state: &mut L::State,
        seed: Seed,
        tape: &mut [L::T],
        y: &mut [L::T],
    ) {
        let (tape, inner) = split_mut(tape, x.len() * L::Tape::LEN);
        self.0.record(k, x, state, seed, tape, y);
        if L::ReadsOutput::IS {
            let (inner, _) = split_mut(inner, x.len() * L::OUT);
            copy(y, inner);
        }
        add(numbers(x), y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        arena: &mut [L::T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let rows = pass.x.len();
        let (tape, inner) = split(pass.tape, rows * L::Tape::LEN);
        let y = if L::ReadsOutput::IS { inner } else { pass.y };
        let inner = Recorded { x: pass.x, y, tape, seed: pass.seed, first: pass.first, before: pass.before };
        if !Wanted::IS {
            return self.0.backward::<K, Wanted>(k, inner, arena, end, &mut gradient.0);
        }
        // The gradient by the output is that of both ways: keep it at the other end while the inner part works.
        let (kept, arena) = end.other().split(arena, rows * L::OUT);
        copy(end.split(arena, rows * L::OUT).0, kept);
        let at = self.0.backward::<K, Wanted>(k, inner, arena, end, &mut gradient.0);
        let (dx, _) = at.split(arena, rows * L::IN);
        if at == end {
            add(kept, dx);
        } else {
            add(dx, kept);
        }
        at
    }

    walk_fields! { 0: L }
}
