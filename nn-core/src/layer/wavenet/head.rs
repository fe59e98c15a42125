//! The end of an array of a WaveNet.

use super::{Spread, remembering};
use crate::kernel::planar::{Block, Convolution};
use crate::kernel::{Isa, Scalar};
use crate::number::arena::{End, Flag, No, split_mut};
use crate::number::shape::Vector;
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Both, Plain, numbers, storage};
use crate::part::about::About;
use crate::part::delay::Delays;
use crate::part::ending::Open;
use crate::part::layout::Layout;
use crate::part::place::{Module, Place};
use crate::part::run::{Inputs, Part, Watch, module};
use crate::part::tensor::{Kind, Tensor};
use core::marker::PhantomData;
use generic_array::{ArrayLength, GenericArray};

/// The end of an array of a [`WaveNet`](super::WaveNet): the sums for its head, through a convolution of `K` taps.
///
/// # Shapes
/// Frames of `2 C + 1` values, `C` channels, `C` sums and the input of the net, to `O`: `D` alone, or, if an array follows, `C` channels,
/// `D` sums and the input, `C + D + 1`.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct WaveHead<T: Scalar, C: ArrayLength, D: ArrayLength, K: ArrayLength, Biased: Flag, H, B, O> {
    /// `weights[tap][input][output]`, the oldest tap first.
    pub weights: GenericArray<GenericArray<GenericArray<T, D>, C>, K>,
    /// `bias[output]`.
    pub bias: Biased::Then<T, GenericArray<T, D>>,
    of: PhantomData<(H, B, O)>,
}

storage! {
    [T: Scalar, C: ArrayLength, D: ArrayLength, K: ArrayLength, F: Flag, H, B, O] WaveHead<T, C, D, K, F, H, B, O> as T = {
        weights: Some(Numbers::of()), bias: Some(Numbers::of()), of: Some(Numbers::none(&PhantomData))
    }
}

impl<T: Scalar, C: ArrayLength, D: ArrayLength, K: ArrayLength, F: Flag, H: Delays<T>, B: ArrayLength, O: ArrayLength>
    WaveHead<T, C, D, K, F, H, B, O>
{
    const ALL: [Tensor; 2] = [
        Tensor::transposed("weight", Kind::Weight, &[D::USIZE, C::USIZE, K::USIZE]),
        Tensor::new("bias", Kind::Bias, &[D::USIZE]),
    ];
    const TENSORS: &'static [Tensor] = const { &Self::ALL }.split_at(if F::IS { 2 } else { 1 }).0;
    /// Whether no array follows.
    pub(super) const IS_LAST: bool = {
        let is_last = O::USIZE == D::USIZE;
        assert!(B::USIZE == 2 * C::USIZE + 1 && (is_last || O::USIZE == C::USIZE + D::USIZE + 1));
        is_last
    };

    /// The frames `x` to `y`, both spread alike.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn frames<S: Isa>(
        &self,
        k: S,
        x: &[T],
        rows: usize,
        (y, spread): (&mut [T], Spread),
        room: &mut [T],
        past: &mut H,
    ) {
        let [channels, sums, input] = spread.parts_of(x, rows, C::USIZE, C::USIZE);
        let y = if Self::IS_LAST {
            y
        } else {
            let [to, y, to_input] = spread.parts(y, rows, C::USIZE, D::USIZE);
            T::copy(channels, to);
            T::copy(input, to_input);
            y
        };
        let mut from = 0;
        while from < rows {
            let each = BLOCK.min(rows - from);
            remembering(past, K::USIZE, |rings| {
                let convolution = Convolution {
                    sizes: [C::USIZE, D::USIZE, K::USIZE],
                    weights: self.weights.values(),
                    bias: F::IS.then_some(self.bias.values()),
                    x: sums,
                    y: (y, from, rows),
                    block: Block { from, rows: each, step: rows },
                    rings,
                    room,
                };
                convolution.compute::<S, C, D, K>(k);
            });
            from += each;
        }
    }
}

/// So many frames at most are computed at a time.
pub(super) const BLOCK: usize = 64;

impl<T, C, D, K, F, H, B, O> Part for WaveHead<T, C, D, K, F, H, B, O>
where
    T: Scalar,
    C: ArrayLength,
    D: ArrayLength,
    K: ArrayLength,
    F: Flag,
    H: Delays<T>,
    B: ArrayLength,
    O: ArrayLength,
{
    type T = T;
    type In = Vector<B>;
    type Out = Vector<O>;
    /// The frames in and out, with room before each channel, and for the sums twice if there are several taps.
    type Work<Inside: Flag> = Both<
        Both<Inside::Then<T, GenericArray<T, B>>, GenericArray<T, O>>,
        Both<[GenericArray<T, C>; 2], <H::Remembers as Flag>::Then<T, [GenericArray<T, C>; 2]>>,
    >;
    type State = H;
    type Starts = No;
    type Ends = Open;

    const ABOUT: About = {
        let bytes = Tensor::total(Self::TENSORS).saturating_mul(size_of::<T>());
        let macs = K::USIZE.saturating_mul(C::USIZE).saturating_mul(D::USIZE);
        About::layer("wavenet head", O::USIZE, Self::TENSORS, macs, bytes).with_past(H::FRAMES)
    };
    const ALL_ZERO: Self = Self { weights: Plain::ZEROED, bias: Plain::ZEROED, of: PhantomData };
    const NUMBERS: Option<Numbers<Self, T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = Layout::Tensors(Self::TENSORS);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Isa>(
        &self,
        k: S,
        x: Option<&Inputs<Self>>,
        rows: usize,
        past: &mut H,
        arena: &mut [T],
        at: End,
        watch: &mut impl Watch<T>,
    ) -> End {
        let (x, rest, at) = match x {
            Some(x) => (numbers(x), arena, at),
            None => {
                let (x, rest) = at.split(arena, rows * (B::USIZE + C::USIZE));
                (&*x, rest, at.other())
            }
        };
        let more = if Self::IS_LAST { 0 } else { C::USIZE };
        let (y, rest) = at.split(rest, rows * (O::USIZE + more));
        let room = split_mut(rest, if H::FRAMES > 0 { rows * 2 * C::USIZE } else { 0 }).0;
        self.frames(k, x, rows, (y, Spread::wide(rows)), room, past);
        watch.see(split_mut(y, rows * O::USIZE).0);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { tensors: Self::TENSORS, ..module::<Self>(at, "wavenet head") });
    }
}
