//! A single column of many terms: dot products.
#![allow(unsafe_code)]

use super::{LONG, Product, Start};
use crate::kernel::lanes::{Lanes, sum_by_halves};
use crate::kernel::scalar::Scalar;
use crate::number::arena::split;

impl<T: Scalar> Product<T> {
    /// A single column, of many terms: the dot product of every row of `a` with `b`. Its sixteen parts lie side by side.
    ///
    /// # Safety
    /// As [`compute`](Self::compute); the terms of both are side by side.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) unsafe fn dots<V: Lanes<T>>(self) {
        for row in 0..self.rows {
            // SAFETY: as in `compute`.
            unsafe {
                let a = self.a.0.add(row * self.a.1);
                let (a, b) =
                    (core::slice::from_raw_parts(a, self.terms), core::slice::from_raw_parts(self.b.0, self.terms));
                let sum = const {
                    assert!(matches!(V::LEN, 1 | 4 | 8 | 16));
                    match V::LEN {
                        16 => dot::<T, V, 1>,
                        8 => dot::<T, V, 2>,
                        4 => dot::<T, V, 4>,
                        _ => dot::<T, V, 16>,
                    }
                }(a, b);
                *self.c.0.add(row * self.c.1) = if let Start::Row(start) = self.start { sum + *start } else { sum };
            }
        }
    }
}

/// The dot product of two slices of one length, in [`LONG`] parts, which are added half to half.
#[cfg_attr(not(debug_assertions), inline(always))]
fn dot<T: Scalar, V: Lanes<T>, const J: usize>(a: &[T], b: &[T]) -> T {
    let whole = a.len() / LONG * LONG;
    let ((a, a_tail), (b, b_tail)) = (split(a, whole), split(b, whole));
    let ((a, _), (b, _)) = (V::chunks(a), V::chunks(b));
    let ((a, _), (b, _)) = (a.as_chunks::<J>(), b.as_chunks::<J>());
    let mut sums = [V::splat(T::ZERO); J];
    let mut terms = a.iter().zip(b);
    if const { V::LEN == 1 }
        && let Some((a, b)) = terms.next()
    {
        // An operation less each: that a product of zero keeps its sign changes no sum, if one does not.
        for (j, ((sum, a), b)) in sums.iter_mut().zip(a).zip(b).enumerate() {
            let (a, b) = (V::load(a), V::load(b));
            *sum = if j == 0 { a.mul_add(b, *sum) } else { a * b };
        }
    }
    for (a, b) in terms {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum = V::load(a).mul_add(V::load(b), *sum);
        }
    }
    one_by_one::<T, V>(sum_by_halves(&mut sums), a_tail, b_tail)
}

/// `sum + a · b`, number by number.
#[cfg_attr(not(debug_assertions), inline(always))]
fn one_by_one<T: Scalar, V: Lanes<T>>(mut sum: T, a: &[T], b: &[T]) -> T {
    if const { V::LEN > 1 } {
        return one_by_one::<T, V::Half>(sum, a, b);
    }
    for (a, b) in a.iter().zip(b) {
        sum = V::splat(*a).mul_add(V::splat(*b), V::splat(sum)).sum();
    }
    sum
}
