//! The wide contract: what a network does with its arena and its tape.
//!
//! Users implement the narrow [`Layer`]; every layer is a [`Part`] by a blanket implementation. Compositions
//! ([`Chain`](crate::chain::Chain), whole networks) implement [`Part`] itself. Its methods share no name with those of
//! a trait that a user imports.
//!
//! **The arena.** A part's input is given, or it lies at one [`End`] of an arena; its output is left at an end, which the part
//! returns. A layer reads at one end and writes at the other, and nobody needs the input afterwards, so that the arena of
//! a chain is as large as the largest of its parts needs, however the chain is nested. In the backward pass the gradient by
//! the output takes the same way back.
//!
//! **In place.** An activation needs no second buffer: it leaves its output where its input lies. In training this is
//! possible where neither neighbour reads the overwritten values, which [`Part::ReadsInput`] and [`Part::ReadsOutput`]
//! say.
//!
//! **The tape.** Recording keeps the values between parts that the backward pass will read, and nothing else.

use crate::activation::{Ending, Open};
pub use crate::budget::Largest;
use crate::init::Init;
use crate::kernel::Isa;
use crate::layer::{Kind, Layer};
use crate::scalar::Scalar;
use crate::shape::{Row, Shape};
use crate::statistics::Seen;
use crate::storage::{Both, End, Flag, No, Nothing, Numbers, Plain, Yes};
use crate::summary::{Module, Place};
use crate::weights::Header;
use rand_core::Rng;

/// Sees the value of every layer while a network runs; `()` looks at nothing and costs nothing.
pub trait Watch<T> {
    /// Called with the output of each layer, in order.
    fn see(&mut self, values: &[T]);
}

impl<T> Watch<T> for () {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn see(&mut self, _: &[T]) {}
}

impl<T, F: FnMut(&[T])> Watch<T> for F {
    fn see(&mut self, values: &[T]) {
        self(values);
    }
}

/// Where the randomness of one training step comes from; each part gets its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// By how much the state of SplitMix64 grows.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl Seed {
    /// Two seeds of one, both unlike it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn halves(self) -> (Self, Self) {
        (self.next(1), self.next(2))
    }

    /// The seed of so many-th of several equal things.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn at(self, index: u64) -> Self {
        Self(self.next(1).0 ^ index).next(1)
    }

    /// The next number of the generator that the seed begins (SplitMix64).
    pub const fn draw(&mut self) -> u64 {
        let number = self.next(1).0;
        self.0 = self.0.wrapping_add(GAMMA);
        number
    }

    /// The output of SplitMix64 (Steele, Lea, Flood 2014), so many steps on.
    pub const fn next(self, steps: u64) -> Self {
        let x = self.0.wrapping_add(GAMMA.wrapping_mul(steps));
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(x ^ (x >> 31))
    }
}

/// What stands in a network: a layer, or a composition of parts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer or a network",
    label = "not a layer or a network",
    note = "a stage is a width, a network made by `network!`, or a type that implements `nn_core::layer::Layer`"
)]
pub trait Part: Sized {
    /// The number type.
    type T: Scalar;
    /// The shape of the input.
    type In: Shape;
    /// The shape of the output.
    type Out: Shape;
    /// The arena that inference needs for one row, output included; `Inside` says whether the input lies in it too.
    type Work<Inside: Flag>: Plain<Self::T>;
    /// What the backward pass needs to know of one row, beside the input and the output.
    type Tape: Plain<Self::T>;
    /// What a part remembers from one call to the next, for one stream.
    type State: Plain<Self::T>;
    /// The arena of the backward pass for one row, with or without the gradient by the input.
    type Slope<Wanted: Flag>: Plain<Self::T>;
    /// Whether the backward pass reads the input.
    type ReadsInput: Flag;
    /// Whether the backward pass reads the output.
    type ReadsOutput: Flag;
    /// What is known of the numbers at its end.
    type Ends: Ending;
    /// What [`Statistics`](crate::statistics::Statistics) keep of its layers.
    type Seen: Plain<f64>;

