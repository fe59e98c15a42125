//! Losses of several classes, of which each sample has one.

use super::binary::{above_zero, bounded};
use super::{Logits, Loss, Values, are_probabilities};
use crate::scalar::{Scalar, largest};
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
    fn share<const N: usize>(&self, target: &Self::Of<N>, class: usize) -> T;
    fn is_target<const N: usize>(target: &Self::Of<N>) -> bool;
    fn checked(&self) -> Result<(), Setting> {
        Ok(())
    }
}

impl<T: Scalar> Shares<T> for CrossEntropy {
    type Of<const N: usize> = usize;
    fn share<const N: usize>(&self, target: &usize, class: usize) -> T {
        if *target == class { T::ONE } else { T::ZERO }
    }
    fn is_target<const N: usize>(target: &usize) -> bool {
        *target < N
    }
}

impl<T: Scalar> Shares<T> for DistributionCrossEntropy {
    type Of<const N: usize> = [T; N];
    fn share<const N: usize>(&self, target: &[T; N], class: usize) -> T {
        target.get(class).copied().unwrap_or(T::ZERO)
    }
    fn is_target<const N: usize>(target: &[T; N]) -> bool {
        are_probabilities(target)
    }
}

impl<T: Scalar, L: Shares<T>> Shares<T> for Smoothed<L, T> {
    type Of<const N: usize> = L::Of<N>;
    fn share<const N: usize>(&self, target: &L::Of<N>, class: usize) -> T {
        let even = T::ONE / T::from_f64(N as f64);
        (T::ONE - self.smoothing) * self.loss.share::<N>(target, class) + self.smoothing * even
    }
    fn is_target<const N: usize>(target: &L::Of<N>) -> bool {
        L::is_target::<N>(target)
    }
    fn checked(&self) -> Result<(), Setting> {
        Setting::within("smoothing", self.smoothing)
    }
}

/// The value and the slope of every cross-entropy on logits.
#[inline]
fn value_and_slope<T: Scalar, L: Shares<T>, const N: usize>(
    loss: &L,
    output: &[T; N],
    target: &L::Of<N>,
    slope: &mut [T; N],
) -> T {
    // A class that the network has no output for has no loss.
    let mut value = if L::is_target::<N>(target) { T::ZERO } else { T::from_f64(f64::NAN) };
    let (mut sum, mut total) = (T::ZERO, T::ZERO);
    let largest = largest(output);
    for (x, slope) in output.iter().zip(&mut *slope) {
        *slope = (*x - largest).exp();
        sum += *slope;
    }
    let logarithm = sum.ln();
    for (class, x) in output.iter().enumerate() {
        let share = loss.share::<N>(target, class);
        total += share;
        // A share of nothing has no part in the sum, though the logarithm be infinite.
        if share != T::ZERO {
            value += share * (logarithm - (*x - largest));
        }
    }
    for (class, slope) in slope.iter_mut().enumerate() {
        *slope = *slope / sum * total - loss.share::<N>(target, class);
    }
    value
}

macro_rules! losses {
    ($($Loss:ty: $Target:ty;)*) => {$(
        impl<T: Scalar, const N: usize> Loss<T, [T; N]> for $Loss {
            type Target = $Target;
            type Takes = Logits;

            #[inline]
            fn value_and_slope(&self, output: &[T; N], target: &$Target, slope: &mut [T; N]) -> T {
                value_and_slope(self, output, target, slope)
            }

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
#[doc(alias = "NLLLoss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropyOfProbabilities;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for CrossEntropyOfProbabilities {
    type Target = usize;
    type Takes = Values;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &usize, slope: &mut [T; N]) -> T {
        *slope = [T::ZERO; N];
        match (output.get(*target), slope.get_mut(*target)) {
            (Some(p), Some(slope)) if are_probabilities(&[*p]) => {
                *slope = -T::ONE / above_zero(*p);
                -bounded(p.ln())
            }
            _ => T::from_f64(f64::NAN),
        }
    }

    fn accepts(&self, target: &usize) -> bool {
        *target < N
    }
}
