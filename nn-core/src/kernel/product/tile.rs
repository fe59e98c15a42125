//! Many rows: a tile of rows and columns in registers, and one pass over the terms.
#![allow(unsafe_code)]

use super::{Of, Product, Start, add, read};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::Lanes;
use crate::kernel::scalar::Scalar;
use crate::number::storage::Plain;
use core::marker::PhantomData;

impl<T: Scalar> Product<T> {
    /// Many rows, two vectors of columns at a time.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there are columns for a vector.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) unsafe fn panels<K: Isa, V: Lanes<T>>(self, k: K) {
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
    unsafe fn panel<K: Isa, V: Lanes<T>, const J: usize>(&self, k: K, at: usize) -> usize {
        let most = const {
            if J == 3 {
                4
            } else if J == 2 {
                6
            } else {
                8
            }
        };
        // As many tiles as leave between one and two.
        let whole = (self.rows / most).saturating_sub(usize::from(!self.rows.is_multiple_of(most)));
        let mut row = 0;
        while row < self.rows {
            let left = self.rows - row;
            // Two tiles of four rather than one of six and one of two, which would wait for its sums.
            let (rows, tiles) = match left {
                _ if row < whole * most => (most, whole),
                1..=4 => (left, 1),
                5 => (3, 1),
                6 | 9 | 10 if most >= 6 => (6, 1),
                8.. => (4, 2),
                _ => (4, 1),
            };
            // The caller's promise is what `tile` asks for: there are so many tiles of so many rows from `row` on.
            let tiles_here = Tiles { product: self, row, at, tiles };
            match rows {
                8 if const { J == 1 } => k.call(Of::<Tiles<'_, T>, V, 8, J>(tiles_here, PhantomData)),
                6 if const { J < 3 } => k.call(Of::<Tiles<'_, T>, V, 6, J>(tiles_here, PhantomData)),
                4 => k.call(Of::<Tiles<'_, T>, V, 4, J>(tiles_here, PhantomData)),
                3 => k.call(Of::<Tiles<'_, T>, V, 3, J>(tiles_here, PhantomData)),
                2 => k.call(Of::<Tiles<'_, T>, V, 2, J>(tiles_here, PhantomData)),
                _ => k.call(Of::<Tiles<'_, T>, V, 1, J>(tiles_here, PhantomData)),
            }
            row += rows * tiles;
        }
        J
    }

    /// A product of `C` columns, compiled into the caller, with what else it knows of the sizes.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there are `C` columns.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub unsafe fn small<V: Lanes<T>, C: Plain<T>>(self) {
        if const { C::LEN == 1 } && self.is_of_dots() {
            // SAFETY: as in `compute`.
            return unsafe { self.dots::<V>() };
        }
        if const { V::LEN > 1 && C::LEN < V::LEN } {
            // SAFETY: as in `compute`.
            return unsafe { self.small::<V::Half, C>() };
        }
        let product = Self { columns: C::LEN, ..self };
        let mut row = 0;
        // SAFETY: as in `compute`; there are so many rows from `row` on.
        unsafe {
            while row + 4 <= product.rows {
                product.small_rows::<V, C, 4>(row);
                row += 4;
            }
            while row < product.rows {
                product.small_rows::<V, C, 1>(row);
                row += 1;
            }
        }
    }

    /// `M` rows of a [`small`](Self::small) product.
    ///
    /// # Safety
    /// As `small`; there are so many rows from `row` on, and columns for a vector.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn small_rows<V: Lanes<T>, C: Plain<T>, const M: usize>(&self, row: usize) {
        let vectors = const { C::LEN.div_ceil(V::LEN) };
        // SAFETY: the caller's promise; there are so many vectors, of which the last two, which may overlap, are in one tile.
        unsafe {
            let mut at = vectors % 2;
            if at > 0 {
                self.tile::<V, M, 1>(row, 0);
            }
            while at < vectors {
                self.tile::<V, M, 2>(row, at);
                at += 2;
            }
        }
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
            let mut total = [[V::splat(T::ZERO); J]; M];
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
                if part == 0 {
                    total = sums;
                } else {
                    for (total, sums) in total.iter_mut().zip(sums) {
                        for (total, sum) in total.iter_mut().zip(sums) {
                            *total = *total + sum;
                        }
                    }
                }
            }
            for (m, total) in total.into_iter().enumerate() {
                self.finish(total, c.add(m * c_row), columns, matches!(self.start, Start::Sum));
            }
        }
    }
}

/// Part of a product of many rows: tiles below one another.
struct Tiles<'a, T> {
    product: &'a Product<T>,
    row: usize,
    at: usize,
    tiles: usize,
}

impl<T: Scalar, V: Lanes<T>, const M: usize, const J: usize> Task for Of<Tiles<'_, T>, V, M, J> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        let Tiles { product, row, at, tiles } = self.0;
        for tile in 0..tiles {
            // SAFETY: only `panel` makes it, whose caller makes the promise.
            unsafe { product.tile::<V, M, J>(row + tile * M, at) }
        }
    }
}
