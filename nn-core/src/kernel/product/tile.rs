//! Many rows: a tile of rows and columns in registers, and one pass over the terms.
#![allow(unsafe_code)]

use super::{Of, Product, Start, add, read};
use crate::kernel::lanes::Lanes;
use crate::kernel::set::{Isa, Task};
use crate::scalar::Scalar;
use core::marker::PhantomData;

impl<T: Scalar> Product<T> {
    /// Many rows, two vectors of columns at a time.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there are columns for a vector.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) unsafe fn panels<K: Isa<T>, V: Lanes<T>>(self, k: K) {
        let vectors = self.columns.div_ceil(V::LEN);
        let mut at = 0;
        while at < vectors {
            // SAFETY: as in `compute`.
            at += unsafe {
                match vectors - at {
                    1 => self.panel::<K, V, 1>(k, at),
                    3 => self.panel::<K, V, 3>(k, at),
                    _ => self.panel::<K, V, 2>(k, at),
                }
            };
        }
    }

    /// All rows of the `J` vectors from vector `at` on. Returns `J`.
    ///
    /// # Safety
    /// As [`panels`](Self::panels); there are so many vectors.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn panel<K: Isa<T>, V: Lanes<T>, const J: usize>(&self, k: K, at: usize) -> usize {
        let most = const {
            if J == 3 {
                4
            } else if J == 2 {
                6
            } else {
                8
            }
        };
        let mut row = 0;
        while row < self.rows {
            let left = self.rows - row;
            // Two tiles of four rather than one of six and one of two, which would wait for its sums.
            let count = match left {
                left if left == most || left >= 2 * most => most,
                1..=4 => left,
                5 => 3,
                6 | 9 | 10 if most >= 6 => 6,
                _ => 4,
            };
            // The caller's promise is what `tile` asks for: there are `count` rows from `row` on.
            let tile = Tile { product: self, row, at };
            match count {
                8 if const { J == 1 } => k.call(Of::<Tile<'_, T>, V, 8, J>(tile, PhantomData)),
                6 if const { J < 3 } => k.call(Of::<Tile<'_, T>, V, 6, J>(tile, PhantomData)),
                4 => k.call(Of::<Tile<'_, T>, V, 4, J>(tile, PhantomData)),
                3 => k.call(Of::<Tile<'_, T>, V, 3, J>(tile, PhantomData)),
                2 => k.call(Of::<Tile<'_, T>, V, 2, J>(tile, PhantomData)),
                _ => k.call(Of::<Tile<'_, T>, V, 1, J>(tile, PhantomData)),
            }
            row += count;
        }
        J
    }

    /// The `M` rows from `row` on, of the `J` vectors from vector `at` on.
    ///
    /// # Safety
    /// As [`panels`](Self::panels); there are so many rows and vectors.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn tile<V: Lanes<T>, const M: usize, const J: usize>(&self, row: usize, at: usize) {
        let ((a, a_row, a_step), (b, b_step), (c, c_row)) = (self.a, self.b, self.c);
        let columns = self.columns_of::<V, J>(at);
        // SAFETY: every pointer is to an element, as the caller of `compute` promises: there are `M` rows from `row` on,
        // and rows of `b` and `c` have `V::LEN` numbers from each of `columns` on.
        unsafe {
            let (a, c) = (a.add(row * a_row), c.add(row * c_row));
            for part in 0..self.parts {
                let mut sums = [[V::splat(T::ZERO); J]; M];
                if let (Start::Row(row), 0) = (self.start, part) {
                    sums = [read(row, columns); M];
                }
                let (mut a, mut b) = (a.wrapping_add(part * a_step), b.wrapping_add(part * b_step));
                let mut k = part;
                while k < self.terms {
                    // The weights first, then each row's number: the other order needs more registers than there are.
                    let weights = read(b, columns);
                    for (m, sums) in sums.iter_mut().enumerate() {
                        add(sums, V::splat(*a.add(m * a_row)), weights);
                    }
                    (a, b) = (a.wrapping_add(self.parts * a_step), b.wrapping_add(self.parts * b_step));
                    k += self.parts;
                }
                let adds = part > 0 || matches!(self.start, Start::Sum);
                for (m, sums) in sums.into_iter().enumerate() {
                    self.finish(sums, c.add(m * c_row), columns, adds);
                }
            }
        }
    }
}

/// Part of a product of many rows: the rows and columns of a tile.
struct Tile<'a, T> {
    product: &'a Product<T>,
    row: usize,
    at: usize,
}

impl<T: Scalar, V: Lanes<T>, const M: usize, const J: usize> Task<T> for Of<Tile<'_, T>, V, M, J> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa<T>>(self, _k: K) {
        // SAFETY: only `panel` makes it, whose caller makes the promise.
        unsafe { self.0.product.tile::<V, M, J>(self.0.row, self.0.at) }
    }
}
