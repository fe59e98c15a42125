//! One part after another.

use crate::activation::Ending;
use crate::init::Init;
use crate::kernel::Isa;
use crate::layer::Kind;
use crate::part::{Largest, Part, Recorded, Seed, Watch, zero};
use crate::shape::Row;
use crate::storage::{Both, End, Flag, Larger, Numbers, Plain, Yes, split, split_mut};
use crate::summary::{Module, Place};
use crate::weights::Header;
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

/// What stands between the two parts in training, if either reads it in the backward pass; else the second part works
/// where the output of the first lies.
type Middle<P, L> = <<<P as Part>::ReadsOutput as Flag>::Or<<L as Part>::ReadsInput> as Flag>::Then<
    <P as Part>::T,
    Row<<P as Part>::T, <P as Part>::Out>,
>;

impl<P: Part, L: Part<T = P::T, In = P::Out>> Chain<P, L> {
    const KEEPS_MIDDLE: bool = {
        let keeps = <<P::ReadsOutput as Flag>::Or<L::ReadsInput> as Flag>::IS;
        assert!(keeps || L::IN_PLACE, "a part that does not read its input in the backward pass must work in place");
        keeps
    };
}

impl<P: Part, L: Part<T = P::T, In = P::Out>> Part for Chain<P, L> {
    type T = P::T;
    type In = P::In;
    type Out = L::Out;
    type Work<Inside: Flag> = Larger<P::Work<Inside>, L::Work<Yes>>;
    type Tape = Both<P::Tape, Both<Middle<P, L>, L::Tape>>;
    type State = Both<P::State, L::State>;
    type Slope<Wanted: Flag> = Larger<P::Slope<Wanted>, L::Slope<Yes>>;
    type ReadsInput = Yes;
    type ReadsOutput = L::ReadsOutput;
    type Ends = <L::Ends as Ending>::After<P::Ends>;
    type Seen = Both<P::Seen, L::Seen>;

    const IN_PLACE: bool = false;
    const COUNT: usize = P::COUNT + L::COUNT;
    const MULTIPLIES: usize = P::MULTIPLIES + L::MULTIPLIES;
    const PLACES: usize = P::PLACES + L::PLACES;
    const WANTS: Option<Init> = P::WANTS;
    const ALL_ZERO: Self = Self { first: zero(), then: zero() };
    const NUMBERS: Option<Numbers<Self>> = Numbers::chain();
    const HEADER: Header = P::HEADER.and(L::HEADER);
    const LARGEST: [Largest; 3] = Largest::of_both(P::LARGEST, L::LARGEST, P::PLACES);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        self.first.prepare(rng, always, L::WANTS);
        self.then.prepare(rng, always, follows);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa<P::T>>(
        &self,
        k: K,
        x: Option<&[Row<P::T, P::In>]>,
        rows: usize,
        state: &mut [P::T],
        arena: &mut [P::T],
        at: End,
        watch: &mut impl Watch<P::T>,
    ) -> End {
        let (first_state, then_state) = split_mut(state, P::State::LEN);
        let at = self.first.run(k, x, rows, first_state, arena, at, watch);
        self.then.run(k, None, rows, then_state, arena, at, watch)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa<P::T>>(
        &self,
        k: K,
        x: &[Row<P::T, P::In>],
        state: &mut [P::T],
        seed: Seed,
        tape: &mut [P::T],
        y: &mut [P::T],
    ) {
        let (first_state, then_state) = split_mut(state, P::State::LEN);
        let (first_tape, tape) = split_mut(tape, x.len() * P::Tape::LEN);
        let (first_seed, then_seed) = seed.halves();
        if Self::KEEPS_MIDDLE {
            let (middle, then_tape) = split_mut(tape, x.len() * P::OUT);
            self.first.record(k, x, first_state, first_seed, first_tape, middle);
            self.then.record(k, Plain::blocks(middle), then_state, then_seed, then_tape, y);
        } else {
            self.first.record(k, x, first_state, first_seed, first_tape, y);
            self.then.record_in_place(k, then_seed, y);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa<P::T>, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        dstate: &mut [P::T],
        arena: &mut [P::T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let rows = pass.x.len();
        let (first_dstate, then_dstate) = split_mut(dstate, P::State::LEN);
        let (first_tape, tape) = split(pass.tape, rows * P::Tape::LEN);
        let (first_seed, then_seed) = pass.seed.halves();
        let (middle, then_tape) = if Self::KEEPS_MIDDLE { split(tape, rows * P::OUT) } else { (pass.y, tape) };
        let then =
            Recorded { x: Plain::blocks(middle), y: pass.y, tape: then_tape, seed: then_seed, first: pass.first };
        let end = self.then.backward::<K, Yes>(k, then, then_dstate, arena, end, &mut gradient.then);
        let first = Recorded { x: pass.x, y: middle, tape: first_tape, seed: first_seed, first: pass.first };
        self.first.backward::<K, Wanted>(k, first, first_dstate, arena, end, &mut gradient.first)
    }

    #[inline]
    fn walk<const N: usize>(mut all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [P::T]; N])) {
        P::walk(all.each_mut().map(|chain| &mut chain.first), each);
        L::walk(all.map(|chain| &mut chain.then), each);
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[P::T])) {
        self.first.read(each);
        self.then.read(each);
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        P::describe(at, each);
        L::describe(at.skip(P::PLACES), each);
    }
}
