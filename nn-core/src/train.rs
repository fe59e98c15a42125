//! Mini-batch training without a heap.

use crate::dataset::Dataset;
use crate::kernel::Portable;
use crate::loss::Loss;
use crate::network::{Network, check_ends};
use crate::optimizer::Optimizer;
use crate::part::{Part, Recorded, Seed};
use crate::scalar::Scalar;
use crate::storage::{End, No, Plain, numbers, numbers_mut};
use core::fmt::{self, Display, Formatter};
use core::ops::ControlFlow;
use rand_core::Rng;

/// The memory that training needs beside the network and the optimiser: the gradient, and room for `ROWS` samples at a
/// time.
///
/// It belongs to the caller: a local variable, a `static` or a box, all bytes of which may be zero at first
/// ([`ZERO`](Self::ZERO)). Its size is known when it compiles:
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(2 => 8 relu => 4 sigmoid => 1);
///
/// assert_eq!(size_of::<Training<Net, 4>>(), 4 * (65 + 4 * (2 + 1 + 12 + 12)));
/// ```
///
/// A batch of no rows does not compile:
///
/// ```compile_fail,E0080
/// use nn_core::prelude::*;
/// type Net = network!(2 => 8 relu => 4 sigmoid => 1);
///
/// let training = Training::<Net, 0>::ZERO; // a batch must have at least one row
/// ```
pub struct Training<N: Network, const ROWS: usize> {
    gradient: N,
    inputs: [N::Input; ROWS],
    outputs: [N::Output; ROWS],
    tape: [<N::Layers as Part>::Tape; ROWS],
    arena: [<N::Layers as Part>::Slope<No>; ROWS],
}

impl<N: Network, const ROWS: usize> Training<N, ROWS> {
    /// Nothing computed yet.
    pub const ZERO: Self = {
        assert!(ROWS > 0, "a batch must have at least one row");
        Self {
            gradient: N::ZERO,
            inputs: Plain::ZEROED,
            outputs: Plain::ZEROED,
            tape: Plain::ZEROED,
            arena: Plain::ZEROED,
        }
    };

    /// The mean loss of the samples with these indices, and its gradient by the parameters of `network`.
    ///
    /// # Errors
    /// [`TrainError::BatchLength`] if there are no indices or more than `ROWS`, [`TrainError::NoSample`] and
    /// [`TrainError::Target`] for what the data set gives. The network is not changed in any case.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Line = network!(1 => 1);
    ///
    /// // At zero the output is 0, its error -3, the gradient 2 · error · x and 2 · error.
    /// let mut training = Training::<Line, 1>::ZERO;
    /// let (loss, gradient) = training.gradient(&Line::ZERO, &MeanSquaredError, &[([2.0], [3.0])], &[0])?;
    /// assert_eq!(loss, 9.0);
    /// let mut values = [0.0; 2];
    /// gradient.parameters(|kind, tensor| values[(kind == Kind::Bias) as usize] = tensor[0]);
    /// assert_eq!(values, [-12.0, -6.0]);
    /// # Ok::<(), nn_core::train::TrainError>(())
    /// ```
    #[inline]
    pub fn gradient<L, D>(
        &mut self,
        network: &N,
        loss: &L,
        data: &D,
        batch: &[usize],
    ) -> Result<(N::Scalar, &mut N), TrainError>
    where
        L: Loss<N::Scalar, N::Output>,
        D: Dataset<Input = N::Input, Target = L::Target> + ?Sized,
    {
        check_ends::<N>();
        let value = self.record(network, loss, data, batch, Seed(0))?;
        self.backward(network, batch.len(), Seed(0));
        Ok((value, &mut self.gradient))
    }

