//! Losses of two classes.

use super::{Logits, Loss, Probabilities, Term, Values, are_probabilities, by_lanes, columns_from, mean, means};
use crate::activation::Sigmoid;
use crate::kernel::turned::ROWS;
use crate::kernel::{Isa, Lanes, One, Scalar};

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

impl<T: Scalar> Term<T> for BinaryCrossEntropyWithLogits {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn term<V: Lanes<T>>(&self, x: V, t: V) -> [V; 2] {
        // max(x, 0) - x t + ln(1 + exp(-|x|)): no exponential overflows. A NaN passes through every term.
        let above = V::splat(T::ZERO).max(x);
        [above - x * t + (-x.abs()).exp().ln_1p(), x.sigmoid() - t]
    }
}

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for BinaryCrossEntropyWithLogits {
    type Target = [T; N];
    type Takes = Logits;

    const COLUMNS_FROM: usize = columns_from(N);
    by_lanes!(T, N, mean, means, [T; N]);

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

impl<T: Scalar> Term<T> for BinaryCrossEntropy {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn term<V: Lanes<T>>(&self, p: V, t: V) -> [V; 2] {
        let one = V::splat(T::ONE);
        let term = -(t * bounded(p.map(T::ln)) + (one - t) * bounded((-p).ln_1p()));
        [term, (p - t) / above_zero(p * (one - p))]
    }
}

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for BinaryCrossEntropy {
    type Target = [T; N];
    type Takes = Probabilities<Sigmoid, BinaryCrossEntropyWithLogits>;

    const COLUMNS_FROM: usize = columns_from(N);
    by_lanes!(T, N, mean, means, [T; N]);

    fn accepts(&self, target: &[T; N]) -> bool {
        are_probabilities(target)
    }
}

/// Logarithms, at least -100.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn bounded<T: Scalar, V: Lanes<T>>(logarithm: V) -> V {
    V::splat(T::from_f64(-100.0)).max(logarithm)
}

/// Denominators, at least 1e-12, which is a float32 in PyTorch.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn above_zero<T: Scalar, V: Lanes<T>>(denominator: V) -> V {
    V::splat(T::from_f64(1e-12_f32.into())).max(denominator)
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

impl<T: Scalar> Term<T> for Hinge {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn term<V: Lanes<T>>(&self, y: V, t: V) -> [V; 2] {
        let (zero, short) = (V::splat(T::ZERO), V::splat(T::ONE) - t * y);
        [zero.max(short), short.if_positive(-t, zero)]
    }
}

impl<T: Scalar, const N: usize> Loss<T, [T; N]> for Hinge {
    type Target = [T; N];
    type Takes = Values;

    const COLUMNS_FROM: usize = columns_from(N);
    by_lanes!(T, N, mean, means, [T; N]);

    fn accepts(&self, target: &[T; N]) -> bool {
        target.iter().all(|t| t.abs() == T::ONE)
    }
}
