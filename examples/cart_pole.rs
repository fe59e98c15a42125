//! Learns to hold up a pole on a cart by trying: `cargo run --release --example cart_pole`.

use examples::lessons::cart_pole::{Agent, LONGEST};
use examples::plot::{self, Axis, BLUE, Mark, Series, VERMILION};
use nn_core::prelude::*;
use std::error::Error;
use std::process::ExitCode;

const SEED: u64 = 1;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut agent = Box::new(Agent::new(SEED));
    let mut lengths = Vec::new();
    println!("{:<10}{:>10}{:>24}", "steps", "episodes", "mean of the last 20");
    for round in 1..=60 {
        agent.learn(|length| lengths.push(length));
        let last = &lengths[lengths.len().saturating_sub(20)..];
        let mean = last.iter().sum::<usize>() as f64 / last.len().max(1) as f64;
        if round % 10 == 0 {
            println!("{:<10}{:>10}{mean:>24.1}", round * 1_024, lengths.len());
        }
    }
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let held = [(); 20].map(|()| agent.hold(&mut rng));
    let mean = held.iter().sum::<usize>() as f64 / held.len() as f64;
    println!("\nat its best, without trying: {mean:.1} of {LONGEST} steps, mean of 20 starts");

    let points = lengths.iter().enumerate().map(|(episode, length)| (episode as f64 + 1.0, *length as f64)).collect();
    let smooth = lengths.windows(20).enumerate();
    let smooth = smooth.map(|(at, window)| (at as f64 + 20.0, window.iter().sum::<usize>() as f64 / 20.0)).collect();
    let series = [
        Series { label: "episode".into(), mark: Mark::Dots, color: BLUE, points },
        Series { label: "mean of 20".into(), mark: Mark::Line, color: VERMILION, points: smooth },
    ];
    let x = Axis { label: "episode", range: 0.0..lengths.len() as f64, tick: &|episode| format!("{episode:.0}") };
    let y =
        Axis { label: "steps until the pole falls", range: 0.0..LONGEST as f64, tick: &|steps| format!("{steps:.0}") };
    println!("{}", plot::draw("cart_pole", "Nobody says what would have been right", x, y, &series)?.display());
    Ok(if mean > 475.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
