//! How an activation is a part.

use super::function::{Keeps, RowActivation};
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag, No, copy};
use crate::number::shape::{Row, Shape};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Nothing, numbers};
use crate::part::about::About;
use crate::part::chain::Chain;
use crate::part::init::Init;
use crate::part::layout::Layout;
use crate::part::learn::{Learn, Recorded, Seen};
use crate::part::place::{Module, Place};
use crate::part::run::{Inputs, Part, Watch, module};
use crate::part::seed::Seed;
use crate::part::tensor::Kind;
use core::marker::PhantomData;
use rand_core::Rng;

/// An activation as a part of a network: it has no parameters and works where its input lies.
///
/// # Shapes
/// Rows of shape `S` in, rows of shape `S` out. Where there are places, an activation of rows (softmax) is one of the channels of
/// each.
pub struct Activate<A, T, S>(PhantomData<(A, T, S)>);

/// A part, then an activation.
#[doc(hidden)]
pub type ActivateAfter<P, A> = Chain<P, Activate<A, <P as Part>::T, <P as Part>::Out>>;

impl<A, T, S> Clone for Activate<A, T, S> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<A, T, S> PartialEq for Activate<A, T, S> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<A: RowActivation, T, S> core::fmt::Debug for Activate<A, T, S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(A::LABEL)
    }
}

impl<A: RowActivation, T: Scalar, S: Shape> Part for Activate<A, T, S> {
    type T = T;
    type In = S;
    type Out = S;
    type Work<Inside: Flag> = Row<T, S>;
    type State = ();
    type Starts = No;
    type Ends = <A::Keeps as Keeps>::Ends;

    const ABOUT: About = About::layer(A::LABEL, S::LEN, &[], 0, 0);
    const ALL_ZERO: Self = Self(PhantomData);
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::none(&Self::ALL_ZERO));
    const TURNS: bool = A::BY_VALUE;
    const LAYOUT: Layout = Layout::Fields(&[]);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        _k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        _state: &mut (),
        arena: &mut [T],
        at: End,
        watch: &mut impl Watch<T>,
    ) -> End {
        let (y, _) = at.split(arena, rows * S::LEN);
        if let Some(x) = x {
            copy(numbers(x), y);
        }
        A::apply::<T, K::V<T>>(y, S::DIMS[0]);
        watch.see(y);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { range: A::LIMITS, ..module::<Self>(at, A::LABEL) });
    }
}

impl<A: RowActivation, T: Scalar, S: Shape> Learn for Activate<A, T, S> {
    type Tape = Nothing<T>;
    type Slope<Wanted: Flag> = Row<T, S>;
    type ReadsInput = <A::Keeps as Keeps>::Input;
    type ReadsOutput = <A::Keeps as Keeps>::Output;
    type Seen = Seen<Self>;

    const IN_PLACE: bool = true;
    const WANTS: Option<Init> = Some(A::WANTS);

    fn prepare<R: Rng>(&mut self, _rng: &mut R, _always: Option<Init>, _follows: Option<Init>) {}

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(&self, k: K, x: &Inputs<Self>, _state: &mut (), seed: Seed, _tape: &mut [T], y: &mut [T]) {
        copy(numbers(x), y);
        self.record_in_place(k, seed, y);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record_in_place<K: Isa>(&self, _k: K, seed: Seed, y: &mut [T]) {
        A::train::<T, K::V<T>>(y, S::DIMS[0], seed);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa, Wanted: Flag>(
        &self,
        _k: K,
        pass: Recorded<'_, Self>,
        arena: &mut [T],
        end: End,
        _gradient: &mut Self,
    ) -> End {
        let (dy, _) = end.split(arena, pass.x.len() * S::LEN);
        let kept = if Self::ReadsInput::IS { numbers(pass.x) } else { pass.y };
        A::slopes::<T, K::V<T>>(kept, dy, S::DIMS[0], pass.seed);
        end
    }

    #[inline]
    fn walk<const N: usize>(_all: [&mut Self; N], _each: &mut impl FnMut(Kind, [&mut [T]; N])) {}

    #[inline]
    fn read(&self, _each: &mut impl FnMut(Kind, &[T])) {}
}
