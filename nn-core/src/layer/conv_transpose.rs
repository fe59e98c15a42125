//! The transposed convolution over a signal or an image.

use super::arrays::arrays;
use crate::kernel::sliding::Window;
use crate::kernel::{Isa, Scalar, spatial};
use crate::number::arena::{Flag, copy};
use crate::number::shape::{Places, Row};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Plain, storage};
use crate::part::layer::{Backward, Layer};
use crate::part::tensor::{Kind, Tensor};
use core::marker::PhantomData;
use generic_array::{ArrayLength, GenericArray};
use typenum::Unsigned;

/// A convolution turned round: each input place adds its share to the output places under a window, `y[p · stride + tap · dilation -
/// padding] += x[p] · weights[tap]`, which begin with the bias. In a declaration, `conv_transpose(8, 4, stride = 2, padding = 1)`.
///
/// It is PyTorch's `ConvTranspose1d` over a signal and its `ConvTranspose2d` over an image; its `weight` `[S, R / groups, taps]`, or
/// `[…, rows, columns]`, is stored the other way round. It is the gradient of a convolution from `R` to `S` by its input, and its own
/// gradient by the input is that convolution.
///
/// # Shapes
/// Places of `S` in, of `R` out; `K` taps, under the window `G`, which slides over `R`. Of a convolution in groups each group of inputs
/// gives one of the outputs, `O` of them. How many places the output has beyond the last window, `output_padding`, follows from `R`.
#[doc(alias = "ConvTranspose1d")]
#[doc(alias = "ConvTranspose2d")]
#[repr(C)]
pub struct ConvTranspose<T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, Biased: Flag, G> {
    /// `weights[tap][output][input]`; the taps of an image column by column.
    pub weights: GenericArray<GenericArray<GenericArray<T, S::Channels>, O>, K>,
    /// `bias[output]`.
    pub bias: Biased::Then<T, GenericArray<T, R::Channels>>,
    window: PhantomData<(R, G)>,
}

storage! {
    [T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, B: Flag, G]
    ConvTranspose<T, S, R, O, K, B, G> as T = {
        weights: Some(Numbers::of()), bias: Some(Numbers::of()), window: Some(Numbers::none(&PhantomData))
    }
}

arrays! { [T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, B: Flag, G] ConvTranspose<T, S, R, O, K, B, G> }

impl<T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, B: Flag, G> ConvTranspose<T, S, R, O, K, B, G> {
    const LABEL: &'static str = if B::IS { "conv_transpose" } else { "conv_transpose, no bias" };
    const GROUPS: usize = R::Channels::USIZE / O::USIZE;
    /// How many inputs a group has.
    const OF_INPUTS: usize = {
        assert!(Self::GROUPS > 0 && Self::GROUPS * O::USIZE == R::Channels::USIZE, "groups divide the outputs");
        assert!(S::Channels::USIZE.is_multiple_of(Self::GROUPS), "groups divide the inputs");
        S::Channels::USIZE / Self::GROUPS
    };
}

impl<T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, B: Flag, G: Window>
    ConvTranspose<T, S, R, O, K, B, G>
{
    /// The taps of a signal lie in a row.
    const SHAPE: &'static [usize] = match S::AXES {
        2 => &[S::Channels::USIZE, O::USIZE, G::TAPS[0], G::TAPS[1]],
        _ => &[S::Channels::USIZE, O::USIZE, K::USIZE],
    };
    const ALL: [Tensor; 2] = [
        Tensor::transposed("weight", Kind::Weight, Self::SHAPE),
        Tensor::new("bias", Kind::Bias, &[R::Channels::USIZE]),
    ];
}

// Whatever the shapes are, which a derive would ask for the same.
impl<T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, B: Flag, G> Clone
    for ConvTranspose<T, S, R, O, K, B, G>
{
    fn clone(&self) -> Self {
        let mut clone = Self { weights: Plain::ZEROED, bias: Plain::ZEROED, window: PhantomData };
        copy(self.weights.values(), clone.weights.values_mut());
        copy(self.bias.values(), clone.bias.values_mut());
        clone
    }
}

