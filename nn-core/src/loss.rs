//! Losses: how far the outputs are from their targets, and in which direction.
//!
//! A loss is the mean over the samples of a batch, as PyTorch's `reduction="mean"`. Within a sample it is the mean over the
//! outputs, so that over a batch of several outputs it is the mean over all numbers; the cross-entropies are the one
//! exception, a sum over the classes of one sample.
//!
//! | task | the network ends in | loss | target |
//! |---|---|---|---|
//! | numbers | no activation | [`MeanSquaredError`], [`MeanAbsoluteError`], [`Huber`] | `[T; OUT]` |
//! | yes or no, or several of them | no activation | [`BinaryCrossEntropyWithLogits`] | `[T; OUT]`, 0 to 1 |
//! | | `sigmoid` | [`BinaryCrossEntropy`] | `[T; OUT]`, 0 to 1 |
//! | | no activation | [`Hinge`] | `[T; OUT]`, -1 or 1 |
//! | one of several classes | no activation | [`CrossEntropy`] | the index of the class |
//! | | no activation | [`DistributionCrossEntropy`] | `[T; OUT]`, 0 to 1 |
//! | | `softmax` | [`CrossEntropyOfProbabilities`] | the index of the class |
//!
//! A loss on logits, the values before a sigmoid or softmax, is more precise than one on probabilities, and is refused by
//! the compiler if the network ends in such an activation; one on probabilities, if it does not.

mod binary;
mod cross_entropy;
mod fits;
mod regression;
mod steps;

pub use binary::{BinaryCrossEntropy, BinaryCrossEntropyWithLogits, Hinge};
pub use cross_entropy::{CrossEntropy, CrossEntropyOfProbabilities, DistributionCrossEntropy, Smoothed};
#[doc(hidden)]
pub use fits::{AreProbabilities, CanBe};
pub use fits::{GivesLogits, Logits, LossOf, Outputs, Probabilities, Values};
pub use regression::{Huber, MeanAbsoluteError, MeanSquaredError};
pub use steps::Steps;

use crate::kernel::turned::ROWS;
use crate::kernel::{Isa, Lanes, MOST_LANES, Scalar, first_lanes, halves, sum_by_halves};
use crate::number::arena::split_mut;
use crate::number::storage::Plain;
use crate::setting::Setting;

/// A loss of outputs of type `Output`, an array of numbers.
///
/// ```
/// use nn_core::loss::{Loss, Values};
///
/// /// The largest error of a sample.
/// struct LargestError;
///
/// impl<const N: usize> Loss<f32, [f32; N]> for LargestError {
///     type Target = [f32; N];
///     type Takes = Values;
///
///     fn value_and_slope(&self, output: &[f32; N], target: &[f32; N], slope: &mut [f32; N]) -> f32 {
///         let error = |at: usize| output[at] - target[at];
///         let worst = (0..N).fold(0, |worst, at| if error(at).abs() > error(worst).abs() { at } else { worst });
///         *slope = [0.0; N];
///         slope[worst] = error(worst).signum();
///         error(worst).abs()
///     }
/// }
/// assert_eq!(LargestError.value(&[1.0, 5.0], &[0.0, 7.0]), 2.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss of outputs of type `{Output}`",
    label = "not a loss of this network's outputs"
)]
pub trait Loss<T: Scalar, Output: Plain<T>> {
    /// What the outputs of a sample are compared with.
    type Target;
    /// What it takes the outputs for: [`Logits`], [`Probabilities`], or any [`Values`].
    type Takes: Outputs;

    /// The loss of one sample; sets `slope` to its gradient by the outputs.
    fn value_and_slope(&self, output: &Output, target: &Self::Target, slope: &mut Output) -> T;

    /// [`value_and_slope`](Self::value_and_slope), computed with vectors; sets `slope` to `share` of the gradient.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn by_lanes<V: Lanes<T>>(&self, output: &Output, target: &Self::Target, slope: &mut Output, share: T) -> T
    where
        Self: Sized,
    {
        let value = self.value_and_slope(output, target, slope);
        for slope in slope.values_mut() {
            *slope *= share;
        }
        value
    }

    /// The lanes of the shortest vectors with which [`by_columns`](Self::by_columns) is faster than row by row, though the rows have
    /// to be turned for it.
    #[doc(hidden)]
    const COLUMNS_FROM: usize = usize::MAX;

