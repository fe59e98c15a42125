//! Losses of numbers.

use super::{Loss, Values, mean};
use crate::scalar::Scalar;
use crate::setting::Setting;

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
    type Takes = Values;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &[T; N], slope: &mut [T; N]) -> T {
        mean(output, target, slope, |y, t| {
            let error = y - t;
            (error * error, error + error)
        })
    }
}

/// The mean of `|output - target|` over the outputs, of slope 0 where they are equal. PyTorch's `L1Loss`.
///
/// ```
/// use nn_core::loss::{Loss, MeanAbsoluteError};
/// assert_eq!(MeanAbsoluteError.value(&[1.0, 2.0], &[0.0, 4.0]), 1.5);
/// ```
#[doc(alias = "L1Loss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct MeanAbsoluteError;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for MeanAbsoluteError {
    type Target = [T; N];
    type Takes = Values;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &[T; N], slope: &mut [T; N]) -> T {
        mean(output, target, slope, |y, t| {
            let error = y - t;
            (error.abs(), error.sign())
        })
    }
}

/// Squared near the target and absolute far from it: the mean over the outputs of `error² / 2` up to `delta`, and of
/// `delta · (|error| - delta / 2)` beyond (Huber 1964). PyTorch's `HuberLoss`.
///
/// ```
/// use nn_core::loss::{Huber, Loss};
/// assert_eq!(Huber { delta: 1.0 }.value(&[0.5, 3.0], &[0.0, 0.0]), (0.125 + 2.5) / 2.0);
/// ```
#[doc(alias = "HuberLoss")]
#[derive(Clone, Copy, Debug)]
pub struct Huber<T> {
    /// The error from which on the loss is a straight line; finite and above zero.
    pub delta: T,
}

impl<T: Scalar> Default for Huber<T> {
    fn default() -> Self {
        Self { delta: T::ONE }
    }
}

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for Huber<T> {
    type Target = [T; N];
    type Takes = Values;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &[T; N], slope: &mut [T; N]) -> T {
        let half = T::from_f64(0.5);
        mean(output, target, slope, |y, t| {
            let error = y - t;
            let size = error.abs();
            if size > self.delta {
                (self.delta * (size - half * self.delta), self.delta * error.sign())
            } else {
                (half * error * error, error)
            }
        })
    }

    fn check(&self) -> Result<(), Setting> {
        Setting::positive("delta", self.delta)
    }
}
