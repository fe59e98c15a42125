//! Training of streams piece after piece, with their states carried on.

use super::{Computed, Flow, Report, Streams, TrainError, Trainer, Unrolls};
use crate::dataset::Samples;
use crate::kernel::Scalar;
use crate::loss::LossOf;
use crate::network::Trainable;
use crate::optimizer::Optimizer;
use core::ops::ControlFlow::Continue;

impl<N, O, L, const ROWS: usize, E> Trainer<'_, N, O, L, ROWS, E>
where
    N: Trainable,
    O: Optimizer<Network = N>,
    L: LossOf<N>,
    E: From<TrainError>,
{
    /// One step with the next piece of each stream, the samples of these indices, and their mean loss before it: for pieces that come
    /// one after another, as rollouts do. The states go on to the end of the piece, and the gradient goes back to its beginning, or to
    /// that of the episode.
    ///
    /// # Errors
    /// Those of [`step`](Self::step). The states are then as they were, too.
    ///
    /// ```
    /// use nn_core::loss::Steps;
    /// use nn_core::prelude::*;
    /// use nn_core::train::{Sequence, Streams};
    /// network! { struct Policy: stream 2 => gru(8, start = learned) => 1; }
    ///
    /// let mut net = Policy::ZERO;
    /// net.init(&mut ChaCha8Rng::seed_from_u64(1));
    /// let (mut memory, mut adam) = (Training::<Sequence<Policy, 4>, 1>::ZERO, Adam::new(0.01));
    /// let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
    /// let mut streams = Streams::<Policy, 2>::NEW;
    /// for rollout in 0..10 {
    ///     // Two robots act for four steps; the second falls after the first, and begins anew.
    ///     let seen: [[f32; 2]; 4] = core::array::from_fn(|step| [rollout as f32 / 10.0, step as f32 / 4.0]);
    ///     let wanted = seen.map(|[a, b]| ([a - b], 1.0));
    ///     let data = [(seen, wanted, [false; 4]), (seen, wanted, [false, true, false, false])];
    ///     for again in [true, true, false] {
    ///         trainer.piece(Sequence::on(&mut net), &data, &mut streams, &[0, 1])?;
    ///         if again {
    ///             streams.rewind();
    ///         }
    ///     }
    /// }
    /// # Ok::<(), TrainError>(())
    /// ```
    pub fn piece<D: Samples<N::Input, L::Target> + ?Sized, const S: usize>(
        &mut self,
        network: &mut N,
        data: &D,
        streams: &mut Streams<N::Stream, S>,
        batch: &[usize; S],
    ) -> Result<N::Number, TrainError>
    where
        N: Unrolls,
    {
        Ok(self.next_piece(network, data, streams, batch.iter().copied())?.loss)
    }

    /// One epoch of pieces in their order, a step for the next piece of each stream, whose states are carried on. `each` is called
    /// after every step, with the [`Report`] and the states. Returns the mean loss, each piece counting as the loss says.
    ///
    /// The pieces of the first stream are the first samples, in order, then come those of the next, as many of each. The epoch begins
    /// with states that are new. Nothing is shuffled; where an episode begins within the data, the
    /// [data set](crate::dataset::Dataset::begins) has a mark.
    ///
    /// If `each` breaks, or there is an error, the epoch is not complete; calling again with the same data and states goes on with the
    /// next pieces, or with those that failed. [`Streams`] has an example.
    ///
    /// # Errors
    /// Those of [`step`](Self::step), [`TrainError::EmptyDataset`], [`TrainError::Uneven`], [`TrainError::Unfinished`], and
    /// [`TrainError::States`] if the states are not those that the epoch, which goes on, has left.
    pub fn in_order<D: Samples<N::Input, L::Target> + ?Sized, F: Flow<E>, const S: usize>(
        &mut self,
        network: &mut N,
        data: &D,
        streams: &mut Streams<N::Stream, S>,
        mut each: impl FnMut(Report<'_, O>, &mut Streams<N::Stream, S>) -> F,
    ) -> Result<N::Number, E>
    where
        N: Unrolls,
    {
        let samples = data.len();
        if samples == 0 {
            return Err(TrainError::EmptyDataset.into());
        }
        let pieces = samples.checked_div(S).filter(|pieces| pieces * S == samples);
        let Some(pieces) = pieces else { return Err(TrainError::Uneven { pieces: samples, streams: S }.into()) };
        self.progress.begin(samples as u64)?;
        if self.progress.samples == 0 {
            streams.restart();
        } else if !streams.are_of(&self.progress) {
            return Err(TrainError::States { samples: self.progress.samples }.into());
        }
        while self.progress.samples < samples as u64 {
            let piece = self.progress.batch;
            let batch = (0..S).map(|stream| stream * pieces + piece);
            let computed = match self.next_piece(network, data, streams, batch) {
                Ok(computed) => computed,
                Err(error) => {
                    streams.are_now_of(&self.progress);
                    return Err(error.into());
                }
            };
            self.progress.add(computed, S);
            streams.are_now_of(&self.progress);
            let is_last = self.progress.samples == samples as u64;
            let report = self.report(network, self.progress.epoch, computed.loss);
            if each(report, streams).flow()?.is_break() && !is_last {
                return Ok(self.progress.loss());
            }
        }
        Ok(self.end_epoch())
    }

    /// Epochs [in order](Self::in_order) until `epochs` are complete, or `each` breaks; it is called after each of them. Returns the
    /// mean loss of the last epoch, and NaN if there was none.
    ///
    /// # Errors
    /// Those of [`in_order`](Self::in_order).
    pub fn fit_in_order<D: Samples<N::Input, L::Target> + ?Sized, F: Flow<E>, const S: usize>(
        &mut self,
        network: &mut N,
        data: &D,
        streams: &mut Streams<N::Stream, S>,
        epochs: usize,
        mut each: impl FnMut(Report<'_, O>) -> F,
    ) -> Result<N::Number, E>
    where
        N: Unrolls,
    {
        let mut loss = N::Number::from_f64(f64::NAN);
        while self.progress.epoch < epochs {
            let epoch = self.progress.epoch;
            loss = self.in_order(network, data, streams, |_, _| Continue(()))?;
            if each(self.report(network, epoch, loss)).flow()?.is_break() {
                break;
            }
        }
        Ok(loss)
    }

    /// One step with the next piece of each stream. The states are as they were if there is an error.
    fn next_piece<D: Samples<N::Input, L::Target> + ?Sized, const S: usize>(
        &mut self,
        network: &mut N,
        data: &D,
        streams: &mut Streams<N::Stream, S>,
        batch: impl ExactSizeIterator<Item = usize> + Clone,
    ) -> Result<Computed<N::Number>, TrainError>
    where
        N: Unrolls,
    {
        streams.advance();
        let computed = self.step_by(network, data, batch, streams);
        if computed.is_err() {
            streams.rewind();
        }
        computed
    }
}