    /// Whether the part works where its input lies.
    const IN_PLACE: bool;
    /// Values in.
    const IN: usize = Self::In::LEN;
    /// Values out.
    const OUT: usize = Self::Out::LEN;
    /// Trainable numbers.
    const COUNT: usize;
    /// Multiplications by weights, for one row.
    const MULTIPLIES: usize;
    /// How many places a part takes in its network: one, or as many as a chain has links.
    const PLACES: usize;
    /// How the weights before this part should be initialised, if it matters to it.
    const WANTS: Option<Init>;
    /// Every parameter zero.
    const ALL_ZERO: Self;
    /// Whether it is its numbers and nothing else.
    const NUMBERS: Option<Numbers<Self>>;
    /// What its tensors need in the header of a weights file.
    const HEADER: Header;
    /// The layers with the largest output, with the most parameters and with the most multiplications.
    const LARGEST: [Largest; 3];

    /// First values for every parameter: as `always` says, or else suited to what `follows`.
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>);

    /// Inference of so many rows. The input is `x`, or lies at the end `at` of the arena; the output lies at the end that
    /// is returned, which is `at` if the input was given.
    #[allow(clippy::too_many_arguments, reason = "each is used, and a struct would be built at every call")]
    fn run<K: Isa<Self::T>>(
        &self,
        k: K,
        x: Option<&[Row<Self::T, Self::In>]>,
        rows: usize,
        state: &mut [Self::T],
        arena: &mut [Self::T],
        at: End,
        watch: &mut impl Watch<Self::T>,
    ) -> End;

    /// The forward pass of training: `x` to `y`, and to the tape what `backward` will read.
    fn record<K: Isa<Self::T>>(
        &self,
        k: K,
        x: &[Row<Self::T, Self::In>],
        state: &mut [Self::T],
        seed: Seed,
        tape: &mut [Self::T],
        y: &mut [Self::T],
    );

    /// The forward pass of training where the input lies. Called only if [`IN_PLACE`](Self::IN_PLACE).
    #[inline]
    fn record_in_place<K: Isa<Self::T>>(&self, _k: K, _seed: Seed, _y: &mut [Self::T]) {}

    /// The backward pass: turns the gradient by `y`, at `end` of the arena, into that by `x`, at the end that is
    /// returned (if it is `Wanted`), and sets or adds to that by the parameters, as `pass` says.
    fn backward<K: Isa<Self::T>, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        dstate: &mut [Self::T],
        arena: &mut [Self::T],
        end: End,
        gradient: &mut Self,
    ) -> End;

    /// Calls `each` with every tensor of several parts side by side.
    fn walk<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [Self::T]; N]));

    /// Calls `each` with every tensor.
    fn read(&self, each: &mut impl FnMut(Kind, &[Self::T]));

    /// Calls `each` with a description of every layer.
    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>));
}

/// The part with every parameter zero.
pub const fn zero<P: Part>() -> P {
    const fn by_parts<P: Part>() -> P {
        P::ALL_ZERO
    }
    match &P::NUMBERS {
        Some(numbers) => numbers.zero(),
        None => by_parts(),
    }
}

/// What the forward pass of a part left for its backward pass.
pub struct Recorded<'a, P: Part> {
    /// The input. Overwritten if the part worked in place.
    pub x: &'a [Row<P::T, P::In>],
    /// The output. Overwritten if the next part worked in place.
    pub y: &'a [P::T],
    /// The part's tape.
    pub tape: &'a [P::T],
    /// The seed of the forward pass.
    pub seed: Seed,
    /// Whether the gradient by the parameters is set, not added to what is there.
    pub first: bool,
}

impl<'a, P: Part> Recorded<'a, P> {
    /// The same, of a newtype for its content.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn of<Q: Part<T = P::T, In = P::In>>(self) -> Recorded<'a, Q> {
        Recorded { x: self.x, y: self.y, tape: self.tape, seed: self.seed, first: self.first }
    }
}

/// Every layer is a part.
impl<L: Layer> Part for L {
    type T = <L as Layer>::T;
    type In = <L as Layer>::In;
    type Out = <L as Layer>::Out;
    type Work<Inside: Flag> = Both<Inside::Then<Self::T, Row<Self::T, Self::In>>, Row<Self::T, Self::Out>>;
    type Tape = Nothing<Self::T>;
    type State = Nothing<Self::T>;
    type Slope<Wanted: Flag> = Both<Row<Self::T, Self::Out>, Wanted::Then<Self::T, Row<Self::T, Self::In>>>;
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Ends = Open;
    type Seen = Seen<Self>;

