//! Pooling: the largest or the mean value under a window.

use crate::kernel::pool::{self, Pooling};
use crate::kernel::sliding::{Axis, Run, Window};
use crate::kernel::{Isa, Scalar};
use crate::number::arena::Flag;
use crate::number::shape::{Places, Row};
use crate::number::storage::Plain;
use crate::number::storage::numbers::Numbers;
use crate::part::layer::{Backward, Layer};
use crate::part::tensor::Tensor;
use core::marker::PhantomData;
use generic_array::GenericArray;

/// The largest value. A NaN is larger than any other, and of equal values the first counts, as in PyTorch.
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

type Channels<T, S> = GenericArray<T, <S as Places>::Channels>;

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling> Pool<T, S, R, G, P> {
    const ROWS: Axis = Axis::of::<G>(0, S::SIZE, R::SIZE);
    const COLS: Axis = Axis::of::<G>(1, S::SIZE, R::SIZE);

    /// Calls `each` with every output place, the taps of its window that meet a place, and by what their sum is divided.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn windows(mut each: impl FnMut(usize, [Run; 2], T)) {
        for output in 0..R::SIZE[0] * R::SIZE[1] {
            let (rows, cols) = (Self::ROWS.run(output / R::SIZE[1]), Self::COLS.run(output % R::SIZE[1]));
            if let (Some(rows), Some(cols)) = (rows, cols) {
                let count = if P::COUNTS_PADDING { G::TAPS[0] * G::TAPS[1] } else { rows.taps * cols.taps };
                each(output, [rows, cols], T::from_u64(count as u64));
            }
        }
    }

    /// The places that these taps meet.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn places([rows, cols]: [Run; 2]) -> impl Iterator<Item = usize> {
        (0..rows.taps).flat_map(move |down| {
            let row = (rows.place + down * G::DILATION[0]) * S::SIZE[1] + cols.place;
            (0..cols.taps).map(move |right| row + right * G::DILATION[1])
        })
    }
}

/// Whether `x` takes the place of the largest so far.
#[cfg_attr(not(debug_assertions), inline(always))]
fn is_larger<T: Scalar>(x: T, largest: T) -> bool {
    x > largest || (x.partial_cmp(&x).is_none() && largest.partial_cmp(&largest).is_some())
}

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
        _: K,
        x: &[Row<T, S>],
        dy: &[Row<T, R>],
        dx: Option<&mut [Row<T, S>]>,
        _: &mut Self,
    ) {
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx.into_iter().flatten()) {
            let (x, dy) = (<Channels<T, S>>::blocks(x.values()), <Channels<T, R>>::blocks(dy.values()));
            let dx = <Channels<T, S>>::blocks_mut(dx.values_mut());
            dx.iter_mut().flatten().for_each(|dx| *dx = T::ZERO);
            Self::windows(|output, window, count| {
                for (channel, dy) in dy.get(output).into_iter().flatten().enumerate() {
                    let x = |place: usize| x.get(place).and_then(|x| x.get(channel)).copied();
                    let mut add = |place: usize, dy: T| {
                        if let Some(dx) = dx.get_mut(place).and_then(|dx| dx.get_mut(channel)) {
                            *dx += dy;
                        }
                    };
                    if P::IS_MAX {
                        // dx of the largest += dy
                        let largest = Self::places(window).reduce(|largest, place| match (x(largest), x(place)) {
                            (Some(so_far), Some(x)) if is_larger(x, so_far) => place,
                            _ => largest,
                        });
                        largest.into_iter().for_each(|place| add(place, *dy));
                    } else {
                        // dx of every tap += dy / count
                        Self::places(window).for_each(|place| add(place, *dy / count));
                    }
                }
            });
        }
    }
}
