//! Pooling: the largest or the mean value under a window.

use crate::kernel::pool::{self, Pooling};
use crate::kernel::sliding::Window;
use crate::kernel::{Isa, Scalar};
use crate::number::arena::Flag;
use crate::number::shape::{Places, Row};
use crate::number::storage::numbers::Numbers;
use crate::part::layer::{Backward, Layer};
use crate::part::tensor::Tensor;
use core::marker::PhantomData;

/// The largest value. A NaN is larger than any other, and of equal values the first counts, of NaNs the last, as in PyTorch.
pub struct Max;
/// The mean value; `Padded` says whether places of the padding count, as zeros.
pub struct Mean<Padded>(PhantomData<Padded>);

impl Pooling for Max {
    const IS_MAX: bool = true;
    const COUNTS_PADDING: bool = false;
}
impl<Padded: Flag> Pooling for Mean<Padded> {
    const IS_MAX: bool = false;
    const COUNTS_PADDING: bool = Padded::IS;
}

/// A pool: each channel of an output place is the [`Max`] or the [`Mean`] of that channel under a window. In a declaration,
/// `max_pool(2)` or `avg_pool(3, stride = 1, padding = 1)`; `global_avg_pool` has one window over all places.
///
/// It is PyTorch's `MaxPool1d`, `AvgPool1d` and, over all places, `AdaptiveAvgPool1d(1)` of signals, and `MaxPool2d` and so on of images.
/// What lies outside is never the largest.
///
/// # Shapes
/// Places of `S` in, of `R` out, of the same channels. What the window `G` does not reach has no gradient.
#[doc(alias = "MaxPool1d")]
#[doc(alias = "MaxPool2d")]
#[doc(alias = "AvgPool1d")]
#[doc(alias = "AvgPool2d")]
#[doc(alias = "AdaptiveAvgPool1d")]
pub struct Pool<T, S, R, G, P>(PhantomData<(T, S, R, G, P)>);

crate::layer::stateless! { [T, S, R, G, P] Pool<T, S, R, G, P> }

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling> Layer for Pool<T, S, R, G, P> {
    type T = T;
    type In = S;
    type Out = R;
    const ZEROED: Self = Self(PhantomData);
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::none(&Self(PhantomData)));
    const LABEL: &'static str = match (P::IS_MAX, G::TAPS[0] * G::TAPS[1] == S::SIZE[0] * S::SIZE[1] && R::AXES == 0) {
        (true, true) => "global_max_pool",
        (true, false) => "max_pool",
        (false, true) => "global_avg_pool",
        (false, false) => "avg_pool",
    };
    const MULTIPLIES: usize = 0;
    const TENSORS: &'static [Tensor] = &[];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<K: Isa>(&self, k: K, x: &[Row<T, S>], y: &mut [Row<T, R>]) {
        // y[place] = max x[place · stride + tap · dilation - padding], or the mean
        pool::forward::<T, K, S, R, G, P>(k, x, y);
    }
}

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling> Backward for Pool<T, S, R, G, P> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_rows<K: Isa>(
        &self,
        k: K,
        x: &[Row<T, S>],
        dy: &[Row<T, R>],
        dx: Option<&mut [Row<T, S>]>,
        _: &mut Self,
    ) {
        if let Some(dx) = dx {
            // dx of the largest = Σ dy, or of every tap Σ dy / count
            pool::backward::<T, K, S, R, G, P>(k, x, dy, dx);
        }
    }
}
