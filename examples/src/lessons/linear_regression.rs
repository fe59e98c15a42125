//! A network without a hidden layer is linear regression.
//!
//! Its output is a weighted sum of its inputs. Trained on the mean squared error, it finds the weights that the closed form
//! of least squares gives.

use crate::diabetes::{Patient, patients};
use nalgebra::{DMatrix, DVector};
use nn_core::metric;
use nn_core::prelude::*;

network! {
    /// Predicts the progression of diabetes as a weighted sum of ten measurements.
    pub struct Regression: f64; 10 => 1;
}

/// How often the network sees the patients; the weights are those of the closed form long before.
pub const EPOCHS: usize = 1_000;

const PATIENTS: usize = 354;

/// What the network learnt, and what it should have.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The weights of the network, and its bias last.
    pub learnt: Vec<f64>,
    /// The same by the closed form.
    pub exact: Vec<f64>,
    /// Measured and predicted progression of each held-out patient.
    pub held_out: Vec<[f64; 2]>,
    /// The share of the variance that is predicted for held-out patients.
    pub r_squared: f64,
}

impl Comparison {
    /// The largest difference of a weight from the closed form.
    pub fn largest_difference(&self) -> f64 {
        self.learnt.iter().zip(&self.exact).map(|(learnt, exact)| (learnt - exact).abs()).fold(0.0, f64::max)
    }
}

/// Learns the weights by gradient descent, and computes them.
///
/// # Errors
/// Those of the trainer.
pub fn compare(epochs: usize) -> Result<Comparison, TrainError> {
    let [train, test] = patients();
    let mut net = Regression::ZERO;
    let mut memory = Training::<Regression, PATIENTS>::ZERO; // all patients in a step: it follows the exact gradient
    let mut momentum = Momentum::new(0.2, 0.9);
    let mut trainer = Trainer::new(&mut memory, &mut momentum, MeanSquaredError);
    trainer.fit(&mut net, train.as_slice(), &mut [0; PATIENTS], epochs, |_| Continue(()))?;

    let mut learnt = Vec::new();
    net.parameters(|_, values| learnt.extend_from_slice(values));
    let [r_squared] = metric::Regression::of(&net, test.as_slice())?.r_squared();
    let held_out = test.iter().map(|(x, [measured])| [*measured, net.forward(x)[0]]).collect();
    Ok(Comparison { learnt, exact: least_squares(&train), held_out, r_squared })
}

/// The weights, and the bias last, that solve the normal equations; none if these are singular.
fn least_squares(train: &[Patient]) -> Vec<f64> {
    let a = DMatrix::from_fn(train.len(), 11, |row, column| train[row].0.get(column).copied().unwrap_or(1.0));
    let b = DVector::from_fn(train.len(), |row, _| train[row].1[0]);
    let solution = (a.transpose() * &a).cholesky().map(|normal| normal.solve(&(a.transpose() * b)));
    solution.map(|weights| weights.iter().copied().collect()).unwrap_or_default()
}
