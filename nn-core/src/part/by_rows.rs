//! A convolution that reads an image as it comes, a few rows at a time.
//!
//! Inputs that are bytes, or lie in planes, are no numbers side by side. Made into those all at once, a frame of a camera would need four
//! times its bytes. Here the rows under one row of windows are read, a row of outputs is computed, and the rows move on.

use super::about::About;
use super::chain::Chain;
use super::checked::Checked;
use super::ending::Open;
use super::layout::{Field, Layout, Step};
use super::learn::Learn;
use super::named::Named;
use super::place::{Module, Place};
use super::run::{Inputs, Part, Watch, zero};
use crate::kernel::{Isa, Scalar};
use crate::number::Number;
use crate::number::arena::{End, Flag, split};
use crate::number::element::Element;
use crate::number::shape::{Row, Shape};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Plain, numbers, storage};
use core::mem::offset_of;

/// A layer that shifts and divides each channel, `standardize`, before a convolution that does so while it reads.
pub trait Scales: Part<T: Scalar> {
    /// What is subtracted from a channel, and what it is divided by then.
    fn scale(&self, channel: usize) -> [Self::T; 2];
}

/// A convolution over an image, whose windows are `SPAN` rows high, perhaps behind a layer that [`Scales`].
pub trait Convolves<const SPAN: usize>: Part<T: Scalar> {
    /// The rows under a row of windows.
    type Rows: Plain<Self::T>;
    /// A row of outputs.
    type Line: Plain<Self::T>;
    /// Whether a layer scales before it.
    const SCALES: bool = false;
    /// How many rows a window goes on, and how many rows of padding lie before the first.
    const GOES: [usize; 2];

    /// What is done to a channel first.
    fn scale(&self, _channel: usize) -> Option<[Self::T; 2]> {
        None
    }
    /// A row of outputs from the rows under it.
    fn line<K: Isa>(&self, k: K, rows: &Self::Rows, line: &mut Self::Line);
}

impl<P: Scales, L: Convolves<SPAN> + Part<T = P::T, In = P::Out>, const SPAN: usize> Convolves<SPAN> for Chain<P, L> {
    type Rows = L::Rows;
    type Line = L::Line;
    const SCALES: bool = true;
    const GOES: [usize; 2] = L::GOES;

    fn scale(&self, channel: usize) -> Option<[P::T; 2]> {
        Some(self.first.scale(channel))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn line<K: Isa>(&self, k: K, rows: &L::Rows, line: &mut L::Line) {
        self.then.line(k, rows, line);
    }
}

/// A wrapper does what is in it.
macro_rules! wrapper {
    ($([$($generics:tt)*] $Wrapper:ty);+ $(;)?) => {$(
        impl<P: Scales, $($generics)*> Scales for $Wrapper {
            fn scale(&self, channel: usize) -> [P::T; 2] {
                self.0.scale(channel)
            }
        }

        impl<P: Convolves<SPAN>, $($generics)*, const SPAN: usize> Convolves<SPAN> for $Wrapper {
            type Rows = P::Rows;
            type Line = P::Line;
            const SCALES: bool = P::SCALES;
            const GOES: [usize; 2] = P::GOES;

            fn scale(&self, channel: usize) -> Option<[P::T; 2]> {
                self.0.scale(channel)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn line<K: Isa>(&self, k: K, rows: &P::Rows, line: &mut P::Line) {
                self.0.line(k, rows, line);
            }
        }
    )+};
}
wrapper! {
    [const HEAD: u128, const TAIL: u128] Named<P, HEAD, TAIL>;
    [const FITS: bool] Checked<P, FITS>;
}

/// A part that takes its input row by row.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct ByRows<P, const SPAN: usize>(
    /// The convolution, or what scales and the convolution.
    pub P,
);

storage! { [P: Part, const SPAN: usize] ByRows<P, SPAN> as P::T = { 0: P::NUMBERS } }
crate::__delegate_learn!([P: Learn + Convolves<SPAN>, const SPAN: usize] ByRows<P, SPAN> => P);

/// An image as it comes.
struct Source<'a, E> {
    elements: &'a [E],
    /// Whether it lies channel by channel.
    planes: bool,
}

impl<P: Convolves<SPAN>, const SPAN: usize> ByRows<P, SPAN> {
    const DIMS: [usize; 3] = P::In::DIMS;
    const WIDTH: usize = Self::DIMS[0] * Self::DIMS[2];

