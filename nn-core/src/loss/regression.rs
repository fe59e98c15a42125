//! Losses of numbers.

use super::{Loss, Term, Values, by_lanes, columns_from, mean, means};
use crate::kernel::turned::ROWS;
use crate::kernel::{Isa, Lanes, One, Scalar};
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

impl<T: Scalar> Term<T> for MeanSquaredError {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn term<V: Lanes<T>>(&self, y: V, t: V) -> [V; 2] {
        let error = y - t;
        [error * error, error + error]
    }
}

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for MeanSquaredError {
    type Target = [T; N];
    type Takes = Values;

    const COLUMNS_FROM: usize = columns_from(N);
    by_lanes!(T, N, mean, means, [T; N]);
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

impl<T: Scalar> Term<T> for MeanAbsoluteError {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn term<V: Lanes<T>>(&self, y: V, t: V) -> [V; 2] {
        let error = y - t;
        [error.abs(), sign(error)]
    }
}

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for MeanAbsoluteError {
    type Target = [T; N];
    type Takes = Values;

    const COLUMNS_FROM: usize = columns_from(N);
    by_lanes!(T, N, mean, means, [T; N]);
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

impl<T: Scalar> Term<T> for Huber<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn term<V: Lanes<T>>(&self, y: V, t: V) -> [V; 2] {
        let (delta, half) = (V::splat(self.delta), V::splat(T::from_f64(0.5)));
        let error = y - t;
        let size = error.abs();
        let beyond = size - delta;
        [
            beyond.if_positive(delta * (size - half * delta), half * error * error),
            beyond.if_positive(delta * sign(error), error),
        ]
    }
}

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for Huber<T> {
    type Target = [T; N];
    type Takes = Values;

    const COLUMNS_FROM: usize = columns_from(N);
    by_lanes!(T, N, mean, means, [T; N]);

    fn check(&self) -> Result<(), Setting> {
        Setting::positive("delta", self.delta)
    }
}

/// 1 above zero and -1 below, else the number itself: zero, or NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn sign<T: Scalar, V: Lanes<T>>(x: V) -> V {
    let one = V::splat(T::ONE);
    x.if_positive(one, (-x).if_positive(-one, x))
}
