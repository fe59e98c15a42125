//! The convolution over a signal or an image.

use super::arrays::arrays;
use super::pooled::RowByRow;
use crate::activation::Identity;
use crate::kernel::sliding::{Level, Window};
use crate::kernel::{Isa, Scalar, spatial};
use crate::number::arena::{Flag, copy};
use crate::number::shape::{Places, Row};
use crate::number::storage::numbers::Numbers;
use crate::number::storage::{Plain, storage};
use crate::part::by_rows::Convolves;
use crate::part::layer::{Backward, Layer};
use crate::part::tensor::{Kind, Tensor};
use core::marker::PhantomData;
use core::slice;
use generic_array::{ArrayLength, GenericArray};
use typenum::Unsigned;

/// A convolution: each output place is a weighted sum of the places under a window, `y[p] = bias + Σ x[p · stride + tap · dilation -
/// padding] · weights[tap]`, where what lies outside counts as zero. In a declaration, `conv(8, 3, stride = 2, padding = 1)`.
///
/// It is PyTorch's `Conv1d` over a signal and its `Conv2d` over an image, where a tap has a row and a column; its `weight`
/// `[R, S / groups, taps]`, or `[…, rows, columns]`, is stored the other way round. Of a convolution in
/// groups each group of outputs sees one of the inputs, `I` of them; with a group for each input it is depthwise.
///
/// Each sum begins with the bias; then come the taps, and of each the inputs. Where a tap has four inputs or more, they are dealt
/// out to two or four sums, which are added in the end. `padding = causal` has the bits of the same convolution in a stream.
///
/// # Shapes
/// Places of `S` in, of `R` out; `K` taps, under the window `G`. What the padding after the last place is, follows from `R`.
#[doc(alias = "Conv1d")]
#[doc(alias = "Conv2d")]
#[repr(C)]
pub struct Conv<T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, Biased: Flag, G> {
    /// `weights[tap][input][output]`; the taps of an image column by column.
    pub weights: GenericArray<GenericArray<GenericArray<T, R::Channels>, I>, K>,
    /// `bias[output]`.
    pub bias: Biased::Then<T, GenericArray<T, R::Channels>>,
    window: PhantomData<(S, G)>,
}

storage! {
    [T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, B: Flag, G] Conv<T, S, R, I, K, B, G> as T = {
        weights: Some(Numbers::of()), bias: Some(Numbers::of()), window: Some(Numbers::none(&PhantomData))
    }
}

arrays! { [T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, B: Flag, G] Conv<T, S, R, I, K, B, G> }

impl<T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, B: Flag, G> Conv<T, S, R, I, K, B, G> {
    /// The convolution of these numbers.
    pub(super) const fn of(
        weights: GenericArray<GenericArray<GenericArray<T, R::Channels>, I>, K>,
        bias: B::Then<T, GenericArray<T, R::Channels>>,
    ) -> Self {
        Self { weights, bias, window: PhantomData }
    }

    const LABEL: &'static str = match (I::USIZE == 1 && S::Channels::USIZE > 1, B::IS) {
        (false, true) => "conv",
        (false, false) => "conv, no bias",
        (true, true) => "depthwise",
        (true, false) => "depthwise, no bias",
    };
}

impl<T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, B: Flag, G: Window> Conv<T, S, R, I, K, B, G> {
    /// The taps of a signal lie in a row.
    const SHAPE: &'static [usize] = match S::AXES {
        2 => &[R::Channels::USIZE, I::USIZE, G::TAPS[0], G::TAPS[1]],
        _ => &[R::Channels::USIZE, I::USIZE, K::USIZE],
    };
    const ALL: [Tensor; 2] = [
        Tensor::transposed("weight", Kind::Weight, Self::SHAPE),
        Tensor::new("bias", Kind::Bias, &[R::Channels::USIZE]),
    ];
}

