//! How far training is, and what a callback sees of it.

use super::checkpoint::{self, CheckpointError};
use crate::network::Network;
use crate::optimizer::Optimizer;
use crate::random::{ChaCha8Rng, SeedableRng};

/// How far training is. With the parameters and the optimiser, it determines all that follows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// What the order of the samples and the nodes that dropout leaves out are drawn from.
    pub seed: u64,
    /// Epochs that are complete.
    pub epoch: usize,
    /// Batches that are complete in the epoch that is not.
    pub batch: usize,
    /// Steps made.
    pub step: u64,
    /// The samples of the batches.
    pub(super) samples: u64,
    /// The sum of their losses.
    pub(super) sum: f64,
}

impl Progress {
    /// The generator of the order of this epoch: every epoch has a stream of its own, so that none depends on those
    /// before it.
    pub(super) fn generator(&self) -> ChaCha8Rng {
        let mut generator = ChaCha8Rng::seed_from_u64(self.seed);
        generator.set_stream(self.epoch as u64);
        generator
    }

    /// The mean loss of the samples of this epoch so far.
    pub(super) fn loss(&self) -> f64 {
        self.sum / self.samples as f64
    }

    /// One batch more.
    pub(super) fn add(&mut self, loss: f64, samples: usize) {
        self.batch += 1;
        self.samples += samples as u64;
        self.sum += loss * samples as f64;
    }

    /// The end of the epoch.
    pub(super) const fn end_epoch(&mut self) {
        *self = Self { epoch: self.epoch + 1, batch: 0, samples: 0, sum: 0.0, ..*self };
    }
}

/// What a callback of the trainer sees, after a batch or after an epoch.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<'a, O: Optimizer> {
    /// The epoch, counted from 0.
    pub epoch: usize,
    /// The loss: after a batch that of the batch, before its step; after an epoch the mean of those, each sample
    /// counting the same.
    pub loss: <O::Network as Network>::Scalar,
    /// The network as it is now.
    pub network: &'a mut O::Network,
    /// The optimiser, whose learning rate may be changed.
    pub optimizer: &'a mut O,
    /// The gradient of the last step, after clipping.
    pub gradient: &'a mut O::Network,
    /// How far training is.
    pub progress: Progress,
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
