//! 64-32-10 learns to read digits in the RAM of a small part.
#![no_std]
#![no_main]

use core::mem::MaybeUninit;
use cortex_m_examples::{counted, digits, entry, finish, number};
use nn_core::dataset::Dataset;
use nn_core::metric::largest;
use nn_core::prelude::*;
use nn_core::train::training_ram;
use rand_xoshiro::Xoshiro128PlusPlus;

network! { struct Digits: 64 => 32 relu => 10; }

const ROWS: usize = 16;

#[entry]
fn main() -> ! {
    static mut NET: Digits = Digits::ZERO;
    static mut MEMORY: Training<Digits, ROWS> = Training::ZERO;
    static mut ORDER: [usize; digits::TRAIN] = [0; digits::TRAIN];
    // Its settings are not zero: as a static with a value it would lie in flash too.
    static mut ADAM: MaybeUninit<Adam<Digits>> = MaybeUninit::uninit();
    let adam = ADAM.write(Adam::new(0.01));
    NET.init(&mut Xoshiro128PlusPlus::seed_from_u64(1));

    let train = digits::train();
    let mut trainer = Trainer::new(MEMORY, adam, CrossEntropy).seeded(1);
    let learnt = trainer.fit(NET, &train, ORDER, 2, |_| Continue(())).is_ok();

    let (test, mut x, mut right) = (digits::test(), [0.0; 64], 0);
    for index in 0..digits::TEST {
        let read = test.input(index, &mut x);
        right += usize::from(read.is_some() && test.target(index) == Some(largest(&NET.forward(&x))));
    }
    let steps = ORDER.first_chunk::<ROWS>().is_some_and(|batch| counted(|| trainer.step(NET, &train, batch)).is_ok());
    number("right", right);
    number("data", digits::BYTES.len());
    number("of", digits::TEST);
    number("promised", const { training_ram::<Adam<Digits>>(ROWS) } + size_of_val(ORDER) + size_of_val(&x));
    finish(learnt && steps && right * 100 >= digits::TEST * 93)
}
