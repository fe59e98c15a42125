//! Early stopping.

use crate::kernel::Scalar;
use crate::network::Trainable;
use crate::number::arena::copy;
#[cfg(feature = "alloc")]
use crate::number::storage::zeros::boxed;
use crate::optimizer::Threshold;
#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::ops::ControlFlow::{self, Break, Continue};

/// Stops training when the loss on validation data no longer falls, and keeps the parameters of the best epoch
/// (Prechelt 1998).
///
/// It holds one network, and belongs to the caller as the other memory of training does.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::train::{EarlyStopping, evaluate};
/// type Line = network!(1 => 1);
///
/// // The validation data say 2 x, the training data 3 x: at first one leads to the other.
/// let (train, validation) = ([([1.0], [3.0]), ([-1.0], [-3.0])], [([1.0], [2.0])]);
/// let mut net = Line::ZERO;
/// let mut memory = Training::<Line, 2>::ZERO;
/// let mut sgd = Sgd::new(0.1);
/// let mut best = EarlyStopping::<Line>::new(3);
/// let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
/// trainer.fit(&mut net, &train, &mut [0; 2], 1_000, |report| {
///     let loss = evaluate(report.network, &MeanSquaredError, &validation)?;
///     Ok(best.see(report.epoch, loss, report.network))
/// })?;
/// assert_eq!(best.restore(&mut net), Some(4)); // after five epochs of a thousand
/// assert!((net.forward(&[1.0])[0] - 2.0).abs() < 0.1);
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EarlyStopping<N: Trainable> {
    /// How many epochs in a row may be no better than the best one.
    pub patience: usize,
    /// By how much an epoch must be better than the best one to be better; any. Keras' `min_delta` is an absolute one.
    pub threshold: Threshold,
    /// The parameters of the best epoch.
    pub best: N,
    /// Its loss.
    pub loss: f64,
    /// Which it was.
    pub epoch: Option<usize>,
    /// How many were no better since.
    pub waited: usize,
    /// Whether what it sees is better the larger it is; not so.
    grows: bool,
}

impl<N: Trainable> EarlyStopping<N> {
    /// With that patience, and no epoch seen.
    pub const fn new(patience: usize) -> Self {
        let threshold = Threshold::Absolute(0.0);
        Self { patience, threshold, best: N::ZERO, loss: f64::INFINITY, epoch: None, waited: 0, grows: false }
    }

    /// The same for what is better the larger it is, as an accuracy. Keras' `mode="max"`.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Line = network!(1 => 1);
    ///
    /// let mut best = EarlyStopping::<Line>::new(0).growing();
    /// assert_eq!(best.see(0, 0.5, &mut Line::ZERO), Continue(()));
    /// assert_eq!(best.see(1, 0.75, &mut Line::ZERO), Continue(()));
    /// assert_eq!(best.see(2, 0.625, &mut Line::ZERO), Break(()));
    /// ```
    pub fn growing(self) -> Self {
        Self { grows: true, loss: f64::NEG_INFINITY, ..self }
    }

    /// The same on the heap, where it never lay on the stack, unless the network has a layer of your own.
    #[cfg(feature = "alloc")]
    pub fn boxed(patience: usize) -> Box<Self> {
        let boxed = boxed!(Self {
            patience: patience, threshold: Threshold::Absolute(0.0), loss: f64::INFINITY, epoch: None, waited: 0, grows: false
        } zeros { best: N::ZEROS });
        boxed.unwrap_or_else(|| Box::new(Self::new(patience)))
    }

    /// Takes the loss of an epoch, keeps its parameters if it is the best one, and breaks if more than `patience` in a
    /// row were not. A NaN is not better.
    pub fn see(&mut self, epoch: usize, loss: N::Number, network: &mut N) -> ControlFlow<()> {
        let loss = loss.to_f64();
        if self.threshold.is_passed(loss, self.loss, self.grows) {
            (self.loss, self.epoch, self.waited) = (loss, Some(epoch), 0);
            N::zip([network, &mut self.best], |_, [from, to]| copy(from, to));
            return Continue(());
        }
        self.waited = self.waited.saturating_add(1);
        if self.is_over() { Break(()) } else { Continue(()) }
    }

    /// Whether more than `patience` epochs in a row were no better. A program that resumes training from a checkpoint, and has
    /// stored these fields beside it, asks before it trains: the last epoch may be behind it.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Line = network!(1 => 1);
    ///
    /// let mut best = EarlyStopping::<Line>::new(0);
    /// assert_eq!(best.see(0, 1.0, &mut Line::ZERO), Continue(()));
    /// assert_eq!(best.see(1, 1.0, &mut Line::ZERO), Break(()));
    /// assert!(best.is_over());
    /// ```
    pub const fn is_over(&self) -> bool {
        self.waited > self.patience
    }

    /// Gives the network the parameters of the best epoch, and says which it was. Without one, nothing happens.
    pub fn restore(&mut self, network: &mut N) -> Option<usize> {
        if self.epoch.is_some() {
            N::zip([&mut self.best, network], |_, [from, to]| copy(from, to));
        }
        self.epoch
    }
}