    /// The forward pass; leaves the gradient by the outputs at the head of the arena.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn record<L, D>(
        &mut self,
        network: &N,
        loss: &L,
        data: &D,
        batch: &[usize],
        seed: Seed,
    ) -> Result<N::Scalar, TrainError>
    where
        L: Loss<N::Scalar, N::Output>,
        D: Dataset<Input = N::Input, Target = L::Target> + ?Sized,
    {
        let length = TrainError::BatchLength { most: ROWS, found: batch.len() };
        let inputs = self.inputs.get_mut(..batch.len()).ok_or(length)?;
        let outputs = self.outputs.get_mut(..batch.len()).ok_or(length)?;
        if batch.is_empty() {
            return Err(length);
        }
        for (index, input) in batch.iter().zip(&mut *inputs) {
            data.input(*index, input).ok_or(TrainError::NoSample { index: *index })?;
        }
        let x = Plain::blocks(numbers(inputs));
        let y = numbers_mut(outputs);
        network.layers().record(Portable, x, &mut [], seed, self.tape.values_mut(), y);

        let share = N::Scalar::ONE / N::Scalar::from_f64(batch.len() as f64);
        let (slopes, _) = End::Head.split(self.arena.values_mut(), batch.len() * N::Output::LEN);
        let mut sum = N::Scalar::ZERO;
        for ((index, output), slope) in batch.iter().zip(&*outputs).zip(N::Output::blocks_mut(slopes)) {
            let target = data.target(*index).ok_or(TrainError::NoSample { index: *index })?;
            if !loss.accepts(&target) {
                return Err(TrainError::Target { index: *index });
            }
            sum += loss.value_and_slope(output, &target, slope);
            slope.values_mut().iter_mut().for_each(|slope| *slope *= share);
        }
        Ok(sum * share)
    }

    /// The backward pass of the recorded rows.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn backward(&mut self, network: &N, rows: usize, seed: Seed) {
        self.gradient.parameters_mut(|_, values| values.fill(N::Scalar::ZERO));
        let pass = Recorded {
            x: Plain::blocks(numbers(self.inputs.get(..rows).unwrap_or_default())),
            y: numbers(self.outputs.get(..rows).unwrap_or_default()),
            tape: self.tape.values(),
            seed,
        };
        let arena = self.arena.values_mut();
        let gradient = self.gradient.layers_mut();
        network.layers().backward::<_, No>(Portable, pass, &mut [], arena, End::Head, gradient);
    }
}

/// Trains a network: takes batches of samples, computes their gradient and lets the optimiser make its step.
///
/// ```
/// use nn_core::prelude::*;
/// network! { pub struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
///
/// let data = [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];
/// let mut rng = ChaCha8Rng::seed_from_u64(1);
/// let mut net = Xor::ZERO;
/// net.init(&mut rng);
///
/// let mut memory = Training::<Xor, 4>::ZERO;
/// let mut adam = Adam::new(0.01);
/// let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
/// let loss = trainer.fit(&mut net, &data, &mut [0; 4], &mut rng, 1_000, |_, _| Continue(()))?;
/// assert!(loss < 0.1);
/// assert!(net.forward(&[0.0, 1.0])[0] > 0.0);
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
pub struct Trainer<'a, N: Network, O, L, const ROWS: usize> {
    memory: &'a mut Training<N, ROWS>,
    optimizer: &'a mut O,
    loss: L,
    epoch: usize,
    batch: usize,
}

/// The end of an epoch, as [`Trainer::fit`] reports it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Epoch<T> {
    /// Counted from zero.
    pub index: usize,
    /// The mean loss over its samples, each before the step that its batch led to.
    pub loss: T,
}

impl<'a, N, O, L, const ROWS: usize> Trainer<'a, N, O, L, ROWS>
where
    N: Network,
    O: Optimizer<Network = N>,
    L: Loss<N::Scalar, N::Output>,
{
    /// A trainer that works in `memory`.
    pub const fn new(memory: &'a mut Training<N, ROWS>, optimizer: &'a mut O, loss: L) -> Self {
        Self { memory, optimizer, loss, epoch: 0, batch: 0 }
    }

    /// The optimiser, to change its learning rate between epochs.
    pub const fn optimizer(&mut self) -> &mut O {
        self.optimizer
    }

    /// One step with the samples of these indices, and their mean loss before it.
    ///
    /// # Errors
    /// Those of [`Training::gradient`], and [`TrainError::Diverged`] if the loss is not finite; its batch counts the steps
    /// since the epoch began. The network and the optimiser are then as they were before the step.
    #[inline]
    pub fn step<D>(&mut self, network: &mut N, data: &D, batch: &[usize]) -> Result<N::Scalar, TrainError>
    where
        D: Dataset<Input = N::Input, Target = L::Target> + ?Sized,
    {
        check_ends::<N>();
        let seed = Seed(((self.epoch as u64) << 32) ^ self.batch as u64);
        let loss = self.memory.record(network, &self.loss, data, batch, seed)?;
        if !loss.is_finite() {
            return Err(TrainError::Diverged { epoch: self.epoch, batch: self.batch });
        }
        self.memory.backward(network, batch.len(), seed);
        self.optimizer.step(network, &mut self.memory.gradient);
        self.batch += 1;
        Ok(loss)
    }

    /// One epoch: every sample once, in random order, `ROWS` at a time; the last batch may be shorter. Returns the mean
    /// loss over the samples.
    ///
    /// `order` is room for the index of every sample; what is in it has no meaning.
    ///
    /// # Errors
    /// Those of [`step`](Self::step), [`TrainError::EmptyDataset`], and [`TrainError::OrderLength`].
    pub fn epoch<D>(
        &mut self,
        network: &mut N,
        data: &D,
        order: &mut [usize],
        rng: &mut impl Rng,
    ) -> Result<N::Scalar, TrainError>
    where
        D: Dataset<Input = N::Input, Target = L::Target> + ?Sized,
    {
        if data.is_empty() {
            return Err(TrainError::EmptyDataset);
        }
        if order.len() != data.len() {
            return Err(TrainError::OrderLength { expected: data.len(), found: order.len() });
        }
        shuffle(order, rng);
        self.batch = 0;
        let mut sum = N::Scalar::ZERO;
        for batch in order.chunks(ROWS) {
            sum += self.step(network, data, batch)? * N::Scalar::from_f64(batch.len() as f64);
        }
        self.epoch += 1;
        Ok(sum / N::Scalar::from_f64(order.len() as f64))
    }

    /// So many epochs, or fewer if `each` breaks; it is called after each epoch with the network as it is then. Returns
    /// the loss of the last epoch, and NaN if there was none.
    ///
    /// # Errors
    /// Those of [`epoch`](Self::epoch).
    pub fn fit<D>(
        &mut self,
        network: &mut N,
        data: &D,
        order: &mut [usize],
        rng: &mut impl Rng,
        epochs: usize,
        mut each: impl FnMut(Epoch<N::Scalar>, &N) -> ControlFlow<()>,
    ) -> Result<N::Scalar, TrainError>
    where
        D: Dataset<Input = N::Input, Target = L::Target> + ?Sized,
    {
        let mut loss = N::Scalar::from_f64(f64::NAN);
        for _ in 0..epochs {
            let index = self.epoch;
            loss = self.epoch(network, data, order, rng)?;
            if each(Epoch { index, loss }, network).is_break() {
                break;
            }
        }
        Ok(loss)
    }
}

