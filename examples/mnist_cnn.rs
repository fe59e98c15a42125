//! A convolutional network learns to read digits: `cargo run --release --example mnist_cnn`.
//!
//! First from 3,000 images as they are, and then from the same images, moved by up to two pixels in every direction: what a digit is does
//! not depend on where it stands, and the network learns that from images that nobody had to draw. A picture shows its first filters, and
//! what they find in a digit. With the name of a file, as `-- cnn.safetensors`, the weights are written there.

use examples::mnist::{self, moved};
use examples::plot;
use indicatif::{ProgressBar, ProgressStyle};
use nn_core::dataset::Dataset;
use nn_core::metric::Confusion;
use nn_core::prelude::*;
use plotters::prelude::{RGBColor, Rectangle, ShapeStyle};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

network! {
    /// Reads digits of 28x28 pixels.
    struct Cnn: 1x28x28 => conv(8, 3) relu => max_pool(2) => conv(16, 3) relu => max_pool(2) => flatten => 10;
}

const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let [train, test] = mnist::images();
    println!("{}\n", Cnn::summary());
    let (plain, seconds) = learn(&train, &test, 20)?;
    println!("images as they are: accuracy {:.4} after {seconds:.1} s\n", accuracy(&plain, &test)?);

    let (net, seconds) = learn(&moved(&train), &test, 8)?;
    let held_out = accuracy(&net, &test)?;
    println!("images moved by up to two pixels: accuracy {held_out:.4} after {seconds:.1} s");
    let mut digit = [0.0; Cnn::IN];
    test.input(0, &mut digit).ok_or("no image")?;
    println!("{}", picture(&net, &digit)?.display());
    if let Some(file) = std::env::args_os().nth(1) {
        nn_core::weights::save_file(&*net, file)?;
    }
    if held_out < 0.965 {
        return Err(format!("the accuracy is {held_out}, below 0.965").into());
    }
    Ok(())
}

fn accuracy(net: &Cnn, test: &impl Dataset<Input = [f32; Cnn::IN], Target = usize>) -> Result<f64, TrainError> {
    Ok(Confusion::of(net, test)?.accuracy())
}

/// Trains a network for so many epochs, and says how many seconds that took.
fn learn(
    train: &impl Dataset<Input = [f32; Cnn::IN], Target = usize>,
    test: &impl Dataset<Input = [f32; Cnn::IN], Target = usize>,
    epochs: usize,
) -> Result<(Box<Cnn>, f64), TrainError> {
    let bar = ProgressBar::new(epochs as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} epoch {pos:>2}/{len}  {msg}") {
        bar.set_style(style);
    }
    let (mut net, mut adam, mut memory) = (Cnn::boxed(), Adam::boxed(0.001), Training::<Cnn, 32>::boxed());
    net.init(&mut ChaCha8Rng::seed_from_u64(SEED));
    let steps = (epochs * train.len().div_ceil(32)) as u64;
    let start = Instant::now();
    let mut trainer = Trainer::new(&mut memory, &mut adam, CrossEntropy)
        .seeded(SEED)
        .scheduled(Schedule::cosine(0.002, 0.0001, steps));
    trainer.fit(&mut net, train, &mut vec![0; train.len()], epochs, |report| {
        bar.inc(1);
        let accuracy = accuracy(report.network, test).unwrap_or(f64::NAN);
        bar.set_message(format!("loss {:.4}  accuracy {accuracy:.4}", report.loss));
        Continue(())
    })?;
    bar.finish_and_clear();
    Ok((net, start.elapsed().as_secs_f64()))
}

/// Draws the first filters, and below each what it finds in a digit.
fn picture(net: &Cnn, digit: &[f32; Cnn::IN]) -> Result<PathBuf, Box<dyn Error>> {
    let mut found = Vec::new();
    net.activations(digit, |layer, values| {
        if found.is_empty() && layer.label == "relu" {
            // Place by place, each with all filters.
            found = values.to_vec();
        }
    });
    plot::page("mnist_cnn", "The first filters, and what they find in a digit", |page| {
        let square = |left: f64, top: f64, size: f64, (red, blue): (f64, f64)| {
            if red.max(blue) < 0.01 {
                return Ok(()); // as white as the page
            }
            let color = RGBColor(shade(blue), shade(red.max(blue)), shade(red));
            let corners = [(left as i32, top as i32), ((left + size).ceil() as i32, (top + size).ceil() as i32)];
            page.draw(&Rectangle::new(corners, ShapeStyle::from(&color).filled()))
        };
        // `weights[tap][filter]`, the taps column by column, come first.
        let mut weights = Vec::new();
        net.parameters(|_, values| weights.extend_from_slice(if weights.is_empty() { values } else { &[] }));
        for filter in 0..8 {
            let left = 30.0 + 93.0 * filter as f64;
            for (tap, weights) in weights.chunks(8).enumerate() {
                let (col, row, weight) = (tap / 3, tap % 3, f64::from(weights[filter]) * 1.5);
                let shades = (weight.max(0.0), (-weight).max(0.0));
                square(left + 26.0 * col as f64, 90.0 + 26.0 * row as f64, 26.0, shades)?;
            }
            for (place, values) in found.chunks(8).enumerate() {
                let (row, col) = (place / 26, place % 26);
                square(left + 3.0 * col as f64, 220.0 + 3.0 * row as f64, 3.0, (f64::from(values[filter]) / 2.0, 0.0))?;
            }
            for (place, pixel) in digit.iter().enumerate().filter(|_| filter == 0) {
                let (row, col) = (place / 28, place % 28);
                square(
                    360.0 + 3.0 * col as f64,
                    350.0 + 3.0 * row as f64,
                    3.0,
                    (f64::from(*pixel), f64::from(*pixel)),
                )?;
            }
        }
        Ok(())
    })
}

/// A strength from 0 to 1 as a colour that is taken away from white.
fn shade(strength: f64) -> u8 {
    (255.0 * (1.0 - strength.clamp(0.0, 1.0))) as u8
}
