//! The loss of a sequence.

use super::Loss;
use crate::kernel::Scalar;
use crate::number::storage::Plain;
use crate::setting::Setting;

/// A loss of every step of a [`Sequence`](crate::train::Sequence). The target is that of each step, and how much it counts: the
/// loss of a batch is the mean over its steps, weighted so.
///
/// A weight of 0 leaves a step out, whatever its target is: of a warm-up, of what fills a sequence that is shorter, or of all but the
/// last. Where no step of a batch counts, the loss is 0, and the trainer makes no step of its optimiser.
///
/// ```
/// use nn_core::loss::{Loss, MeanSquaredError, Steps};
///
/// let loss = Steps(MeanSquaredError);
/// let (outputs, targets) = ([[1.0_f32], [2.0], [3.0]], [([f32::NAN], 0.0), ([0.0], 1.0), ([0.0], 1.0)]);
/// assert_eq!(loss.value(&outputs, &targets), 4.0 + 9.0);
/// assert_eq!(loss.weight(&targets), 2.0);
/// ```
///
/// Where several frames leave a step of a stream, `Steps(Steps(loss))` weighs the steps, and the frames of each:
///
/// ```
/// # use nn_core::loss::{Loss, MeanSquaredError, Steps};
/// let loss = Steps(Steps(MeanSquaredError));
/// let outputs = [[[1.0_f32], [2.0]], [[3.0], [4.0]]];
/// let targets = [([([0.0], 1.0), ([0.0], 3.0)], 2.0), ([([0.0], 1.0), ([0.0], 0.0)], 1.0)];
/// assert_eq!(loss.value(&outputs, &targets), 2.0 * (1.0 + 3.0 * 4.0) + 9.0);
/// assert_eq!(loss.weight(&targets), 2.0 * (1.0 + 3.0) + 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Steps<L>(pub L);

impl<T: Scalar, O: Plain<T>, L: Loss<T, O>, const N: usize> Loss<T, [O; N]> for Steps<L> {
    type Target = [(L::Target, T); N];
    type Takes = L::Takes;
    const WEIGHS: bool = true;

    /// The sum of the losses times their weights.
    fn value_and_slope(&self, output: &[O; N], target: &Self::Target, slope: &mut [O; N]) -> T {
        let mut sum = T::ZERO;
        for ((output, (target, weight)), slope) in output.iter().zip(target).zip(slope) {
            if *weight > T::ZERO {
                sum += *weight * self.0.value_and_slope(output, target, slope);
                slope.values_mut().iter_mut().for_each(|slope| *slope *= *weight);
            } else {
                slope.values_mut().fill(T::ZERO);
            }
        }
        sum
    }

    fn weight(&self, target: &Self::Target) -> T {
        let mut sum = T::ZERO;
        target.iter().for_each(|(target, weight)| sum += *weight * self.0.weight(target));
        sum
    }

    fn steps(&self, target: &Self::Target) -> usize {
        target.iter().rposition(|(_, weight)| *weight > T::ZERO).map_or(0, |last| last + 1)
    }

    fn accepts(&self, target: &Self::Target) -> bool {
        target.iter().all(|(target, weight)| {
            *weight == T::ZERO || (weight.is_finite() && *weight > T::ZERO && self.0.accepts(target))
        })
    }

    fn check(&self) -> Result<(), Setting> {
        self.0.check()
    }
}
