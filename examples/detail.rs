//! Fits a curve with more and more hidden nodes: `cargo run --release --example detail`.
//!
//! Each hidden node bends the output once: two follow the slow wave at best, eight find the fast one, and thirty-two have
//! all of it.

use examples::lessons::detail::{Fit, curve, fits};
use examples::plot::{self, Axis, BLUE, GREEN, Mark, Series, VERMILION, tenths};
use plotters::style::BLACK;
use std::error::Error;
use std::path::PathBuf;

const SEED: u64 = 0;

fn main() -> Result<(), Box<dyn Error>> {
    let fits = fits(SEED)?;
    println!("{:>12}{:>22}", "hidden nodes", "mean squared error");
    for fit in &fits {
        println!("{:>12}{:>22.2e}", fit.nodes, fit.error);
    }
    println!("{}", draw(&fits)?.display());
    Ok(())
}

fn draw(fits: &[Fit; 3]) -> Result<PathBuf, Box<dyn Error>> {
    let target = fits[0].points.iter().map(|(x, _)| (*x, curve(*x))).collect();
    let mut series = vec![Series { label: "the curve".into(), mark: Mark::Wide, color: BLACK, points: target }];
    let styles = [(Mark::Dashes, BLUE), (Mark::Line, VERMILION), (Mark::Dots, GREEN)];
    for (fit, (mark, color)) in fits.iter().zip(styles) {
        let label = format!("{} hidden nodes", fit.nodes);
        series.push(Series { label, mark, color, points: fit.points.clone() });
    }
    plot::draw(
        "detail",
        "Width is detail: the more hidden nodes, the finer the curve",
        Axis { label: "x", range: -1.0..1.0, tick: &tenths },
        Axis { label: "y", range: -1.6..1.6, tick: &tenths },
        &series,
    )
}
