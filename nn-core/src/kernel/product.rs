//! Sums of products: the one loop of all dense layers, forward and backward.
#![allow(unsafe_code)]

mod dots;
mod lines;
mod plain;
mod row;
mod tile;

use super::isa::{Isa, Task};
pub use super::jobs::{Product, Promised, Start};
use super::lanes::Lanes;
use super::scalar::Scalar;
use core::marker::PhantomData;
pub(super) use tile::least;

/// So many sums are computed at a time: as many as keep two units busy that take four cycles each.
const SUMS: usize = 8;
/// From so many columns on, one row is computed in one pass over `b`, which is read in the order of memory.
const WIDE: usize = 64;
/// From so many terms on, a single column is computed as a dot product, in so many parts.
pub(super) const LONG: usize = 16;

/// In how many parts a sum is computed: enough to fill the units where there are few columns.
pub const fn parts(terms: usize, columns: usize) -> usize {
    let most = if columns >= WIDE {
        1
    } else if columns >= 32 {
        2
    } else {
        4
    };
    match terms / 2 {
        0 | 1 => 1,
        2 | 3 if most > 2 => 2,
        _ => most,
    }
}

impl<T: Scalar> Product<T> {
    /// Computes it.
    ///
    /// # Safety
    /// All elements of `a`, `b` and the row of `start` can be read, and those of `c` written, which overlaps with none of
    /// them. With [`Start::Sum`] there is one part.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub unsafe fn compute<K: Isa, V: Lanes<T>>(self, k: K) {
        // SAFETY: the caller's promise; in the last two there are columns for a vector.
        unsafe {
            if self.is_of_dots() {
                return self.dots::<V>();
            }
            if row::is_few::<T, V>(self.columns) && self.rows == 1 && self.lies_side_by_side() {
                return self.few::<V>();
            }
            let least = if self.rows == 1 { V::LEN } else { least::<T, V>() };
            if const { V::LEN > 1 } && self.columns < least {
                return self.compute::<K, V::Half>(k);
            }
            if self.rows == 1 {
                self.row::<K, V>(k);
            } else {
                self.panels::<K, V>(k);
            }
        }
    }

    /// Whether the rows of `a` and all of `b` lie side by side, and are multiplied for their own sake.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn lies_side_by_side(&self) -> bool {
        self.a.2 == 1 && self.b.1 == self.columns && !matches!(self.start, Start::Sum)
    }

    /// Whether it is one column of dot products.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn is_of_dots(&self) -> bool {
        self.columns == 1 && self.terms >= LONG && self.lies_side_by_side()
    }

    /// The columns of the `J` vectors from vector `at` on. The last one overlaps with that before it, if there are columns
    /// left over; only the last is compared with the end, so that the others have addresses with a constant between them.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn columns_of<V: Lanes<T>, const J: usize>(&self, at: usize) -> [usize; J] {
        let mut columns = [0; J];
        for (j, column) in columns.iter_mut().enumerate() {
            *column = (at + j) * V::LEN;
            if j + 1 == J {
                *column = (*column).min(self.columns.saturating_sub(V::LEN));
            }
        }
        columns
    }

    /// Writes sums; adds them to what is there, if so wanted. All is read before anything is written, because vectors may
    /// overlap.
    ///
    /// # Safety
    /// A vector can be read and written at each of `columns` from `c` on.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) unsafe fn finish<V: Lanes<T>, const J: usize>(
        &self,
        sums: [V; J],
        c: *mut T,
        columns: [usize; J],
        adds: bool,
    ) {
        let mut sums = sums;
        // SAFETY: the caller's promise.
        unsafe {
            if adds {
                for (sum, column) in sums.iter_mut().zip(columns) {
                    *sum = V::read(c.add(column)) + *sum;
                }
            }
            for (sum, column) in sums.iter().zip(columns) {
                sum.write(c.add(column));
            }
        }
    }
}

/// The vectors of a row from each of these columns on.
///
/// # Safety
/// They can be read.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) unsafe fn read<T: Scalar, V: Lanes<T>, const J: usize>(row: *const T, columns: [usize; J]) -> [V; J] {
    let mut vectors = [V::splat(T::ZERO); J];
    for (vector, column) in vectors.iter_mut().zip(columns) {
        // SAFETY: the caller's promise.
        *vector = unsafe { V::read(row.add(column)) };
    }
    vectors
}

/// `sums += x · weights`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn add<T: Scalar, V: Lanes<T>, const J: usize>(sums: &mut [V; J], x: V, weights: [V; J]) {
    for (sum, weights) in sums.iter_mut().zip(weights) {
        *sum = x.mul_add(weights, *sum);
    }
}

/// A part in vectors `V`, with its sizes. Each is compiled as a function of its own: there are many, and the compiler takes
/// minutes for one function of all.
struct Of<P, V, const M: usize, const J: usize>(P, PhantomData<V>);

impl<T: Scalar> Task for &Promised<T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, k: K) {
        // SAFETY: the promise was made in `promise`.
        unsafe {
            if const { K::IS_PLAIN } {
                self.0.plain(1);
            } else {
                self.0.compute::<K, K::V<T>>(k);
            }
        }
    }
}

#[cfg(test)]
mod tests;
