//! WaveNets, as they imitate amplifiers.

mod head;
mod head_back;
mod layer;
mod layer_back;
mod rechannel;

pub use head::WaveHead;
pub use layer::WaveLayer;
pub use rechannel::Rechannel;

use crate::kernel::planar::{Channels, Rings};
use crate::kernel::{Isa, Lanes, Native, Scalar};
use crate::number::arena::{End, Flag, No, split, split_mut};
use crate::number::shape::Row;
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Plain, storage};
use crate::part::about::About;
use crate::part::delay::Delays;
use crate::part::layout::{Field, Layout, Step};
use crate::part::place::{Module, Place};
use crate::part::run::{Inputs, Part, Watch, zero};
use core::mem::offset_of;

/// A WaveNet (van den Oord et al. 2016) as Neural Amp Modeler has it. In a declaration, `wavenet(a1_standard)`.
///
/// It is a chain of arrays of layers, whose frames have the channels, as many sums for the head, and the input of the net, which every
/// layer sees: [`Rechannel`] begins an array, [`WaveLayer`]s follow, [`WaveHead`] ends it. The sums of an array that
/// is not the first begin with what the head of the one before gives.
///
/// A block of frames lies channel by channel inside, so that vectors are full however few channels there are. `CHANNELS` is the number of
/// those of the first array; blocks of fewer frames, and than there are lanes, run frame by frame. The bits are the same.
///
/// # Shapes
/// A frame of one value in, one value out.
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct WaveNet<P, const CHANNELS: usize>(
    /// The arrays.
    pub P,
);

storage! { [P: Part, const CHANNELS: usize] WaveNet<P, CHANNELS> as P::T = { 0: P::NUMBERS } }
crate::__delegate_learn!([P: crate::part::learn::Learn, const CHANNELS: usize] WaveNet<P, CHANNELS> => P);

impl<P: Part<T: Scalar>, const CHANNELS: usize> Part for WaveNet<P, CHANNELS> {
    type T = P::T;
    type In = P::In;
    type Out = P::Out;
    /// Input and output, and the arena of the arrays.
    type Work<Inside: Flag> = Both<Both<Inside::Then<P::T, Row<P::T, P::In>>, Row<P::T, P::Out>>, P::Work<No>>;
    type State = P::State;
    type Starts = P::Starts;
    type Ends = P::Ends;

    const ABOUT: About = P::ABOUT.inside();
    const ALL_ZERO: Self = Self(zero());
    const NUMBERS: Option<Numbers<Self, P::T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout =
        Layout::Fields(const { &[Field::of(|this: &Self| &this.0, offset_of!(Self, 0), Step::Inside)] });

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(
        &self,
        k: K,
        x: Option<&Inputs<Self>>,
        rows: usize,
        state: &mut P::State,
        arena: &mut [P::T],
        at: End,
        watch: &mut impl Watch<P::T>,
    ) -> End {
        let (x, arena, at) = match x {
            Some(x) => (x, arena, at),
            None => {
                let (x, rest) = at.split(arena, rows * Self::IN);
                (Plain::blocks(x), rest, at.other())
            }
        };
        let (y, arena) = at.split(arena, rows * Self::OUT);
        let few = const { if CHANNELS < <K::V<P::T>>::LEN { CHANNELS } else { <K::V<P::T>>::LEN } };
        let each = if rows < few { 1 } else { rows.max(1) };
        for (x, y) in x.chunks(each).zip(y.chunks_mut(each * Self::OUT)) {
            let end = self.0.run(k, Some(x), x.len(), state, arena, End::Head, watch);
            P::T::copy(end.split(arena, y.len()).0, y);
        }
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        P::describe(at.inside(), each);
    }
}

/// How the channels of a block lie: from which number on each has its frames, and how many numbers it has.
#[derive(Clone, Copy)]
struct Spread {
    from: usize,
    step: usize,
}

impl Spread {
    /// Side by side.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn tight(rows: usize) -> Self {
        Self { from: 0, step: rows }
    }

    /// With room for as many frames before each, if there are several: there a layer puts those that came before.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn wide(rows: usize) -> Self {
        if rows > 1 { Self { from: rows, step: 2 * rows } } else { Self::tight(rows) }
    }

    /// So many channels, sums for the head, and the input of the net.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn parts<T>(self, numbers: &mut [T], rows: usize, channels: usize, sums: usize) -> [&mut [T]; 3] {
        let (x, rest) = split_mut(numbers, self.step * channels);
        let (head, rest) = split_mut(rest, rows * sums);
        [x, head, split_mut(rest, rows).0]
    }

    /// [`parts`](Self::parts), to be read.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn parts_of<T>(self, numbers: &[T], rows: usize, channels: usize, sums: usize) -> [&[T]; 3] {
        let (x, rest) = split(numbers, self.step * channels);
        let (head, rest) = split(rest, rows * sums);
        [x, head, split(rest, rows).0]
    }
}

/// Lets `work` use what is remembered, for taps that are `dilation` frames apart.
#[cfg_attr(not(debug_assertions), inline(always))]
fn remembering<T: Scalar, H: Delays<T>>(past: &mut H, taps: usize, work: impl FnOnce(Rings<'_, T>)) {
    past.change(|numbers, oldest| work(Rings { numbers, len: H::FRAMES, oldest, dilation: dilation::<T, H>(taps) }));
}

/// The frames from a tap to the next.
const fn dilation<T: Scalar, H: Delays<T>>(taps: usize) -> usize {
    assert!(taps > 0, "a convolution has a tap");
    let dilation = if taps > 1 { H::FRAMES / (taps - 1) } else { 1 };
    assert!(H::FRAMES == (taps - 1) * dilation && dilation > 0, "the past is as long as the oldest tap looks back");
    dilation
}

/// Calls `each` with the frames that a tap meets before a piece, as far as they lie side by side: in which numbers, from which frame of the
/// piece on, and how many.
#[cfg_attr(not(debug_assertions), inline(always))]
fn before<T: Scalar, H: Delays<T>>(
    past: Option<&H>,
    back: usize,
    rows: usize,
    mut each: impl FnMut(Channels<'_, T>, usize, usize),
) {
    let Some((numbers, oldest)) = past.map(H::rings) else { return };
    let (mut t, len, end) = (0, H::FRAMES, back.min(rows));
    while t < end {
        let at = oldest + len - back + t;
        let at = if at < len { at } else { at - len };
        let count = len.saturating_sub(at).min(end - t).max(1);
        each((numbers, at, len), t, count);
        t += count;
    }
}
