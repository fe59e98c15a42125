//! One row: the columns in registers, and one pass over the terms.
#![allow(unsafe_code)]

use super::{LONG, Of, Product, SUMS, Start, WIDE, add, parts, read};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::{Lanes, MOST_LANES};
use crate::kernel::scalar::Scalar;
use crate::number::storage::Plain;
use core::marker::PhantomData;

/// How many blocks of [`SUMS`]` / parts` vectors a row of so many has, and how many vectors are in each of two that follow.
/// With one part, the last block has two vectors or more, if there are as many: those which overlap are in one block. One
/// more than [`SUMS`] is one block, too, rather than two that would both wait for their sums.
pub(super) const fn blocks(vectors: usize, parts: usize) -> [usize; 3] {
    let (most, mut left, mut whole) = (most(parts), vectors, 0);
    while left >= 2 * most {
        left -= most;
        whole += 1;
    }
    if left <= most || left == SUMS + 1 { [whole, left, 0] } else { [whole, left.div_ceil(2), left / 2] }
}

/// [`SUMS`]` / parts`, without a division that could be by zero.
const fn most(parts: usize) -> usize {
    SUMS >> (parts / 2)
}

/// Whether a row of so many columns is computed in one vector, which is longer: if two would be needed of half its length, and
/// two rows are as long.
pub(super) const fn is_few<T: Scalar, V: Lanes<T>>(columns: usize) -> bool {
    match V::LEN {
        4 => matches!(columns, 2 | 3),
        MOST_LANES => columns > V::LEN / 2 && columns < V::LEN,
        _ => false,
    }
}

/// How many vectors of a row are computed in one pass over `b`. With the longest vectors there are none: the sums of so many
/// columns stay in registers that a block is computed no sooner than it is read.
const fn streamed<V: Lanes<T>, T: Scalar>(columns: usize, parts: usize) -> usize {
    if V::LEN < MOST_LANES && parts == 1 && columns >= WIDE { columns / V::LEN } else { 0 }
}

/// The [`blocks`] of a row of `O` columns, but for those that are computed in one pass.
const fn plan<V: Lanes<T>, T: Scalar, O: Plain<T>, const P: usize>() -> [usize; 3] {
    blocks(O::LEN.div_ceil(V::LEN) - streamed::<V, T>(O::LEN, P), P)
}

/// A block of so many vectors, which is known from types.
macro_rules! blocks_by_count {
    ($product:ident, $V:ty, $P:ident, $at:ident, $count:expr) => {
        match $count {
            0 => {}
            1 => $product.block::<$V, 1, $P>($at),
            2 => $product.block::<$V, 2, $P>($at),
            3 => $product.block::<$V, 3, $P>($at),
            4 => $product.block::<$V, 4, $P>($at),
            5 => $product.block::<$V, 5, $P>($at),
            6 => $product.block::<$V, 6, $P>($at),
            7 => $product.block::<$V, 7, $P>($at),
            8 => $product.block::<$V, 8, $P>($at),
            _ => $product.block::<$V, 9, $P>($at),
        }
    };
}

