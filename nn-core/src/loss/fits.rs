//! Which losses fit which networks: how a network ends, and what a loss takes its outputs for.

use super::{BinaryCrossEntropy, CrossEntropyOfProbabilities, Loss};
use crate::activation::{HardSigmoid, Sigmoid, Softmax};
use crate::kernel::turned::ROWS;
use crate::kernel::{Isa, Lanes, Scalar};
use crate::network::Network;
use crate::part::ending::{Ending, Open, Same};
use crate::part::run::Part;
use crate::setting::Setting;
use core::marker::PhantomData;

/// The outputs are logits: values before a sigmoid or a softmax, which the loss applies itself.
pub enum Logits {}
/// The outputs are any numbers.
pub enum Values {}
/// The outputs are probabilities, those that `End` gives; `Instead` is the loss that takes the logits before it.
pub struct Probabilities<End, Instead>(PhantomData<(End, Instead)>);

/// What a loss takes outputs for.
pub trait Outputs {
    /// The activation that gives them, if it must be one.
    #[doc(hidden)]
    type End;
    /// The loss for outputs that are no probabilities.
    #[doc(hidden)]
    type Instead;
}

impl Outputs for Logits {
    type End = ();
    type Instead = ();
}
impl Outputs for Values {
    type End = ();
    type Instead = ();
}
impl<End, Instead> Outputs for Probabilities<End, Instead> {
    type End = End;
    type Instead = Instead;
}

/// Outputs that can be taken for what a loss takes, if the network ends in this; `Instead` is the loss that fits it.
#[diagnostic::on_unimplemented(
    message = "`{Loss}` takes `{Takes}`, but this network ends in `{Self}`",
    label = "leave the `{Self}` at the end of the network out, or use `{Instead}`",
    note = "a generic function asks for `L: LossOf<N>`, and for `N: GivesLogits` if its loss takes logits"
)]
#[doc(hidden)]
pub trait CanBe<Takes, Loss, Instead> {
    /// The loss, which fits.
    type Fits;
}

#[diagnostic::do_not_recommend]
impl<L, A, I> CanBe<Values, L, I> for A {
    type Fits = L;
}
#[diagnostic::do_not_recommend]
impl<L, A, I, End, Instead> CanBe<Probabilities<End, Instead>, L, I> for A {
    type Fits = L;
}
#[diagnostic::do_not_recommend]
impl<L, I> CanBe<Logits, L, I> for Open {
    type Fits = L;
}
#[diagnostic::do_not_recommend]
impl<L, I> CanBe<Logits, L, I> for Same {
    type Fits = L;
}

/// Outputs that are the probabilities that a loss takes, if it does.
#[diagnostic::on_unimplemented(
    message = "`{Loss}` takes probabilities, but this network does not end in a `{Wanted}`",
    label = "end the network in `{Wanted}`, or use `{Instead}`",
    note = "an activation of your own that gives them says `type Keeps = Probability<{Wanted}>`"
)]
#[doc(hidden)]
pub trait AreProbabilities<Takes, Loss, Wanted, Instead> {
    /// The loss, which fits.
    type Fits;
}

#[diagnostic::do_not_recommend]
impl<A, L, W, I> AreProbabilities<Values, L, W, I> for A {
    type Fits = L;
}
#[diagnostic::do_not_recommend]
impl<A, L, W, I> AreProbabilities<Logits, L, W, I> for A {
    type Fits = L;
}
#[diagnostic::do_not_recommend]
impl<L, I> AreProbabilities<Probabilities<Sigmoid, I>, L, Sigmoid, I> for Sigmoid {
    type Fits = L;
}
#[diagnostic::do_not_recommend]
impl<L, I> AreProbabilities<Probabilities<Sigmoid, I>, L, Sigmoid, I> for HardSigmoid {
    type Fits = L;
}
#[diagnostic::do_not_recommend]
impl<L, W, I> AreProbabilities<Probabilities<W, I>, L, W, I> for Softmax {
    type Fits = L;
}

