//! 2-8-4-1 learns the exclusive or on the chip.
#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_examples::{counted, entry, finish, number};
use nn_core::prelude::*;
use rand_xoshiro::Xoshiro128PlusPlus;

network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }

static SAMPLES: [([f32; 2], [f32; 1]); 4] =
    [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];

#[entry]
fn main() -> ! {
    static mut NET: Xor = Xor::ZERO;
    static mut MEMORY: Training<Xor, 4> = Training::ZERO;
    let mut sgd = Sgd::new(1.0);
    NET.init(&mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(MEMORY, &mut sgd, BinaryCrossEntropyWithLogits);
    let order = black_box([0, 1, 2, 3]);
    let mut learns = counted(|| trainer.step(NET, &SAMPLES, &order)).is_ok();
    for _ in 1..2000 {
        learns &= trainer.step(NET, &SAMPLES, &order).is_ok();
    }
    let right = SAMPLES.iter().filter(|(x, [target])| (NET.forward(x)[0] > 0.0) == (*target > 0.5)).count();
    number("right", right);
    finish(learns && right == SAMPLES.len())
}
