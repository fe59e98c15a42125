//! A policy flies a quadrotor from disturbed starts to where it is to hover: `cargo run --release --example policy`.
//!
//! The policy is a recurrent network of 2,084 parameters, read from a file when this program is compiled, and what it remembers is 64
//! bytes.

use examples::flight::{Raptor, STARTS, STEPS, fly};
use examples::plot::{self, Axis, BLUE, GREEN, Mark, Series, VERMILION, tenths};
use nn_core::prelude::*;
use std::error::Error;

const SECONDS: usize = 6;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", Raptor::summary());
    println!(
        "\n{:<24}{:>12}{:>12}{:>12}{:>12}",
        "distance in metres from", "at first", "after 1 s", "after 3 s", "after 6 s"
    );
    let styles = [
        (BLUE, Mark::Line),
        (VERMILION, Mark::Line),
        (GREEN, Mark::Line),
        (BLUE, Mark::Dashes),
        (VERMILION, Mark::Dashes),
    ];
    let mut series = Vec::new();
    for (start, (color, mark)) in STARTS.into_iter().zip(styles) {
        let path = fly(start, SECONDS);
        let away = |second: usize| path[second * STEPS - 1].position.norm();
        let [x, y, z] = start.0;
        let label = format!("{x:.1}, {y:.1}, {z:.1}");
        println!("{label:<24}{:>12.3}{:>12.3}{:>12.3}{:>12.3}", x.hypot(y).hypot(z), away(1), away(3), away(6));
        let points = path.iter().enumerate().map(|(step, body)| (step as f64 / STEPS as f64, body.position.norm()));
        series.push(Series { label, mark, color, points: points.collect() });
    }
    let x = Axis { label: "seconds", range: 0.0..SECONDS as f64, tick: &|second| format!("{second:.0}") };
    let y = Axis { label: "metres from where it is to hover", range: 0.0..1.0, tick: &tenths };
    println!("{}", plot::draw("policy", "A policy that remembers flies a quadrotor home", x, y, &series)?.display());
    Ok(())
}