    /// [`by_lanes`](Self::by_lanes) of [`ROWS`] rows that are turned, of each output those of all rows side by side: the loss of
    /// each. `target` gives the targets, one after the other, of which the loss accepts all.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn by_columns<K: Isa, E>(
        &self,
        output: &[[T; ROWS]],
        slope: &mut [[T; ROWS]],
        share: T,
        target: impl FnMut() -> Result<Self::Target, E>,
    ) -> Result<[T; ROWS], E>
    where
        Self: Sized,
    {
        row_by_row::<T, K::V<T>, Output, Self, E>(self, output, slope, share, target)
    }

    /// Whether samples count differently.
    const WEIGHS: bool = false;

    /// How much a sample counts, 1 unless it says otherwise: the loss of a batch is the sum of the losses divided by the sum of
    /// these.
    fn weight(&self, _target: &Self::Target) -> T {
        T::ONE
    }

    /// How many steps of a sequence there are to the last that counts. In training no gradient goes back through those that follow,
    /// and they are not even run if nothing goes on from there: what fills a sequence up may be anything.
    fn steps(&self, _target: &Self::Target) -> usize {
        usize::MAX
    }

    /// Whether a target can be right for any output at all.
    fn accepts(&self, _target: &Self::Target) -> bool {
        true
    }

    /// Whether the loss itself can be computed with.
    ///
    /// # Errors
    /// The setting that is out of its range.
    fn check(&self) -> Result<(), Setting> {
        Ok(())
    }

    /// The loss of one sample.
    fn value(&self, output: &Output, target: &Self::Target) -> T {
        let mut slope = Output::ZEROED;
        self.value_and_slope(output, target, &mut slope)
    }
}

/// Whether every number is from 0 to 1.
fn are_probabilities<T: Scalar>(numbers: &[T]) -> bool {
    numbers.iter().all(|x| *x >= T::ZERO && *x <= T::ONE)
}

/// [`Loss::by_columns`] by [`Loss::by_lanes`].
#[cfg_attr(not(debug_assertions), inline(always))]
fn row_by_row<T: Scalar, V: Lanes<T>, Output: Plain<T>, L: Loss<T, Output>, E>(
    loss: &L,
    output: &[[T; ROWS]],
    slope: &mut [[T; ROWS]],
    share: T,
    mut target: impl FnMut() -> Result<L::Target, E>,
) -> Result<[T; ROWS], E> {
    let mut losses = [T::ZERO; ROWS];
    for (row, value) in losses.iter_mut().enumerate() {
        let (mut read, mut written) = (Output::ZEROED, Output::ZEROED);
        for (number, column) in read.values_mut().iter_mut().zip(output) {
            *number = column[row];
        }
        *value = loss.by_lanes::<V>(&read, &target()?, &mut written, share);
        for (column, number) in slope.iter_mut().zip(written.values()) {
            column[row] = *number;
        }
    }
    Ok(losses)
}

/// A loss that is the mean of a term of each output.
trait Term<T: Scalar> {
    /// The terms of some outputs, and their slopes.
    fn term<V: Lanes<T>>(&self, output: V, target: V) -> [V; 2];
}

/// The methods of a [`Loss`] that is computed by a function over lanes, and by one over columns, with a target of that type.
macro_rules! by_lanes {
    ($T:ident, $N:ident, $function:ident, $of_columns:ident, $Target:ty) => {
        #[inline]
        fn value_and_slope(&self, output: &[$T; $N], target: &$Target, slope: &mut [$T; $N]) -> $T {
            $function::<$T, One<$T>, Self, $N>(self, output, target, slope, $T::ONE)
        }

        #[cfg_attr(not(debug_assertions), inline(always))]
        fn by_lanes<V: Lanes<$T>>(&self, output: &[$T; $N], target: &$Target, slope: &mut [$T; $N], share: $T) -> $T {
            $function::<$T, V, Self, $N>(self, output, target, slope, share)
        }

        #[cfg_attr(not(debug_assertions), inline(always))]
        fn by_columns<K: Isa, E>(
            &self,
            output: &[[$T; ROWS]],
            slope: &mut [[$T; ROWS]],
            share: $T,
            target: impl FnMut() -> Result<$Target, E>,
        ) -> Result<[$T; ROWS], E> {
            $of_columns::<$T, K, Self, E, $N>(self, output, slope, share, target)
        }
    };
}
use by_lanes;

/// In so many parts terms are summed, whatever the length of the vectors.
const SUMS: usize = MOST_LANES;

