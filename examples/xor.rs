//! Learns the exclusive or: `cargo run --release --example xor`.
//!
//! No weighted sum of the two inputs is the exclusive or; the hidden nodes are new features in which it is.

use nn_core::prelude::*;
use std::process::ExitCode;

network! {
    /// Predicts the exclusive or of two inputs, as the logarithm of the odds.
    struct Xor: 2 => 8 relu => 4 sigmoid => 1;
}

const DATA: [([f32; 2], [f32; 1]); 4] =
    [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];

fn main() -> ExitCode {
    println!("{}\n", Xor::summary());
    let mut net = Xor::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));

    let mut memory = Training::<Xor, 4>::ZERO;
    let mut adam = Adam::new(0.02);
    let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
    let result = trainer.fit(&mut net, &DATA, &mut [0; 4], 1_000, |report| {
        if report.epoch % 100 == 0 {
            println!("epoch {:>4}  loss {:.4}", report.epoch, report.loss);
        }
        Continue(())
    });
    if let Err(error) = result {
        eprintln!("training stopped: {error}");
        return ExitCode::FAILURE;
    }

    println!();
    let mut right = 0;
    for (input, [target]) in &DATA {
        let probability = 1.0 / (1.0 + (-net.forward(input)[0]).exp());
        right += usize::from((probability > 0.5) == (*target > 0.5));
        println!("{} xor {} = {target}, predicted with probability {probability:.3}", input[0], input[1]);
    }
    println!("{right} of 4 right");
    if right == 4 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
