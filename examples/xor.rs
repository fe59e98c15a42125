//! Learns the exclusive or: `cargo run --release --example xor`.
//!
//! No weighted sum of the two inputs is the exclusive or; the hidden nodes are new features in which it is.

use examples::lessons::xor::{DATA, Learnt, Xor, learn};
use examples::plot::{self, Axis, BLUE, GREEN, Mark, Series, VERMILION, tenths};
use nn_core::prelude::*;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

const SEED: u64 = 1;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    println!("{}\n", Xor::summary());
    let learnt = learn(SEED)?;
    println!("{:<8}{:>38}{:>22}", "epoch", "without hidden nodes", "with hidden nodes");
    println!("{:<8}{:>16}{:>22}{:>22}", "", "cross-entropy", "mean squared error", "cross-entropy");
    let Learnt { sum_cross_entropy, sum_squared_error, hidden_cross_entropy, .. } = &learnt;
    for epoch in (99..learnt.hidden_cross_entropy.len()).step_by(100) {
        let [a, b, c] = [sum_cross_entropy[epoch], sum_squared_error[epoch], hidden_cross_entropy[epoch]];
        println!("{:<8}{a:>16.4}{b:>22.4}{c:>22.4}", epoch + 1);
    }

    println!();
    for ((input, [target]), probability) in DATA.iter().zip(learnt.probabilities) {
        println!("{} xor {} = {target}, predicted with probability {probability:.3}", input[0], input[1]);
    }
    println!("{} of 4 right", learnt.right());
    println!("{}", draw(&learnt)?.display());
    Ok(if learnt.right() == 4 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn draw(learnt: &Learnt) -> Result<PathBuf, Box<dyn Error>> {
    let series = |label: &str, mark, color, losses: &[f32]| {
        let points = (1..).map(f64::from).zip(losses.iter().copied().map(f64::from)).collect();
        Series { label: label.into(), mark, color, points }
    };
    plot::draw(
        "xor",
        "Hidden nodes are new features: without them, XOR is not learnt",
        Axis { label: "epoch", range: 0.0..1_000.0, tick: &|x| format!("{x:.0}") },
        Axis { label: "loss", range: 0.0..1.0, tick: &tenths },
        &[
            series("2-1, cross-entropy", Mark::Dashes, BLUE, &learnt.sum_cross_entropy),
            series("2-1, mean squared error", Mark::Dots, GREEN, &learnt.sum_squared_error),
            series("2-8-4-1, cross-entropy", Mark::Line, VERMILION, &learnt.hidden_cross_entropy),
        ],
    )
}
