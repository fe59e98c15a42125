//! The narrow contracts of a layer that remembers, which users implement, and how it is a part.

use super::about::About;
use super::ending::Open;
use super::init::Init;
use super::layout::Layout;
use super::learn::{Learn, Recorded, Seen};
use super::memory::{Kept, Memory};
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, module};
use super::seed::Seed;
use super::tensor::{Kind, Tensor};
use crate::kernel::{Isa, Scalar};
use crate::number::Number;
use crate::number::arena::{End, Flag, No, Yes, copy, split, split_mut};
use crate::number::shape::{Row, Shape};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Plain, storage};
use core::fmt::{self, Debug, Formatter};
use rand_core::Rng;

/// A layer that remembers numbers from one frame to the next. One that learns is [`CellBackward`], too.
///
/// In a declaration it stands as `Remembers<MyCell>`:
///
#[doc = concat!("```\n", include_str!("../../docs/cell.rs"), "```")]
#[diagnostic::on_unimplemented(message = "`{Self}` is not a cell", label = "not a cell")]
pub trait Cell: Sized {
    /// The number type.
    type T: Number;
    /// The shape of a frame in.
    type In: Shape;
    /// The shape of a frame out.
    type Out: Shape;
    /// What it remembers: numbers, all of them zero when a stream begins.
    type State: Plain<Self::T>;
    /// What the backward pass needs of a frame beside the input, the output and the state before it.
    type Tape: Plain<Self::T>;
    /// The cell with every parameter zero.
    const ZEROED: Self;
    /// Whether it is its numbers and nothing else.
    #[doc(hidden)]
    const NUMBERS: Option<Numbers<Self, Self::T>> = None;
    /// The name in a summary, in lower case.
    const LABEL: &'static str;
    /// Multiplications by weights, for one frame.
    const MULTIPLIES: usize;
    /// Its tensors of parameters, in order.
    const TENSORS: &'static [Tensor];
    /// The tensors of the state that a stream begins with, which is learnt as `Remembers<Self, Yes>`: as many numbers as
    /// [`State`](Self::State).
    const START: &'static [Tensor] = &[];

    /// One frame: `y` from `x`, and the state after it from that before it. What was in `y` and `tape` is of no meaning.
    fn frame<K: Isa>(
        &self,
        k: K,
        x: &Row<Self::T, Self::In>,
        state: &mut Self::State,
        tape: &mut Self::Tape,
        y: &mut Row<Self::T, Self::Out>,
    );
}

/// What is known of a frame in the backward pass.
pub struct Frame<'a, C: Cell> {
    /// Its input.
    pub x: &'a Row<C::T, C::In>,
    /// Its output.
    pub y: &'a Row<C::T, C::Out>,
    /// The state before it.
    pub before: &'a C::State,
    /// Its tape.
    pub tape: &'a C::Tape,
}

/// The gradients that a frame adds to.
pub struct Slopes<'a, C: CellBackward> {
    /// By the state: after the frame, to be turned into that by the state before it.
    pub state: &'a mut C::State,
    /// By the input, to be set, if it is wanted.
    pub x: Option<&'a mut Row<C::T, C::In>>,
    /// By the parameters, to be added to.
    pub parameters: &'a mut C,
    /// Two of what is left for [`CellBackward::frames_back`].
    pub sums: [&'a mut C::Sums; 2],
}

/// A [`Cell`] that learns.
pub trait CellBackward: Cell<T: Scalar> {
    /// What a frame leaves for [`frames_back`](Self::frames_back), two of it; nothing, `[T; 0]`, if it adds its share to the
    /// gradients itself.
    type Sums: Plain<Self::T>;

    /// One frame back, `dy` being the gradient by its output.
    fn frame_back<K: Isa>(&self, k: K, frame: Frame<'_, Self>, dy: &Row<Self::T, Self::Out>, slopes: Slopes<'_, Self>);

    /// What can be done for all frames of a piece at once, after they went back: `start` is the state before the first.
    fn frames_back<K: Isa>(
        &self,
        _k: K,
        _frames: Frames<'_, Self>,
        _dx: Option<&mut [Row<Self::T, Self::In>]>,
        _gradient: &mut Self,
    ) {
    }

    /// Calls `each` with every tensor of several cells side by side, in the order of [`TENSORS`](Cell::TENSORS).
    fn tensors<const N: usize>(all: [&mut Self; N], each: &mut impl FnMut([&mut [Self::T]; N]));

    /// Calls `each` with every tensor, in the order of [`TENSORS`](Cell::TENSORS).
    fn read_tensors(&self, each: &mut impl FnMut(&[Self::T]));
}

/// The frames of a piece, all of which went back.
pub struct Frames<'a, C: CellBackward> {
    /// Their inputs.
    pub x: &'a [Row<C::T, C::In>],
    /// Their outputs.
    pub y: &'a [Row<C::T, C::Out>],
    /// The state before the first.
    pub before: &'a C::State,
    /// What they left, the first of each frame and the second of each.
    pub sums: [&'a [C::Sums]; 2],
}

