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
//! the compiler if the network ends in such an activation.

mod binary;
mod cross_entropy;
mod regression;

pub use binary::{BinaryCrossEntropy, BinaryCrossEntropyWithLogits, Hinge};
pub use cross_entropy::{CrossEntropy, CrossEntropyOfProbabilities, DistributionCrossEntropy, Smoothed};
pub use regression::{Huber, MeanAbsoluteError, MeanSquaredError};

use crate::activation::{Ending, Open, Same};
use crate::network::Network;
use crate::part::Part;
use crate::scalar::Scalar;
use crate::setting::Setting;
use crate::storage::Plain;

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
    /// What it takes the outputs for: [`Logits`], or any [`Values`].
    type Takes;

    /// The loss of one sample; sets `slope` to its gradient by the outputs.
    fn value_and_slope(&self, output: &Output, target: &Self::Target, slope: &mut Output) -> T;

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

/// The outputs are logits: values before a sigmoid or a softmax, which the loss applies itself.
pub enum Logits {}
/// The outputs are any numbers.
pub enum Values {}

/// Outputs that can be taken for what a loss takes, if the network ends in this; `Instead` is the loss that fits it.
#[diagnostic::on_unimplemented(
    message = "`{Loss}` takes `{Takes}`, but this network ends in `{Self}`",
    label = "leave the `{Self}` at the end of the network out, or use `{Instead}`",
    note = "a generic function asks for `L: LossOf<N>`, and for `N: GivesLogits` if its loss takes logits"
)]
#[doc(hidden)]
pub trait CanBe<Takes, Loss, Instead> {}

#[diagnostic::do_not_recommend]
impl<L, A, I> CanBe<Values, L, I> for A {}
#[diagnostic::do_not_recommend]
impl<L, I> CanBe<Logits, L, I> for Open {}
#[diagnostic::do_not_recommend]
impl<L, I> CanBe<Logits, L, I> for Same {}

/// How a network ends.
type End<N> = <<N as Network>::Layers as Part>::Ends;

/// A loss that fits the networks of type `N`: a [`Loss`] of its outputs, and not one on logits if `N` ends in the
/// activation that the loss applies itself.
///
/// It is implemented for every such loss; a function that is generic over the loss asks for it:
///
/// ```
/// use nn_core::dataset::Dataset;
/// use nn_core::loss::LossOf;
/// use nn_core::prelude::*;
///
/// fn is_better<N, L, D>(a: &N, b: &N, loss: &L, data: &D) -> Result<bool, TrainError>
/// where
///     N: Network<Scalar = f32>,
///     L: LossOf<N>,
///     D: Dataset<Input = N::Input, Target = L::Target>,
/// {
///     Ok(evaluate(a, loss, data)? < evaluate(b, loss, data)?)
/// }
/// type Line = network!(1 => 1);
/// assert_eq!(is_better(&Line::ZERO, &Line::ZERO, &MeanSquaredError, &[([1.0], [2.0])]), Ok(false));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss for the network `{N}`",
    label = "not a loss of this network's outputs"
)]
pub trait LossOf<N: Network> {
    /// What the outputs of a sample are compared with.
    type Target;
    /// [`Loss::value_and_slope`].
    #[doc(hidden)]
    fn compare(&self, output: &N::Output, target: &Self::Target, slope: &mut N::Output) -> N::Scalar;
    /// [`Loss::accepts`].
    #[doc(hidden)]
    fn admits(&self, target: &Self::Target) -> bool;
    /// [`Loss::check`].
    #[doc(hidden)]
    fn usable(&self) -> Result<(), Setting>;
}

impl<N: Network, L: Loss<N::Scalar, N::Output>> LossOf<N> for L
where
    End<N>: CanBe<L::Takes, L, <End<N> as Ending>::Loss>,
{
    type Target = L::Target;

    #[inline]
    fn compare(&self, output: &N::Output, target: &L::Target, slope: &mut N::Output) -> N::Scalar {
        self.value_and_slope(output, target, slope)
    }

    fn admits(&self, target: &L::Target) -> bool {
        self.accepts(target)
    }

    fn usable(&self) -> Result<(), Setting> {
        self.check()
    }
}

/// A network that does not end in a sigmoid or a softmax, so that its outputs can be taken for logits.
///
/// It is implemented for every such network; a function that is generic over the network asks for it, if it uses a loss on
/// logits:
///
/// ```
/// use nn_core::loss::GivesLogits;
/// use nn_core::prelude::*;
///
/// fn loss<N: Network<Scalar = f32, Input = [f32; 2], Output = [f32; 3]> + GivesLogits>(net: &N) -> f32 {
///     evaluate(net, &CrossEntropy, &[([0.0, 1.0], 2)]).unwrap_or(f32::NAN)
/// }
/// ```
pub trait GivesLogits: Network<Layers: Part<Ends = Open>> {}

impl<N: Network<Layers: Part<Ends = Open>>> GivesLogits for N {}

/// Whether every number is from 0 to 1.
fn are_probabilities<T: Scalar>(numbers: &[T]) -> bool {
    numbers.iter().all(|x| *x >= T::ZERO && *x <= T::ONE)
}

/// The sum of `f` over outputs, targets and slopes, as a mean: `f` gives the term of one output and its slope.
#[inline(always)]
fn mean<T: Scalar, const N: usize>(
    output: &[T; N],
    target: &[T; N],
    slope: &mut [T; N],
    f: impl Fn(T, T) -> (T, T),
) -> T {
    let share = T::ONE / T::from_f64(N as f64);
    let mut sum = T::ZERO;
    for ((y, t), slope) in output.iter().zip(target).zip(slope) {
        let (value, derivative) = f(*y, *t);
        sum += value;
        *slope = derivative * share;
    }
    sum * share
}
