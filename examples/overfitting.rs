//! Networks that learn the noise too: `cargo run --release --example overfitting`.
//!
//! Twenty noisy samples of a curve, and networks of 1 to 64 hidden nodes: which of them is large enough, and what helps one
//! that is too large?

use examples::lessons::overfitting::{Losses, Remedy, Samples, choose, growing, largest};
use examples::plot::{self, Axis, BLUE, Mark, Series, VERMILION};
use plotters::prelude::IntoLogRange;
use plotters::style::BLACK;
use std::error::Error;
use std::path::PathBuf;

const SEED: u64 = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let samples = Samples::new(SEED);
    let losses = growing(&samples, SEED)?;
    println!("mean squared error\n{:>5}{:>12}{:>23}{:>10}", "nodes", "training", "validation", "test");
    losses.iter().for_each(|losses| print(losses, ""));
    let stopped = largest(&samples, SEED, Remedy::EarlyStopping)?;
    let decayed = largest(&samples, SEED, Remedy::WeightDecay)?;
    print(&stopped, "with early stopping");
    print(&decayed, "with weight decay");

    let chosen = choose(&losses).ok_or("no network was trained")?;
    println!("\nwithin one standard error of the best: {} hidden nodes", chosen.nodes);
    println!(
        "validation loss less training loss with {} nodes: {:.3}, {:.3} with early stopping, {:.3} with weight decay",
        stopped.nodes,
        losses[6].gap(),
        stopped.gap(),
        decayed.gap()
    );
    println!("{}", draw(&losses, chosen)?.display());
    Ok(())
}

fn print(losses: &Losses, remedy: &str) {
    let Losses { nodes, training, validation, standard_error, test } = losses;
    println!("{nodes:>5}{training:>12.4}{validation:>14.4} ± {standard_error:.4}{test:>10.4}  {remedy}");
}

fn draw(losses: &[Losses], chosen: &Losses) -> Result<PathBuf, Box<dyn Error>> {
    let series = |label: &str, mark, color, loss: &dyn Fn(&Losses) -> f64| {
        let points = losses.iter().map(|losses| (losses.nodes as f64, loss(losses))).collect();
        Series { label: label.into(), mark, color, points }
    };
    plot::draw(
        "overfitting",
        "A network that is too large learns the noise too",
        Axis { label: "hidden nodes", range: (0.9..72.0).log_scale().base(2.0), tick: &|x| format!("{x:.0}") },
        Axis { label: "mean squared error", range: 0.0..0.3, tick: &|y| format!("{y:.2}") },
        &[
            series("training", Mark::Dashes, BLUE, &|losses| losses.training),
            series("validation", Mark::Line, VERMILION, &|losses| losses.validation),
            Series {
                label: format!("chosen: {} hidden nodes", chosen.nodes),
                mark: Mark::Circles,
                color: BLACK,
                points: vec![(chosen.nodes as f64, chosen.validation)],
            },
        ],
    )
}
