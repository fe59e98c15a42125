//! The gradient by the bias of a convolution.

use super::vectors;
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::Lanes;
use crate::kernel::planar::write;
use crate::kernel::scalar::Scalar;
use crate::number::shape::{Places, Row};
use crate::number::storage::Plain;
use core::marker::PhantomData;
use typenum::Unsigned;

/// `bias += Σ dy[place]`, place after place. Nothing if there is no bias.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sum_places<T: Scalar, K: Isa, R: Places>(k: K, dy: &[Row<T, R>], bias: &mut [T]) {
    if bias.len() == R::Channels::USIZE {
        k.call(SumPlaces::<T, R> { dy, bias, shape: PhantomData });
    }
}

struct SumPlaces<'a, T: Scalar, R: Places> {
    dy: &'a [Row<T, R>],
    bias: &'a mut [T],
    shape: PhantomData<R>,
}

impl<T: Scalar, R: Places> Task for SumPlaces<'_, T, R> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        self.by_lanes::<K::V<T>>();
    }
}

impl<T: Scalar, R: Places> SumPlaces<'_, T, R> {
    /// In the shortest vectors that have lanes for all channels.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn by_lanes<V: Lanes<T>>(self) {
        let channels = R::Channels::USIZE;
        if const { V::LEN > 1 && <V::Half as Lanes<T>>::LEN > 1 && R::Channels::USIZE <= V::LEN / 2 } {
            return self.by_lanes::<V::Half>();
        }
        let mut channel = 0;
        while channel < channels {
            let lanes = V::LEN.min(channels - channel);
            // SAFETY: `bias` has so many channels, and so has each place of `dy`.
            unsafe {
                let bias = self.bias.as_mut_ptr().add(channel);
                let [mut sum] = vectors::<T, V, 1>(bias, lanes);
                for dy in self.dy {
                    let places = dy.values().as_ptr().add(channel);
                    for place in 0..const { R::SIZE[0] * R::SIZE[1] } {
                        let [slopes] = vectors::<T, V, 1>(places.add(place * channels), lanes);
                        sum = sum + slopes;
                    }
                }
                write(sum, bias, lanes);
            }
            channel += V::LEN;
        }
    }
}
