//! Depth is worth nothing without a non-linearity: `cargo run --release --example depth`.
//!
//! Four layers without an activation between them fold into one, and can't fit a product; the same four with ReLU can.

use examples::lessons::depth::{Fits, Linear, Point, Rectified, fits};
use examples::plot::{self, Axis, BLUE, GREEN, Mark, Series, VERMILION, tenths};
use nn_core::prelude::*;
use plotters::style::{BLACK, RGBColor};
use std::error::Error;
use std::path::PathBuf;

const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}\n\n{}\n", Linear::summary(), Rectified::summary());
    let fits = fits(SEED)?;
    println!("mean squared error of a product: {:.4} without activations", fits.linear_error);
    println!("                                 {:.4} with ReLU", fits.rectified_error);
    let [before, after] = fits.parameters;
    println!(
        "folded from {before} parameters into {after}, the outputs without activations differ by {:.0e} at most",
        fits.largest_difference
    );
    println!("{}", draw(&fits)?.display());
    Ok(())
}

fn draw(fits: &Fits) -> Result<PathBuf, Box<dyn Error>> {
    let series = |label: &str, mark, color: RGBColor, step, y: &dyn Fn(&Point) -> f32| {
        let points = fits.diagonal.iter().step_by(step).map(|point| (point.x.into(), y(point).into())).collect();
        Series { label: label.into(), mark, color, points }
    };
    plot::draw(
        "depth",
        "Depth is worth nothing without a non-linearity",
        Axis { label: "x, both inputs alike", range: -0.5..1.5, tick: &tenths },
        Axis { label: "output", range: -1.0..2.5, tick: &tenths },
        &[
            series("the product", Mark::Wide, BLACK, 1, &|point| point.x * point.x),
            series("4 layers, ReLU", Mark::Line, VERMILION, 1, &|point| point.rectified),
            series("4 layers, linear", Mark::Dashes, BLUE, 1, &|point| point.linear),
            series("folded into 1 layer", Mark::Circles, GREEN, 8, &|point| point.folded),
        ],
    )
}
