//! The cross-entropies of turned rows.
#![allow(unsafe_code)]

use super::ROWS;
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::{Lanes, MOST_LANES, halves};
use crate::kernel::scalar::Scalar;
use crate::number::arena::split_mut;

/// The most classes: there are as many partial sums, so that each of them is a single number.
pub const CLASSES: usize = MOST_LANES;

/// The softmax cross-entropies of [`ROWS`] rows of at most [`CLASSES`] logits, compiled with this crate, for any number of them.
#[derive(Debug)]
pub struct Entropies<'a, T> {
    /// Of each class the logits of all rows.
    pub logits: &'a [[T; ROWS]],
    /// The target: the share of each class.
    pub shares: &'a [[T; ROWS]],
    /// The sum of the shares.
    pub totals: &'a [T; ROWS],
    /// By which the slopes are multiplied.
    pub share: T,
    /// The gradient by the logits.
    pub slopes: &'a mut [[T; ROWS]],
    /// `-Σ share · ln(softmax)`.
    pub losses: &'a mut [T; ROWS],
}

impl<T: Scalar> Task for &mut Entropies<'_, T> {
    type Output = ();

    /// As row by row, lane by lane: in the same order, and with the same bits.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        const { assert!(ROWS.is_multiple_of(K::V::<T>::LEN)) };
        let zero = K::V::<T>::splat(T::ZERO);
        let Entropies { logits, shares, totals, share, slopes, losses } = self;
        for at in (0..ROWS).step_by(K::V::<T>::LEN) {
            // SAFETY: from there on every column has as many numbers as a vector.
            let read = |column: &[T; ROWS]| unsafe { K::V::<T>::read(column.as_ptr().add(at)) };
            // SAFETY: as above.
            let write = |x: K::V<T>, column: &mut [T; ROWS]| unsafe { x.write(column.as_mut_ptr().add(at)) };

            let mut largest = K::V::<T>::splat(T::from_f64(f64::NEG_INFINITY));
            for logits in *logits {
                largest = read(logits).max(largest);
            }
            let (mut exponentials, mut sums, mut terms) = ([zero; CLASSES], [zero; CLASSES], [zero; CLASSES]);
            for (((exponential, sum), term), (logits, shares)) in
                exponentials.iter_mut().zip(&mut sums).zip(&mut terms).zip(logits.iter().zip(*shares))
            {
                let (logit, share) = (read(logits), read(shares));
                *exponential = logit.exp_of_difference(largest);
                *sum = *exponential;
                // A share of nothing has no part in the sum, though the logit be infinite.
                *term = zero + share.if_positive(share * (largest - logit), zero);
            }
            let len = logits.len().min(CLASSES).next_power_of_two();
            let sum = halves(split_mut(&mut sums, len).0);
            let (total, scale) = (read(totals), K::V::<T>::splat(T::ONE) / sum);
            for ((exponential, shares), slopes) in exponentials.iter().zip(*shares).zip(&mut **slopes) {
                let error = *exponential * scale * total - read(shares);
                write(error * K::V::<T>::splat(*share), slopes);
            }
            write(total * sum.ln_normal() + halves(split_mut(&mut terms, len).0), losses);
        }
    }
}
