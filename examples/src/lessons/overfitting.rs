//! A network that is too large learns the noise too.
//!
//! The training loss falls with every node more, the loss on samples that were not learnt from falls and then rises.
//! Early stopping and weight decay close the gap between the two. And the smallest network whose validation loss is within
//! one standard error of the best one is as good as any (Breiman et al. 1984; Hastie, Tibshirani, Friedman 2009).

use nn_core::prelude::*;
use nn_core::scalar::Scalar;

network! {
    /// A curve, by so many hidden nodes.
    pub struct Curve<const H: usize>: f64; 1 => {H} tanh => 1;
}

const TRAINING: usize = 20;
const VALIDATION: usize = 100;
const TEST: usize = 1_000;
const EPOCHS: usize = 20_000;
const RATE: f64 = 0.05;
const NOISE: f64 = 0.3;

/// A place, and a measurement there.
pub type Sample = ([f64; 1], [f64; 1]);

/// Samples of one curve with noise.
#[derive(Clone, Debug)]
pub struct Samples {
    /// Those to learn from.
    pub training: Vec<Sample>,
    /// Those to choose by.
    pub validation: Vec<Sample>,
    /// Those to judge by, which nothing was chosen with.
    pub test: Vec<Sample>,
}

impl Samples {
    /// As many as are needed, from that seed.
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut draw = |count| {
            let sample = |_| {
                let x = 6.0 * f64::uniform(&mut rng) - 3.0;
                ([x], [libm::sin(x) + NOISE * f64::normal(&mut rng)])
            };
            (0..count).map(sample).collect()
        };
        Self { training: draw(TRAINING), validation: draw(VALIDATION), test: draw(TEST) }
    }
}

/// Against what is done about overfitting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Remedy {
    /// Nothing.
    None,
    /// The parameters of the epoch with the best validation loss.
    EarlyStopping,
    /// Weights that decay.
    WeightDecay,
}

/// The losses of one network after training.
#[derive(Clone, Copy, Debug)]
pub struct Losses {
    /// Its hidden nodes.
    pub nodes: usize,
    /// Its mean squared error on the training samples.
    pub training: f64,
    /// The same on the validation samples.
    pub validation: f64,
    /// The standard error of that mean.
    pub standard_error: f64,
    /// The mean squared error on the test samples.
    pub test: f64,
}

impl Losses {
    /// How much worse the network is on samples that it did not learn from.
    pub fn gap(&self) -> f64 {
        self.validation - self.training
    }
}

/// Networks of growing size, none of which is kept from overfitting.
///
/// # Errors
/// Those of the trainer.
pub fn growing(samples: &Samples, seed: u64) -> Result<[Losses; 7], TrainError> {
    let none = Remedy::None;
    Ok([
        train::<Curve<1>>(1, samples, seed, none)?,
        train::<Curve<2>>(2, samples, seed, none)?,
        train::<Curve<4>>(4, samples, seed, none)?,
        train::<Curve<8>>(8, samples, seed, none)?,
        train::<Curve<16>>(16, samples, seed, none)?,
        train::<Curve<32>>(32, samples, seed, none)?,
        largest(samples, seed, none)?,
    ])
}

/// The largest network, with a remedy.
///
/// # Errors
/// Those of the trainer.
pub fn largest(samples: &Samples, seed: u64, remedy: Remedy) -> Result<Losses, TrainError> {
    train::<Curve<64>>(64, samples, seed, remedy)
}

/// The smallest network whose validation loss is within one standard error of the best.
pub fn choose(losses: &[Losses]) -> Option<&Losses> {
    let best = losses.iter().min_by(|a, b| a.validation.total_cmp(&b.validation))?;
    losses.iter().find(|losses| losses.validation <= best.validation + best.standard_error)
}

fn train<N>(nodes: usize, samples: &Samples, seed: u64, remedy: Remedy) -> Result<Losses, TrainError>
where
    N: Trainable<Number = f64, Input = [f64; 1], Output = [f64; 1]>,
{
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut memory = Training::<N, TRAINING>::ZERO;
    let mut adam = AdamW::new(RATE).with_weight_decay(if remedy == Remedy::WeightDecay { 1.0 } else { 0.0 });
    let mut best = EarlyStopping::<N>::new(1_000);
    let schedule = Schedule::cosine(RATE, 0.0, EPOCHS as u64); // a step an epoch
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError).scheduled(schedule);
    trainer.fit(&mut net, samples.training.as_slice(), &mut [0; TRAINING], EPOCHS, |report| {
        if remedy != Remedy::EarlyStopping {
            return Ok(Continue(()));
        }
        let loss = evaluate(report.network, &MeanSquaredError, samples.validation.as_slice())?;
        Ok(best.see(report.epoch, loss, report.network))
    })?;
    best.restore(&mut net);

    let squares: Vec<f64> = samples.validation.iter().map(|(x, [y])| (net.forward(x)[0] - y).powi(2)).collect();
    let validation = squares.iter().sum::<f64>() / VALIDATION as f64;
    let spread: f64 = squares.iter().map(|square| (square - validation).powi(2)).sum();
    Ok(Losses {
        nodes,
        training: evaluate(&net, &MeanSquaredError, samples.training.as_slice())?,
        validation,
        standard_error: (spread / (VALIDATION * (VALIDATION - 1)) as f64).sqrt(),
        test: evaluate(&net, &MeanSquaredError, samples.test.as_slice())?,
    })
}
