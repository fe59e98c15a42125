//! A layer of a WaveNet.

use super::remembering;
use crate::activation::Activation;
use crate::kernel::planar::{self, Frames};
use crate::kernel::{Isa, Lanes, Scalar};
use crate::number::arena::{End, Flag, No, copy, split_mut};
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

/// A layer of a [`WaveNet`](super::WaveNet): `z = f(conv(x) + mixer · input)`, `head += z`, `x += out · z + bias`.
///
/// # Shapes
/// Frames of `B = 2 C + 1` values: `C` channels, `C` sums for the head, the input of the net.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct WaveLayer<T: Scalar, C: ArrayLength, K: ArrayLength, F, H, B> {
    /// `conv[tap][input][output]`, the oldest tap first.
    pub conv: GenericArray<GenericArray<GenericArray<T, C>, C>, K>,
    /// `conv_bias[output]`.
    pub conv_bias: GenericArray<T, C>,
    /// `mixer[output]`.
    pub mixer: GenericArray<T, C>,
    /// `out[input][output]`.
    pub out: GenericArray<GenericArray<T, C>, C>,
    /// `out_bias[output]`.
    pub out_bias: GenericArray<T, C>,
    of: PhantomData<(F, H, B)>,
}

storage! {
    [T: Scalar, C: ArrayLength, K: ArrayLength, F, H, B] WaveLayer<T, C, K, F, H, B> as T = {
        conv: Some(Numbers::of()), conv_bias: Some(Numbers::of()), mixer: Some(Numbers::of()), out: Some(Numbers::of()),
        out_bias: Some(Numbers::of()), of: Some(Numbers::none(&PhantomData))
    }
}

/// An activation, for the kernel.
struct By<F>(PhantomData<F>);

impl<F: Activation> planar::Function for By<F> {
    /// What saturates is computed by exponential functions.
    const IS_LONG: bool = F::RANGE[1] < f64::INFINITY;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn value<T: Scalar, V: Lanes<T>>(x: V) -> V {
        F::value(x)
    }
}

impl<T: Scalar, C: ArrayLength, K: ArrayLength, F, H, B> WaveLayer<T, C, K, F, H, B> {
    const TENSORS: [Tensor; 5] = [
        Tensor::transposed("conv.weight", Kind::Weight, &[C::USIZE, C::USIZE, K::USIZE]),
        Tensor::new("conv.bias", Kind::Bias, &[C::USIZE]),
        Tensor::transposed("input_mixer.weight", Kind::Weight, &[C::USIZE, 1, 1]),
        Tensor::transposed("1x1.weight", Kind::Weight, &[C::USIZE, C::USIZE, 1]),
        Tensor::new("1x1.bias", Kind::Bias, &[C::USIZE]),
    ];
}

impl<T: Scalar, C: ArrayLength, K: ArrayLength, F: Activation, H: Delays<T>, B> WaveLayer<T, C, K, F, H, B> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn frames<S: Isa>(&self, k: S, frames: Frames<'_, T>, past: &mut H) {
        remembering(past, K::USIZE, |rings| {
            let numbers = Self::COMPOSED.as_ref().map_or(&[][..], |numbers| numbers.values(self));
            let layer: planar::Layer<'_, T, By<F>> =
                planar::Layer { sizes: [C::USIZE, K::USIZE], numbers, frames, rings, of: PhantomData };
            layer.compute::<S, C, K>(k);
        });
    }
}

impl<T, C, K, F, H, B> Part for WaveLayer<T, C, K, F, H, B>
where
    T: Scalar,
    C: ArrayLength,
    K: ArrayLength,
    F: Activation,
    H: Delays<T>,
    B: ArrayLength,
{
    type T = T;
    type In = Vector<B>;
    type Out = Vector<B>;
    /// The frames, room before each channel, and what goes to the head.
    type Work<Inside: Flag> = Both<GenericArray<T, B>, [GenericArray<T, C>; 2]>;
    type State = H;
    type Starts = No;
    type Ends = Open;

    const ABOUT: About = {
        assert!(B::USIZE == 2 * C::USIZE + 1, "channels, sums for the head, and the input");
        let bytes = Tensor::total(&Self::TENSORS).saturating_mul(size_of::<T>());
        let macs = C::USIZE.saturating_mul((K::USIZE + 1).saturating_mul(C::USIZE) + 1);
        About::layer("wavenet layer", B::USIZE, &Self::TENSORS, macs, bytes).with_past(H::FRAMES)
    };
    const ALL_ZERO: Self = Self {
        conv: Plain::ZEROED,
        conv_bias: Plain::ZEROED,
        mixer: Plain::ZEROED,
        out: Plain::ZEROED,
        out_bias: Plain::ZEROED,
        of: PhantomData,
    };
    const NUMBERS: Option<Numbers<Self, T>> = Self::COMPOSED;
    const TURNS: bool = false;
    const LAYOUT: Layout = Layout::Tensors(&Self::TENSORS);

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
        if let Some(x) = x {
            // A layer stands behind others, which spread their channels.
            copy(numbers(x), at.split(arena, rows * B::USIZE).0);
        }
        self.frames(k, Frames::Block(arena, at, rows), past);
        let (y, _) = at.split(arena, rows * (B::USIZE + C::USIZE));
        watch.see(split_mut(y, rows * B::USIZE).0);
        at
    }

    fn describe(at: Place<'_>, each: &mut dyn FnMut(&Module<'_>)) {
        each(&Module { tensors: &Self::TENSORS, ..module::<Self>(at, "wavenet layer") });
    }
}
