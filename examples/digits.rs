//! Learns to read handwritten digits: `cargo run --release --example digits`.
//!
//! 64 pixels, 32 hidden nodes, 10 classes. Everything that learns is one value of fixed size; the heap is used by the
//! progress bar and the list of images only.

use examples::digits::{self, Image, dataset, label, pixels};
use indicatif::{ProgressBar, ProgressStyle};
use nn_core::metric::{Confusion, largest};
use nn_core::prelude::*;
use std::process::ExitCode;

network! {
    /// Reads digits of 8x8 pixels.
    struct Digits: 64 => 32 relu => 10;
}

const EPOCHS: usize = 30;
const SEED: u64 = 1;

/// The network, what it learns with, and the order of the samples.
struct Learner {
    net: Digits,
    adam: Adam<Digits>,
    memory: Training<Digits, 32>,
    order: [usize; 1438],
}

fn main() -> ExitCode {
    let (train, test) = (digits::train(), digits::test());
    let mut learner = Learner { net: Digits::ZERO, adam: Adam::new(0.005), memory: Training::ZERO, order: [0; 1438] };
    println!("{}\n", Digits::summary());
    println!(
        "training {} images, testing {}; all that learns is {} bytes on the stack",
        train.len(),
        test.len(),
        size_of::<Learner>()
    );

    let confusion = match learn(&mut learner, &train, &test) {
        Ok(confusion) => confusion,
        Err(error) => {
            eprintln!("training stopped: {error}");
            return ExitCode::FAILURE;
        }
    };
    let net = &learner.net;
    for image in test.iter().step_by(test.len() / 3).take(3) {
        show(net, image);
    }
    println!("\nrows: the digit; columns: what the network says\n{confusion}");
    println!("\nheld-out accuracy: {:.4}", confusion.accuracy());
    if confusion.accuracy() < 0.95 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Trains the network, and says which held-out digits it takes for which.
fn learn(
    learner: &mut Learner,
    train: &[&'static Image],
    test: &[&'static Image],
) -> Result<Confusion<10>, TrainError> {
    let bar = ProgressBar::new(EPOCHS as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} epoch {pos:>2}/{len}  {msg}") {
        bar.set_style(style);
    }
    let (Learner { net, adam, memory, order }, test) = (learner, dataset(test));
    net.init(&mut ChaCha8Rng::seed_from_u64(SEED));
    let mut trainer = Trainer::new(memory, adam, CrossEntropy).seeded(SEED);
    trainer.fit(net, &dataset(train), order, EPOCHS, |report| {
        bar.inc(1);
        let accuracy = Confusion::of(report.network, &test).map_or(f64::NAN, |confusion| confusion.accuracy());
        bar.set_message(format!("loss {:.4}  accuracy {accuracy:.4}", report.loss));
        Continue(())
    })?;
    bar.finish();
    Confusion::of(net, &test)
}

/// Draws a digit, with what the network takes it for.
fn show(net: &Digits, image: &Image) {
    println!();
    for row in image[..64].chunks(8) {
        let line: String =
            row.iter().map(|pixel| [' ', '░', '▒', '▓', '█'][usize::from(*pixel) / 4]).flat_map(|c| [c, c]).collect();
        println!("  {line}");
    }
    println!("  this is a {}, the network says {}", label(image), largest(&net.forward(&pixels(image))));
}
