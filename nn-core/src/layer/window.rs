//! The last frames of a stream as one vector.

use crate::kernel::{Isa, Scalar};
use crate::number::Number;
use crate::number::arena::{End, Flag, No, Yes, copy, split_mut};
use crate::number::shape::{Row, Vector};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Nothing, Plain, numbers};
use crate::part::about::About;
use crate::part::ending::Open;
use crate::part::init::Init;
use crate::part::layout::Layout;
use crate::part::learn::{Learn, Recorded, Seen};
use crate::part::past::History;
use crate::part::place::{Module, Place};
use crate::part::run::{Inputs, Part, Watch, module};
use crate::part::seed::Seed;
use crate::part::tensor::Kind;
use core::marker::PhantomData;
use generic_array::{ArrayLength, GenericArray};
use rand_core::Rng;

/// The last frames as one vector, the oldest first; zeros before the first. In a declaration, `window(6)`.
///
/// It remembers `H`, a `Past` of one frame less, or nothing, `()`.
///
/// # Shapes
/// A frame of `I` values in, `O` values out: those of as many frames as fit into them.
#[derive(Clone, Debug, PartialEq)]
pub struct Window<T: Number, I: ArrayLength, O: ArrayLength, H>(PhantomData<(T, I, O, H)>);

impl<T: Number, I: ArrayLength, O: ArrayLength, H: History<T, GenericArray<T, I>>> Window<T, I, O, H> {
    /// How many frames are in a window.
    const FRAMES: usize = {
        assert!(O::USIZE == (H::FRAMES + 1) * I::USIZE, "a window is the frames before the present one, and that");
        H::FRAMES + 1
    };

    /// `y[t] = x[t - FRAMES + 1], …, x[t]`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn windows(x: &[GenericArray<T, I>], past: &mut H, y: &mut [T]) {
        for (t, mut y) in <GenericArray<T, O>>::blocks_mut(y).iter_mut().map(|y| y.values_mut()).enumerate() {
            let mut back = Self::FRAMES - 1;
            while let Some(frames) = match t.checked_sub(back) {
                None => Some(past.ring().from(back - t)),
                Some(first) => x.get(first..=t),
            }
            .filter(|frames| !frames.is_empty() && !y.is_empty())
            {
                let (to, rest) = split_mut(y, frames.len() * I::USIZE);
                copy(numbers(frames), to);
                (y, back) = (rest, back.saturating_sub(frames.len()));
            }
        }
        past.push(x);
    }
}

impl<T: Number, I: ArrayLength, O: ArrayLength, H: History<T, GenericArray<T, I>>> Part for Window<T, I, O, H> {
    type T = T;
    type In = Vector<I>;
    type Out = Vector<O>;
    type Work<Inside: Flag> = Both<Inside::Then<T, GenericArray<T, I>>, GenericArray<T, O>>;
    type State = H;
    type Starts = No;
    type Ends = Open;

    const ABOUT: About = About { places: 0, ..About::layer("window", O::USIZE, &[], 0, 0).with_past(H::FRAMES) };
    const ALL_ZERO: Self = Self(PhantomData);
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::none(&Self::ALL_ZERO));
    const TURNS: bool = false;
    const LAYOUT: Layout = Layout::Fields(&[]);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Isa>(
        &self,
        _k: S,
        x: Option<&Inputs<Self>>,
        rows: usize,
        past: &mut H,
        arena: &mut [T],
        at: End,
        watch: &mut impl Watch<T>,
    ) -> End {
        let (x, y, at) = at.ends::<T, Row<T, Self::In>>(x, arena, [rows * I::USIZE, rows * O::USIZE]);
        Self::windows(x, past, y);
        watch.see(y);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&module::<Self>(at, "window"));
    }
}

impl<T: Scalar, I: ArrayLength, O: ArrayLength, H: History<T, GenericArray<T, I>>> Learn for Window<T, I, O, H> {
    type Tape = Nothing<T>;
    type Slope<Wanted: Flag> = Both<GenericArray<T, O>, Wanted::Then<T, GenericArray<T, I>>>;
    /// A window does not work where its input lies, so that the input is there.
    type ReadsInput = Yes;
    type ReadsOutput = No;
    type Seen = Seen<Self>;

    #[inline]
    fn prepare<R: Rng>(&mut self, _rng: &mut R, _always: Option<Init>, _follows: Option<Init>) {}

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<S: Isa>(&self, _k: S, x: &Inputs<Self>, past: &mut H, _seed: Seed, _tape: &mut [T], y: &mut [T]) {
        Self::windows(x, past, y);
    }

    /// `dx[t] = Σ dy[t + back][FRAMES - 1 - back]`, as far as that is in the piece.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<S: Isa, Wanted: Flag>(
        &self,
        _k: S,
        pass: Recorded<'_, Self>,
        arena: &mut [T],
        end: End,
        _gradient: &mut Self,
    ) -> End {
        let rows = pass.x.len();
        let (dy, rest) = end.split(arena, rows * O::USIZE);
        let (dx, _) = end.other().split(rest, if Wanted::IS { rows * I::USIZE } else { 0 });
        dx.fill(T::ZERO);
        let dx: &mut [GenericArray<T, I>] = Plain::blocks_mut(dx);
        for (t, dy) in <GenericArray<T, O>>::blocks(dy).iter().enumerate() {
            for (place, dy) in <GenericArray<T, I>>::blocks(dy.values()).iter().enumerate() {
                let to = (t + place).checked_sub(Self::FRAMES - 1).and_then(|at| dx.get_mut(at));
                for (to, dy) in to.into_iter().flatten().zip(dy) {
                    *to += *dy;
                }
            }
        }
        end.other()
    }

    #[inline]
    fn walk<const N: usize>(_all: [&mut Self; N], _each: &mut impl FnMut(Kind, [&mut [T]; N])) {}

    #[inline]
    fn read(&self, _each: &mut impl FnMut(Kind, &[T])) {}
}
