//! How far training is, and what a callback sees of it.

use super::checkpoint::{self, CheckpointError};
use super::{Computed, TrainError};
use crate::kernel::Scalar;
use crate::network::Network;
use crate::optimizer::Optimizer;
use crate::part::seed::Seed;
use core::ops::ControlFlow;

/// How far training of a network of numbers `T` is. With the parameters and the optimiser, it determines all that follows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress<T> {
    /// What the order of the samples and the nodes that dropout leaves out are drawn from.
    pub seed: u64,
    /// Epochs that are complete.
    pub epoch: usize,
    /// Batches that are complete in the epoch that is not.
    pub batch: usize,
    /// Steps made.
    pub step: u64,
    /// The samples of these batches: what to skip of samples that come in their own order.
    pub samples: u64,
    /// The samples that the epoch has, and `u64::MAX` if nobody knows.
    pub(super) len: u64,
    /// How much the samples of these batches count.
    pub(super) weight: T,
    /// The mean loss of the samples of these batches.
    pub(super) mean: T,
}

impl<T: Scalar> Progress<T> {
    /// Where the order of this epoch comes from: every epoch has numbers of its own, so that none depends on those before
    /// it, and dropout has others.
    pub(super) const fn order(&self) -> Seed {
        Seed(self.seed).halves().1.at(self.epoch as u64)
    }

    /// The mean loss of the samples of this epoch so far; NaN if there was none.
    pub(super) fn loss(&self) -> T {
        if self.samples > 0 { self.mean } else { T::from_f64(f64::NAN) }
    }

    /// An epoch of so many samples begins, or goes on.
    pub(super) const fn begin(&mut self, len: u64) -> Result<(), TrainError> {
        if self.samples > 0 && self.len != len {
            return Err(TrainError::Unfinished { samples: self.samples });
        }
        self.len = len;
        Ok(())
    }

    /// One batch more.
    pub(super) fn add(&mut self, Computed { loss, weight }: Computed<T>, samples: usize) {
        self.batch = self.batch.saturating_add(1);
        self.samples = self.samples.saturating_add(samples as u64);
        self.weight += weight;
        // A sum would lose what is small beside it, after many batches.
        if self.weight > T::ZERO {
            self.mean += (loss - self.mean) * (weight / self.weight);
        }
    }

    /// The epoch begins anew.
    pub(super) const fn restart_epoch(&mut self) {
        *self = Self { batch: 0, samples: 0, weight: T::ZERO, mean: T::ZERO, ..*self };
    }

    /// The end of the epoch.
    pub(super) const fn end_epoch(&mut self) {
        self.restart_epoch();
        self.epoch = self.epoch.saturating_add(1);
    }
}

/// What a callback of the trainer sees, after a batch or after an epoch.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<'a, O: Optimizer> {
    /// The epoch, counted from 0.
    pub epoch: usize,
    /// The loss: after a batch that of the batch, before its step; after an epoch the mean of those, each sample
    /// counting as the loss says.
    pub loss: <O::Network as Network>::Number,
    /// The network as it is now.
    pub network: &'a mut O::Network,
    /// The optimiser, whose learning rate may be changed, unless the trainer has a schedule that sets it.
    pub optimizer: &'a mut O,
    /// The gradient of the last step, after clipping.
    pub gradient: &'a mut O::Network,
    /// How far training is.
    pub progress: Progress<<O::Network as Network>::Number>,
}

impl<O: Optimizer> Report<'_, O> {
    /// Writes a checkpoint, and returns its length; see [`Trainer::save`](super::Trainer::save).
    ///
    /// # Errors
    /// [`CheckpointError::Buffer`].
    pub fn save(&mut self, bytes: &mut [u8]) -> Result<usize, CheckpointError> {
        checkpoint::write(bytes, self.network, self.optimizer, &self.progress)
    }
}

/// What a callback gives: `Continue(())` to go on, `Break(())` to stop, or a [`Result`] of them, so that it can pass on an
/// error of type `E` by `?`.
#[diagnostic::on_unimplemented(
    message = "a callback gives `Continue(())` or `Break(())`, found `{Self}`",
    label = "expected `Continue(())`, `Break(())`, or a `Result` of them with the error `{E}`",
    note = "`Trainer::with_error` chooses another type of errors"
)]
pub trait Flow<E> {
    /// Whether to go on.
    ///
    /// # Errors
    /// That of the callback.
    fn flow(self) -> Result<ControlFlow<()>, E>;
}

#[diagnostic::do_not_recommend]
impl<E> Flow<E> for ControlFlow<()> {
    fn flow(self) -> Result<Self, E> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E> Flow<E> for Result<ControlFlow<()>, E> {
    fn flow(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Computed, Progress};

    #[test]
    #[cfg_attr(miri, ignore = "too many numbers for Miri")]
    fn the_mean_of_a_million_losses_is_not_worn_away() {
        let mut progress = Progress::<f32>::default();
        for batch in 0..1_000_000 {
            progress.add(Computed { loss: if batch % 2 == 0 { 0.1 } else { 0.3 }, weight: 1.0 }, 1);
        }
        assert!((progress.loss() - 0.2).abs() < 1e-5, "{}", progress.loss());
    }
}
