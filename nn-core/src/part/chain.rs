//! One part after another.

use super::about::About;
use super::ending::Ending;
use super::init::Init;
use super::layout::{Field, Layout, Step};
use super::learn::{Learn, Recorded, walk_fields};
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, zero};
use super::seed::Seed;
use super::tensor::Kind;
use crate::kernel::Isa;
use crate::number::arena::{End, Flag, Yes, split, split_mut};
use crate::number::element::Element;
use crate::number::shape::Row;
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Larger, Plain, storage};
use core::mem::offset_of;
use rand_core::Rng;

/// `First`, then `Then`, which takes what `First` gives.
///
/// [`network!`](crate::network!) makes chains of the parts of a declaration. By hand they are checked too:
///
/// ```
/// use nn_core::{chain::Chain, layer::Dense, network::Net, prelude::*, typenum::*};
///
/// type Line = Net<2, 1, Chain<Dense<f32, U2, U8>, Dense<f32, U8, U1>>>;
/// assert_eq!(Line::PARAMETERS, 33);
/// ```
///
/// ```compile_fail,E0271
/// use nn_core::{chain::Chain, layer::Dense, network::Net, prelude::*, typenum::*};
///
/// // gives 8, takes 9
/// type Line = Net<2, 1, Chain<Dense<f32, U2, U8>, Dense<f32, U9, U1>>>;
/// assert_eq!(Line::PARAMETERS, 33);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Chain<First: Part, Then: Part<T = First::T, In = First::Out>> {
    /// The part that takes the input.
    pub first: First,
    /// The part that gives the output.
    pub then: Then,
}

storage! { [P: Part, L: Part<T = P::T, In = P::Out>] Chain<P, L> as P::T = { first: P::NUMBERS, then: L::NUMBERS } }

impl<P: Part, L: Part<T = P::T, In = P::Out>> Part for Chain<P, L> {
    type T = P::T;
    type In = P::In;
    type Out = L::Out;
    type Work<Inside: Flag> = Larger<P::Work<Inside>, L::Work<Yes>>;
    type State = Both<P::State, L::State>;
    type Starts = <P::Starts as Flag>::Or<L::Starts>;
    type Ends = <L::Ends as Ending>::After<P::Ends>;

    const ABOUT: About = P::ABOUT.and(L::ABOUT);
    const ALL_ZERO: Self = Self { first: zero(), then: zero() };
    const NUMBERS: Option<Numbers<Self, P::T>> = Self::COMPOSED;
    const TURNS: bool = P::TURNS && L::TURNS;
    const LAYOUT: Layout = Layout::Fields(
        const {
            &[
                Field::of(|this: &Self| &this.first, offset_of!(Self, first), Step::Skip(0)),
                Field::of(|this: &Self| &this.then, offset_of!(Self, then), Step::Skip(P::ABOUT.places)),
            ]
        },
    );

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        Both(first, then): &mut Self::State,
        arena: &mut [P::T],
        at: End,
        watch: &mut impl Watch<P::T>,
    ) -> End {
        let at = self.first.run(k, x, rows, first, arena, at, watch);
        self.then.run(k, None, rows, then, arena, at, watch)
    }

    const READS: bool = P::READS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run_elements<K: Isa, E: Element<P::T>>(
        &self,
        k: K,
        x: (&[E], bool),
        Both(first, then): &mut Self::State,
        arena: &mut [P::T],
        at: End,
        watch: &mut impl Watch<P::T>,
    ) -> End {
        let at = self.first.run_elements(k, x, first, arena, at, watch);
        self.then.run(k, None, 1, then, arena, at, watch)
    }

    #[inline]
    fn begin(&self, Both(first, then): &mut Self::State) {
        self.first.begin(first);
        self.then.begin(then);
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        P::describe(at, each);
        L::describe(at.skip(P::ABOUT.places), each);
    }
}

/// What stands between the two parts in training, if either reads it in the backward pass; else the second part works
/// where the output of the first lies.
type Middle<P, L> = <<<P as Learn>::ReadsOutput as Flag>::Or<<L as Learn>::ReadsInput> as Flag>::Then<
    <P as Part>::T,
    Row<<P as Part>::T, <P as Part>::Out>,
>;

impl<P: Learn, L: Learn<T = P::T, In = P::Out>> Chain<P, L> {
    const KEEPS_MIDDLE: bool = {
        let keeps = <<P::ReadsOutput as Flag>::Or<L::ReadsInput> as Flag>::IS;
        assert!(keeps || L::IN_PLACE, "a part that does not read its input in the backward pass must work in place");
        keeps
    };
}

impl<P: Learn, L: Learn<T = P::T, In = P::Out>> Learn for Chain<P, L> {
    type Tape = Both<P::Tape, Both<Middle<P, L>, L::Tape>>;
    type Slope<Wanted: Flag> = Larger<P::Slope<Wanted>, L::Slope<Yes>>;
    type ReadsInput = Yes;
    type ReadsOutput = L::ReadsOutput;
    type Seen = Both<P::Seen, L::Seen>;

    const WANTS: Option<Init> = P::WANTS;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.first.prepare(rng, always, L::WANTS);
        self.then.prepare(rng, always, follows);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(
        &self,
        k: K,
        x: &Inputs<Self>,
        Both(first, then): &mut Self::State,
        seed: Seed,
        tape: &mut [P::T],
        y: &mut [P::T],
    ) {
        let (first_tape, tape) = split_mut(tape, x.len() * P::Tape::LEN);
        let (first_seed, then_seed) = seed.halves();
        if Self::KEEPS_MIDDLE {
            let (middle, then_tape) = split_mut(tape, x.len() * P::OUT);
            self.first.record(k, x, first, first_seed, first_tape, middle);
            self.then.record(k, Plain::blocks(middle), then, then_seed, then_tape, y);
        } else {
            self.first.record(k, x, first, first_seed, first_tape, y);
            self.then.record_in_place(k, then_seed, y);
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
        let (first_tape, tape) = split(pass.tape, rows * P::Tape::LEN);
        let (first_seed, then_seed) = pass.seed.halves();
        let (middle, then_tape) = if Self::KEEPS_MIDDLE { split(tape, rows * P::OUT) } else { (pass.y, tape) };
        let (first, before) = (pass.first, pass.before);
        let (x, then_before) = (Plain::blocks(middle), before.map(|both| &both.1));
        let then = Recorded { x, y: pass.y, tape: then_tape, seed: then_seed, first, before: then_before };
        let end = self.then.backward::<K, Yes>(k, then, arena, end, &mut gradient.then);
        let before = before.map(|both| &both.0);
        let first = Recorded { x: pass.x, y: middle, tape: first_tape, seed: first_seed, first, before };
        self.first.backward::<K, Wanted>(k, first, arena, end, &mut gradient.first)
    }

    walk_fields! { first: P, then: L }
}
