//! Two networks learn to sound as a circuit with diodes does, and play notes that they never heard: `cargo run --release --example amp`.
//!
//! The sounds are written to `target/sounds`: the string alone, through the circuit, and through each network.

use examples::amplifier::{Cell, RATE, Recording, Wave, error_to_signal, learn, play};
use examples::plot::{self, Axis, BLUE, GREEN, Mark, Series, VERMILION, tenths};
use examples::wav;
use nn_core::prelude::*;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let (training, held_out) = (Recording::new(16, 1), Recording::new(8, 2));
    println!("{}\n{}\n", Cell::summary(), Wave::summary());
    println!("{:<12}{:>12}{:>20}{:>20}", "", "training", "error to signal", "real-time factor");
    let start = Instant::now();
    let cell = learn::<Cell>(&training, 60, 1)?;
    let cell = report("lstm(16)", start, &*cell, &held_out);
    let start = Instant::now();
    let wave = learn::<Wave>(&training, 60, 1)?;
    let wave = report("wavenet", start, &*wave, &held_out);

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/sounds");
    fs::create_dir_all(&folder)?;
    for (name, sound) in [("string", &held_out.x), ("circuit", &held_out.y), ("lstm", &cell), ("wavenet", &wave)] {
        let path = folder.canonicalize()?.join(name).with_extension("wav");
        // The string is up to 3.5 V, the circuit 0.7 V.
        let scale = if name == "string" { 0.25 } else { 1.25 };
        let sound: Vec<f32> = sound.iter().map(|sample| sample * scale).collect();
        wav::write(&path, RATE as u32, &sound)?;
        println!("{}", path.display());
    }

    let (from, samples) = (RATE / 20, RATE / 100);
    let curve = |label: &str, mark, color, sound: &[f32], scale: f32| Series {
        label: label.into(),
        mark,
        color,
        points: (0..samples).map(|t| (t as f64 * 1_000.0 / RATE as f64, f64::from(sound[from + t] * scale))).collect(),
    };
    let series = [
        curve("the circuit", Mark::Wide, VERMILION, &held_out.y, 1.0),
        curve("lstm(16)", Mark::Line, BLUE, &cell, 1.0),
        curve("wavenet", Mark::Dashes, GREEN, &wave, 1.0),
    ];
    let x = Axis { label: "milliseconds", range: 0.0..10.0, tick: &|place| format!("{place:.0}") };
    let y = Axis { label: "volts", range: -1.0..1.0, tick: &tenths };
    println!("{}", plot::draw("amp", "Two networks sound as a circuit with diodes does", x, y, &series)?.display());
    Ok(())
}

/// Prints how well and how fast a network plays notes that it never heard; returns what it plays.
fn report<N>(name: &str, start: Instant, net: &N, held_out: &Recording) -> Vec<f32>
where
    N: Stream<Input = [f32; 1], Output = [f32; 1]>,
{
    let trained = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let y = play(net, &held_out.x);
    let factor = start.elapsed().as_secs_f64() * RATE as f64 / y.len() as f64;
    let ratio = error_to_signal(&y, &held_out.y);
    println!("{name:<12}{trained:>10.1} s{ratio:>20.4}{factor:>20.4}");
    y
}
