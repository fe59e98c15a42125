//! The loop of training: steps, epochs, and the order of the samples.

use super::{TrainError, Training};
use crate::dataset::Dataset;
use crate::loss::Loss;
use crate::network::{Network, check_ends};
use crate::optimizer::Optimizer;
use crate::part::Seed;
use crate::scalar::Scalar;
use core::ops::ControlFlow;
use rand_core::Rng;

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
