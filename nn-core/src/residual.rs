//! Residual blocks: a part whose output is added to its input.

use crate::activation::Open;
use crate::init::Init;
use crate::kernel::Isa;
use crate::layer::Kind;
use crate::part::{Largest, Part, Recorded, Seed, Watch, zero};
use crate::scalar::Scalar;
use crate::shape::Row;
use crate::statistics::Seen;
use crate::storage::{Both, End, Flag, Larger, No, Numbers, Plain, Yes, copy, numbers, split, split_mut};
use crate::summary::{Module, Place};
use crate::weights::Header;
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

/// What the sum overwrites, if the backward pass reads it.
type Inner<L> = <<L as Part>::ReadsOutput as Flag>::Then<<L as Part>::T, Row<<L as Part>::T, <L as Part>::Out>>;

/// `to += from`, number by number.
#[cfg_attr(not(debug_assertions), inline(always))]
fn add<T: Scalar>(from: &[T], to: &mut [T]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += *from;
    }
}

impl<L: Part<Out = <L as Part>::In>> Part for Residual<L> {
    type T = L::T;
    type In = L::In;
    type Out = L::Out;
    type Work<Inside: Flag> = Both<Inside::Then<L::T, Row<L::T, L::In>>, L::Work<No>>;
    type Tape = Both<L::Tape, Inner<L>>;
    type State = L::State;
    type Slope<Wanted: Flag> = Both<Wanted::Then<L::T, Row<L::T, L::Out>>, Larger<L::Slope<Wanted>, Row<L::T, L::Out>>>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Ends = Open;
    type Seen = Both<L::Seen, Seen<Self>>;

    const IN_PLACE: bool = false;
    const COUNT: usize = L::COUNT;
    const MULTIPLIES: usize = L::MULTIPLIES;
    const PLACES: usize = 1;
    const WANTS: Option<Init> = L::WANTS;
    const ALL_ZERO: Self = Self(zero());
    const NUMBERS: Option<Numbers<Self>> = Numbers::residual();
    const HEADER: Header = L::HEADER.inside();
    const LARGEST: [Largest; 3] = L::LARGEST;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.0.prepare(rng, always, follows);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa<L::T>>(
        &self,
        k: K,
        x: Option<&[Row<L::T, L::In>]>,
        rows: usize,
        state: &mut [L::T],
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

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa<L::T>>(
        &self,
        k: K,
        x: &[Row<L::T, L::In>],
        state: &mut [L::T],
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
    fn backward<K: Isa<L::T>, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        dstate: &mut [L::T],
        arena: &mut [L::T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let rows = pass.x.len();
        let (tape, inner) = split(pass.tape, rows * L::Tape::LEN);
        let y = if L::ReadsOutput::IS { inner } else { pass.y };
        let inner = Recorded { x: pass.x, y, tape, seed: pass.seed, first: pass.first };
        if !Wanted::IS {
            return self.0.backward::<K, Wanted>(k, inner, dstate, arena, end, &mut gradient.0);
        }
        // The gradient by the output is that of both ways: keep it at the other end while the inner part works.
        let (kept, arena) = end.other().split(arena, rows * L::OUT);
        copy(end.split(arena, rows * L::OUT).0, kept);
        let at = self.0.backward::<K, Wanted>(k, inner, dstate, arena, end, &mut gradient.0);
        let (dx, _) = at.split(arena, rows * L::IN);
        if at == end {
            add(kept, dx);
        } else {
            add(dx, kept);
        }
        at
    }

    #[inline]
    fn walk<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [L::T]; N])) {
        L::walk(all.map(|residual| &mut residual.0), each);
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[L::T])) {
        self.0.read(each);
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        L::describe(at.inside(), each);
        each(&Module { parameters: 0, macs: 0, ..Module::of::<Self>(at, "residual") });
    }
}
