//! Depth is worth nothing without a non-linearity.
//!
//! A weighted sum of weighted sums is a weighted sum. Four dense layers without an activation between them fold into one,
//! and fit no more than one does; the same four with ReLU fit a product.

use nn_core::collapse::collapse;
use nn_core::prelude::*;

network! {
    /// Four layers, and yet a weighted sum.
    #[allow(missing_activation)]
    pub struct Linear: 2 => 16 => 16 => 16 => 1;
}
network! {
    /// The same layers with a non-linearity between them.
    pub struct Rectified: 2 => 16 relu => 16 relu => 16 relu => 1;
}

/// The samples along an edge of their grid.
const EDGE: usize = 15;
/// From where to where it reaches: not as far to either side of zero, so that a weighted sum has something to fit.
const REACH: [f32; 2] = [-0.5, 1.5];
const SAMPLES: usize = EDGE * EDGE;
const EPOCHS: usize = 300;

/// What the two networks made of the product of their inputs.
#[derive(Clone, Debug)]
pub struct Fits {
    /// The mean squared error of the network without activations.
    pub linear_error: f32,
    /// That of the network with ReLU.
    pub rectified_error: f32,
    /// The largest difference that folding its layers into one makes to an output of the network without activations.
    pub largest_difference: f32,
    /// The parameters of that network, before and after folding.
    pub parameters: [usize; 2],
    /// Where both inputs are alike.
    pub diagonal: Vec<Point>,
}

/// The outputs for one input, twice the same number.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// That number.
    pub x: f32,
    /// The output without activations.
    pub linear: f32,
    /// The output of the same layers, folded into one.
    pub folded: f32,
    /// The output with ReLU.
    pub rectified: f32,
}

/// Fits both, from first weights of that seed, and folds the one without activations.
///
/// # Errors
/// Those of the trainer.
pub fn fits(seed: u64) -> Result<Fits, TrainError> {
    let (linear, linear_error) = fit::<Linear>(seed)?;
    let (rectified, rectified_error) = fit::<Rectified>(seed)?;
    let folded = collapse(&linear);
    let difference = |(input, _): &([f32; 2], _)| (linear.forward(input)[0] - folded.forward(input)[0]).abs();
    let point = |x| {
        let [[linear], [folded], [rectified]] =
            [linear.forward(&[x, x]), folded.forward(&[x, x]), rectified.forward(&[x, x])];
        Point { x, linear, folded, rectified }
    };
    Ok(Fits {
        linear_error,
        rectified_error,
        largest_difference: samples().iter().map(difference).fold(0.0, f32::max),
        parameters: [Linear::PARAMETERS, parameters(&folded)],
        diagonal: (0..81).map(|at| point(coordinate(at, 81))).collect(),
    })
}

/// The grid, each point with the product of its coordinates.
fn samples() -> [([f32; 2], [f32; 1]); SAMPLES] {
    core::array::from_fn(|at| {
        let [x, y] = [at % EDGE, at / EDGE].map(|at| coordinate(at, EDGE));
        ([x, y], [x * y])
    })
}

/// The place of one of `count` evenly spaced points.
fn coordinate(at: usize, count: usize) -> f32 {
    REACH[0] + (REACH[1] - REACH[0]) * at as f32 / (count - 1) as f32
}

fn fit<N>(seed: u64) -> Result<(N, f32), TrainError>
where
    N: Trainable<Number = f32, Input = [f32; 2], Output = [f32; 1]>,
{
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut memory = Training::<N, 25>::ZERO;
    let mut adam = Adam::new(0.005);
    let data = samples();
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError).seeded(seed);
    trainer.fit(&mut net, &data, &mut [0; SAMPLES], EPOCHS, |_| Continue(()))?;
    let error = evaluate(&net, &MeanSquaredError, &data)?;
    Ok((net, error))
}

fn parameters<N: Trainable>(_: &N) -> usize {
    N::PARAMETERS
}