impl<T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, B: Flag, G> PartialEq
    for ConvTranspose<T, S, R, O, K, B, G>
{
    fn eq(&self, other: &Self) -> bool {
        self.weights == other.weights && self.bias.values() == other.bias.values()
    }
}

impl<T: Scalar, S: Places, R: Places, O: ArrayLength, K: ArrayLength, B: Flag, G> core::fmt::Debug
    for ConvTranspose<T, S, R, O, K, B, G>
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct(Self::LABEL).field("weights", &self.weights).field("bias", &self.bias.values()).finish()
    }
}

impl<T, S, R, O, K, B, G> Layer for ConvTranspose<T, S, R, O, K, B, G>
where
    T: Scalar,
    S: Places,
    R: Places,
    O: ArrayLength,
    K: ArrayLength,
    B: Flag,
    G: Window,
{
    type T = T;
    type In = S;
    type Out = R;
    const ZEROED: Self = Self { weights: Plain::ZEROED, bias: Plain::ZEROED, window: PhantomData };
    const NUMBERS: Option<Numbers<Self, T>> = Self::COMPOSED;
    const LABEL: &'static str = Self::LABEL;
    const MULTIPLIES: usize = S::LEN.saturating_mul(O::USIZE).saturating_mul(K::USIZE);
    const TENSORS: &'static [Tensor] = const { &Self::ALL }.split_at(if B::IS { 2 } else { 1 }).0;
    /// Of the taps an output place meets one of each stride.
    const FANS: [usize; 2] = {
        let met = K::USIZE / (G::STRIDE[0] * G::STRIDE[1]);
        [Self::OF_INPUTS * if met > 1 { met } else { 1 }, O::USIZE * K::USIZE]
    };

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<Set: Isa>(&self, k: Set, x: &[Row<T, S>], y: &mut [Row<T, R>]) {
        // y[p · stride + tap · dilation - padding] = bias + Σ x[p] · weights[tap]ᵀ
        spatial::transposed::<T, Set, S, R, _, G>(k, x, &self.weights, self.bias.values(), y);
    }
}

impl<T, S, R, O, K, B, G> Backward for ConvTranspose<T, S, R, O, K, B, G>
where
    T: Scalar,
    S: Places,
    R: Places,
    O: ArrayLength,
    K: ArrayLength,
    B: Flag,
    G: Window,
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_rows<Set: Isa>(
        &self,
        k: Set,
        x: &[Row<T, S>],
        dy: &[Row<T, R>],
        dx: Option<&mut [Row<T, S>]>,
        gradient: &mut Self,
    ) {
        // bias += Σ dy[p]
        spatial::sum_places::<T, Set, R>(k, dy, gradient.bias.values_mut());
        // weights[tap] += Σ dy[…]ᵀ · x[p], as of the convolution from `R` to `S` whose output has the gradient `x`
        spatial::backward::<T, Set, R, S, _, G>(k, dy, &self.weights, x, None, &mut gradient.weights);
        // dx[p] = Σ dy[p · stride + tap · dilation - padding] · weights[tap]
        if let Some(dx) = dx {
            spatial::forward::<T, Set, R, S, _, G>(k, dy, &self.weights, &[], dx);
        }
    }

    #[inline]
    fn tensors<const N: usize>(mut all: [&mut Self; N], each: &mut impl FnMut([&mut [T]; N])) {
        each(all.each_mut().map(|conv| conv.weights.values_mut()));
        if B::IS {
            each(all.map(|conv| conv.bias.values_mut()));
        }
    }

    #[inline]
    fn read_tensors(&self, each: &mut impl FnMut(&[T])) {
        each(self.weights.values());
        if B::IS {
            each(self.bias.values());
        }
    }
}