/// How a network ends.
type End<N> = <<N as Network>::Layers as Part>::Ends;
/// The loss that fits it, if one on logits does not.
type Fitting<N> = <End<N> as Ending>::Choose<(), BinaryCrossEntropy, CrossEntropyOfProbabilities>;
/// The loss, if outputs that end so can be the logits that it may take.
type OnLogits<E, L, T, I> = <E as CanBe<T, L, I>>::Fits;
/// The loss, if they are the probabilities that it may take.
type OnProbabilities<E, L, T> = <E as AreProbabilities<T, L, <T as Outputs>::End, <T as Outputs>::Instead>>::Fits;

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
///     N: Trainable<Number = f32>,
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
    label = "not a loss of this network's outputs",
    note = "the loss of a `Sequence` is that of its steps, `Steps({Self})`"
)]
pub trait LossOf<N: Network<Number: Scalar>>: Sized {
    /// What the outputs of a sample are compared with.
    type Target;
    /// The loss itself. A loss that does not fit has none, so that nothing is said of what would be done with it.
    #[doc(hidden)]
    type Loss: LossOf<N, Target = Self::Target>;
    /// It, as that.
    #[doc(hidden)]
    fn of_network(self) -> Self::Loss;
    /// [`Loss::by_lanes`].
    #[doc(hidden)]
    fn compare<V: Lanes<N::Number>>(
        &self,
        output: &N::Output,
        target: &Self::Target,
        slope: &mut N::Output,
        share: N::Number,
    ) -> N::Number;
    /// [`Loss::COLUMNS_FROM`].
    #[doc(hidden)]
    const COLUMNS_FROM: usize;
    /// [`Loss::by_columns`].
    ///
    /// # Errors
    /// Those of `target`.
    #[doc(hidden)]
    fn compare_columns<K: Isa, E>(
        &self,
        output: &[[N::Number; ROWS]],
        slope: &mut [[N::Number; ROWS]],
        share: N::Number,
        target: impl FnMut() -> Result<Self::Target, E>,
    ) -> Result<[N::Number; ROWS], E>;
    /// [`Loss::WEIGHS`].
    #[doc(hidden)]
    const COUNTS: bool;
    /// [`Loss::weight`].
    #[doc(hidden)]
    fn counts(&self, target: &Self::Target) -> N::Number;
    /// [`Loss::steps`].
    #[doc(hidden)]
    fn until(&self, target: &Self::Target) -> usize;
    /// [`Loss::accepts`].
    #[doc(hidden)]
    fn admits(&self, target: &Self::Target) -> bool;
    /// [`Loss::check`].
    #[doc(hidden)]
    fn usable(&self) -> Result<(), Setting>;
}

impl<N: Network<Number: Scalar>, L: Loss<N::Number, N::Output>> LossOf<N> for L
where
    End<N>: CanBe<L::Takes, L, Fitting<N>, Fits = L>
        + AreProbabilities<L::Takes, L, <L::Takes as Outputs>::End, <L::Takes as Outputs>::Instead, Fits = L>,
{
    type Target = L::Target;
    type Loss = OnProbabilities<End<N>, OnLogits<End<N>, L, L::Takes, Fitting<N>>, L::Takes>;

    fn of_network(self) -> Self::Loss {
        self
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compare<V: Lanes<N::Number>>(
        &self,
        output: &N::Output,
        target: &L::Target,
        slope: &mut N::Output,
        share: N::Number,
    ) -> N::Number {
        self.by_lanes::<V>(output, target, slope, share)
    }

    const COLUMNS_FROM: usize = L::COLUMNS_FROM;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compare_columns<K: Isa, E>(
        &self,
        output: &[[N::Number; ROWS]],
        slope: &mut [[N::Number; ROWS]],
        share: N::Number,
        target: impl FnMut() -> Result<L::Target, E>,
    ) -> Result<[N::Number; ROWS], E> {
        self.by_columns::<K, E>(output, slope, share, target)
    }

    const COUNTS: bool = L::WEIGHS;

    fn counts(&self, target: &L::Target) -> N::Number {
        self.weight(target)
    }

    fn until(&self, target: &L::Target) -> usize {
        self.steps(target)
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
/// fn loss<N: Trainable<Number = f32, Input = [f32; 2], Output = [f32; 3]> + GivesLogits>(net: &N) -> f32 {
///     evaluate(net, &CrossEntropy, &[([0.0, 1.0], 2)]).unwrap_or(f32::NAN)
/// }
/// ```
pub trait GivesLogits: Network<Layers: Part<Ends = Open>> {}

impl<N: Network<Layers: Part<Ends = Open>>> GivesLogits for N {}
