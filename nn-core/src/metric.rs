//! Metrics: how good a trained network is.

use crate::dataset::{Samples, each};
use crate::error::TrainError;
use crate::kernel::Scalar;
use crate::network::{Network, Stateless};
use crate::number::shape::Several;
use crate::part::run::Part;
use core::fmt::{self, Display, Formatter};

/// The index of the largest number, the first of several: the class that a network chooses. A NaN is never chosen; where all
/// are NaN, or there is none, it is 0.
#[doc(alias = "argmax")]
pub fn largest<T: Scalar>(numbers: &[T]) -> usize {
    let mut best: Option<(usize, T)> = None;
    for (index, number) in numbers.iter().enumerate() {
        if best.is_none_or(|(_, best)| *number > best) && number.partial_cmp(number).is_some() {
            best = Some((index, *number));
        }
    }
    best.map_or(0, |(index, _)| index)
}

/// A network of so many outputs, two or more, one for each class. It is implemented for every such network.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has one output, but a confusion matrix needs one for each of two classes or more",
    label = "one output only; `Confusion::binary` is for that"
)]
pub trait Classifies<const CLASSES: usize>:
    Stateless<Number: Scalar, Output = [<Self as Network>::Number; CLASSES]>
{
}

#[diagnostic::do_not_recommend]
impl<N, const CLASSES: usize> Classifies<CLASSES> for N where
    N: Stateless<Number: Scalar, Output = [<N as Network>::Number; CLASSES], Layers: Part<Out: Several>>
{
}

/// How often each class was taken for each: a confusion matrix, and what follows from it.
///
/// ```
/// use nn_core::metric::Confusion;
///
/// let mut confusion = Confusion::<2>::default();
/// for (class, chosen) in [(0, 0), (0, 0), (0, 1), (1, 1)] {
///     confusion.add(class, chosen);
/// }
/// assert_eq!(confusion.counts, [[2, 1], [0, 1]]);
/// assert_eq!(confusion.accuracy(), 0.75);
/// assert_eq!(confusion.precision(1), 0.5); // of those taken for 1, how many are
/// assert_eq!(confusion.recall(1), 1.0); // of those that are 1, how many are found
/// assert_eq!(confusion.f1(1), 2.0 / 3.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confusion<const CLASSES: usize> {
    /// `counts[class][chosen]`.
    pub counts: [[u32; CLASSES]; CLASSES],
}

impl<const CLASSES: usize> Default for Confusion<CLASSES> {
    fn default() -> Self {
        Self { counts: [[0; CLASSES]; CLASSES] }
    }
}

impl<const CLASSES: usize> Confusion<CLASSES> {
    /// That of a network which chooses the class of its largest output.
    ///
    /// # Errors
    /// [`TrainError::EmptyDataset`], [`TrainError::NoSample`], and [`TrainError::Target`] for a class that there is no
    /// output for.
    pub fn of<N: Classifies<CLASSES>, D: Samples<N::Input, usize> + ?Sized>(
        network: &N,
        data: &D,
    ) -> Result<Self, TrainError> {
        let mut confusion = Self::default();
        each(data, |index, input, class| {
            let chosen = largest(&network.forward(input));
            if confusion.add(class, chosen) { Ok(()) } else { Err(TrainError::Target { index }) }
        })?;
        Ok(confusion)
    }

    /// Counts one sample. Returns false if there is no such class.
    pub fn add(&mut self, class: usize, chosen: usize) -> bool {
        match self.counts.get_mut(class).and_then(|row| row.get_mut(chosen)) {
            Some(count) => {
                *count = count.saturating_add(1);
                true
            }
            None => false,
        }
    }

    /// The share of the samples whose class was chosen; NaN if there are none.
    pub fn accuracy(&self) -> f64 {
        let right: f64 = (0..CLASSES).map(|class| self.hits(class)).sum();
        right / self.counts.as_flattened().iter().copied().map(f64::from).sum::<f64>()
    }

    /// Of the samples taken for a class, the share that is of it; NaN if there are none.
    pub fn precision(&self, class: usize) -> f64 {
        self.hits(class) / self.counts.iter().filter_map(|row| row.get(class)).copied().map(f64::from).sum::<f64>()
    }

    /// Of the samples of a class, the share that is taken for it; NaN if there are none.
    pub fn recall(&self, class: usize) -> f64 {
        self.hits(class) / self.counts.get(class).into_iter().flatten().copied().map(f64::from).sum::<f64>()
    }

