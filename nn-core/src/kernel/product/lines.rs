//! A wide row whose weights do not begin with a cache line: vectors as long as a line that lie on lines all the same.
#![allow(unsafe_code)]

use super::row::blocks;
use super::{Of, Product, WIDE, add};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::Lanes;
use crate::kernel::scalar::Scalar;
use core::marker::PhantomData;

/// The bytes of a cache line.
const LINE: usize = 64;

impl<T: Scalar> Product<T> {
    /// How many numbers of the line in which `b` begins lie before it, if vectors are as long as a line and every row of `b`
    /// begins like the first. A vector that lies across two lines takes two reads, which is half the speed.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn skew<V: Lanes<T>>(&self) -> usize {
        let is_even = self.parts == 1 && self.columns >= WIDE && self.columns.is_multiple_of(V::LEN);
        if const { V::LEN * size_of::<T>() == LINE } && is_even { self.b.0.addr() % LINE / size_of::<T>() } else { 0 }
    }

    /// One row, the first and the last vectors of which are as many numbers as there are in their lines.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); what it multiplies lies side by side, and [`skew`](Self::skew) gives `skew`, which is not 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) unsafe fn lines<K: Isa, V: Lanes<T>>(&self, k: K, skew: usize) {
        let [whole, first, second] = blocks((self.columns + skew).div_ceil(V::LEN), 1);
        let mut at = 0;
        for count in core::iter::repeat_n(8, whole).chain([first, second]) {
            let block = Block { product: self, at, skew };
            match count {
                0 => {}
                5 => k.call(Of::<_, V, 5, 1>(block, PhantomData)),
                6 => k.call(Of::<_, V, 6, 1>(block, PhantomData)),
                7 => k.call(Of::<_, V, 7, 1>(block, PhantomData)),
                8 => k.call(Of::<_, V, 8, 1>(block, PhantomData)),
                _ => k.call(Of::<_, V, 9, 1>(block, PhantomData)),
            }
            at += count;
        }
    }
}

/// The `J` lines from line `at` on.
struct Block<'a, T> {
    product: &'a Product<T>,
    at: usize,
    skew: usize,
}

impl<T: Scalar> Block<'_, T> {
    /// The columns at which the lines begin, and how many numbers the first and the last have.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn columns<V: Lanes<T>, const J: usize>(&self) -> ([usize; J], [usize; 2]) {
        let Self { at, skew, .. } = *self;
        let mut columns = [0; J];
        for (j, column) in columns.iter_mut().enumerate() {
            *column = ((at + j) * V::LEN).wrapping_sub(skew);
        }
        let mut counts = [V::LEN; 2];
        if at == 0 {
            columns[0] = 0;
            counts[0] = V::LEN - skew;
        }
        counts[1] = counts[1].min(self.product.columns - columns[J - 1]);
        (columns, counts)
    }

    /// # Safety
    /// As [`Product::lines`]; there are so many lines.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn compute<V: Lanes<T>, const J: usize>(&self) {
        let &Product { terms, a: (mut a, ..), b: (mut b, b_step), c: (c, _), start, .. } = self.product;
        let (columns, counts) = self.columns::<V, J>();
        let mut sums = [V::splat(T::ZERO); J];
        // SAFETY: every pointer is to an element, as the caller of `compute` promises, and no vector has more lanes than its
        // row has numbers from its column on.
        unsafe {
            if let Some(row) = start.row() {
                sums = read(row, columns, counts);
            }
            let mut k = 0;
            while k + 4 <= terms {
                for x in V::read_four(a) {
                    add(&mut sums, x, read(b, columns, counts));
                    b = b.wrapping_add(b_step);
                }
                a = a.wrapping_add(4);
                k += 4;
            }
            while k < terms {
                add(&mut sums, V::splat(*a), read(b, columns, counts));
                (a, b) = (a.wrapping_add(1), b.wrapping_add(b_step));
                k += 1;
            }
            for (j, sum) in sums.into_iter().enumerate() {
                match j {
                    0 => sum.write_last(c.add(columns[0]), counts[0]),
                    _ if j + 1 == J => sum.write_first(c.add(columns[j]), counts[1]),
                    _ => sum.write(c.add(columns[j])),
                }
            }
        }
    }
}

/// The vectors of a row from each of these columns on, of which the first and the last have so many lanes.
///
/// # Safety
/// They can be read.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn read<T: Scalar, V: Lanes<T>, const J: usize>(
    row: *const T,
    columns: [usize; J],
    counts: [usize; 2],
) -> [V; J] {
    let zero = V::splat(T::ZERO);
    let mut vectors = [zero; J];
    for (j, vector) in vectors.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        *vector = unsafe {
            let at = row.add(columns[j]);
            match j {
                0 => V::read_last(at, counts[0]),
                _ if j + 1 == J => V::read_first(at, counts[1], zero),
                _ => V::read(at),
            }
        };
    }
    vectors
}

impl<T: Scalar, V: Lanes<T>, const J: usize> Task for Of<Block<'_, T>, V, J, 1> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        // SAFETY: only `lines` makes it, whose caller makes the promise.
        unsafe { self.0.compute::<V, J>() }
    }
}
