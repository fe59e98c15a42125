//! What a trainer is set to, and what is stored of it.

use super::checkpoint::{self, CheckpointError};
use super::{Progress, TrainError, Trainer};
use crate::network::Trainable;
use crate::optimizer::{Clip, Optimizer, Schedule};
use core::marker::PhantomData;

impl<'a, N: Trainable, O, L, const ROWS: usize, E> Trainer<'a, N, O, L, ROWS, E> {
    /// With another seed than 0.
    pub fn seeded(mut self, seed: u64) -> Self {
        self.progress.seed = seed;
        self
    }

    /// With a step for every `samples` samples. There may be more than the memory has rows: their gradients are then
    /// accumulated, part by part.
    pub fn with_batches_of(self, samples: usize) -> Self {
        Self { batch_size: samples, ..self }
    }

    /// With gradient clipping.
    pub fn clipped(self, clip: Clip<N::Number>) -> Self {
        Self { clip: Some((clip, Clip::hold)), ..self }
    }

    /// With a schedule, which sets the optimiser's learning rate before each step; what else sets it, as
    /// [`ReduceOnPlateau`](crate::optimizer::ReduceOnPlateau), is then of no use.
    pub fn scheduled(self, schedule: Schedule<N::Number>) -> Self {
        Self { schedule: Some((schedule, Schedule::checked_rate)), ..self }
    }

    /// With another type of errors of [`fit`](Self::fit), [`epoch`](Self::epoch) and [`online`](Self::online), so that a
    /// callback can pass on its own by `?`.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// use std::error::Error;
    /// type Line = network!(1 => 1);
    ///
    /// let (mut net, data) = (Line::ZERO, [([1.0], [2.0]), ([2.0], [4.0])]);
    /// let (mut memory, mut sgd) = (Training::<Line, 2>::ZERO, Sgd::new(0.1));
    /// let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).with_error::<Box<dyn Error>>();
    /// let error = trainer.fit(&mut net, &data, &mut [0; 2], 10, |_| {
    ///     std::fs::write("no such folder/log", "")?;
    ///     Ok(Continue(()))
    /// });
    /// assert!(error.unwrap_err().is::<std::io::Error>());
    /// ```
    pub fn with_error<F: From<TrainError>>(self) -> Trainer<'a, N, O, L, ROWS, F> {
        let Self { memory, optimizer, loss, batch_size, clip, schedule, progress, error: _ } = self;
        Trainer { memory, optimizer, loss, batch_size, clip, schedule, progress, error: PhantomData }
    }

    /// The optimiser, to change its learning rate between epochs.
    pub const fn optimizer(&mut self) -> &mut O {
        self.optimizer
    }

    /// How far training is.
    pub const fn progress(&self) -> Progress<N::Number> {
        self.progress
    }

    /// Begins an epoch that was broken off, or failed, anew: its samples are all learnt again, or those of other data.
    pub const fn restart_epoch(&mut self) {
        self.progress.restart_epoch();
    }
}

impl<N: Trainable, O: Optimizer<Network = N>, L, const ROWS: usize, E> Trainer<'_, N, O, L, ROWS, E> {
    /// Writes a checkpoint of the network, the optimiser and the [progress](Progress), and returns its length, which is
    /// [`checkpoint_len`](super::checkpoint_len): training that is [resumed](Self::resume) from it ends in the same network,
    /// bit for bit.
    ///
    /// It has a checksum, and a fingerprint of the number type, the layers and the optimiser. Not in it are the settings
    /// that the program states: the loss, the rows of the memory, batch size, clipping, schedule, and those of the optimiser but
    /// for its learning rate. Nor are [`EarlyStopping`](super::EarlyStopping) and
    /// [`ReduceOnPlateau`](crate::optimizer::ReduceOnPlateau) in it, which belong to the callback; their fields can be stored
    /// beside it, and [`EarlyStopping::is_over`](super::EarlyStopping::is_over) asked before training goes on.
    ///
    /// # Errors
    /// [`CheckpointError::Buffer`] if there is not enough room.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// use nn_core::train::checkpoint_len;
    /// network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
    ///
    /// let data = [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];
    /// let mut checkpoint = [0; checkpoint_len::<Adam<Xor>>()];
    /// let mut net = Xor::ZERO;
    /// net.init(&mut ChaCha8Rng::seed_from_u64(1));
    /// let (mut memory, mut adam) = (Training::<Xor, 4>::ZERO, Adam::new(0.01));
    /// let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
    /// trainer.fit(&mut net, &data, &mut [0; 4], 100, |_| Continue(()))?;
    /// trainer.save(&net, &mut checkpoint)?;
    ///
    /// // After a power failure:
    /// let mut net = Xor::ZERO;
    /// let (mut memory, mut adam) = (Training::<Xor, 4>::ZERO, Adam::new(0.01));
    /// let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
    /// trainer.resume(&mut net, &checkpoint)?;
    /// assert_eq!(trainer.progress().epoch, 100);
    /// trainer.fit(&mut net, &data, &mut [0; 4], 200, |_| Continue(()))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&mut self, network: &N, bytes: &mut [u8]) -> Result<usize, CheckpointError> {
        checkpoint::write(bytes, network, self.optimizer, &self.progress)
    }

    /// Goes on from a checkpoint: sets the network, the state of the optimiser and the progress to what they were.
    ///
    /// # Errors
    /// Any [`CheckpointError`]. Nothing is changed then.
    pub fn resume(&mut self, network: &mut N, bytes: &[u8]) -> Result<(), CheckpointError> {
        self.progress = checkpoint::read(bytes, network, self.optimizer)?;
        Ok(())
    }
}
