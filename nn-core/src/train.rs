//! Mini-batch training without a heap.
//!
//! A [`Trainer`] works in a [`Training`], memory that belongs to the caller. It makes a [`step`](Trainer::step) with given
//! samples, an [`epoch`](Trainer::epoch) over a data set in random order, a [`fit`](Trainer::fit) of many epochs, or trains
//! [`online`](Trainer::online) from samples in their own order. A [`Sequence`] is a stream that is trained through time, on pieces that
//! are shuffled or, [`in_order`](Trainer::in_order), go on from each other. What else there is to do happens in the callbacks of these, with
//! the [`Report`] that they get: [`EarlyStopping`], [`ReduceOnPlateau`](crate::optimizer::ReduceOnPlateau),
//! [metrics](crate::metric), [statistics](crate::statistics), and [checkpoints](Report::save).
//!
//! Who wants to compute the loss, or needs the gradient by an input, has [`Trace`]: a pass forward and one back, from any slopes.

mod checkpoint;
mod early_stopping;
mod in_order;
mod passes;
mod report;
mod sequence;
mod settings;
mod streams;
mod trace;
mod trainer;

pub use crate::error::TrainError;
pub use checkpoint::{CheckpointError, checkpoint_len};
pub use early_stopping::EarlyStopping;
pub use report::{Flow, Progress, Report};
pub use sequence::Sequence;
#[doc(hidden)]
pub use sequence::Unrolls;
pub use streams::Streams;
pub use trace::Trace;
pub use trainer::Trainer;

use crate::dataset::Samples;
use crate::kernel::{self, Isa, Scalar, Task};
use crate::loss::LossOf;
use crate::network::planes::RowOf;
use crate::network::{Network, StateOf, Stateless, Trainable, check_ends, forward_cut, some};
use crate::number::Number;
use crate::number::arena::No;
use crate::number::size::{product, sum};
use crate::number::storage::Plain;
#[cfg(feature = "alloc")]
use crate::number::storage::zeros::{Zeros, boxed};
use crate::optimizer::Optimizer;
use crate::part::learn::Learn;
use crate::part::memory::Memory;
use crate::part::run::Part;
use crate::part::seed::Seed;
#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use passes::{Alone, Carried, Passes};

/// The memory that training needs beside the network and the optimiser: the gradient, and room for `ROWS` samples at a
/// time.
///
/// It belongs to the caller: a local variable, a `static` or a box, all bytes of which may be zero at first
/// ([`ZERO`](Self::ZERO)). Its size is known when it compiles, see [`training_ram`].
///
/// A batch of no rows does not compile:
///
/// ```compile_fail,E0080
/// use nn_core::prelude::*;
/// type Net = network!(2 => 8 relu => 4 sigmoid => 1);
///
/// let training = Training::<Net, 0>::ZERO; // a batch must have at least one row
/// ```
pub struct Training<N: Trainable, const ROWS: usize> {
    gradient: N,
    inputs: [RowOf<N>; ROWS],
    outputs: [N::Output; ROWS],
    tape: [<N::Layers as Learn>::Tape; ROWS],
    arena: [<N::Layers as Learn>::Slope<No>; ROWS],
    /// That of a piece of a stream, and how it is cut; nothing where there are no streams.
    state: StateOf<N>,
}

/// The bytes that training holds: the network, its optimiser, and a [`Training`] of so many rows, which is the gradient and
/// for each row the input, the output, the tape and the arena. For a [`Sequence`] also one state; what is carried from piece to
/// piece, [`Streams`], comes on top of it, with `size_of` bytes.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::train::training_ram;
/// type Net = network!(2 => 8 relu => 4 sigmoid => 1);
///
/// let (net, sgd, memory) = (Net::ZERO, Sgd::<Net>::new(0.1), Training::<Net, 4>::ZERO);
/// const RAM: usize = training_ram::<Sgd<Net>>(4);
/// assert_eq!(RAM, size_of_val(&net) + size_of_val(&sgd) + size_of_val(&memory));
/// // 65 parameters, their gradient, and four rows of 27 numbers; where a machine has cache lines, networks are aligned to
/// // them.
/// assert!(RAM >= 4 * 65 + 16 + 4 * (65 + 4 * (2 + 1 + 12 + 12)));
/// ```
pub const fn training_ram<O: Optimizer>(rows: usize) -> usize {
    const fn row<N: Trainable>() -> usize {
        let ends = sum(size_of::<RowOf<N>>(), size_of::<N::Output>());
        sum(ends, sum(size_of::<<N::Layers as Learn>::Tape>(), size_of::<<N::Layers as Learn>::Slope<No>>()))
    }
    let network = size_of::<O::Network>();
    let state = size_of::<StateOf<O::Network>>();
    let memory = sum(sum(network, state), product(rows, row::<O::Network>()));
    // What fills the last cache line.
    let fill = (align_of::<O::Network>() - memory % align_of::<O::Network>()) % align_of::<O::Network>();
    sum(sum(network, size_of::<O>()), sum(memory, fill))
}