    const IN_PLACE: bool = false;
    const COUNT: usize = L::LEARNS;
    const MULTIPLIES: usize = L::MULTIPLIES;
    const PLACES: usize = 1;
    const WANTS: Option<Init> = None;
    const ALL_ZERO: Self = L::ZEROED;
    const NUMBERS: Option<Numbers<Self>> = L::NUMBERS;
    const HEADER: Header = Header::of(L::TENSORS);
    const LARGEST: [Largest; 3] = Largest::of::<Self>(L::LABEL);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        let filler = always.or(follows).unwrap_or_default().filler(const { Init::deviations(Self::IN, Self::OUT) });
        Self::walk([self], &mut |kind, [values]| filler.fill(kind, values, rng));
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa<Self::T>>(
        &self,
        k: K,
        x: Option<&[Row<Self::T, Self::In>]>,
        rows: usize,
        _state: &mut [Self::T],
        arena: &mut [Self::T],
        at: End,
        watch: &mut impl Watch<Self::T>,
    ) -> End {
        const { assert!(Self::IN > 0 && Self::OUT > 0, "a layer takes and gives at least one value") };
        let (x, y, at) = match x {
            Some(x) => (x, at.split(arena, rows * Self::OUT).0, at),
            None => {
                let (x, rest) = at.split(arena, rows * Self::IN);
                (Plain::blocks(x), at.other().split(rest, rows * Self::OUT).0, at.other())
            }
        };
        self.forward_rows(k, x, Plain::blocks_mut(y));
        watch.see(y);
        at
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa<Self::T>>(
        &self,
        k: K,
        x: &[Row<Self::T, Self::In>],
        _state: &mut [Self::T],
        _seed: Seed,
        _tape: &mut [Self::T],
        y: &mut [Self::T],
    ) {
        self.forward_rows(k, x, Plain::blocks_mut(y));
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa<Self::T>, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        _dstate: &mut [Self::T],
        arena: &mut [Self::T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        let rows = pass.x.len();
        let (dy, rest) = end.split(arena, rows * Self::OUT);
        let dx = if Wanted::IS {
            let (dx, _) = end.other().split(rest, rows * Self::IN);
            Some(Plain::blocks_mut(dx))
        } else {
            None
        };
        if pass.first {
            self.first_backward_rows(k, pass.x, Plain::blocks(dy), dx, gradient);
        } else {
            self.backward_rows(k, pass.x, Plain::blocks(dy), dx, gradient);
        }
        end.other()
    }

    #[inline]
    fn walk<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [Self::T]; N])) {
        let mut tensors = L::TENSORS.iter();
        L::tensors(all, &mut |values| {
            let tensor = tensors.next();
            debug_assert!(tensor.is_some_and(|tensor| values.iter().all(|values| values.len() == tensor.len())));
            if let Some(tensor) = tensor {
                each(tensor.kind, values);
            }
        });
        debug_assert!(tensors.next().is_none(), "a layer has fewer tensors than `TENSORS` says");
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[Self::T])) {
        let mut tensors = L::TENSORS.iter();
        self.read_tensors(&mut |values| {
            let tensor = tensors.next();
            debug_assert!(tensor.is_some_and(|tensor| values.len() == tensor.len()));
            if let Some(tensor) = tensor {
                each(tensor.kind, values);
            }
        });
        debug_assert!(tensors.next().is_none(), "a layer has fewer tensors than `TENSORS` says");
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { tensors: L::TENSORS, ..Module::of::<Self>(at, L::LABEL) });
    }
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn every_part_of_a_nested_chain_has_its_own_seed() {
        let (left, right) = Seed(7).halves();
        let ((a, b), (c, d)) = (left.halves(), right.halves());
        let all = [Seed(7), left, right, a, b, c, d];
        assert!(all.iter().enumerate().all(|(at, seed)| !all[..at].contains(seed)));
        // The first output of the reference implementation for the seed 1234567.
        assert_eq!(Seed(1_234_567).halves().0, Seed(6_457_827_717_110_365_317));
    }
}