    /// The harmonic mean of precision and recall: `2 · hits / (samples of the class + samples taken for it)`; NaN if
    /// there are neither.
    pub fn f1(&self, class: usize) -> f64 {
        let of = self.counts.get(class).into_iter().flatten().copied().map(f64::from).sum::<f64>();
        let taken = self.counts.iter().filter_map(|row| row.get(class)).copied().map(f64::from).sum::<f64>();
        2.0 * self.hits(class) / (of + taken)
    }

    fn hits(&self, class: usize) -> f64 {
        self.counts.get(class).and_then(|row| row.get(class)).copied().map_or(0.0, f64::from)
    }
}

impl Confusion<2> {
    /// That of a network with one output, which chooses class 1 if the output is above `threshold`: 0 for logits, 0.5
    /// for probabilities. A target above one half is of class 1.
    ///
    /// # Errors
    /// [`TrainError::EmptyDataset`] and [`TrainError::NoSample`].
    pub fn binary<N, D: Samples<N::Input, N::Output> + ?Sized>(
        network: &N,
        data: &D,
        threshold: N::Number,
    ) -> Result<Self, TrainError>
    where
        N: Stateless<Number: Scalar, Output = [<N as Network>::Number; 1]>,
    {
        let (mut confusion, half) = (Self::default(), N::Number::from_f64(0.5));
        each(data, |_, input, [target]| {
            let [output] = network.forward(input);
            confusion.add((target > half).into(), (output > threshold).into());
            Ok(())
        })?;
        Ok(confusion)
    }
}

impl<const CLASSES: usize> Display for Confusion<CLASSES> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "class")?;
        (0..CLASSES).try_for_each(|class| write!(f, "{class:>6}"))?;
        for (class, row) in self.counts.iter().enumerate() {
            write!(f, "\n{class:>5}")?;
            row.iter().try_for_each(|count| write!(f, "{count:>6}"))?;
        }
        Ok(())
    }
}

/// How near outputs are to targets that are numbers.
///
/// ```
/// use nn_core::metric::Regression;
///
/// let mut regression = Regression::<1>::default();
/// for (output, target) in [([1.0_f32], [1.5]), ([2.0], [2.0]), ([3.0], [2.5])] {
///     regression.add(&output, &target);
/// }
/// assert_eq!(regression.mean_absolute_error(), [1.0 / 3.0]);
/// assert_eq!(regression.r_squared(), [0.0]); // the errors are as large as the targets vary
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regression<const OUT: usize> {
    count: u64,
    each: [Errors; OUT],
}

/// The sums of one output.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Errors {
    absolute: f64,
    squared: f64,
    /// The mean of the targets, and the sum of their squared distances from it (Welford 1962).
    mean: f64,
    spread: f64,
}

impl<const OUT: usize> Default for Regression<OUT> {
    fn default() -> Self {
        Self { count: 0, each: [Errors::default(); OUT] }
    }
}

impl<const OUT: usize> Regression<OUT> {
    /// Those of a network.
    ///
    /// # Errors
    /// [`TrainError::EmptyDataset`] and [`TrainError::NoSample`].
    pub fn of<N, D: Samples<N::Input, N::Output> + ?Sized>(network: &N, data: &D) -> Result<Self, TrainError>
    where
        N: Stateless<Number: Scalar, Output = [<N as Network>::Number; OUT]>,
    {
        let mut regression = Self::default();
        each(data, |_, input, target| {
            regression.add(&network.forward(input), &target);
            Ok(())
        })?;
        Ok(regression)
    }

    /// Counts one sample.
    pub fn add<T: Scalar>(&mut self, output: &[T; OUT], target: &[T; OUT]) {
        self.count += 1;
        for ((sums, output), target) in self.each.iter_mut().zip(output).zip(target) {
            let (target, error) = (target.to_f64(), output.to_f64() - target.to_f64());
            sums.absolute += error.abs();
            sums.squared += error * error;
            let before = target - sums.mean;
            sums.mean += before / self.count as f64;
            sums.spread += before * (target - sums.mean);
        }
    }

    /// The mean of `|output - target|`, for each output.
    pub fn mean_absolute_error(&self) -> [f64; OUT] {
        self.each.map(|sums| sums.absolute / self.count as f64)
    }

    /// The mean of `(output - target)²`, for each output.
    pub fn mean_squared_error(&self) -> [f64; OUT] {
        self.each.map(|sums| sums.squared / self.count as f64)
    }

    /// R², the share of the targets' variance that the outputs explain: 1 is perfect, 0 as good as their mean. For each
    /// output. Of targets that are all the same it is minus infinity, or NaN if they are met exactly.
    pub fn r_squared(&self) -> [f64; OUT] {
        self.each.map(|sums| 1.0 - sums.squared / sums.spread)
    }
}
