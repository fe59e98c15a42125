//! One number at a time: a small loop, for machines without vectors.
#![allow(unsafe_code)]

use super::{LONG, Product, Start};
use crate::kernel::lanes::sum_by_halves;
use crate::kernel::one::One;
use crate::kernel::scalar::Scalar;
use crate::number::storage::Plain;
use core::hint::black_box;

/// Numbers side by side. They have a name each, so that they are in registers where the compiler unrolls no loop.
#[derive(Clone, Copy)]
struct Four<T>(T, T, T, T);

/// The columns that are summed at a time.
trait Columns<T>: Copy {
    const COUNT: usize;
    const ZERO: Self;
    /// # Safety
    /// So many numbers can be read.
    unsafe fn read(at: *const T) -> Self;
    /// # Safety
    /// So many numbers can be written.
    unsafe fn write(self, at: *mut T);
    fn plus(self, other: Self) -> Self;
    fn plus_product(self, b: Self, x: T) -> Self;
}

impl<T: Scalar> Columns<T> for Four<T> {
    const COUNT: usize = 4;
    const ZERO: Self = Self(T::ZERO, T::ZERO, T::ZERO, T::ZERO);
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read(at: *const T) -> Self {
        // SAFETY: the caller's promise.
        let [a, b, c, d] = unsafe { at.cast::<[T; 4]>().read() };
        Self(a, b, c, d)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn write(self, at: *mut T) {
        // SAFETY: the caller's promise.
        unsafe { at.cast::<[T; 4]>().write([self.0, self.1, self.2, self.3]) }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1, self.2 + other.2, self.3 + other.3)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn plus_product(self, b: Self, x: T) -> Self {
        let Self(s0, s1, s2, s3) = self;
        Self(s0.plus_product(b.0, x), s1.plus_product(b.1, x), s2.plus_product(b.2, x), s3.plus_product(b.3, x))
    }
}

impl<T: Scalar> Columns<T> for One<T> {
    const COUNT: usize = 1;
    const ZERO: Self = Self(T::ZERO);
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read(at: *const T) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { *at })
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn write(self, at: *mut T) {
        // SAFETY: the caller's promise.
        unsafe { *at = self.0 }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn plus_product(self, b: Self, x: T) -> Self {
        Self(self.0.plus_product(b.0, x))
    }
}

impl<T: Scalar> Product<T> {
    /// The product, with the sums of [`compute`](Self::compute) in the same order. `step` is from a column of `b` to the next.
    ///
    /// # Safety
    /// As `compute`.
    pub unsafe fn plain(&self, step: usize) {
        let zeros = [T::ZERO; 4];
        let dots = step == 1 && self.is_of_dots();
        for row in 0..self.rows {
            let mut column = 0;
            while column < self.columns {
                // SAFETY: as in `compute`; there are so many columns from `column` on, side by side if they are four.
                unsafe {
                    let (a, b) = (self.a.0.add(row * self.a.1), self.b.0.add(column * step));
                    let c = self.c.0.add(row * self.c.1 + column);
                    let start = if let Start::Row(row) = self.start { row.add(column) } else { zeros.as_ptr() };
                    column += if dots {
                        *c = self.dot(a);
                        1
                    } else if step == 1 && column + 4 <= self.columns {
                        self.sums::<Four<T>>(a, b, start, c)
                    } else {
                        self.sums::<One<T>>(a, b, start, c)
                    };
                }
            }
        }
    }

    /// One row, of `I` terms and `O` columns that lie side by side: the loops of [`plain`](Self::plain) that these sizes need.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); there are [`parts`](super::parts) parts, and `start` is not [`Start::Sum`].
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub unsafe fn plain_of<I: Plain<T>, O: Plain<T>>(self) {
        let zeros = [T::ZERO; 4];
        // SAFETY: the caller's promise.
        unsafe {
            if const { O::LEN == 1 && I::LEN >= LONG } {
                *self.c.0 = self.dot(self.a.0);
            } else {
                let mut column = T::columns::<I, O>(&self);
                let start = |column| if let Start::Row(row) = self.start { row.add(column) } else { zeros.as_ptr() };
                while !T::ONE_BY_ONE && column + 4 <= O::LEN {
                    column += self.sums::<Four<T>>(self.a.0, self.b.0.add(column), start(column), self.c.0.add(column));
                }
                if T::ONE_BY_ONE {
                    return self.one_by_one();
                }
                while column < O::LEN {
                    column += self.sums::<One<T>>(self.a.0, self.b.0.add(column), start(column), self.c.0.add(column));
                }
            }
        }
    }

