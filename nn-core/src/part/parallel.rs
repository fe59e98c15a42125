//! Parallel branches: several parts on one input, their outputs joined.

use super::about::About;
use super::ending::Ending;
use super::init::Init;
use super::join::{Concatenation, Join};
use super::layout::{Field, Layout, Step};
use super::learn::{Learn, Recorded, walk_fields};
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, zero};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::Isa;
use crate::number::arena::{End, Flag, No, Yes, copy, split, split_mut};
use crate::number::shape::Row;
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Larger, Plain, storage};
use core::marker::PhantomData;
use core::mem::offset_of;
use rand_core::Rng;

/// The outputs of `A` and `B`, of one input, joined by `J`. More branches are a `Parallel` of a `Parallel`.
///
/// # Shapes
/// Both take the same shape; what is given is what the join makes of both shapes.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Parallel<A, B, J = Concatenation> {
    /// The branch whose outputs come first.
    pub a: A,
    /// The branch whose outputs come last.
    pub b: B,
    how: PhantomData<J>,
}

impl<A, B, J> Parallel<A, B, J> {
    /// These branches.
    pub(crate) const fn of(a: A, b: B) -> Self {
        Self { a, b, how: PhantomData }
    }
}

storage! {
    [A: Part, B: Part<T = A::T>, J] Parallel<A, B, J> as A::T = {
        a: A::NUMBERS, b: B::NUMBERS, how: Some(Numbers::none(&PhantomData))
    }
}

impl<A, B, J> Part for Parallel<A, B, J>
where
    A: Part,
    B: Part<T = A::T, In = A::In>,
    J: Join<A::T, A::Out, B::Out>,
{
    type T = A::T;
    type In = A::In;
    type Out = J::Out;
    type Work<Inside: Flag> =
        Both<Both<Inside::Then<A::T, Row<A::T, A::In>>, Row<A::T, Self::Out>>, Larger<A::Work<No>, B::Work<No>>>;
    type State = Both<A::State, B::State>;
    type Starts = <A::Starts as Flag>::Or<B::Starts>;
    type Ends = <A::Ends as Ending>::Or<B::Ends>;

    const ABOUT: About = A::ABOUT.beside(B::ABOUT);
    const ALL_ZERO: Self = Self { a: zero(), b: zero(), how: PhantomData };
    const NUMBERS: Option<Numbers<Self, A::T>> = Self::COMPOSED;
    const TURNS: bool = A::TURNS && B::TURNS && J::TURNS;
    const LAYOUT: Layout = Layout::Fields(
        const {
            &[
                Field::of(|this: &Self| &this.a, offset_of!(Self, a), Step::Skip(0)),
                Field::of(|this: &Self| &this.b, offset_of!(Self, b), Step::Skip(A::ABOUT.places)),
            ]
        },
    );

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        Both(a, b): &mut Self::State,
        arena: &mut [A::T],
        at: End,
        watch: &mut impl Watch<A::T>,
    ) -> End {
        let (x, arena, at) = match x {
            Some(x) => (x, arena, at),
            None => {
                let (x, rest) = at.split(arena, rows * A::IN);
                (Plain::blocks(x), rest, at.other())
            }
        };
        let (y, arena) = at.split(arena, rows * Self::OUT);
        let a_at = self.a.run(k, Some(x), rows, a, arena, End::Head, watch);
        J::first::<K>(a_at.split(arena, rows * A::OUT).0, y);
        let b_at = self.b.run(k, Some(x), rows, b, arena, End::Head, watch);
        J::second::<K>(b_at.split(arena, rows * B::OUT).0, y);
        at
    }

    #[inline]
    fn begin(&self, Both(a, b): &mut Self::State) {
        self.a.begin(a);
        self.b.begin(b);
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        A::describe(at, each);
        B::describe(at.skip(A::ABOUT.places), each);
    }
}

impl<A, B, J> Learn for Parallel<A, B, J>
where
    A: Learn,
    B: Learn<T = A::T, In = A::In>,
    J: Join<A::T, A::Out, B::Out>,
{
    type Tape = Both<Both<A::Tape, Row<A::T, A::Out>>, Both<B::Tape, Row<B::T, B::Out>>>;
    type Slope<Wanted: Flag> = Both<
        Both<Row<A::T, Self::Out>, Wanted::Then<A::T, Row<A::T, A::In>>>,
        Larger<A::Slope<Wanted>, B::Slope<Wanted>>,
    >;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Both<A::Seen, B::Seen>;

    const WANTS: Option<Init> = A::WANTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.a.prepare(rng, always, follows);
        self.b.prepare(rng, always, follows);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(
        &self,
        k: K,
        x: &Inputs<Self>,
        Both(a, b): &mut Self::State,
        seed: Seed,
        tape: &mut [A::T],
        y: &mut [A::T],
    ) {
        let rows = x.len();
        let (a_seed, b_seed) = seed.halves();
        let (a_tape, tape) = split_mut(tape, rows * A::Tape::LEN);
        let (a_y, tape) = split_mut(tape, rows * A::OUT);
        let (b_tape, b_y) = split_mut(tape, rows * B::Tape::LEN);
        let (b_y, _) = split_mut(b_y, rows * B::OUT);
        self.a.record(k, x, a, a_seed, a_tape, a_y);
        self.b.record(k, x, b, b_seed, b_tape, b_y);
        J::first::<K>(a_y, y);
        J::second::<K>(b_y, y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        arena: &mut [A::T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let rows = pass.x.len();
        let (a_seed, b_seed) = pass.seed.halves();
        let (a_tape, tape) = split(pass.tape, rows * A::Tape::LEN);
        let (a_y, tape) = split(tape, rows * A::OUT);
        let (b_tape, b_y) = split(tape, rows * B::Tape::LEN);
        let (b_y, _) = split(b_y, rows * B::OUT);

        let (dy, arena) = end.split(arena, rows * Self::OUT);
        let (dx, arena) = end.other().split(arena, if Wanted::IS { rows * Self::IN } else { 0 });

        J::back_to_first::<K>(dy, b_y, End::Head.split(arena, rows * A::OUT).0);
        let before = pass.before.map(|both| &both.0);
        let a = Recorded { x: pass.x, y: a_y, tape: a_tape, seed: a_seed, first: pass.first, before };
        let at = self.a.backward::<K, Wanted>(k, a, arena, End::Head, &mut gradient.a);
        if Wanted::IS {
            copy(at.split(arena, dx.len()).0, dx);
        }
        J::back_to_second::<K>(dy, a_y, End::Head.split(arena, rows * B::OUT).0);
        let before = pass.before.map(|both| &both.1);
        let b = Recorded { x: pass.x, y: b_y, tape: b_tape, seed: b_seed, first: pass.first, before };
        let at = self.b.backward::<K, Wanted>(k, b, arena, End::Head, &mut gradient.b);
        if Wanted::IS {
            let (from, _) = at.split(arena, dx.len());
            dx.iter_mut().zip(from).for_each(|(dx, from)| *dx += *from);
        }
        end.other()
    }

    walk_fields! { a: A, b: B }
}
