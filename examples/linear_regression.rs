//! Linear regression is the simplest network: `cargo run --release --example linear_regression`.
//!
//! A network without hidden layers gives a weighted sum of its inputs. Trained on the mean squared error, it finds the
//! weights that the closed form of least squares gives.

use examples::diabetes::NAMES;
use examples::lessons::linear_regression::{Comparison, EPOCHS, Regression, compare};
use examples::plot::{self, Axis, BLUE, Mark, Series, VERMILION};
use nn_core::prelude::*;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    println!("{}\n", Regression::summary());
    let comparison = compare(EPOCHS)?;
    println!("{:<10}{:>14}{:>14}", "", "network", "closed form");
    for (name, (learnt, exact)) in NAMES.iter().chain(&["bias"]).zip(comparison.learnt.iter().zip(&comparison.exact)) {
        println!("{name:<10}{learnt:>14.6}{exact:>14.6}");
    }
    let difference = comparison.largest_difference();
    println!("\nlargest difference {difference:.1e}; R² of the held-out patients {:.3}", comparison.r_squared);
    println!("{}", draw(&comparison)?.display());
    Ok(if difference < 1e-6 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The weights beside each other; the bias, which is ten times as large as any, is left out.
fn draw(comparison: &Comparison) -> Result<PathBuf, Box<dyn Error>> {
    let points = |weights: &[f64]| (0..10).map(|at| (at as f64, weights[at])).collect();
    let name =
        |x: &f64| NAMES.get(*x as usize).filter(|_| x.fract() == 0.0).map_or(String::new(), |name| (*name).into());
    plot::draw(
        "linear_regression",
        "A network without a hidden layer is linear regression",
        Axis { label: "measurement", range: -0.5..9.5, tick: &name },
        Axis { label: "weight", range: -35.0..35.0, tick: &|y| format!("{y:.0}") },
        &[
            Series {
                label: "learnt by the network".into(),
                mark: Mark::Circles,
                color: BLUE,
                points: points(&comparison.learnt),
            },
            Series {
                label: "closed form of least squares".into(),
                mark: Mark::Crosses,
                color: VERMILION,
                points: points(&comparison.exact),
            },
        ],
    )
}
