//! A convolution over one channel with few outputs: two places side by side are in the lanes by turns, which are full then. The bits are
//! those of one place at a time.

use super::sizes::{Sizes, longest};
use super::{Sums, Taps};
use crate::kernel::lanes::Lanes;
use crate::kernel::scalar::Scalar;
use crate::kernel::sliding::Window;
use crate::number::shape::Places;
use crate::number::storage::Plain;
use core::hint::black_box;
use typenum::Unsigned;

impl<T: Scalar, S: Places, R: Places, W: Plain<T>, G: Window> Sizes<T, S, R, W, G> {
    /// Whether two places fill a vector, which reads them side by side.
    pub(super) const fn are_pairs<V: Lanes<T>>() -> bool {
        let fill = V::LEN / 4 < Self::COLUMNS && Self::COLUMNS <= V::LEN / 2;
        V::HAS_TURNS && fill && Self::INPUTS == 1 && G::STRIDE[1] == 1 && longest(Self::COLS) > 1
    }

    /// How many pairs are computed together.
    const fn tile_of_pairs<V: Lanes<T>>() -> usize {
        let pairs = longest(Self::COLS).div_ceil(2);
        pairs.div_ceil(pairs.div_ceil(Self::most(V::LEN, 1)))
    }
}

impl<T: Scalar, S: Places, R: Places, B: Places, W: Plain<T>, G: Window> Sums<'_, T, S, R, B, W, G> {
    /// So many places of a row.
    ///
    /// # Safety
    /// As [`line`](Self::line).
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) unsafe fn line_of_pairs<V: Lanes<T>>(&self, taps: Taps<T>, y: *mut T, len: usize) {
        macro_rules! tiles {
            ($($M:literal)+) => {$(
                if const { Sizes::<T, S, R, W, G>::tile_of_pairs::<V>() == $M } {
                    // SAFETY: the caller's promise.
                    return unsafe { self.tiles_of_pairs::<V, $M>(taps, y, len) };
                }
            )+};
        }
        tiles!(1 2 3 4 5 6 7 8 9 10 11 12 13 14);
    }

    /// The same, `M` pairs at a time, or what is left with some of those before it again.
    ///
    /// # Safety
    /// As [`line`](Self::line).
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn tiles_of_pairs<V: Lanes<T>, const M: usize>(&self, taps: Taps<T>, y: *mut T, len: usize) {
        let mut at = 0;
        // Where the compiler knows how many there are, it computes the places one by one.
        let mut taps = taps;
        taps.rows.taps = black_box(taps.rows.taps);
        while at < len {
            let each = if len >= 2 * M { 2 * M } else { len.min(2) };
            let first = at.min(len - each);
            let (taps, y) =
                (Taps { x: taps.x.wrapping_add(first), ..taps }, y.wrapping_add(first * R::Channels::USIZE));
            // SAFETY: the caller's promise; so many places are from the first on.
            unsafe {
                if each > 2 {
                    self.pairs::<V, M>(taps, y);
                } else if each == 2 {
                    self.pairs::<V, 1>(taps, y);
                } else {
                    self.places::<V::Half, 1, false>(taps, y);
                }
            }
            at += each;
        }
    }

    /// `M` pairs of places.
    ///
    /// # Safety
    /// The taps meet places for all of them, side by side; `y` has as many.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn pairs<V: Lanes<T>, const M: usize>(&self, taps: Taps<T>, y: *mut T) {
        let outputs = R::Channels::USIZE;
        let mut sums = [V::splat(T::ZERO); M];
        // SAFETY: biases and rows of weights have `outputs` numbers, of which a vector has room for two each; the caller promises the
        // places.
        unsafe {
            if !self.bias.is_empty() {
                sums = [V::read_twice(self.bias.as_ptr(), outputs); M];
            }
            for row in 0..taps.rows.taps {
                for col in 0..taps.cols.taps {
                    let tap = (taps.cols.tap + col) * G::TAPS[0] + taps.rows.tap + row;
                    let weights = V::read_twice(self.weights.as_ptr().add(tap).cast(), outputs);
                    let x = taps.x.add(
                        row * const { Sizes::<T, S, R, W, G>::DOWN } + col * const { Sizes::<T, S, R, W, G>::RIGHT },
                    );
                    for (m, sum) in sums.iter_mut().enumerate() {
                        *sum = V::read_two(x.add(2 * m)).mul_add(weights, *sum);
                    }
                }
            }
            for (m, sum) in sums.into_iter().enumerate() {
                sum.write_by_turns(y.add(2 * m * outputs), outputs);
            }
        }
    }
}