impl<N: Trainable, const ROWS: usize> Training<N, ROWS> {
    /// Nothing computed yet.
    pub const ZERO: Self = {
        some(ROWS);
        Self {
            gradient: N::ZERO,
            inputs: Plain::ZEROED,
            outputs: Plain::ZEROED,
            tape: Plain::ZEROED,
            arena: Plain::ZEROED,
            state: Memory::NEW,
        }
    };

    /// [`ZERO`](Self::ZERO) on the heap, where it never lay on the stack, unless the network has a layer of your own.
    #[cfg(feature = "alloc")]
    pub fn boxed() -> Box<Self> {
        let boxed = boxed!(Self {} zeros {
            gradient: N::ZEROS,
            inputs: Some(Zeros::block::<N::Number>()),
            outputs: Some(Zeros::block::<N::Number>()),
            tape: Some(Zeros::block::<N::Number>()),
            arena: Some(Zeros::block::<N::Number>()),
            state: <StateOf<N> as Memory>::ZEROS
        });
        const { some(ROWS) };
        boxed.unwrap_or_else(|| Box::new(Self::ZERO))
    }

    /// The mean loss of the samples with these indices, and its gradient by the parameters of `network`.
    ///
    /// There may be more samples than `ROWS`; they are then computed in parts, and their gradients added up. Dropout leaves
    /// out the same values at every call.
    ///
    /// # Errors
    /// [`TrainError::EmptyBatch`] if there are no indices, [`TrainError::NoSample`] and [`TrainError::Target`] for what the
    /// data set gives, and [`TrainError::Setting`] for the loss. The network is not changed in any case.
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
    pub fn gradient<L: LossOf<N>, D: Samples<N::Input, L::Target> + ?Sized>(
        &mut self,
        network: &N,
        loss: &L,
        data: &D,
        batch: &[usize],
    ) -> Result<(N::Number, &mut N), TrainError> {
        let computed = self.compute(network, loss, data, batch.iter().copied(), Draw::default(), &mut Alone)?;
        Ok((computed.loss, &mut self.gradient))
    }

    /// The [`gradient`](Self::gradient) of the mean loss of all samples.
    ///
    /// # Errors
    /// Those of [`gradient`](Self::gradient), and [`TrainError::EmptyDataset`].
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Line = network!(1 => 1);
    ///
    /// let mut training = Training::<Line, 1>::ZERO;
    /// let data = [([2.0], [3.0]), ([1.0], [1.0])];
    /// let (loss, gradient) = training.full_gradient(&Line::ZERO, &MeanSquaredError, &data)?;
    /// assert_eq!(loss, 5.0);
    /// gradient.parameters(|kind, values| assert_eq!(values, [if kind == Kind::Weight { -7.0 } else { -4.0 }]));
    /// # Ok::<(), nn_core::train::TrainError>(())
    /// ```
    pub fn full_gradient<L: LossOf<N>, D: Samples<N::Input, L::Target> + ?Sized>(
        &mut self,
        network: &N,
        loss: &L,
        data: &D,
    ) -> Result<(N::Number, &mut N), TrainError> {
        if data.is_empty() {
            return Err(TrainError::EmptyDataset);
        }
        let computed = self.compute(network, loss, data, 0..data.len(), Draw::default(), &mut Alone)?;
        Ok((computed.loss, &mut self.gradient))
    }

    /// The mean loss of samples; leaves its gradient in the memory.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<L: LossOf<N>, D: Samples<N::Input, L::Target> + ?Sized>(
        &mut self,
        network: &N,
        loss: &L,
        data: &D,
        mut batch: impl ExactSizeIterator<Item = usize> + Clone,
        mut draw: Draw,
        carried: &mut impl Carried<N>,
    ) -> Result<Computed<N::Number>, TrainError> {
        check_ends::<N>();
        if batch.len() == 0 {
            return Err(TrainError::EmptyBatch);
        }
        loss.usable()?;
        enough::<N>(batch.len(), const { if passes::has_pieces::<N>() { 1 } else { ROWS } })?;
        let weight =
            if L::COUNTS { weight(loss, data, batch.clone())? } else { N::Number::from_u64(batch.len() as u64) };
        // Where nothing counts, there is no loss and no gradient.
        let share = if weight > N::Number::ZERO { N::Number::ONE / weight } else { N::Number::ZERO };
        let mut sum = N::Number::ZERO;
        while batch.len() > 0 {
            let rows = batch.len().min(const { if passes::has_pieces::<N>() { 1 } else { ROWS } });
            let batch_part = batch.clone();
            let passes = Passes { memory: self, network, loss, data, batch: batch_part, rows, share, draw, carried };
            sum += kernel::run(passes)?;
            batch.nth(rows - 1);
            draw.part += 1;
        }
        Ok(Computed { loss: sum * share, weight })
    }
}

/// Whether so many rows, as many at a time, are enough for every layer, and those that are left over, too.
fn enough<N: Trainable>(rows: usize, at_a_time: usize) -> Result<(), TrainError> {
    let least = const { N::Layers::ABOUT.least_rows };
    let left = if at_a_time > 0 { rows % at_a_time } else { 0 };
    match [rows.min(at_a_time), left].into_iter().find(|rows| (1..least).contains(rows)) {
        Some(rows) => Err(TrainError::TooFewRows { rows, least }),
        None => Ok(()),
    }
}

