//! The gradient vanishes through many sigmoids, and not through ReLU.
//!
//! On its way back to the first layer the gradient is multiplied by the slope of each activation. That of a sigmoid is
//! 1/4 at most, that of ReLU is 1 for a node that is on; and a sigmoid takes longer to compute.

use crate::digits::{self, dataset};
use core::hint::black_box;
use nn_core::activation::{Relu, RowActivation, Sigmoid};
use nn_core::kernel::{Isa, Portable};
use nn_core::loss::GivesLogits;
use nn_core::prelude::*;
use nn_core::statistics::Statistics;
use std::time::Instant;

network! {
    /// Reads digits through ten hidden layers of sigmoids.
    #[allow(vanishing_gradient)]
    pub struct Sigmoids:
        64 => 32 sigmoid => 32 sigmoid => 32 sigmoid => 32 sigmoid => 32 sigmoid
        => 32 sigmoid => 32 sigmoid => 32 sigmoid => 32 sigmoid => 32 sigmoid => 10;
}
network! {
    /// Reads digits through ten hidden layers of ReLU.
    pub struct Relus:
        64 => 32 relu => 32 relu => 32 relu => 32 relu => 32 relu
        => 32 relu => 32 relu => 32 relu => 32 relu => 32 relu => 10;
}

const BATCH: usize = 32;

/// The norm of the gradient by the parameters of each dense layer, the first layer first.
#[derive(Clone, Debug)]
pub struct Norms {
    /// With sigmoids.
    pub sigmoid: Vec<f64>,
    /// With ReLU.
    pub relu: Vec<f64>,
}

/// The first norm as a share of the last.
pub fn first_to_last(norms: &[f64]) -> f64 {
    norms[0] / norms[norms.len() - 1]
}

/// The norms at first weights of that seed, over all batches of the digits.
///
/// # Errors
/// Those of the trainer.
pub fn norms(seed: u64) -> Result<Norms, TrainError> {
    Ok(Norms { sigmoid: norms_of::<Sigmoids>(seed)?, relu: norms_of::<Relus>(seed)? })
}

fn norms_of<N>(seed: u64) -> Result<Vec<f64>, TrainError>
where
    N: Trainable<Number = f32, Input = [f32; 64], Output = [f32; 10]> + GivesLogits,
{
    let images = digits::train();
    let data = dataset(&images);
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut memory = Training::<N, BATCH>::ZERO;
    let mut statistics = Statistics::<N>::ZERO;
    let indices: Vec<usize> = (0..images.len()).collect();
    for batch in indices.chunks(BATCH) {
        let (_, gradient) = memory.gradient(&net, &CrossEntropy, &data, batch)?;
        statistics.see_gradient(gradient);
    }
    let mut norms = Vec::new();
    statistics.each(|layer| {
        if layer.module.parameters > 0 {
            norms.push(layer.gradient_norm);
        }
    });
    Ok(norms)
}

/// How many times as long as ReLU a sigmoid takes: the best of many turns each, a thousand numbers a call.
pub fn time_ratio() -> f64 {
    let (mut sigmoid, mut relu) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..200 {
        sigmoid = sigmoid.min(seconds::<Sigmoid>());
        relu = relu.min(seconds::<Relu>());
    }
    sigmoid / relu
}

fn seconds<A: RowActivation>() -> f64 {
    let mut row: [f32; 1_000] = core::array::from_fn(|at| at as f32 / 100.0 - 5.0);
    let start = Instant::now();
    for _ in 0..20 {
        A::apply::<f32, <Portable as Isa>::V<f32>>(black_box(&mut row), 1_000);
    }
    start.elapsed().as_secs_f64()
}
