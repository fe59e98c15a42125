//! Losses of two classes.

use super::{Logits, Loss, Values, are_probabilities, mean};
use crate::scalar::Scalar;

/// The mean of `-t · ln(p) - (1 - t) · ln(1 - p)` over the outputs, `p` being the sigmoid of the output and the target
/// `t` a probability. PyTorch's `BCEWithLogitsLoss`: the network ends without a sigmoid.
///
/// ```
/// use nn_core::loss::{BinaryCrossEntropyWithLogits, Loss};
/// let loss: f64 = BinaryCrossEntropyWithLogits.value(&[0.0], &[1.0]);
/// assert!((loss - 2_f64.ln()).abs() < 1e-15);
/// ```
///
/// A network that ends in a sigmoid is refused:
///
/// ```compile_fail,E0277
/// use nn_core::prelude::*;
/// network! { struct Net: 2 => 1 sigmoid; }
///
/// let (mut memory, mut adam) = (Training::<Net, 1>::ZERO, Adam::new(0.1));
/// Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits); // use `BinaryCrossEntropy`
/// ```
#[doc(alias = "BCEWithLogitsLoss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct BinaryCrossEntropyWithLogits;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for BinaryCrossEntropyWithLogits {
    type Target = [T; N];
    type Takes = Logits;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &[T; N], slope: &mut [T; N]) -> T {
        mean(output, target, slope, |x, t| {
            // max(x, 0) - x t + ln(1 + exp(-|x|)): no exponential overflows. A NaN passes through every term.
            let above = if x > T::ZERO { x } else { T::ZERO };
            (above - x * t + (-x.abs()).exp().ln_1p(), x.sigmoid() - t)
        })
    }

    fn accepts(&self, target: &[T; N]) -> bool {
        are_probabilities(target)
    }
}

/// The mean of `-t · ln(p) - (1 - t) · ln(1 - p)` over the outputs `p`, which are probabilities. PyTorch's `BCELoss`.
///
/// As there, a logarithm is at least -100, and the slope's denominator `p · (1 - p)` at least 1e-12, so that neither is
/// infinite where `p` is 0 or 1. [`BinaryCrossEntropyWithLogits`] needs neither bound. Of an output that is no probability the loss
/// is NaN, so that a step with it fails.
///
/// ```
/// use nn_core::loss::{BinaryCrossEntropy, Loss};
/// let loss: f64 = BinaryCrossEntropy.value(&[0.25], &[0.0]);
/// assert!((loss - (4.0 / 3.0_f64).ln()).abs() < 1e-15);
/// assert_eq!(BinaryCrossEntropy.value(&[0.0], &[1.0]), 100.0);
/// ```
#[doc(alias = "BCELoss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct BinaryCrossEntropy;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for BinaryCrossEntropy {
    type Target = [T; N];
    type Takes = Values;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &[T; N], slope: &mut [T; N]) -> T {
        mean(output, target, slope, |p, t| {
            let value = -(t * bounded(p.ln()) + (T::ONE - t) * bounded((-p).ln_1p()));
            (value, (p - t) / above_zero(p * (T::ONE - p)))
        })
    }

    fn accepts(&self, target: &[T; N]) -> bool {
        are_probabilities(target)
    }
}

/// A logarithm, at least -100.
pub(super) fn bounded<T: Scalar>(logarithm: T) -> T {
    let least = T::from_f64(-100.0);
    if logarithm < least { least } else { logarithm }
}

/// A denominator, at least 1e-12, which is a float32 in PyTorch.
pub(super) fn above_zero<T: Scalar>(denominator: T) -> T {
    let least = T::from_f64(1e-12_f32.into());
    if denominator < least { least } else { denominator }
}

/// The mean of `max(0, 1 - t · output)` over the outputs, the target `t` being -1 or 1: the loss of support vector
/// machines. Its slope is 0 from the margin on.
///
/// ```
/// use nn_core::loss::{Hinge, Loss};
/// assert_eq!(Hinge.value(&[0.25, 0.5], &[1.0, -1.0]), (0.75 + 1.5) / 2.0);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Hinge;

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for Hinge {
    type Target = [T; N];
    type Takes = Values;

    #[inline]
    fn value_and_slope(&self, output: &[T; N], target: &[T; N], slope: &mut [T; N]) -> T {
        mean(output, target, slope, |y, t| {
            let short = T::ONE - t * y;
            // A NaN is neither above zero nor at most zero, and passes through.
            if short <= T::ZERO { (T::ZERO, T::ZERO) } else { (short, -t) }
        })
    }

    fn accepts(&self, target: &[T; N]) -> bool {
        target.iter().all(|t| t.abs() == T::ONE)
    }
}