/// What is known of a batch, beside the gradient.
#[derive(Clone, Copy)]
struct Computed<T> {
    loss: T,
    /// How much its samples count together.
    weight: T,
}

/// How much samples count together.
fn weight<N: Trainable, L: LossOf<N>, D: Samples<N::Input, L::Target> + ?Sized>(
    loss: &L,
    data: &D,
    batch: impl Iterator<Item = usize>,
) -> Result<N::Number, TrainError> {
    let mut total = N::Number::ZERO;
    for index in batch {
        let target = data.target(index).ok_or(TrainError::NoSample { index })?;
        if !loss.admits(&target) {
            return Err(TrainError::Target { index });
        }
        total += loss.counts(&target);
    }
    Ok(total)
}

/// What dropout draws by. The seed that follows from it is not computed where nobody draws.
#[derive(Clone, Copy, Default)]
struct Draw {
    seed: u64,
    step: u64,
    /// Of the batch.
    part: u64,
}

impl Draw {
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn seed(self) -> Seed {
        Seed(self.seed).at(self.step).at(self.part)
    }
}

/// The mean loss over a data set, as the network is used: without dropout.
///
/// # Errors
/// [`TrainError::EmptyDataset`], [`TrainError::NoSample`], [`TrainError::Target`], and [`TrainError::Setting`] for the loss.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::train::evaluate;
/// type Line = network!(1 => 1);
///
/// assert_eq!(evaluate(&Line::ZERO, &MeanSquaredError, &[([2.0], [3.0]), ([1.0], [1.0])])?, 5.0);
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
pub fn evaluate<N: Stateless<Number: Scalar>, L: LossOf<N>, D: Samples<N::Input, L::Target> + ?Sized>(
    network: &N,
    loss: &L,
    data: &D,
) -> Result<N::Number, TrainError> {
    loss.usable()?;
    let (mut sum, mut total, mut slope) = (0.0, 0.0, N::Output::ZEROED);
    crate::dataset::each(data, |index, input, target| {
        if !loss.admits(&target) {
            return Err(TrainError::Target { index });
        }
        let output = forward_cut(network, input, |step| data.begins(index, step));
        total += loss.counts(&target).to_f64();
        sum += kernel::run(Compare { loss, output: &output, target: &target, slope: &mut slope }).to_f64();
        Ok(())
    })?;
    Ok(N::Number::from_f64(if total > 0.0 { sum / total } else { 0.0 }))
}

/// The loss of one sample.
struct Compare<'a, N: Network<Number: Scalar>, L: LossOf<N>> {
    loss: &'a L,
    output: &'a N::Output,
    target: &'a L::Target,
    slope: &'a mut N::Output,
}

impl<N: Network<Number: Scalar>, L: LossOf<N>> Task for Compare<'_, N, L> {
    type Output = N::Number;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) -> N::Number {
        self.loss.compare::<K::V<N::Number>>(self.output, self.target, self.slope, N::Number::ONE)
    }
}

#[cfg(all(test, feature = "macros"))]
mod tests {
    use super::{Trainer, Training, evaluate};
    use crate::loss::CrossEntropy;
    use crate::network::Network;
    use crate::optimizer::Adam;
    use crate::random::{ChaCha8Rng, SeedableRng};
    use core::ops::ControlFlow::Continue;

    crate::network! {
        /// Every kind of part, small enough for Miri.
        struct Small: 3 => a: 4 relu => [4 tanh] => (2 sigmoid | dropout(0.5) => 3 gelu) => 2;
    }

    #[test]
    fn every_kind_of_part_learns_and_is_saved() {
        let data = [([0.1, -0.4, 0.7], 0), ([0.9, 0.2, -0.3], 1), ([-0.6, 0.5, 0.8], 0)];
        let mut net = Small::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(1));
        let before = evaluate(&net, &CrossEntropy, &data).expect("a loss");
        let (mut memory, mut adam) = (Training::<Small, 2>::ZERO, Adam::new(0.05));
        let mut trainer = Trainer::new(&mut memory, &mut adam, CrossEntropy);
        trainer.fit(&mut net, &data, &mut [0; 3], 20, |_| Continue(())).expect("an epoch");
        assert!(evaluate(&net, &CrossEntropy, &data).expect("a loss") < before);

        let (mut file, mut again) = ([0; Small::SAVED_LEN], Small::ZERO);
        let len = net.save(&mut file).expect("room");
        again.load(&file[..len]).expect("the file that was written");
        assert_eq!(again.forward(&data[0].0), net.forward(&data[0].0));
        assert_eq!(again.a().weights, net.a().weights);
        let mut outputs = [[0.0; 2]; 3];
        net.forward_batch(&data.map(|(input, _)| input), &mut outputs);
        assert_eq!(outputs[2], net.forward(&data[2].0));
    }
}
