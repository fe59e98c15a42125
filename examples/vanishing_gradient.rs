//! Gradients through ten hidden layers: `cargo run --release --example vanishing_gradient`.
//!
//! On its way back through the sigmoids the gradient shrinks at every layer, so that the first layers hardly learn. ReLU
//! keeps it, and takes less time.

use examples::lessons::vanishing_gradient::{Norms, first_to_last, norms, time_ratio};
use examples::plot::{self, Axis, BLUE, Mark, Series, VERMILION};
use plotters::prelude::IntoLogRange;
use std::error::Error;
use std::path::PathBuf;

const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let norms = norms(SEED)?;
    println!("norm of the gradient by the parameters of each layer\n\n{:>5}{:>14}{:>14}", "layer", "sigmoid", "relu");
    for (at, (sigmoid, relu)) in norms.sigmoid.iter().zip(&norms.relu).enumerate() {
        println!("{:>5}{sigmoid:>14.1e}{relu:>14.1e}", at + 1);
    }
    println!("\na sigmoid takes {:.0} times as long as ReLU", time_ratio());
    let [sigmoid, relu] = [&norms.sigmoid, &norms.relu].map(|norms| first_to_last(norms));
    println!("first layer to last: {sigmoid:.1e} with sigmoids, {relu:.1} with ReLU");
    println!("{}", draw(&norms)?.display());
    Ok(())
}

fn draw(norms: &Norms) -> Result<PathBuf, Box<dyn Error>> {
    let points = |norms: &[f64]| (1..).map(f64::from).zip(norms.iter().copied()).collect();
    plot::draw(
        "vanishing_gradient",
        "The gradient vanishes through many sigmoids, and not through ReLU",
        Axis { label: "dense layer, from the input to the output", range: 0.5..11.5, tick: &|x| format!("{x:.0}") },
        Axis { label: "norm of the gradient", range: (1e-7..10.0).log_scale(), tick: &|y| format!("{y:.0e}") },
        &[
            Series { label: "sigmoid".into(), mark: Mark::Crosses, color: BLUE, points: points(&norms.sigmoid) },
            Series { label: "ReLU".into(), mark: Mark::Circles, color: VERMILION, points: points(&norms.relu) },
        ],
    )
}
