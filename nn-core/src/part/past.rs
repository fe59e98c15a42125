//! The last frames of a stream, in a ring.

use super::memory::{Fill, Look, Memory};
use crate::number::Number;
use crate::number::arena::copy;
use crate::number::ring::Ring;
use crate::number::size::{product, sum};
#[cfg(feature = "alloc")]
use crate::number::storage::zeros::{Zeros, all};
use crate::number::storage::{Plain, numbers, numbers_mut};
use core::marker::PhantomData;
use generic_array::{ArrayLength, GenericArray};

/// What a layer remembers of the frames before the present ones: a [`Past`], or nothing, `()`.
pub trait History<T: Number, X: Plain<T>>: Memory {
    /// How many frames.
    const FRAMES: usize;

    /// The frames.
    fn ring(&self) -> Ring<'_, X>;

    /// Forgets as many of the oldest frames as these, which take their place.
    fn push(&mut self, frames: &[X]);

    /// Sets every number of every frame.
    fn fill_with(&mut self, number: T);
}

impl<T: Number, X: Plain<T>> History<T, X> for () {
    const FRAMES: usize = 0;

    #[inline]
    fn ring(&self) -> Ring<'_, X> {
        Ring::new(&[], 0)
    }
    #[inline]
    fn push(&mut self, _frames: &[X]) {}
    #[inline]
    fn fill_with(&mut self, _number: T) {}
}

/// The last `N` frames; zeros before the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Past<T, X, N: ArrayLength> {
    frames: GenericArray<X, N>,
    /// The place of the oldest, which is below `N`.
    oldest: usize,
    of: PhantomData<T>,
}

impl<T: Number, X: Plain<T>, N: ArrayLength> Memory for Past<T, X, N> {
    const NEW: Self = Self { frames: <_ as Plain<T>>::ZEROED, oldest: 0, of: PhantomData };
    /// With the place.
    const BYTES: usize = sum(product(product(N::USIZE, X::LEN), size_of::<T>()), 8);

    fn restart(&mut self) {
        numbers_mut(&mut self.frames).fill(T::ZERO);
        self.oldest = 0;
    }
    fn copy_from(&mut self, other: &Self) {
        copy(numbers(&other.frames), numbers_mut(&mut self.frames));
        self.oldest = other.oldest;
    }
    fn show(&self, to: &mut impl Look) {
        to.numbers(numbers(&self.frames));
        to.place(self.oldest, N::USIZE);
    }
    fn fill(&mut self, from: &mut impl Fill) {
        from.numbers(numbers_mut(&mut self.frames));
        let place = from.place(N::USIZE);
        self.oldest = if place < N::USIZE { place } else { 0 };
    }
    #[cfg(feature = "alloc")]
    const ZEROS: Option<Zeros<Self>> =
        all!(Self { frames: Some(Zeros::block::<T>()), oldest: Some(Zeros::number()), of: Some(Zeros::mark()) });
}

impl<T: Number, X: Plain<T>, N: ArrayLength> History<T, X> for Past<T, X, N> {
    const FRAMES: usize = N::USIZE;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ring(&self) -> Ring<'_, X> {
        Ring::new(&self.frames, self.oldest)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn push(&mut self, frames: &[X]) {
        let mut rest = frames.get(frames.len().saturating_sub(N::USIZE)..).unwrap_or_default();
        while let Some(to) = self.frames.get_mut(self.oldest..).filter(|to| !to.is_empty() && !rest.is_empty()) {
            let count = to.len().min(rest.len());
            let (now, later) = rest.split_at_checked(count).unwrap_or_default();
            copy(numbers(now), numbers_mut(to.get_mut(..count).unwrap_or_default()));
            self.oldest = if count < N::USIZE - self.oldest { self.oldest + count } else { 0 };
            rest = later;
        }
    }

    fn fill_with(&mut self, number: T) {
        numbers_mut(&mut self.frames).fill(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use typenum::U5;

    type Five = Past<f32, [f32; 1], U5>;

    fn all(past: &Five) -> [f32; 5] {
        core::array::from_fn(|at| past.ring().from(5 - at)[0][0])
    }

    #[test]
    fn blocks_of_any_length_leave_the_last_frames() {
        for lengths in [[1, 1, 1, 1, 1, 1, 1], [7, 0, 0, 0, 0, 0, 0], [3, 0, 4, 0, 0, 0, 0], [2, 5, 0, 0, 0, 0, 0]] {
            let (mut past, mut next) = (Five::NEW, 0.0);
            for length in lengths {
                let frames: [[f32; 1]; 7] = core::array::from_fn(|at| [next + at as f32 + 1.0]);
                past.push(&frames[..length]);
                next += length as f32;
            }
            assert_eq!(all(&past), [3.0, 4.0, 5.0, 6.0, 7.0], "{lengths:?}");
        }
    }

    #[test]
    fn a_frame_that_was_forgotten_is_not_there() {
        let mut past = Five::NEW;
        past.push(&[[1.0], [2.0]]);
        assert_eq!(past.ring().from(2), [[1.0], [2.0]]);
        assert_eq!(past.ring().from(5).len(), 3);
        assert!(past.ring().from(6).is_empty());
    }

    /// Sets what it is asked for to what no ring has.
    struct Wrong;

    impl Fill for Wrong {
        fn numbers<T: Number>(&mut self, _: &mut [T]) {}
        fn place(&mut self, len: usize) -> usize {
            len
        }
    }

    #[test]
    fn a_place_outside_of_the_ring_is_not_taken() {
        let mut past = Five::NEW;
        past.push(&[[1.0], [2.0]]);
        past.fill(&mut Wrong);
        assert_eq!(past.oldest, 0);
    }
}
