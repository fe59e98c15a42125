//! One number at a time: a small loop, for machines without vectors.
#![allow(unsafe_code)]

use super::{LONG, Product, Start};
use crate::kernel::lanes::sum_by_halves;
use crate::kernel::one::One;
use crate::scalar::Scalar;

impl<T: Scalar> Product<T> {
    /// The product, with the sums of [`compute`](Self::compute) in the same order. `step` is from a column of `b` to the next.
    ///
    /// # Safety
    /// As `compute`.
    pub unsafe fn plain(&self, step: usize) {
        let zeros = [T::ZERO; 4];
        let dots = step == 1 && self.is_of_dots();
        for row in 0..self.rows {
            // SAFETY: as in `compute`; there are so many columns from `column` on.
            unsafe {
                let (a, c) = (self.a.0.add(row * self.a.1), self.c.0.add(row * self.c.1));
                let mut column = 0;
                if dots {
                    *c = self.dot(a);
                    column = 1;
                }
                while column < self.columns {
                    let (b, c) = (self.b.0.add(column * step), c.add(column));
                    let start = if let Start::Row(row) = self.start { row.add(column) } else { zeros.as_ptr() };
                    if column + 4 <= self.columns {
                        self.columns::<4>(a, b, step, c, *start.cast());
                        column += 4;
                    } else {
                        self.columns::<1>(a, b, step, c, *start.cast());
                        column += 1;
                    }
                }
            }
        }
    }

    /// The sums of `J` columns, those of the first of `b` and of `c`, with the numbers that they start with.
    ///
    /// # Safety
    /// As [`plain`](Self::plain), for a row of `a` and of `c`; there are so many columns.
    #[inline(never)]
    unsafe fn columns<const J: usize>(&self, a: *const T, b: *const T, step: usize, c: *mut T, start: [T; J]) {
        let mut sums = start;
        let mut total = sums;
        for part in 0..self.parts {
            // SAFETY: the caller's promise.
            unsafe {
                let (mut a, mut b) = (a.add(part * self.a.2), b.add(part * self.b.1));
                let mut k = part;
                while k < self.terms {
                    for (j, sum) in sums.iter_mut().enumerate() {
                        *sum += *a * *b.add(j * step);
                    }
                    a = a.wrapping_add(self.parts * self.a.2);
                    b = b.wrapping_add(self.parts * self.b.1);
                    k += self.parts;
                }
            }
            for (total, sum) in total.iter_mut().zip(&mut sums) {
                *total = if part == 0 { *sum } else { *total + *sum };
                *sum = T::ZERO;
            }
        }
        for (j, total) in total.into_iter().enumerate() {
            // SAFETY: the caller's promise.
            unsafe {
                let c = c.add(j);
                *c = if let Start::Sum = self.start { *c + total } else { total };
            }
        }
    }

    /// The dot product of a row of `a` with `b`, added to the start.
    ///
    /// # Safety
    /// As [`plain`](Self::plain), for a row of `a`; there is one column, and the terms are side by side.
    #[inline(never)]
    unsafe fn dot(&self, a: *const T) -> T {
        let mut sums = [One(T::ZERO); LONG];
        let whole = self.terms / LONG * LONG;
        // SAFETY: the caller's promise.
        unsafe {
            let product = |k| *a.add(k) * *self.b.0.add(k);
            for k in 0..whole {
                let One(sum) = &mut sums[k % LONG];
                *sum += product(k);
            }
            let mut sum = sum_by_halves(&mut sums);
            for k in whole..self.terms {
                sum += product(k);
            }
            if let Start::Row(start) = self.start { sum + *start } else { sum }
        }
    }
}
