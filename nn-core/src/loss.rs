//! Losses: how far the outputs are from their targets, and in which direction.
//!
//! A loss is the mean over the samples of a batch, as PyTorch's `reduction="mean"`; within a sample each loss says
//! what it does with the outputs.

use crate::scalar::{Scalar, largest};
use crate::storage::Plain;

/// A loss of outputs of type `Output`, an array of numbers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss of outputs of type `{Output}`",
    label = "not a loss of this network's outputs"
)]
pub trait Loss<T: Scalar, Output: Plain<T>> {
    /// What the outputs of a sample are compared with.
    type Target;

    /// The loss of one sample; sets `slope` to its gradient by the outputs.
    fn value_and_slope(&self, output: &Output, target: &Self::Target, slope: &mut Output) -> T;

    /// Whether a target can be right for any output at all.
    fn accepts(&self, _target: &Self::Target) -> bool {
        true
    }

    /// The loss of one sample.
    fn value(&self, output: &Output, target: &Self::Target) -> T {
        let mut slope = Output::ZEROED;
        self.value_and_slope(output, target, &mut slope)
    }
}

/// The mean of `(output - target)²` over the outputs. PyTorch's `MSELoss`.
///
/// ```
/// use nn_core::loss::{Loss, MeanSquaredError};
/// assert_eq!(MeanSquaredError.value(&[1.0, 2.0], &[0.0, 4.0]), 2.5);
/// ```
#[doc(alias = "MSELoss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct MeanSquaredError;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for MeanSquaredError {
    type Target = [T; N];

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &[T; N], slope: &mut [T; N]) -> T {
        let share = T::ONE / T::from_f64(N as f64);
        let mut sum = T::ZERO;
        for ((y, t), slope) in output.iter().zip(target).zip(slope) {
            let error = *y - *t;
            sum += error * error;
            *slope = (error + error) * share;
        }
        sum * share
    }
}

/// The mean of `-t · ln(p) - (1 - t) · ln(1 - p)` over the outputs, `p` being the sigmoid of the output and the target
/// `t` a probability. PyTorch's `BCEWithLogitsLoss`: the network ends without a sigmoid.
///
/// ```
/// use nn_core::loss::{BinaryCrossEntropyWithLogits, Loss};
/// let loss: f64 = BinaryCrossEntropyWithLogits.value(&[0.0], &[1.0]);
/// assert!((loss - 2_f64.ln()).abs() < 1e-15);
/// ```
#[doc(alias = "BCEWithLogitsLoss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct BinaryCrossEntropyWithLogits;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for BinaryCrossEntropyWithLogits {
    type Target = [T; N];

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &[T; N], slope: &mut [T; N]) -> T {
        let share = T::ONE / T::from_f64(N as f64);
        let mut sum = T::ZERO;
        for ((x, t), slope) in output.iter().zip(target).zip(slope) {
            // max(x, 0) - x t + ln(1 + exp(-|x|)): no exponential overflows. A NaN passes through every term.
            let above = if *x > T::ZERO { *x } else { T::ZERO };
            sum += above - *x * *t + (-x.abs()).exp().ln_1p();
            *slope = (x.sigmoid() - *t) * share;
        }
        sum * share
    }
}

/// `-ln(softmax(output)[class])`; the target is the index of the class. PyTorch's `CrossEntropyLoss`: the network ends
/// without a softmax.
///
/// ```
/// use nn_core::loss::{CrossEntropy, Loss};
/// let loss: f64 = CrossEntropy.value(&[0.0; 4], &3);
/// assert!((loss - 4_f64.ln()).abs() < 1e-15);
/// ```
#[doc(alias = "CrossEntropyLoss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropy;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for CrossEntropy {
    type Target = usize;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &usize, slope: &mut [T; N]) -> T {
        let largest = largest(output);
        let mut sum = T::ZERO;
        for (x, slope) in output.iter().zip(&mut *slope) {
            *slope = (*x - largest).exp();
            sum += *slope;
        }
        for slope in &mut *slope {
            *slope = *slope / sum;
        }
        match (output.get(*target), slope.get_mut(*target)) {
            (Some(x), Some(slope)) => {
                *slope -= T::ONE;
                sum.ln() - (*x - largest)
            }
            _ => T::from_f64(f64::NAN),
        }
    }

    fn accepts(&self, target: &usize) -> bool {
        *target < N
    }
}