/// A cell as a part of a network: its rows are the frames of one stream.
#[repr(C)]
pub struct Remembers<C: Cell, Learnt: Flag = No> {
    /// The cell.
    pub cell: C,
    /// What a stream begins with, where that is a parameter.
    pub start: Learnt::Then<C::T, C::State>,
}

storage! { [C: Cell, S: Flag] Remembers<C, S> as C::T = { cell: C::NUMBERS, start: Some(Numbers::of()) } }

// Derived, they would ask something of the flag.
impl<C: Cell + Clone, S: Flag> Clone for Remembers<C, S> {
    fn clone(&self) -> Self {
        let mut start = <S::Then<C::T, C::State> as Plain<C::T>>::ZEROED;
        copy(self.start.values(), start.values_mut());
        Self { cell: self.cell.clone(), start }
    }
}
impl<C: Cell + Debug, S: Flag> Debug for Remembers<C, S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remembers").field("cell", &self.cell).field("start", &self.start.values()).finish()
    }
}
impl<C: Cell + PartialEq, S: Flag> PartialEq for Remembers<C, S> {
    fn eq(&self, other: &Self) -> bool {
        self.cell == other.cell && self.start.values() == other.start.values()
    }
}

/// What is usually derived, for a cell that is its numbers and nothing else, whatever its parameters.
macro_rules! of_numbers {
    ([$($generics:tt)*] $Name:ty, $label:expr) => {
        impl<$($generics)*> Clone for $Name {
            fn clone(&self) -> Self {
                let mut clone = <Self as $crate::number::storage::Plain<T>>::ZEROED;
                $crate::number::arena::copy(self.values(), clone.values_mut());
                clone
            }
        }
        impl<$($generics)*> core::fmt::Debug for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_tuple($label).field(&self.values()).finish()
            }
        }
        impl<$($generics)*> PartialEq for $Name {
            fn eq(&self, other: &Self) -> bool {
                self.values() == other.values()
            }
        }
    };
}
pub(crate) use of_numbers;

/// A cell has so many tensors at most, with those of its start.
const MOST: usize = 12;

impl<C: Cell, S: Flag> Remembers<C, S> {
    const LIST: [Tensor; MOST] = {
        let mut list = [Tensor::new("", Kind::Bias, &[]); MOST];
        let (mut at, mut tensors) = (0, C::TENSORS);
        while let [tensor, rest @ ..] = tensors {
            (list[at], at, tensors) = (*tensor, at + 1, rest);
            if let ([], true, true) = (tensors, S::IS, at == C::TENSORS.len()) {
                tensors = C::START;
            }
        }
        assert!(
            !S::IS || Tensor::total(C::START) == C::State::LEN,
            "a start that is learnt has the tensors of the state"
        );
        list
    };
    const TENSORS: &'static [Tensor] =
        const { &Self::LIST }.split_at(C::TENSORS.len() + if S::IS { C::START.len() } else { 0 }).0;
}

impl<C: Cell, S: Flag> Part for Remembers<C, S> {
    type T = C::T;
    type In = C::In;
    type Out = C::Out;
    type Work<Inside: Flag> = Both<Inside::Then<C::T, Row<C::T, C::In>>, Row<C::T, C::Out>>;
    type State = Kept<C::T, C::State>;
    type Starts = S;
    type Ends = Open;

    const ABOUT: About = {
        let bytes = Tensor::total(Self::TENSORS).saturating_mul(size_of::<C::T>());
        About { field: None, ..About::layer(C::LABEL, Self::OUT, Self::TENSORS, C::MULTIPLIES, bytes) }
    };
    const ALL_ZERO: Self = Self { cell: C::ZEROED, start: Plain::ZEROED };
    const NUMBERS: Option<Numbers<Self, C::T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = match C::NUMBERS {
        Some(_) => Layout::Tensors(Self::TENSORS),
        None => Layout::Unknown(C::LABEL),
    };

    #[inline]
    fn begin(&self, state: &mut Self::State) {
        if S::IS {
            copy(self.start.values(), state.numbers.values_mut());
        } else {
            state.restart();
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        state: &mut Self::State,
        arena: &mut [C::T],
        at: End,
        watch: &mut impl Watch<C::T>,
    ) -> End {
        let (x, y, at) = at.ends::<_, Row<C::T, C::In>>(x, arena, [rows * Self::IN, rows * Self::OUT]);
        let mut tape = C::Tape::ZEROED;
        for (x, y) in x.iter().zip(<Row<C::T, C::Out>>::blocks_mut(y)) {
            self.cell.frame(k, x, &mut state.numbers, &mut tape, y);
        }
        watch.see(y);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { tensors: Self::TENSORS, ..module::<Self>(at, C::LABEL) });
    }
}

