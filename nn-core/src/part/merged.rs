//! Branches on one input whose outputs are added or multiplied, value by value.

use super::about::About;
use super::ending::Open;
use super::init::Init;
use super::layout::{Field, Layout, Step};
use super::learn::{Learn, Recorded, walk_fields};
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, zero};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag, No, Yes, copy, split, split_mut};
use crate::number::shape::{Meets, Row};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Larger, Plain, storage};
use core::marker::PhantomData;
use core::mem::offset_of;
use rand_core::Rng;

/// How two outputs become one.
pub trait Merging {
    /// Of two values one.
    fn merge<T: Scalar>(a: T, b: T) -> T;
    /// The slope by one of them, where the other is `other`.
    fn slope<T: Scalar>(dy: T, other: T) -> T;
}

/// `a + b`.
pub struct Added;
/// `a · b`.
pub struct Multiplied;

impl Merging for Added {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn merge<T: Scalar>(a: T, b: T) -> T {
        a + b
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slope<T: Scalar>(dy: T, _: T) -> T {
        dy
    }
}

impl Merging for Multiplied {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn merge<T: Scalar>(a: T, b: T) -> T {
        a * b
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slope<T: Scalar>(dy: T, other: T) -> T {
        dy * other
    }
}

/// The outputs of `A` and `B`, of one input, [`Added`] or [`Multiplied`]. More branches are a `Merged` of a `Merged`.
///
/// # Shapes
/// Both take the same shape and give the same; or one gives a vector of as many values as the other has channels, and each value
/// is for the channel at every place.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Merged<A, B, M> {
    /// The first branch.
    pub a: A,
    /// The second branch.
    pub b: B,
    how: PhantomData<M>,
}

storage! {
    [A: Part, B: Part<T = A::T>, M] Merged<A, B, M> as A::T = {
        a: A::NUMBERS, b: B::NUMBERS, how: Some(Numbers::none(&PhantomData))
    }
}

/// The same values again and again, as often as they are needed.
#[cfg_attr(not(debug_assertions), inline(always))]
fn value<T: Copy + Default>(values: &[T], at: usize) -> T {
    values
        .get(if at < values.len() { at } else { at.checked_rem(values.len()).unwrap_or(0) })
        .copied()
        .unwrap_or_default()
}

/// `y = merge(a, b)`, row by row, each value of a shorter row for a channel at every place.
#[cfg_attr(not(debug_assertions), inline(always))]
fn merge<T: Scalar, M: Merging>(a: (&[T], usize), b: (&[T], usize), y: &mut [T], width: usize) {
    let rows = a.0.chunks(a.1.max(1)).zip(b.0.chunks(b.1.max(1))).zip(y.chunks_mut(width.max(1)));
    for ((a, b), y) in rows {
        for (at, y) in y.iter_mut().enumerate() {
            *y = M::merge(value(a, at), value(b, at));
        }
    }
}

/// The gradient by one branch, `da += slope(dy, b)`, to zeros.
#[cfg_attr(not(debug_assertions), inline(always))]
fn slopes<T: Scalar, M: Merging>(dy: (&[T], usize), b: (&[T], usize), da: &mut [T], width: usize) {
    let rows = dy.0.chunks(dy.1.max(1)).zip(b.0.chunks(b.1.max(1))).zip(da.chunks_mut(width.max(1)));
    for ((dy, b), da) in rows {
        da.fill(T::ZERO);
        for (at, dy) in dy.iter().enumerate() {
            let place = if at < width { at } else { at.checked_rem(width).unwrap_or(0) };
            if let Some(da) = da.get_mut(place) {
                *da += M::slope(*dy, value(b, at));
            }
        }
    }
}

impl<A, B, M> Part for Merged<A, B, M>
where
    A: Part<T: Scalar, Out: Meets<B::Out>>,
    B: Part<T = A::T, In = A::In>,
    M: Merging,
{
    type T = A::T;
    type In = A::In;
    type Out = <A::Out as Meets<B::Out>>::Both;
    /// The input, both outputs, of which one is at the end's place, and the arena of a branch.
    type Work<Inside: Flag> = Both<
        Both<Inside::Then<A::T, Row<A::T, A::In>>, Both<Row<A::T, Self::Out>, Row<A::T, A::Out>>>,
        Larger<A::Work<No>, B::Work<No>>,
    >;
    type State = Both<A::State, B::State>;
    type Starts = <A::Starts as Flag>::Or<B::Starts>;
    type Ends = Open;

    const ABOUT: About = A::ABOUT.beside(B::ABOUT);
    const ALL_ZERO: Self = Self { a: zero(), b: zero(), how: PhantomData };
    const NUMBERS: Option<Numbers<Self, A::T>> = Self::COMPOSED;
    const TURNS: bool = A::TURNS && B::TURNS && A::OUT == B::OUT;
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
        let (a_y, arena) = at.split(arena, rows * A::OUT);
        let a_at = self.a.run(k, Some(x), rows, a, arena, End::Head, watch);
        copy(a_at.split(arena, rows * A::OUT).0, a_y);
        let b_at = self.b.run(k, Some(x), rows, b, arena, End::Head, watch);
        // y = a + b, or a · b
        merge::<A::T, M>((a_y, A::OUT), (b_at.split(arena, rows * B::OUT).0, B::OUT), y, Self::OUT);
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

impl<A, B, M> Learn for Merged<A, B, M>
where
    A: Learn<Out: Meets<B::Out>>,
    B: Learn<T = A::T, In = A::In>,
    M: Merging,
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
        merge::<A::T, M>((a_y, A::OUT), (b_y, B::OUT), y, Self::OUT);
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

        let da = End::Head.split(arena, rows * A::OUT).0;
        slopes::<A::T, M>((dy, Self::OUT), (b_y, B::OUT), da, A::OUT);
        let before = pass.before.map(|both| &both.0);
        let a = Recorded { x: pass.x, y: a_y, tape: a_tape, seed: a_seed, first: pass.first, before };
        let at = self.a.backward::<K, Wanted>(k, a, arena, End::Head, &mut gradient.a);
        if Wanted::IS {
            copy(at.split(arena, dx.len()).0, dx);
        }
        let db = End::Head.split(arena, rows * B::OUT).0;
        slopes::<A::T, M>((dy, Self::OUT), (a_y, A::OUT), db, B::OUT);
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
