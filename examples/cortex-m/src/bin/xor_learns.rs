//! 2-8-4-1 learns the exclusive or on the chip.
#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_examples::{counted, entry, finish, number};
use nn_core::prelude::*;
use nn_core::train::training_ram;
use rand_xoshiro::Xoshiro128PlusPlus;

network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }

static SAMPLES: [([f32; 2], [f32; 1]); 4] =
    [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];

#[entry]
fn main() -> ! {
    static mut NET: Xor = Xor::ZERO;
    static mut MEMORY: Training<Xor, 4> = Training::ZERO;
    let mut sgd = Sgd::new(0.3);
    NET.init(&mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(MEMORY, &mut sgd, MeanSquaredError);
    let order = black_box([0, 1, 2, 3]);
    let mut learns = counted(|| trainer.step(NET, &SAMPLES, &order)).is_ok();
    for _ in 1..1_000 {
        learns &= trainer.step(NET, &SAMPLES, &order).is_ok();
    }
    let right = SAMPLES.iter().filter(|(x, [target])| (NET.forward(x)[0] > 0.5) == (*target > 0.5)).count();
    number("right", right);
    number("promised", const { training_ram::<Sgd<Xor>>(4) } + size_of_val(&order));
    finish(learns && right == SAMPLES.len())
}
