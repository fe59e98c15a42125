//! Many rows: a tile of rows and columns in registers, and one pass over the terms.
#![allow(unsafe_code)]

use super::{Of, Product, Start, add, read};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::{Lanes, MOST_LANES};
use crate::kernel::scalar::Scalar;
use crate::number::storage::Plain;
use core::marker::PhantomData;

impl<T: Scalar> Product<T> {
    /// Many rows, two vectors of columns at a time.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there are the [`least`] columns for a vector.
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
            } else if J == 2 && V::LEN < MOST_LANES {
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
                8 if const { J == 1 || J == 2 && V::LEN == MOST_LANES } => {
                    k.call(Of::<Tiles<'_, T>, V, 8, J>(tiles_here, PhantomData))
                }
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
        if const { C::LEN < least::<T, V>() } {
            // SAFETY: as in `compute`.
            return unsafe { self.small::<V::Half, C>() };
        }
        let product = Self { columns: C::LEN, ..self };
        let mut row = 0;
        // SAFETY: as in `compute`; there are so many rows from `row` on.
        unsafe {
            // With one vector a row, four rows would wait for their sums. There are registers for eight only of the longest.
            if const { C::LEN <= V::LEN && V::LEN == MOST_LANES } {
                while row + 8 <= product.rows {
                    product.small_rows::<V, C, 8>(row);
                    row += 8;
                }
            }
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
    /// As `small`; there are so many rows from `row` on, and the [`least`] columns for a vector.
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

    /// The vectors of a row from each of these columns on. A single one of the longest has as many lanes as there are columns.
    ///
    /// # Safety
    /// They can be read.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(in crate::kernel) unsafe fn read_columns<V: Lanes<T>, const J: usize>(
        &self,
        row: *const T,
        columns: [usize; J],
    ) -> [V; J] {
        // SAFETY: the caller's promise.
        unsafe {
            if const { V::LEN == MOST_LANES && J == 1 } {
                [V::read_first(row.add(columns[0]), self.columns.min(V::LEN), V::splat(T::ZERO)); J]
            } else {
                read(row, columns)
            }
        }
    }

    /// [`finish`](Self::finish), as [`read_columns`](Self::read_columns).
    ///
    /// # Safety
    /// As `finish`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(in crate::kernel) unsafe fn finish_columns<V: Lanes<T>, const J: usize>(
        &self,
        sums: [V; J],
        c: *mut T,
        columns: [usize; J],
        adds: bool,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            if const { V::LEN == MOST_LANES && J == 1 } {
                let (c, count) = (c.add(columns[0]), self.columns.min(V::LEN));
                let sum = if adds { V::read_first(c, count, V::splat(T::ZERO)) + sums[0] } else { sums[0] };
                sum.write_first(c, count);
            } else {
                self.finish(sums, c, columns, adds);
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
        // and rows of `b` and `c` have numbers for the vectors from each of `columns` on.
        unsafe {
            let (a, c) = (a.add(row * a_row), c.add(row * c_row));
            let mut total = [[V::splat(T::ZERO); J]; M];
            for part in 0..self.parts {
                let mut sums = [[V::splat(T::ZERO); J]; M];
                if let (Start::Row(row), 0) = (self.start, part) {
                    sums = [self.read_columns(row, columns); M];
                }
                let (mut a, mut b) = (a.wrapping_add(part * a_step), b.wrapping_add(part * b_step));
                let mut k = part;
                while k < self.terms {
                    // The weights first, then each row's number: the other order needs more registers than there are.
                    let weights = self.read_columns(b, columns);
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
                self.finish_columns(total, c.add(m * c_row), columns, matches!(self.start, Start::Sum));
            }
        }
    }
}

/// The fewest columns of many rows that a vector is used for. The longest has more lanes, maybe: to leave them out costs little,
/// as what is read is used for many rows, and two vectors of half its length take twice as long to multiply.
pub(in crate::kernel) const fn least<T: Scalar, V: Lanes<T>>() -> usize {
    if V::LEN == MOST_LANES {
        V::LEN / 2 + 1
    } else if V::LEN > 1 {
        V::LEN
    } else {
        0
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
