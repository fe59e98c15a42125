//! Hidden nodes are new features.
//!
//! No weighted sum of two inputs is their exclusive or. The best that a network without a hidden layer can do is to say one
//! half to everything: the binary cross-entropy is then ln 2, and the mean squared error 1/4. Hidden nodes are features in
//! which the exclusive or is a weighted sum.

use nn_core::loss::LossOf;
use nn_core::optimizer::Optimizer;
use nn_core::prelude::*;

network! {
    /// Predicts the exclusive or of two inputs, as the logarithm of the odds.
    pub struct Xor: 2 => 8 relu => 4 sigmoid => 1;
}
network! {
    /// A weighted sum of the two inputs.
    pub struct Sum: 2 => 1;
}

/// All that there is to know.
pub const DATA: [([f32; 2], [f32; 1]); 4] =
    [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];

/// How often the networks see the four samples.
pub const EPOCHS: usize = 1_000;

/// How three networks learnt the same.
#[derive(Clone, Debug)]
pub struct Learnt {
    /// The binary cross-entropy of each epoch without a hidden layer.
    pub sum_cross_entropy: Vec<f32>,
    /// The mean squared error of each epoch without a hidden layer.
    pub sum_squared_error: Vec<f32>,
    /// The binary cross-entropy of each epoch with hidden layers.
    pub hidden_cross_entropy: Vec<f32>,
    /// For each sample, the probability of one that the network with hidden layers gives.
    pub probabilities: [f32; 4],
}

impl Learnt {
    /// How many of the four samples are predicted as they are.
    pub fn right(&self) -> usize {
        self.probabilities.iter().zip(&DATA).filter(|(p, (_, [target]))| (**p > 0.5) == (*target > 0.5)).count()
    }
}

/// Trains the three from first weights of that seed.
///
/// # Errors
/// Those of the trainer.
pub fn learn(seed: u64) -> Result<Learnt, TrainError> {
    let (_, sum_cross_entropy) = losses::<Sum, _>(seed, Adam::new(0.02), BinaryCrossEntropyWithLogits)?;
    let (_, sum_squared_error) = losses::<Sum, _>(seed, Adam::new(0.02), MeanSquaredError)?;
    let (net, hidden_cross_entropy) = losses::<Xor, _>(seed, Adam::new(0.02), BinaryCrossEntropyWithLogits)?;
    let probabilities = DATA.map(|(input, _)| 1.0 / (1.0 + (-net.forward(&input)[0]).exp()));
    Ok(Learnt { sum_cross_entropy, sum_squared_error, hidden_cross_entropy, probabilities })
}

/// Trains a network; returns it, and the loss of each epoch.
fn losses<N, L>(seed: u64, mut optimizer: impl Optimizer<Network = N>, loss: L) -> Result<(N, Vec<f32>), TrainError>
where
    N: Trainable<Number = f32, Input = [f32; 2], Output = [f32; 1]>,
    L: LossOf<N, Target = [f32; 1]>,
{
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut memory = Training::<N, 4>::ZERO;
    let mut trainer = Trainer::new(&mut memory, &mut optimizer, loss);
    let mut losses = Vec::with_capacity(EPOCHS);
    trainer.fit(&mut net, &DATA, &mut [0; 4], EPOCHS, |report| {
        losses.push(report.loss);
        Continue(())
    })?;
    Ok((net, losses))
}