/// The tape of a frame: the state before it, and what the cell keeps.
type Tape<C> = Both<<C as Cell>::State, <C as Cell>::Tape>;

impl<C: CellBackward, S: Flag> Learn for Remembers<C, S> {
    type Tape = Tape<C>;
    type Slope<Wanted: Flag> = Both<Both<Row<C::T, C::Out>, Wanted::Then<C::T, Row<C::T, C::In>>>, [C::Sums; 2]>;
    type ReadsInput = Yes;
    type ReadsOutput = Yes;
    type Seen = Seen<Self>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prepare<R: Rng>(&mut self, rng: &mut R, always: Option<Init>, follows: Option<Init>) {
        let filler = always.or(follows).unwrap_or_default().filler(const { Init::deviations(Self::IN, Self::OUT) });
        Self::walk([self], &mut |kind, [values]| filler.fill(kind, values, rng));
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<K: Isa>(
        &self,
        k: K,
        x: &Inputs<Self>,
        state: &mut Self::State,
        _seed: Seed,
        tape: &mut [C::T],
        y: &mut [C::T],
    ) {
        let rows = x.iter().zip(Plain::blocks_mut(y)).zip(<Tape<C>>::blocks_mut(tape));
        for ((x, y), Both(before, tape)) in rows {
            copy(state.numbers.values(), before.values_mut());
            self.cell.frame(k, x, &mut state.numbers, tape, y);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward<K: Isa, Wanted: Flag>(
        &self,
        k: K,
        pass: Recorded<'_, Self>,
        arena: &mut [C::T],
        end: End,
        gradient: &mut Self,
    ) -> End {
        if pass.first {
            Self::walk([gradient], &mut |_, [values]| values.fill(C::T::ZERO));
        }
        let rows = pass.x.len();
        let (dy, rest) = end.split(arena, rows * Self::OUT);
        let (dx, rest) = end.other().split(rest, if Wanted::IS { rows * Self::IN } else { 0 });
        let (first, rest) = end.split(rest, rows * C::Sums::LEN);
        let (second, _) = end.split(rest, rows * C::Sums::LEN);
        let (first, second) = (<C::Sums>::blocks_mut(first), <C::Sums>::blocks_mut(second));
        let dx: &mut [Row<C::T, C::In>] = Plain::blocks_mut(dx);
        let y: &[Row<C::T, C::Out>] = Plain::blocks(pass.y);
        let frames = pass.x.iter().zip(y).zip(<Tape<C>>::blocks(pass.tape)).zip(<Row<C::T, C::Out>>::blocks(dy));
        let mut slope = C::State::ZEROED;
        for (row, (((x, y), Both(before, tape)), dy)) in frames.enumerate().rev() {
            let mut none = [C::Sums::ZEROED, C::Sums::ZEROED];
            let sums = match (first.get_mut(row), second.get_mut(row)) {
                (Some(first), Some(second)) => [first, second],
                // Of no numbers there are no blocks.
                _ => none.each_mut(),
            };
            let slopes = Slopes { state: &mut slope, x: dx.get_mut(row), parameters: &mut gradient.cell, sums };
            self.cell.frame_back(k, Frame { x, y, before, tape }, dy, slopes);
        }
        if let Some(Both(before, _)) = <Tape<C>>::blocks(pass.tape).first() {
            let frames = Frames { x: pass.x, y, before, sums: [first, second] };
            self.cell.frames_back(k, frames, Wanted::IS.then_some(dx), &mut gradient.cell);
        }
        if S::IS && pass.before.is_none() {
            for (sum, slope) in gradient.start.values_mut().iter_mut().zip(slope.values()) {
                *sum += *slope;
            }
        }
        end.other()
    }

    #[inline]
    fn walk<const N: usize>(mut all: [&mut Self; N], each: &mut impl FnMut(Kind, [&mut [C::T]; N])) {
        let mut tensors = C::TENSORS.iter();
        C::tensors(all.each_mut().map(|each| &mut each.cell), &mut |values| {
            if let Some(tensor) = tensors.next() {
                each(tensor.kind, values);
            }
        });
        let mut at = 0;
        for tensor in if S::IS { C::START } else { &[] } {
            let of = |all| split_mut(split_mut(all, at).1, tensor.len()).0;
            each(tensor.kind, all.each_mut().map(|each| of(each.start.values_mut())));
            at += tensor.len();
        }
    }

    #[inline]
    fn read(&self, each: &mut impl FnMut(Kind, &[C::T])) {
        let mut tensors = C::TENSORS.iter();
        self.cell.read_tensors(&mut |values| {
            if let Some(tensor) = tensors.next() {
                each(tensor.kind, values);
            }
        });
        let mut rest = self.start.values();
        for tensor in if S::IS { C::START } else { &[] } {
            let (values, after) = split(rest, tensor.len());
            each(tensor.kind, values);
            rest = after;
        }
    }
}