// Whatever the shapes are, which a derive would ask for the same.
impl<T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, B: Flag, G> Clone for Conv<T, S, R, I, K, B, G> {
    fn clone(&self) -> Self {
        let mut clone = Self { weights: Plain::ZEROED, bias: Plain::ZEROED, window: PhantomData };
        copy(self.weights.values(), clone.weights.values_mut());
        copy(self.bias.values(), clone.bias.values_mut());
        clone
    }
}

impl<T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, B: Flag, G> PartialEq
    for Conv<T, S, R, I, K, B, G>
{
    fn eq(&self, other: &Self) -> bool {
        self.weights == other.weights && self.bias.values() == other.bias.values()
    }
}

impl<T: Scalar, S: Places, R: Places, I: ArrayLength, K: ArrayLength, B: Flag, G> core::fmt::Debug
    for Conv<T, S, R, I, K, B, G>
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct(Self::LABEL).field("weights", &self.weights).field("bias", &self.bias.values()).finish()
    }
}

impl<T, S, R, I, K, B, G> Layer for Conv<T, S, R, I, K, B, G>
where
    T: Scalar,
    S: Places,
    R: Places,
    I: ArrayLength,
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
    const MULTIPLIES: usize = R::LEN.saturating_mul(I::USIZE).saturating_mul(K::USIZE);
    const TENSORS: &'static [Tensor] = const { &Self::ALL }.split_at(if B::IS { 2 } else { 1 }).0;
    const FANS: [usize; 2] = {
        let groups = S::Channels::USIZE / I::USIZE;
        [I::USIZE * K::USIZE, R::Channels::USIZE / groups * K::USIZE]
    };

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<Set: Isa>(&self, k: Set, x: &[Row<T, S>], y: &mut [Row<T, R>]) {
        // y[p] = bias + Σ x[p · stride + tap · dilation - padding] · weights[tap]
        spatial::forward::<T, Set, S, R, _, G>(k, x, &self.weights, self.bias.values(), y);
    }
}

impl<T, S, R, I, K, B, G, const SPAN: usize> Convolves<SPAN> for Conv<T, S, R, I, K, B, G>
where
    T: Scalar,
    S: Places,
    R: Places,
    I: ArrayLength,
    K: ArrayLength,
    B: Flag,
    G: Window,
{
    type Rows = Row<T, S::Rows<SPAN>>;
    type Line = Row<T, R::Rows<1>>;
    const GOES: [usize; 2] = {
        assert!(S::AXES == 2 && SPAN == (G::TAPS[0] - 1) * G::DILATION[0] + 1, "so many rows are under a window");
        [G::STRIDE[0], G::PADDING[0]]
    };

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn line<Set: Isa>(&self, k: Set, rows: &Self::Rows, line: &mut Self::Line) {
        let (rows, line) = (slice::from_ref(rows), slice::from_mut(line));
        spatial::forward::<T, Set, S::Rows<SPAN>, R::Rows<1>, _, Level<G>>(
            k,
            rows,
            &self.weights,
            self.bias.values(),
            line,
        );
    }
}

impl<T, S, R, I, K, B, G> RowByRow for Conv<T, S, R, I, K, B, G>
where
    T: Scalar,
    S: Places,
    R: Places,
    I: ArrayLength,
    K: ArrayLength,
    B: Flag,
    G: Window,
{
    type Then = Identity;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn some_rows<Set: Isa, N: Places, Band: Places>(&self, x: &Row<T, S>, rows: [usize; 2], y: &mut [T]) {
        spatial::rows::<T, Set::V<T>, S, N, Band, _, G>(x, &self.weights, self.bias.values(), rows, y);
    }
}

impl<T, S, R, I, K, B, G> Backward for Conv<T, S, R, I, K, B, G>
where
    T: Scalar,
    S: Places,
    R: Places,
    I: ArrayLength,
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
        // weights[tap] += Σ x[…]ᵀ · dy[p]; dx[…] = Σ dy[p] · weights[tap]ᵀ
        spatial::backward::<T, Set, S, R, _, G>(k, x, &self.weights, dy, dx, &mut gradient.weights);
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