/// The numbers `0..order.len()` in random order (Fisher, Yates; Durstenfeld 1964).
fn shuffle(order: &mut [usize], rng: &mut impl Rng) {
    for (index, place) in order.iter_mut().enumerate() {
        *place = index;
    }
    for left in (2..=order.len()).rev() {
        // The upper half of the product is uniform in 0..left, up to left / 2^64.
        let other = (u128::from(rng.next_u64()) * left as u128) >> 64;
        order.swap(left - 1, other as usize);
    }
}

/// Why training stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrainError {
    /// The data set has no sample.
    EmptyDataset,
    /// The buffer for the order of the samples is not as long as the data set.
    OrderLength {
        /// The number of samples.
        expected: usize,
        /// The length of the buffer.
        found: usize,
    },
    /// A batch is empty or longer than there is memory for.
    BatchLength {
        /// The rows that there is memory for.
        most: usize,
        /// The length of the batch.
        found: usize,
    },
    /// The data set has no sample of this index.
    NoSample {
        /// The index.
        index: usize,
    },
    /// The target of a sample is none that the loss can compare with, as a class that the network has no output for.
    Target {
        /// The index of the sample.
        index: usize,
    },
    /// The loss became infinite or NaN. The parameters are as they were before the step.
    Diverged {
        /// The epoch, counted from zero.
        epoch: usize,
        /// The batch of the epoch, counted from zero.
        batch: usize,
    },
}

impl Display for TrainError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyDataset => write!(f, "the data set has no sample"),
            Self::OrderLength { expected, found } => {
                write!(f, "the order has room for {found} indices, but there are {expected} samples")
            }
            Self::BatchLength { most, found } => {
                write!(f, "a batch must have 1 to {most} samples, found {found}")
            }
            Self::NoSample { index } => write!(f, "the data set has no sample {index}"),
            Self::Target { index } => {
                write!(f, "the target of sample {index} is out of range for this network and loss")
            }
            Self::Diverged { epoch, batch } => {
                write!(f, "the loss is not finite in epoch {epoch}, batch {batch}; try a lower learning rate")
            }
        }
    }
}

impl core::error::Error for TrainError {}

#[cfg(test)]
mod tests {
    use super::shuffle;
    use crate::random::{ChaCha8Rng, SeedableRng};

    #[test]
    fn a_shuffle_is_a_permutation_and_every_one_is_as_likely() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut counts = [[0; 4]; 4];
        for _ in 0..4_000 {
            let mut order = [9; 4];
            shuffle(&mut order, &mut rng);
            order.iter().enumerate().for_each(|(place, index)| counts[place][*index] += 1);
            order.sort_unstable();
            assert_eq!(order, [0, 1, 2, 3]);
        }
        // Each index at each place a quarter of the time: 1,000 with a deviation of 27.
        assert!(counts.as_flattened().iter().all(|count| (860..1_140).contains(count)), "{counts:?}");
    }
}
