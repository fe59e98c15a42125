//! The loop of training: steps, epochs, and the order of the samples.

use super::passes::{Alone, Carried};
use super::{Computed, Draw, Flow, Progress, Report, TrainError, Training, enough};
use crate::dataset::{Samples, shuffle};
use crate::kernel::Scalar;
use crate::loss::LossOf;
use crate::network::{Network, Trainable};
use crate::number::Number;
use crate::optimizer::{Clip, Optimizer, OptimizerOf, Schedule, squares};
use crate::setting::Setting;
use core::marker::PhantomData;
use core::ops::ControlFlow::Continue;

/// Trains a network: takes batches of samples, computes their gradient and lets the optimiser make its step.
///
/// The order of the samples, and the nodes that dropout leaves out, follow from a [seed](Self::seeded), so that the same
/// program gives the same network.
///
/// ```
/// use nn_core::prelude::*;
/// network! { pub struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
///
/// let data = [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];
/// let mut net = Xor::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1));
///
/// let mut memory = Training::<Xor, 4>::ZERO;
/// let mut adam = Adam::new(0.01);
/// let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
/// let loss = trainer.fit(&mut net, &data, &mut [0; 4], 1_000, |_| Continue(()))?;
/// assert!(loss < 0.1);
/// assert!(net.forward(&[0.0, 1.0])[0] > 0.0);
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
///
/// `E` is the error of its loops, see [`with_error`](Self::with_error).
pub struct Trainer<'a, N: Trainable, O, L, const ROWS: usize, E = TrainError> {
    pub(super) memory: &'a mut Training<N, ROWS>,
    pub(super) optimizer: &'a mut O,
    pub(super) loss: L,
    pub(super) batch_size: usize,
    pub(super) clip: Option<Clipping<N>>,
    pub(super) schedule: Option<Scheduling<N::Number>>,
    pub(super) progress: Progress<N::Number>,
    pub(super) error: PhantomData<fn() -> E>,
}

/// A clipping with its code, which programs that do not clip are then spared.
type Clipping<N> = (Clip<<N as Network>::Number>, fn(Clip<<N as Network>::Number>, &mut N, <N as Network>::Number));

/// A schedule with its code, likewise.
type Scheduling<T> = (Schedule<T>, fn(&Schedule<T>, u64) -> Result<T, Setting>);

impl<'a, N: Trainable, O, L, const ROWS: usize> Trainer<'a, N, O, L, ROWS> {
    /// A trainer that works in `memory`, with a step for every `ROWS` samples. It takes an [`Optimizer`] of networks of this
    /// type, and a [loss of their outputs](LossOf).
    pub fn new<A: OptimizerOf<N, Optimizer = O>, F: LossOf<N, Loss = L>>(
        memory: &'a mut Training<N, ROWS>,
        optimizer: &'a mut A,
        loss: F,
    ) -> Self {
        let (optimizer, loss, progress) = (optimizer.of_network(), loss.of_network(), Progress::default());
        Self { memory, optimizer, loss, batch_size: ROWS, clip: None, schedule: None, progress, error: PhantomData }
    }
}