    /// Reads a row of places into `to`; one that does not exist is zeros.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn read<E: Element<P::T>>(&self, source: &Source<'_, E>, row: Option<usize>, to: &mut [P::T]) {
        let [channels, height, columns] = Self::DIMS;
        let Some(row) = row.filter(|row| *row < height) else { return to.fill(P::T::ZERO) };
        for channel in 0..channels {
            let (at, step) = if source.planes {
                ((channel * height + row) * columns, 1)
            } else {
                (row * columns * channels + channel, channels)
            };
            let from = split(source.elements, at).1.iter().step_by(step.max(1));
            let to = to.iter_mut().skip(channel).step_by(channels.max(1));
            match self.0.scale(channel) {
                Some([mean, divisor]) => {
                    to.zip(from).for_each(|(to, element)| *to = (element.number() - mean) / divisor);
                }
                None => to.zip(from).for_each(|(to, element)| *to = element.number()),
            }
        }
    }

    /// The outputs of one image. `rows` are those under a row of windows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<K: Isa, E: Element<P::T>>(
        &self,
        k: K,
        source: &Source<'_, E>,
        rows: &mut P::Rows,
        y: &mut [P::T],
        watch: &mut impl Watch<P::T>,
    ) {
        if P::SCALES && looks(watch) {
            let mut all = Row::<P::T, P::In>::ZEROED;
            for (row, to) in all.values_mut().chunks_mut(Self::WIDTH.max(1)).enumerate() {
                self.read(source, Some(row), to);
            }
            watch.see(all.values());
        }
        let [stride, padding] = P::GOES;
        let lines = P::Line::blocks_mut(&mut *y);
        for (at, line) in lines.iter_mut().enumerate() {
            let kept = SPAN.saturating_sub(if at == 0 { SPAN } else { stride });
            if kept > 0 {
                // What was under the last windows, too, moves to the front.
                rows.values_mut()
                    .copy_within(const { if P::GOES[0] < SPAN { P::GOES[0] } else { SPAN } } * Self::WIDTH.., 0);
            }
            for (row, to) in rows.values_mut().chunks_mut(Self::WIDTH.max(1)).enumerate().skip(kept) {
                self.read(source, (at * stride + row).checked_sub(padding), to);
            }
            self.0.line(k, rows, line);
        }
        watch.see(y);
    }
}

/// Whether a watch looks at what it is shown.
pub const fn looks<T, W: Watch<T>>(_: &W) -> bool {
    W::LOOKS
}

impl<P: Convolves<SPAN>, const SPAN: usize> Part for ByRows<P, SPAN> {
    type T = P::T;
    type In = P::In;
    type Out = P::Out;
    type Work<Inside: Flag> = Both<Inside::Then<P::T, Row<P::T, P::In>>, Both<P::Rows, Row<P::T, P::Out>>>;
    type State = P::State;
    type Starts = P::Starts;
    type Ends = Open;

    const ABOUT: About = P::ABOUT;
    const ALL_ZERO: Self = Self(zero());
    const NUMBERS: Option<Numbers<Self, P::T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout =
        Layout::Fields(const { &[Field::of(|this: &Self| &this.0, offset_of!(Self, 0), Step::Skip(0))] });
    const READS: bool = true;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        _state: &mut P::State,
        arena: &mut [P::T],
        at: End,
        watch: &mut impl Watch<P::T>,
    ) -> End {
        let (x, arena, at) = match x {
            Some(x) => (numbers(x), arena, at),
            None => {
                let (x, rest) = at.split(arena, rows * P::IN);
                (&*x, rest, at.other())
            }
        };
        let (y, rest) = at.split(arena, rows * P::OUT);
        let Some(under) = P::Rows::blocks_mut(rest).first_mut() else { return at };
        for (elements, y) in x.chunks(P::IN.max(1)).zip(y.chunks_mut(P::OUT.max(1))) {
            self.compute(k, &Source { elements, planes: false }, under, y, watch);
        }
        at
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run_elements<K: Isa, E: Element<P::T>>(
        &self,
        k: K,
        (elements, planes): (&[E], bool),
        _state: &mut P::State,
        arena: &mut [P::T],
        at: End,
        watch: &mut impl Watch<P::T>,
    ) -> End {
        let (y, rest) = at.split(arena, P::OUT);
        let Some(under) = P::Rows::blocks_mut(rest).first_mut() else { return at };
        self.compute(k, &Source { elements, planes }, under, y, watch);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        P::describe(at, each);
    }
}
