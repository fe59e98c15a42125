//! The last frames of a stream, a ring for each channel.

use super::memory::{Fill, Look, Memory};
use crate::number::Number;
use crate::number::arena::{Flag, No, Yes, copy};
use crate::number::size::{product, sum};
#[cfg(feature = "alloc")]
use crate::number::storage::zeros::{Zeros, all};
use crate::number::storage::{Plain, numbers, numbers_mut};
use generic_array::{ArrayLength, GenericArray};

/// What a layer remembers of the channels before the present frames: a [`Delay`], or nothing, `()`.
pub trait Delays<T: Number>: Memory {
    /// Whether it remembers any.
    type Remembers: Flag;
    /// How many frames.
    const FRAMES: usize;

    /// The rings of all channels, one after another, and the place of the oldest frame in each.
    fn rings(&self) -> (&[T], usize);

    /// Lets `work` change them, and the place, which is to stay below the number of frames.
    fn change(&mut self, work: impl FnOnce(&mut [T], &mut usize));
}

impl<T: Number> Delays<T> for () {
    type Remembers = No;
    const FRAMES: usize = 0;

    #[inline]
    fn rings(&self) -> (&[T], usize) {
        (&[], 0)
    }
    #[inline]
    fn change(&mut self, work: impl FnOnce(&mut [T], &mut usize)) {
        work(&mut [], &mut 0);
    }
}

/// The last `N` frames of `C` channels; zeros before the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Delay<T, C: ArrayLength, N: ArrayLength> {
    channels: GenericArray<GenericArray<T, N>, C>,
    /// The place of the oldest frame, which is below `N`.
    oldest: usize,
}

impl<T: Number, C: ArrayLength, N: ArrayLength> Memory for Delay<T, C, N> {
    const NEW: Self = Self { channels: <_ as Plain<T>>::ZEROED, oldest: 0 };
    /// With the place.
    const BYTES: usize = sum(product(product(N::USIZE, C::USIZE), size_of::<T>()), 8);

    fn restart(&mut self) {
        numbers_mut(&mut self.channels).fill(T::ZERO);
        self.oldest = 0;
    }
    fn copy_from(&mut self, other: &Self) {
        copy::<T>(numbers(&other.channels), numbers_mut(&mut self.channels));
        self.oldest = other.oldest;
    }
    fn show(&self, to: &mut impl Look) {
        to.numbers::<T>(numbers(&self.channels));
        to.place(self.oldest, N::USIZE);
    }
    fn fill(&mut self, from: &mut impl Fill) {
        from.numbers::<T>(numbers_mut(&mut self.channels));
        let place = from.place(N::USIZE);
        self.oldest = if place < N::USIZE { place } else { 0 };
    }
    #[cfg(feature = "alloc")]
    const ZEROS: Option<Zeros<Self>> =
        all!(Self { channels: Some(Zeros::block::<T>()), oldest: Some(Zeros::number()) });
}

impl<T: Number, C: ArrayLength, N: ArrayLength> Delays<T> for Delay<T, C, N> {
    type Remembers = Yes;
    const FRAMES: usize = N::USIZE;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rings(&self) -> (&[T], usize) {
        (numbers(&self.channels), self.oldest)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn change(&mut self, work: impl FnOnce(&mut [T], &mut usize)) {
        work(numbers_mut(&mut self.channels), &mut self.oldest);
    }
}