/// How many vectors hold [`SUMS`] numbers, or `n` if that is less.
const fn vectors<T: Scalar, V: Lanes<T>>(n: usize) -> usize {
    if n < SUMS { n.next_power_of_two().div_ceil(V::LEN) } else { SUMS / V::LEN }
}

/// The mean of the terms; sets the slopes to `share` of theirs.
#[cfg_attr(not(debug_assertions), inline(always))]
fn mean<T: Scalar, V: Lanes<T>, L: Term<T>, const N: usize>(
    loss: &L,
    output: &[T; N],
    target: &[T; N],
    slope: &mut [T; N],
    share: T,
) -> T {
    if const { V::LEN > 1 && N <= <V::Half as Lanes<T>>::LEN } {
        return mean::<T, V::Half, L, N>(loss, output, target, slope, share);
    }
    let each = T::ONE / T::from_u64(N as u64);
    let (zero, share) = (V::splat(T::ZERO), V::splat(each * share));
    let ((outputs, output), (targets, target)) = (V::chunks(output), V::chunks(target));
    let (slopes, slope) = V::chunks_mut(slope);
    let mut sums = [zero; SUMS];
    let (sums, _) = split_mut(&mut sums, const { vectors::<T, V>(N) });
    let mut rows = outputs.iter().zip(targets).zip(slopes);
    while rows.len() > 0 {
        for (sum, ((output, target), slope)) in sums.iter_mut().zip(&mut rows) {
            let [term, derivative] = loss.term(V::load(output), V::load(target));
            *sum = *sum + term;
            (derivative * share).store(slope);
        }
    }
    if const { !N.is_multiple_of(V::LEN) }
        && let Some(sum) = sums.get_mut(const { N / V::LEN % vectors::<T, V>(N) })
    {
        let [term, derivative] = loss.term(V::load_first(output, zero), V::load_first(target, zero));
        // The other lanes are no terms.
        let is_term = first_lanes::<T, V>(const { N % V::LEN });
        *sum = *sum + is_term.if_positive(term, zero);
        (derivative * share).store_first(slope);
    }
    sum_by_halves(sums) * each
}

/// [`Loss::COLUMNS_FROM`] of a mean: rows that are short and leave lanes of long vectors empty are faster by columns. A step of
/// 64-32-10 with the mean squared error took 0.87 of the time (AVX-512; AVX2 0.91, the portable set 1.01), but of 64-32-16 1.07 (Intel
/// Xeon of 2023, November 2026).
const fn columns_from(outputs: usize) -> usize {
    if outputs < SUMS && !outputs.is_multiple_of(4) { 8 } else { usize::MAX }
}

/// [`mean`] of turned rows, lane by lane: with the same bits.
#[cfg_attr(not(debug_assertions), inline(always))]
fn means<T: Scalar, K: Isa, L: Term<T>, E, const N: usize>(
    loss: &L,
    output: &[[T; ROWS]],
    slope: &mut [[T; ROWS]],
    share: T,
    mut target: impl FnMut() -> Result<[T; N], E>,
) -> Result<[T; ROWS], E> {
    let mut targets = [[T::ZERO; ROWS]; N];
    for row in 0..ROWS {
        for (column, number) in targets.iter_mut().zip(target()?) {
            column[row] = number;
        }
    }
    let each = T::ONE / T::from_u64(N as u64);
    let (zero, share) = (K::V::<T>::splat(T::ZERO), K::V::<T>::splat(each * share));
    let mut losses = [T::ZERO; ROWS];
    for (part, losses) in K::V::<T>::chunks_mut(&mut losses).0.iter_mut().enumerate() {
        let mut sums = [zero; SUMS];
        let (sums, _) = split_mut(&mut sums, const { if N < SUMS { N.next_power_of_two() } else { SUMS } });
        let columns = output.iter().zip(&targets).zip(&mut *slope);
        for (at, ((output, target), slope)) in columns.enumerate() {
            let (outputs, targets) = (K::V::<T>::chunks(output).0, K::V::<T>::chunks(target).0);
            if let (Some(output), Some(target), Some(slope), Some(sum)) = (
                outputs.get(part),
                targets.get(part),
                K::V::<T>::chunks_mut(slope).0.get_mut(part),
                sums.get_mut(at % SUMS),
            ) {
                let [term, derivative] = loss.term(K::V::<T>::load(output), K::V::<T>::load(target));
                *sum = *sum + term;
                (derivative * share).store(slope);
            }
        }
        (halves(sums) * K::V::<T>::splat(each)).store(losses);
    }
    Ok(losses)
}

#[cfg(test)]
mod tests;
