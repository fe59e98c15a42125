//! 2-8-4-1 learns and answers.

use nn_core::prelude::*;
use std::hint::black_box;

network! { struct Net: 2 => 8 relu => 4 sigmoid => 1; }

fn main() {
    let data = black_box([([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])]);
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let (mut memory, mut adam) = (Training::<Net, 4>::ZERO, Adam::new(0.02));
    let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
    let learnt = trainer.fit(&mut net, &data, &mut [0; 4], 1_000, |_| Continue(()));
    black_box((learnt.is_ok(), net.forward(black_box(&[0.0, 1.0]))));
}