impl<N, O, L, const ROWS: usize, E> Trainer<'_, N, O, L, ROWS, E>
where
    N: Trainable,
    O: Optimizer<Network = N>,
    L: LossOf<N>,
    E: From<TrainError>,
{
    /// One step with the samples of these indices, as many as there are, and their mean loss before it. Where no sample counts by
    /// its [weight](crate::loss::Loss::weight), the loss is 0, and neither the network nor the optimiser changes.
    ///
    /// # Errors
    /// Those of [`Training::gradient`], [`TrainError::Setting`] for the optimiser, the schedule and the clipping, and
    /// [`TrainError::Diverged`]. The network and the state of the optimiser are then as they were before the step, but for a
    /// learning rate that the schedule has set; unless that rate is so large that only the step showed where it leads.
    #[inline]
    pub fn step<D: Samples<N::Input, L::Target> + ?Sized>(
        &mut self,
        network: &mut N,
        data: &D,
        batch: &[usize],
    ) -> Result<N::Number, TrainError> {
        Ok(self.step_by(network, data, batch.iter().copied(), &mut Alone)?.loss)
    }

    /// One step with all samples, and their mean loss before it: full-batch gradient descent.
    ///
    /// # Errors
    /// Those of [`step`](Self::step), and [`TrainError::EmptyDataset`].
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Line = network!(1 => 1);
    ///
    /// let data = [([1.0], [2.0]), ([2.0], [4.0])];
    /// let mut net = Line::ZERO;
    /// let (mut memory, mut sgd) = (Training::<Line, 1>::ZERO, Sgd::new(0.1));
    /// let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    /// assert_eq!(trainer.full_step(&mut net, &data)?, (4.0 + 16.0) / 2.0);
    /// # Ok::<(), nn_core::train::TrainError>(())
    /// ```
    pub fn full_step<D: Samples<N::Input, L::Target> + ?Sized>(
        &mut self,
        network: &mut N,
        data: &D,
    ) -> Result<N::Number, TrainError> {
        if data.is_empty() {
            return Err(TrainError::EmptyDataset);
        }
        Ok(self.step_by(network, data, 0..data.len(), &mut Alone)?.loss)
    }

    #[inline]
    pub(super) fn step_by<D: Samples<N::Input, L::Target> + ?Sized>(
        &mut self,
        network: &mut N,
        data: &D,
        batch: impl ExactSizeIterator<Item = usize> + Clone,
        carried: &mut impl Carried<N>,
    ) -> Result<Computed<N::Number>, TrainError> {
        let step = self.progress.step;
        let rate = self.optimizer.state().learning_rate;
        match &self.schedule {
            Some((schedule, rate_of)) => *rate = rate_of(schedule, step)?,
            None => Setting::positive("learning_rate", *rate)?,
        }
        let rate = *rate;
        self.optimizer.settings()?;
        if let Some((clip, _)) = self.clip {
            clip.check()?;
        }
        let draw = Draw { seed: self.progress.seed, step, part: 0 };
        let computed = self.memory.compute(network, &self.loss, data, batch, draw, carried)?;
        if L::COUNTS && computed.weight == N::Number::ZERO {
            return Ok(computed);
        }
        let gradient = &mut self.memory.gradient;
        let squares = squares(gradient);
        if !computed.loss.is_finite() || !squares.is_finite() {
            return Err(TrainError::Diverged { step });
        }
        // A shorter step leads no parameter beyond the numbers there are: those near their end are not changed by so little.
        let is_far = rate * (N::Number::ONE + squares) > N::Number::from_f64(1e30);
        if let Some((clip, hold)) = self.clip {
            hold(clip, gradient, squares);
        }
        self.optimizer.step(network, gradient);
        if is_far && !self::squares(network).is_finite() {
            return Err(TrainError::Diverged { step });
        }
        self.progress.step = step.saturating_add(1);
        Ok(computed)
    }

    /// One epoch: every sample once, in random order, a batch at a time; the last batch may be shorter. `each` is called
    /// after every batch. Returns the mean loss over the samples.
    ///
    /// `order` is room for the index of every sample; what is in it has no meaning.
    ///
    /// If `each` breaks, or there is an error, the epoch is not complete; calling again with the same data goes on with the
    /// next batch of the same order, or with the one that failed.
    ///
    /// # Errors
    /// Those of [`step`](Self::step), [`TrainError::EmptyDataset`], [`TrainError::OrderLength`], and
    /// [`TrainError::Unfinished`].
    pub fn epoch<D: Samples<N::Input, L::Target> + ?Sized, F: Flow<E>>(
        &mut self,
        network: &mut N,
        data: &D,
        order: &mut [usize],
        mut each: impl FnMut(Report<'_, O>) -> F,
    ) -> Result<N::Number, E> {
        if data.is_empty() {
            return Err(TrainError::EmptyDataset.into());
        }
        if order.len() != data.len() {
            return Err(TrainError::OrderLength { expected: data.len(), found: order.len() }.into());
        }
        let batch_size = self.batch_size;
        if batch_size == 0 {
            return Err(TrainError::EmptyBatch.into());
        }
        // Before the first step, not at the last one.
        enough::<N>(data.len(), batch_size)?;
        enough::<N>(batch_size.min(data.len()), ROWS)?;
        enough::<N>(data.len() % batch_size, ROWS)?;
        let len = data.len() as u64;
        self.progress.begin(len)?;
        let mut seed = self.progress.order();
        shuffle(order, || seed.draw());
        let done = usize::try_from(self.progress.samples).unwrap_or(usize::MAX);
        for batch in order.get(done..).unwrap_or_default().chunks(batch_size) {
            let computed = self.step_by(network, data, batch.iter().copied(), &mut Alone)?;
            self.progress.add(computed, batch.len());
            let is_last = self.progress.samples == len;
            if each(self.report(network, self.progress.epoch, computed.loss)).flow()?.is_break() && !is_last {
                return Ok(self.progress.loss());
            }
        }
        Ok(self.end_epoch())
    }

    /// Epochs until `epochs` are complete, or `each` breaks; it is called after each of them. Returns the mean loss of the
    /// last epoch, and NaN if there was none.
    ///
    /// The epochs are counted since training began, those before a [checkpoint](Self::save) included.
    ///
    /// # Errors
    /// Those of [`epoch`](Self::epoch).
    pub fn fit<D: Samples<N::Input, L::Target> + ?Sized, F: Flow<E>>(
        &mut self,
        network: &mut N,
        data: &D,
        order: &mut [usize],
        epochs: usize,
        mut each: impl FnMut(Report<'_, O>) -> F,
    ) -> Result<N::Number, E> {
        let mut loss = N::Number::from_f64(f64::NAN);
        while self.progress.epoch < epochs {
            let epoch = self.progress.epoch;
            loss = self.epoch(network, data, order, |_| Continue(()))?;
            if each(self.report(network, epoch, loss)).flow()?.is_break() {
                break;
            }
        }
        Ok(loss)
    }

    /// One epoch of samples that come in their own order, as from a sensor or a file larger than memory. A step is made
    /// whenever `buffer` is full, and with what is in it at the end. `each` is called after every step. Returns the mean loss
    /// over the samples.
    ///
    /// A sample is `Ok((input, target))`, or the error of a source that fails, which then is best kept where it arose: only
    /// that there was one is passed on. If `each` breaks, the rest of the samples is left alone, and calling again goes on with
    /// the same epoch; after a [checkpoint](Self::save), [`Progress::samples`] says how many to skip.
    ///
    /// # Errors
    /// Those of [`step`](Self::step), [`TrainError::EmptyDataset`] if there was no sample, [`TrainError::EmptyBatch`] if
    /// the buffer is empty, [`TrainError::Unfinished`], and [`TrainError::Source`] if the source gives an error. What came
    /// before it was learnt.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Line = network!(1 => 1);
    ///
    /// let mut net = Line::ZERO;
    /// let (mut memory, mut sgd) = (Training::<Line, 2>::ZERO, Sgd::new(0.1));
    /// let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    /// let samples = (0..600).map(|time| {
    ///     let x = (time % 7) as f32 / 7.0;
    ///     Ok::<_, ()>(([x], [2.0 * x + 1.0]))
    /// });
    /// let mut buffer = [([0.0], [0.0]); 2];
    /// trainer.online(&mut net, samples, &mut buffer, |_| Continue(()))?;
    /// assert!((net.forward(&[0.5])[0] - 2.0).abs() < 0.01);
    /// # Ok::<(), nn_core::train::TrainError>(())
    /// ```
    pub fn online<S, F: Flow<E>>(
        &mut self,
        network: &mut N,
        samples: impl IntoIterator<Item = Result<(N::Input, L::Target), S>>,
        buffer: &mut [(N::Input, L::Target)],
        mut each: impl FnMut(Report<'_, O>) -> F,
    ) -> Result<N::Number, E>
    where
        N::Input: Clone,
        L::Target: Clone,
    {
        if buffer.is_empty() {
            return Err(TrainError::EmptyBatch.into());
        }
        self.progress.begin(u64::MAX)?;
        let (mut samples, mut fails) = (samples.into_iter(), false);
        loop {
            let mut rows = 0;
            for (place, sample) in buffer.iter_mut().zip(&mut samples) {
                match sample {
                    Ok(sample) => (*place, rows) = (sample, rows + 1),
                    Err(_) => {
                        fails = true;
                        break;
                    }
                }
            }
            if rows > 0 {
                let computed = self.step_by(network, &*buffer, 0..rows, &mut Alone)?;
                self.progress.add(computed, rows);
                let goes_on = each(self.report(network, self.progress.epoch, computed.loss)).flow()?;
                if !fails && goes_on.is_break() {
                    return Ok(self.progress.loss());
                }
            }
            let samples = self.progress.samples;
            match rows < buffer.len() {
                _ if fails => return Err(TrainError::Source { after: samples }.into()),
                true if samples == 0 => return Err(TrainError::EmptyDataset.into()),
                true => return Ok(self.end_epoch()),
                false => {}
            }
        }
    }

    pub(super) fn report<'b>(&'b mut self, network: &'b mut N, epoch: usize, loss: N::Number) -> Report<'b, O> {
        let gradient = &mut self.memory.gradient;
        Report { epoch, loss, network, optimizer: self.optimizer, gradient, progress: self.progress }
    }

    /// The mean loss of the epoch, which is complete.
    pub(super) fn end_epoch(&mut self) -> N::Number {
        let loss = self.progress.loss();
        self.progress.end_epoch();
        loss
    }
}
