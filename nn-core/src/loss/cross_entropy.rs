//! Losses of several classes, of which each sample has one.

use super::binary::{above_zero, bounded};
use super::{Logits, Loss, Probabilities, SUMS, are_probabilities, by_lanes, row_by_row, vectors};
use crate::activation::Softmax;
use crate::kernel::turned::{CLASSES, Entropies, ROWS};
use crate::kernel::{Isa, Lanes, One, Scalar, first_lanes, sum_by_halves};
use crate::number::arena::{split, split_mut};
use crate::setting::Setting;

/// `-ln(softmax(output)[class])`; the target is the index of the class. PyTorch's `CrossEntropyLoss`: the network ends
/// without a softmax.
///
/// ```
/// use nn_core::loss::{CrossEntropy, Loss};
/// let loss: f64 = CrossEntropy.value(&[0.0; 4], &3);
/// assert!((loss - 4_f64.ln()).abs() < 1e-15);
/// ```
///
/// A network that ends in a softmax is refused:
///
/// ```compile_fail,E0277
/// use nn_core::prelude::*;
/// network! { struct Net: 2 => 3 softmax; }
///
/// let (mut memory, mut adam) = (Training::<Net, 1>::ZERO, Adam::new(0.1));
/// Trainer::new(&mut memory, &mut adam, CrossEntropy); // use `CrossEntropyOfProbabilities`
/// ```
#[doc(alias = "CrossEntropyLoss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropy;

/// `-Σ t_k · ln(softmax(output)_k)`; the target is a probability for each class. PyTorch's `CrossEntropyLoss` with
/// such targets.
///
/// ```
/// use nn_core::loss::{DistributionCrossEntropy, Loss};
/// let loss: f64 = DistributionCrossEntropy.value(&[0.0; 4], &[0.5, 0.0, 0.0, 0.5]);
/// assert!((loss - 4_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct DistributionCrossEntropy;

/// A cross-entropy with label smoothing (Szegedy et al. 2016): of every target the share `smoothing` is spread evenly
/// over all classes. PyTorch's `CrossEntropyLoss(label_smoothing=…)`.
///
/// ```
/// use nn_core::loss::{CrossEntropy, DistributionCrossEntropy, Loss};
///
/// let smoothed: f64 = CrossEntropy.smoothed(0.2).value(&[2.0, 0.0], &0);
/// let spread: f64 = DistributionCrossEntropy.value(&[2.0, 0.0], &[0.9, 0.1]);
/// assert!((smoothed - spread).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Smoothed<L, T> {
    /// The cross-entropy.
    pub loss: L,
    /// The share that is spread, 0 to 1.
    pub smoothing: T,
}

impl CrossEntropy {
    /// With label smoothing.
    pub const fn smoothed<T>(self, smoothing: T) -> Smoothed<Self, T> {
        Smoothed { loss: self, smoothing }
    }
}

impl DistributionCrossEntropy {
    /// With label smoothing.
    pub const fn smoothed<T>(self, smoothing: T) -> Smoothed<Self, T> {
        Smoothed { loss: self, smoothing }
    }
}

/// A target as the share of each class.
trait Shares<T: Scalar> {
    type Of<const N: usize>;
    /// The shares of as many classes as a vector has lanes, from class `at` on; 0 where there is none.
    fn shares<V: Lanes<T>, const N: usize>(&self, target: &Self::Of<N>, at: usize) -> V;
    /// Their sum.
    fn total<const N: usize>(&self, target: &Self::Of<N>) -> T;
    fn is_target<const N: usize>(target: &Self::Of<N>) -> bool;
    /// The shares of each class in several targets, and the sums of them; all are zero before.
    fn columns<const N: usize, E>(
        &self,
        target: impl FnMut() -> Result<Self::Of<N>, E>,
        shares: &mut [[T; ROWS]; N],
        totals: &mut [T; ROWS],
    ) -> Result<(), E>;
    fn checked(&self) -> Result<(), Setting> {
        Ok(())
    }
}

