//! Linear regression is the simplest network: `cargo run --release --example linear_regression`.
//!
//! A network without hidden layers gives a weighted sum of its inputs. Trained on the mean squared error, it finds the
//! weights that the closed form of least squares gives.

use examples::diabetes::{NAMES, Patient, patients};
use nalgebra::{DMatrix, DVector};
use nn_core::prelude::*;
use std::process::ExitCode;

network! {
    /// Predicts the progression of diabetes as a weighted sum of ten measurements.
    struct Regression: f64; 10 => 1;
}

fn main() -> ExitCode {
    let [train, test] = patients();
    println!("{}\n", Regression::summary());

    let mut net = Regression::ZERO;
    if let Err(error) = learn(&mut net, &train) {
        eprintln!("training stopped: {error}");
        return ExitCode::FAILURE;
    }
    let mut learnt = Vec::new();
    net.parameters(|_, values| learnt.extend_from_slice(values));

    let exact = least_squares(&train);
    println!("{:<10}{:>14}{:>14}", "", "network", "closed form");
    for (name, (learnt, exact)) in NAMES.iter().chain(&["bias"]).zip(learnt.iter().zip(&exact)) {
        println!("{name:<10}{learnt:>14.6}{exact:>14.6}");
    }
    let apart = learnt.iter().zip(&exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    println!("\nlargest difference {apart:.1e}; R² of the held-out patients {:.3}", r_squared(&net, &test));
    if apart < 1e-6 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// All patients in each step: the steps follow the exact gradient.
fn learn(net: &mut Regression, train: &[Patient]) -> Result<f64, TrainError> {
    const PATIENTS: usize = 354;
    let mut memory = Training::<Regression, PATIENTS>::ZERO;
    let mut momentum = Momentum::new(0.2, 0.9);
    let mut trainer = Trainer::new(&mut memory, &mut momentum, MeanSquaredError);
    trainer.fit(net, train, &mut [0; PATIENTS], 2_000, |_| Continue(()))
}

/// The weights, and the bias last, that solve the normal equations.
fn least_squares(train: &[Patient]) -> Vec<f64> {
    let a = DMatrix::from_fn(train.len(), 11, |row, column| train[row].0.get(column).copied().unwrap_or(1.0));
    let b = DVector::from_fn(train.len(), |row, _| train[row].1[0]);
    let solution = (a.transpose() * &a).cholesky().map(|normal| normal.solve(&(a.transpose() * b)));
    solution.map(|weights| weights.iter().copied().collect()).unwrap_or_default()
}

/// The share of the variance that is predicted.
fn r_squared(net: &Regression, patients: &[Patient]) -> f64 {
    let mean = patients.iter().map(|(_, [y])| y).sum::<f64>() / patients.len() as f64;
    let missed: f64 = patients.iter().map(|(x, [y])| (net.forward(x)[0] - y).powi(2)).sum();
    let spread: f64 = patients.iter().map(|(_, [y])| (y - mean).powi(2)).sum();
    1.0 - missed / spread
}
