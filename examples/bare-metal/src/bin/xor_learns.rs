//! 2-8-4-1 learns the exclusive or on the chip.
#![no_std]
#![no_main]

use bare_metal_examples::{counted, finish, number, program};
use core::hint::black_box;
use nn_core::prelude::*;
use nn_core::train::training_ram;
use rand_xoshiro::Xoshiro128PlusPlus;

network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }

static SAMPLES: [([f32; 2], [f32; 1]); 4] =
    [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];

program!(main(Xor = Xor::ZERO, Training<Xor, 4> = Training::ZERO));

fn main(net: &mut Xor, memory: &mut Training<Xor, 4>) -> ! {
    let mut sgd = Sgd::new(0.3);
    net.init(&mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(memory, &mut sgd, MeanSquaredError);
    let order = black_box([0, 1, 2, 3]);
    let mut learns = counted(|| trainer.step(net, &SAMPLES, &order)).is_ok();
    for _ in 1..1_000 {
        learns &= trainer.step(net, &SAMPLES, &order).is_ok();
    }
    let right = SAMPLES.iter().filter(|(x, [target])| (net.forward(x)[0] > 0.5) == (*target > 0.5)).count();
    number("right", right);
    number("promised", const { training_ram::<Sgd<Xor>>(4) } + size_of_val(&order));
    finish(learns && right == SAMPLES.len())
}