impl<T: Scalar> Product<T> {
    /// One row of [few](is_few) columns, in a vector. Of a row of `b` it also reads what follows, and does not use it.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); the rows of `b` follow one another.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) unsafe fn few<V: Lanes<T>>(&self) {
        let zero = V::splat(T::ZERO);
        let mut sums = [zero; 4];
        // SAFETY: as in `compute`. Two rows are as long as a vector, so that one that begins at any row but the last is inside
        // `b`.
        unsafe {
            if let Start::Row(row) = self.start {
                sums[0] = V::read_first(row, self.columns, zero);
            }
            let mut k = 0;
            if const { V::LEN == MOST_LANES } {
                while k + 4 < self.terms {
                    for (j, x) in V::read_four(self.a.0.add(k)).into_iter().enumerate() {
                        let sum = &mut sums[j & (self.parts - 1) & 3];
                        *sum = x.mul_add(V::read(self.b.0.add((k + j) * self.columns)), *sum);
                    }
                    k += 4;
                }
            }
            for k in k..self.terms {
                let b = self.b.0.add(k * self.columns);
                let weights = if k + 1 < self.terms { V::read(b) } else { V::read_first(b, self.columns, zero) };
                let sum = &mut sums[k & (self.parts - 1) & 3];
                *sum = V::splat(*self.a.0.add(k)).mul_add(weights, *sum);
            }
            let [mut total, second, third, fourth] = sums;
            if self.parts > 1 {
                total = total + second;
            }
            if self.parts > 2 {
                total = total + third + fourth;
            }
            total.write_first(self.c.0, self.columns);
        }
    }

    /// One row, in one pass over `b` for so many vectors at a time as there are registers for sums.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there are columns for a vector.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) unsafe fn row<K: Isa, V: Lanes<T>>(self, k: K) {
        let vectors = self.columns.div_ceil(V::LEN);
        let mut at = 0;
        if const { V::LEN == MOST_LANES } && self.lies_side_by_side() {
            let skew = self.skew::<V>();
            if skew > 0 {
                // SAFETY: as in `compute`; `skew` says so.
                return unsafe { self.lines::<K, V>(k, skew) };
            }
        }
        if const { V::LEN < MOST_LANES } && self.parts == 1 && self.columns >= WIDE && self.lies_side_by_side() {
            at = self.columns / V::LEN;
            // SAFETY: as in `compute`; there is one part, and it does not add to what is there.
            unsafe { self.streams::<V>() };
        }
        let [whole, first, second] = blocks(vectors - at, self.parts);
        for count in core::iter::repeat_n(most(self.parts), whole).chain([first, second]) {
            // SAFETY: as in `compute`; there are `count` vectors from `at` on.
            unsafe {
                match (self.parts, count) {
                    (_, 0) => {}
                    (4, 1) => self.block_of::<K, V, 1, 4>(k, at),
                    (4, _) => self.block_of::<K, V, 2, 4>(k, at),
                    (2, 1) => self.block_of::<K, V, 1, 2>(k, at),
                    (2, 2) => self.block_of::<K, V, 2, 2>(k, at),
                    (2, 3) => self.block_of::<K, V, 3, 2>(k, at),
                    (2, _) => self.block_of::<K, V, 4, 2>(k, at),
                    (_, 1) => self.block_of::<K, V, 1, 1>(k, at),
                    (_, 2) => self.block_of::<K, V, 2, 1>(k, at),
                    (_, 3) => self.block_of::<K, V, 3, 1>(k, at),
                    (_, 4) => self.block_of::<K, V, 4, 1>(k, at),
                    (_, 5) => self.block_of::<K, V, 5, 1>(k, at),
                    (_, 6) => self.block_of::<K, V, 6, 1>(k, at),
                    (_, 7) => self.block_of::<K, V, 7, 1>(k, at),
                    (_, 8) => self.block_of::<K, V, 8, 1>(k, at),
                    _ => self.block_of::<K, V, 9, 1>(k, at),
                }
            }
            at += count;
        }
    }

    /// One row, in one pass over `b` for all columns but those left over.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there is one part, and `start` is not [`Start::Sum`].
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn streams<V: Lanes<T>>(&self) {
        // SAFETY: the caller's promise; all bytes of zero are 0.
        unsafe {
            if let Start::Row(row) = self.start {
                self.stream::<V>(row);
            } else {
                self.c.0.write_bytes(0, self.columns);
                self.stream::<V>(self.c.0);
            }
        }
    }

    /// [`streams`](Self::streams), four terms at a time, with the sums in `c`, which begin with `start`.
    ///
    /// # Safety
    /// As `streams`; there is a number at `start` for each column.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn stream<V: Lanes<T>>(&self, start: *const T) {
        let ((mut a, _, a_step), (mut b, b_step), (c, _)) = (self.a, self.b, self.c);
        let columns = self.columns / V::LEN * V::LEN;
        let mut from = start;
        let mut k = 0;
        // SAFETY: every pointer is to an element, as the caller of `compute` promises; vectors end at `columns`.
        unsafe {
            while k + 4 <= self.terms {
                let mut x = [V::splat(T::ZERO); 4];
                for x in &mut x {
                    *x = V::splat(*a);
                    a = a.wrapping_add(a_step);
                }
                let mut column = 0;
                while column < columns {
                    let mut sum = V::read(from.add(column));
                    for (j, x) in x.iter().enumerate() {
                        sum = x.mul_add(V::read(b.add(j * b_step + column)), sum);
                    }
                    sum.write(c.add(column));
                    column += V::LEN;
                }
                b = b.wrapping_add(4 * b_step);
                from = c;
                k += 4;
            }
            while k < self.terms {
                let x = V::splat(*a);
                let mut column = 0;
                while column < columns {
                    x.mul_add(V::read(b.add(column)), V::read(from.add(column))).write(c.add(column));
                    column += V::LEN;
                }
                (a, b) = (a.wrapping_add(a_step), b.wrapping_add(b_step));
                from = c;
                k += 1;
            }
        }
    }

    /// [`block`](Self::block), as a function of its own.
    ///
    /// # Safety
    /// As `block`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn block_of<K: Isa, V: Lanes<T>, const J: usize, const P: usize>(&self, k: K, at: usize) {
        k.call(Of::<Block<'_, T>, V, J, P>(Block { product: self, at }, PhantomData));
    }

    /// One row, of `I` terms and `O` columns that lie side by side, compiled into the caller for these sizes. What another
    /// size would need is never made: the compiler would take minutes to see that it is not needed.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there are [`parts`] parts, and `start` is not [`Start::Sum`].
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub unsafe fn row_of<V: Lanes<T>, I: Plain<T>, O: Plain<T>>(self) {
        // SAFETY: the caller's promise.
        unsafe {
            if const { O::LEN == 1 && I::LEN >= LONG } {
                self.dots::<V>();
            } else if const { matches!(O::LEN, 2..=4) && I::LEN.is_multiple_of(4) && parts(I::LEN, O::LEN) == 4 }
                && let Some(sums) = V::quads(self.a.0, self.b.0, self.start.row(), const { [I::LEN, O::LEN] })
            {
                core::ptr::copy_nonoverlapping(sums.as_ptr(), self.c.0, O::LEN);
            } else if const { is_few::<T, V>(O::LEN) } {
                self.few::<V>();
            } else if const { V::LEN > 1 && O::LEN < V::LEN } {
                self.row_of::<V::Half, I, O>();
            } else {
                match const { parts(I::LEN, O::LEN) } {
                    4 => self.blocks_of::<V, O, 4>(),
                    2 => self.blocks_of::<V, O, 2>(),
                    _ => self.blocks_of::<V, O, 1>(),
                }
            }
        }
    }

    /// [`row_of`](Self::row_of), in `P` parts.
    ///
    /// # Safety
    /// As `row_of`; there are columns for a vector.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn blocks_of<V: Lanes<T>, O: Plain<T>, const P: usize>(self) {
        let mut at = const { streamed::<V, T>(O::LEN, P) };
        if const { streamed::<V, T>(O::LEN, P) > 0 } {
            // SAFETY: as in `row_of`, where nothing is added to what is there; there is one part.
            unsafe { self.streams::<V>() };
        }
        // SAFETY: as in `row_of`; the blocks are those of `row`.
        unsafe {
            for _ in 0..const { plan::<V, T, O, P>()[0] } {
                blocks_by_count!(self, V, P, at, const { most(P) });
                at += most(P);
            }
            blocks_by_count!(self, V, P, at, const { plan::<V, T, O, P>()[1] });
            at += const { plan::<V, T, O, P>()[1] };
            blocks_by_count!(self, V, P, at, const { plan::<V, T, O, P>()[2] });
        }
    }

    /// One row of the `J` vectors from vector `at` on, in `P` parts.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there are `P` parts, columns for a vector, and so many vectors.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn block<V: Lanes<T>, const J: usize, const P: usize>(&self, at: usize) {
        let ((mut a, _, a_step), (mut b, b_step), (c, _)) = (self.a, self.b, self.c);
        let columns = self.columns_of::<V, J>(at);
        let mut sums = [[V::splat(T::ZERO); J]; P];
        // SAFETY: every pointer is to an element, as the caller of `compute` promises: rows of `b` and `c` have
        // `V::LEN` numbers from each of `columns` on, and the pointers advance over `terms` terms.
        unsafe {
            if let Start::Row(row) = self.start {
                sums[0] = read(row, columns);
            }
            let mut k = 0;
            if a_step == 1 {
                while k + 4 <= self.terms {
                    let x = V::read_four(a);
                    for (j, x) in x.into_iter().enumerate() {
                        add(&mut sums[j % P], x, read(b, columns));
                        b = b.wrapping_add(b_step);
                    }
                    a = a.wrapping_add(4);
                    k += 4;
                }
            } else {
                while k + P <= self.terms {
                    for sums in &mut sums {
                        add(sums, V::splat(*a), read(b, columns));
                        (a, b) = (a.wrapping_add(a_step), b.wrapping_add(b_step));
                    }
                    k += P;
                }
            }
            for j in 0..3 {
                if k + j < self.terms {
                    add(&mut sums[j % P], V::splat(*a), read(b, columns));
                    (a, b) = (a.wrapping_add(a_step), b.wrapping_add(b_step));
                }
            }
            let mut total = sums[0];
            for (part, sums) in sums.iter().enumerate() {
                for (total, sum) in total.iter_mut().zip(sums) {
                    if part > 0 {
                        *total = *total + *sum;
                    }
                }
            }
            self.finish(total, c, columns, matches!(self.start, Start::Sum));
        }
    }
}

/// Part of a product of one row: the columns of a block.
struct Block<'a, T> {
    product: &'a Product<T>,
    at: usize,
}

impl<T: Scalar, V: Lanes<T>, const J: usize, const P: usize> Task for Of<Block<'_, T>, V, J, P> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        // SAFETY: only `row` makes it, whose caller makes the promise.
        unsafe { self.0.product.block::<V, J, P>(self.0.at) }
    }
}
