//! Upsampling by straight lines between places.

use crate::kernel::{Isa, Scalar};
use crate::number::shape::{Places, Row};
use crate::number::storage::Plain;
use crate::number::storage::numbers::Numbers;
use crate::part::layer::{Backward, Layer};
use crate::part::tensor::Tensor;
use crate::text::Text;
use core::marker::PhantomData;
use generic_array::GenericArray;

/// `N` places for each along each axis, on straight lines between the centres of neighbours; beyond the outermost centres their values.
/// In a declaration, `upsample(2, linear)` over a signal and `upsample(2, bilinear)` over an image.
///
/// It is PyTorch's `Upsample(scale_factor=n, mode="linear")` and `"bilinear"`, where `align_corners` is false.
///
/// # Shapes
/// Places of `S` in; `N` times as many of `R` along each axis out, of the same channels.
pub struct LinearUpsample<T, S, R, const N: usize>(PhantomData<(T, S, R)>);

crate::layer::stateless! { [T, S, R, const N: usize] LinearUpsample<T, S, R, N> }

type Channels<T, S> = GenericArray<T, <S as Places>::Channels>;

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, const N: usize> LinearUpsample<T, S, R, N> {
    /// How many neighbours an output has; a signal has one row.
    const NEIGHBOURS: usize = if S::AXES > 1 { 4 } else { 2 };

    /// Of an output along an axis of so many places: the neighbour before it and the one after it, each with its share.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn between(output: usize, places: usize) -> [(usize, T); 2] {
        // Its centre is at (output + 1/2) / N - 1/2, which is so many parts of 2N.
        let parts = (2 * output + 1).saturating_sub(N);
        let (before, after) = (parts / (2 * N), parts / (2 * N) + 1);
        let share = T::from_u64((parts % (2 * N)) as u64) / T::from_u64(2 * N as u64);
        [(before, T::ONE - share), (if after < places { after } else { before }, share)]
    }

    /// The places that an output lies between, each with its share.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn neighbours(output: usize) -> impl Iterator<Item = (usize, T)> {
        let [rows, columns] = if S::AXES > 1 {
            [Self::between(output / R::SIZE[1], S::SIZE[0]), Self::between(output % R::SIZE[1], S::SIZE[1])]
        } else {
            [[(0, T::ONE); 2], Self::between(output, S::SIZE[1])]
        };
        let all = rows.into_iter().flat_map(move |(row, down)| {
            columns.into_iter().map(move |(column, right)| (row * S::SIZE[1] + column, down * right))
        });
        all.take(Self::NEIGHBOURS)
    }
}

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, const N: usize> Layer for LinearUpsample<T, S, R, N> {
    type T = T;
    type In = S;
    type Out = R;
    const ZEROED: Self = Self(PhantomData);
    const NUMBERS: Option<Numbers<Self, T>> = Some(Numbers::none(&Self(PhantomData)));
    const LABEL: &'static str = match S::AXES {
        2 => const { &Text::EMPTY.and("upsample ").digits(N as u64).and(", bilinear") }.text(),
        _ => const { &Text::EMPTY.and("upsample ").digits(N as u64).and(", linear") }.text(),
    };
    const MULTIPLIES: usize = 0;
    const TENSORS: &'static [Tensor] = &[];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<T, S>], y: &mut [Row<T, R>]) {
        for (x, y) in x.iter().zip(y) {
            let x = <Channels<T, S>>::blocks(x.values());
            for (output, y) in <Channels<T, R>>::blocks_mut(y.values_mut()).iter_mut().enumerate() {
                // y = Σ x of each neighbour · its share
                y.fill(T::ZERO);
                for (place, share) in Self::neighbours(output) {
                    y.iter_mut().zip(x.get(place).into_iter().flatten()).for_each(|(y, x)| *y += *x * share);
                }
            }
        }
    }
}

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, const N: usize> Backward for LinearUpsample<T, S, R, N> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward_rows<K: Isa>(
        &self,
        _: K,
        _: &[Row<T, S>],
        dy: &[Row<T, R>],
        dx: Option<&mut [Row<T, S>]>,
        _: &mut Self,
    ) {
        for (dx, dy) in dx.into_iter().flatten().zip(dy) {
            dx.values_mut().fill(T::ZERO);
            let dx = <Channels<T, S>>::blocks_mut(dx.values_mut());
            for (output, dy) in <Channels<T, R>>::blocks(dy.values()).iter().enumerate() {
                // dx of each neighbour += dy · its share
                for (place, share) in Self::neighbours(output) {
                    dx.get_mut(place).into_iter().flatten().zip(dy).for_each(|(dx, dy)| *dx += *dy * share);
                }
            }
        }
    }
}