    /// One row, column by column, where a sum has a function of its own.
    ///
    /// # Safety
    /// As [`plain_of`](Self::plain_of).
    #[inline(never)]
    unsafe fn one_by_one(&self) {
        for column in 0..self.columns {
            // SAFETY: the caller's promise.
            unsafe {
                let start = if let Start::Row(start) = self.start { *start.add(column) } else { T::ZERO };
                let b = (self.b.0.add(column), self.b.1);
                *self.c.0.add(column) = sum(start, b, (self.a.0, self.a.2), self.terms, self.parts);
            }
        }
    }

    /// The sums of some columns, those of the first of `b` and of `c`. Returns how many there are.
    ///
    /// # Safety
    /// As [`plain`](Self::plain), for a row of `a` and of `c`; as many numbers can be read from `start` on.
    #[inline(never)]
    unsafe fn sums<C: Columns<T>>(&self, a: *const T, b: *const T, start: *const T, c: *mut T) -> usize {
        // SAFETY: the caller's promise.
        unsafe {
            let mut total = C::read(start);
            for part in 0..self.parts {
                let mut sum = if part == 0 { total } else { C::ZERO };
                let (mut a, mut b) = (a.wrapping_add(part * self.a.2), b.wrapping_add(part * self.b.1));
                let mut k = part;
                while k < self.terms {
                    sum = sum.plus_product(C::read(b), *a);
                    a = a.wrapping_add(self.parts * self.a.2);
                    b = b.wrapping_add(self.parts * self.b.1);
                    k += self.parts;
                }
                total = if part == 0 { sum } else { total.plus(sum) };
            }
            if let Start::Sum = self.start {
                total = C::read(c).plus(total);
            }
            total.write(c);
        }
        C::COUNT
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
            if const { T::ONE_BY_ONE } {
                // If there is one product in each part but the first, it is the part: that a zero keeps its sign changes no sum
                // with one that begins with 0.
                for (k, One(lane)) in black_box(&mut sums[..]).iter_mut().enumerate() {
                    let k = black_box(k);
                    let (b, a) = (self.b.0.add(k), a.add(k));
                    *lane = if k > 0 && whole == LONG {
                        *b * *a
                    } else {
                        sum(*lane, (b, LONG), (a, LONG), whole / LONG, 1)
                    };
                }
                let sum =
                    sum(sum_by_halves(&mut sums), (self.b.0.add(whole), 1), (a.add(whole), 1), self.terms - whole, 1);
                return if let Start::Row(start) = self.start { sum + *start } else { sum };
            }
            let add = |sum: T, k| sum.plus_product(*self.b.0.add(k), *a.add(k));
            for k in 0..whole {
                let One(sum) = &mut sums[k % LONG];
                *sum = add(*sum, k);
            }
            let mut sum = sum_by_halves(&mut sums);
            for k in whole..self.terms {
                sum = add(sum, k);
            }
            if let Start::Row(start) = self.start { sum + *start } else { sum }
        }
    }
}

/// The sum of a column, by [`Native::sum`](crate::kernel::native::Native::sum) or, for numbers that it can't do, without it.
///
/// # Safety
/// As for it.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn sum<T: Scalar>(start: T, b: (*const T, usize), a: (*const T, usize), terms: usize, parts: usize) -> T {
    // SAFETY: the caller's promise.
    unsafe { T::sum(start, b, a, terms, parts).unwrap_or_else(|| of_any(start, b, a, terms, parts)) }
}

/// [`sum`] of numbers that are rarely so large or small.
///
/// # Safety
/// As `sum`.
#[cold]
#[inline(never)]
unsafe fn of_any<T: Scalar>(start: T, b: (*const T, usize), a: (*const T, usize), terms: usize, parts: usize) -> T {
    let mut total = start;
    for part in 0..parts {
        let mut sum = if part == 0 { start } else { T::ZERO };
        for k in (part..terms).step_by(parts) {
            // As the rest of this, it is to be small, not fast: it is not unrolled.
            let k = black_box(k);
            // SAFETY: the caller's promise.
            sum += unsafe { *b.0.add(k * b.1) * *a.0.add(k * a.1) };
        }
        total = if part == 0 { sum } else { total + sum };
    }
    total
}
