//! Width is detail.
//!
//! Each hidden node bends the output once, so a curve with many bends needs many nodes.

use core::f64::consts::PI;
use nn_core::prelude::*;
use nn_core::scalar::Scalar;

network! {
    /// A curve with as many bends as there are hidden nodes.
    pub struct Curve<const H: usize>: f64; 1 => {H} tanh => 1;
}

/// The hidden nodes of the three networks.
pub const NODES: [usize; 3] = [2, 8, 32];

const SAMPLES: usize = 128;
const BATCH: usize = 32;
const EPOCHS: usize = 2_000;
const RATE: f64 = 0.03;
/// The bound of the first weights and biases of the hidden nodes.
const STEEPNESS: f64 = 5.0;

/// What is to be learnt: a slow wave, and a fast one on it.
pub fn curve(x: f64) -> f64 {
    libm::sin(PI * x) + 0.4 * libm::sin(4.0 * PI * x)
}

/// What one network made of the curve.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Its hidden nodes.
    pub nodes: usize,
    /// Its mean squared error.
    pub error: f64,
    /// Its curve: places and values.
    pub points: Vec<(f64, f64)>,
}

/// Fits the curve with each of the three widths, from first weights of that seed.
///
/// # Errors
/// Those of the trainer.
pub fn fits(seed: u64) -> Result<[Fit; 3], TrainError> {
    let [few, more, many] = NODES;
    Ok([fit::<Curve<2>>(few, seed)?, fit::<Curve<8>>(more, seed)?, fit::<Curve<32>>(many, seed)?])
}

fn fit<N>(nodes: usize, seed: u64) -> Result<Fit, TrainError>
where
    N: Trainable<Number = f64, Input = [f64; 1], Output = [f64; 1]>,
{
    let x = |at: usize| 2.0 * at as f64 / (SAMPLES - 1) as f64 - 1.0;
    let data: [_; SAMPLES] = core::array::from_fn(|at| ([x(at)], [curve(x(at))]));
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut net = N::ZERO;
    net.init(&mut rng);
    spread(&mut net, &mut rng);
    let mut memory = Training::<N, BATCH>::ZERO;
    let mut adam = Adam::new(RATE);
    let schedule = Schedule::cosine(RATE, 0.0, (EPOCHS * SAMPLES / BATCH) as u64);
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError).seeded(seed).scheduled(schedule);
    trainer.fit(&mut net, &data, &mut [0; SAMPLES], EPOCHS, |_| Continue(()))?;
    let points = data.iter().map(|(x, _)| (x[0], net.forward(x)[0])).collect();
    Ok(Fit { nodes, error: evaluate(&net, &MeanSquaredError, &data)?, points })
}

/// Makes the hidden nodes steep, each at a place of its own: with biases of zero all would bend in the middle, and with
/// flat nodes the fast wave takes very long to learn.
fn spread<N: Trainable<Number = f64>>(net: &mut N, rng: &mut impl Rng) {
    let mut tensor = 0;
    net.parameters_mut(|_, values| {
        // The first two tensors are the weights and the biases of the hidden layer.
        if tensor < 2 {
            values.iter_mut().for_each(|value| *value = STEEPNESS * (2.0 * f64::uniform(rng) - 1.0));
        }
        tensor += 1;
    });
}