impl<T: Scalar> Shares<T> for CrossEntropy {
    type Of<const N: usize> = usize;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shares<V: Lanes<T>, const N: usize>(&self, target: &usize, at: usize) -> V {
        let mut classes = [T::ZERO; SUMS];
        for (class, number) in classes.iter_mut().enumerate() {
            *number = T::from_u64(class as u64);
        }
        let classes = V::load_first(&classes, V::splat(T::ZERO));
        // 0 in the lane of the class; where it is in another vector, in none.
        let lane = target.wrapping_sub(at).min(SUMS);
        let other = (classes - V::splat(T::from_u64(lane as u64))).abs();
        other.if_positive(V::splat(T::ZERO), V::splat(T::ONE))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn total<const N: usize>(&self, _: &usize) -> T {
        T::ONE
    }
    fn is_target<const N: usize>(target: &usize) -> bool {
        *target < N
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn columns<const N: usize, E>(
        &self,
        mut target: impl FnMut() -> Result<usize, E>,
        shares: &mut [[T; ROWS]; N],
        totals: &mut [T; ROWS],
    ) -> Result<(), E> {
        *totals = [T::ONE; ROWS];
        for row in 0..ROWS {
            if let Some(shares) = shares.get_mut(target()?) {
                shares[row] = T::ONE;
            }
        }
        Ok(())
    }
}

impl<T: Scalar> Shares<T> for DistributionCrossEntropy {
    type Of<const N: usize> = [T; N];
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shares<V: Lanes<T>, const N: usize>(&self, target: &[T; N], at: usize) -> V {
        V::load_first(split(target, at).1, V::splat(T::ZERO))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn total<const N: usize>(&self, target: &[T; N]) -> T {
        let mut sum = T::ZERO;
        for share in target {
            sum += *share;
        }
        sum
    }
    fn is_target<const N: usize>(target: &[T; N]) -> bool {
        are_probabilities(target)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn columns<const N: usize, E>(
        &self,
        mut target: impl FnMut() -> Result<[T; N], E>,
        shares: &mut [[T; ROWS]; N],
        totals: &mut [T; ROWS],
    ) -> Result<(), E> {
        for (row, total) in totals.iter_mut().enumerate() {
            for (shares, share) in shares.iter_mut().zip(target()?) {
                shares[row] = share;
                *total += share;
            }
        }
        Ok(())
    }
}

impl<T: Scalar, L: Shares<T>> Shares<T> for Smoothed<L, T> {
    type Of<const N: usize> = L::Of<N>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shares<V: Lanes<T>, const N: usize>(&self, target: &L::Of<N>, at: usize) -> V {
        let (rest, even) = (T::ONE - self.smoothing, self.smoothing / T::from_u64(N as u64));
        let shares = V::splat(rest) * self.loss.shares::<V, N>(target, at) + V::splat(even);
        first_lanes::<T, V>(V::LEN.min(N - at)).if_positive(shares, V::splat(T::ZERO))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn total<const N: usize>(&self, target: &L::Of<N>) -> T {
        (T::ONE - self.smoothing) * self.loss.total(target) + self.smoothing
    }
    fn is_target<const N: usize>(target: &L::Of<N>) -> bool {
        L::is_target::<N>(target)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn columns<const N: usize, E>(
        &self,
        target: impl FnMut() -> Result<L::Of<N>, E>,
        shares: &mut [[T; ROWS]; N],
        totals: &mut [T; ROWS],
    ) -> Result<(), E> {
        self.loss.columns(target, shares, totals)?;
        let (rest, even) = (T::ONE - self.smoothing, self.smoothing / T::from_u64(N as u64));
        for share in shares.as_flattened_mut() {
            *share = rest * *share + even;
        }
        for total in totals {
            *total = rest * *total + self.smoothing;
        }
        Ok(())
    }
    fn checked(&self) -> Result<(), Setting> {
        Setting::within("smoothing", self.smoothing)
    }
}

/// The value of every cross-entropy on logits; sets the slopes to `share` of theirs. A row of at most sixteen stays in registers
/// from the logits to the slopes.
#[cfg_attr(not(debug_assertions), inline(always))]
fn compare<T: Scalar, V: Lanes<T>, L: Shares<T>, const N: usize>(
    loss: &L,
    output: &[T; N],
    target: &L::Of<N>,
    slope: &mut [T; N],
    share: T,
) -> T {
    if const { V::LEN > 1 && N <= <V::Half as Lanes<T>>::LEN } {
        return compare::<T, V::Half, L, N>(loss, output, target, slope, share);
    }
    let (zero, nothing) = (V::splat(T::ZERO), V::splat(T::from_f64(f64::NEG_INFINITY)));
    let mut softmax = [nothing; SUMS];
    let [largest, exponentials] = if const { N <= SUMS } {
        for (vector, lanes) in softmax.iter_mut().take(const { N.div_ceil(V::LEN) }).enumerate() {
            *lanes = V::load_first(split(output, vector * V::LEN).1, nothing);
        }
        V::softmax_of_lanes(split_mut(&mut softmax, const { vectors::<T, V>(N) }).0)
    } else {
        *slope = *output;
        V::softmax(slope)
    };
    let total = loss.total(target);
    let mut sums = [zero; SUMS];
    let (sums, _) = split_mut(&mut sums, const { vectors::<T, V>(N) });
    let mut at = 0;
    while at < N {
        for (sum, softmax) in sums.iter_mut().zip(&softmax) {
            if at >= N {
                break;
            }
            let (output, slope) = (split(output, at).1, split_mut(slope, at).1);
            let softmax = if const { N <= SUMS } { *softmax } else { V::load_first(slope, zero) };
            let shares = loss.shares::<V, N>(target, at);
            let below = shares * (V::splat(largest) - V::load_first(output, zero));
            // A share of nothing has no part in the sum, though the logit be infinite.
            *sum = *sum + shares.if_positive(below, zero);
            ((softmax * V::splat(total) - shares) * V::splat(share)).store_first(slope);
            at += V::LEN;
        }
    }
    // A class that the network has no output for has no loss.
    if L::is_target::<N>(target) {
        total * logarithm::<T, V>(exponentials) + sum_by_halves(sums)
    } else {
        T::from_f64(f64::NAN)
    }
}

/// The logarithm of a sum of exponentials, as vectors compute it.
#[cfg_attr(not(debug_assertions), inline(always))]
fn logarithm<T: Scalar, V: Lanes<T>>(sum: T) -> T {
    if const { V::LEN > 1 } {
        return logarithm::<T, V::Half>(sum);
    }
    let mut logarithm = [sum];
    V::splat(sum).ln_normal().store_first(&mut logarithm);
    let [logarithm] = logarithm;
    logarithm
}

/// [`compare`] of turned rows, lane by lane: with the same bits.
#[cfg_attr(not(debug_assertions), inline(always))]
fn compare_columns<T: Scalar, K: Isa, L: Shares<T> + Loss<T, [T; N], Target = L::Of<N>>, E, const N: usize>(
    loss: &L,
    output: &[[T; ROWS]],
    slope: &mut [[T; ROWS]],
    share: T,
    target: impl FnMut() -> Result<L::Of<N>, E>,
) -> Result<[T; ROWS], E> {
    if const { N > CLASSES } {
        return row_by_row::<T, K::V<T>, [T; N], L, E>(loss, output, slope, share, target);
    }
    let (mut shares, mut totals, mut losses) = ([[T::ZERO; ROWS]; N], [T::ZERO; ROWS], [T::ZERO; ROWS]);
    loss.columns(target, &mut shares, &mut totals)?;
    let (shares, totals) = (&shares, &totals);
    let losses_of = &mut losses;
    T::entropies(K::SET, &mut Entropies { logits: output, shares, totals, share, slopes: slope, losses: losses_of });
    Ok(losses)
}

macro_rules! losses {
    ($($Loss:ty: $Target:ty;)*) => {$(
        impl<T: Scalar, const N: usize> Loss<T, [T; N]> for $Loss {
            type Target = $Target;
            type Takes = Logits;

            const COLUMNS_FROM: usize = if N <= CLASSES { 2 } else { usize::MAX };
            by_lanes!(T, N, compare, compare_columns, $Target);

            fn accepts(&self, target: &$Target) -> bool {
                <Self as Shares<T>>::is_target::<N>(target)
            }

            fn check(&self) -> Result<(), Setting> {
                Shares::<T>::checked(self)
            }
        }
    )*};
}
losses! {
    CrossEntropy: usize;
    DistributionCrossEntropy: [T; N];
    Smoothed<CrossEntropy, T>: usize;
    Smoothed<DistributionCrossEntropy, T>: [T; N];
}

/// `-ln(output[class])` of outputs that are probabilities, as those of a `softmax`; the target is the index of the class.
///
/// As in [`BinaryCrossEntropy`](super::BinaryCrossEntropy), the logarithm is at least -100, and a probability in the
/// slope's denominator at least 1e-12. [`CrossEntropy`], on logits, needs neither bound. Of an output that is no probability the
/// loss is NaN, so that a step with it fails.
///
/// ```
/// use nn_core::loss::{CrossEntropyOfProbabilities, Loss};
/// let loss: f64 = CrossEntropyOfProbabilities.value(&[0.75, 0.25], &1);
/// assert!((loss - 4_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropyOfProbabilities;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for CrossEntropyOfProbabilities {
    type Target = usize;
    type Takes = Probabilities<Softmax, CrossEntropy>;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &usize, slope: &mut [T; N]) -> T {
        *slope = [T::ZERO; N];
        match (output.get(*target), slope.get_mut(*target)) {
            (Some(p), Some(slope)) if are_probabilities(&[*p]) => {
                *slope = -T::ONE / above_zero(One(*p)).0;
                -bounded(One(p.ln())).0
            }
            _ => T::from_f64(f64::NAN),
        }
    }

    fn accepts(&self, target: &usize) -> bool {
        *target < N
    }
}
