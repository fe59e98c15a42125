//! Mini-batch training without a heap.

mod error;
mod trainer;

pub use error::TrainError;
pub use trainer::{Epoch, Trainer};

use crate::dataset::Dataset;
use crate::kernel::Portable;
use crate::loss::Loss;
use crate::network::{Network, check_ends};
use crate::part::{Part, Recorded, Seed};
use crate::scalar::Scalar;
use crate::storage::{End, No, Plain, numbers, numbers_mut};

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
