//! 64-32-10 learns to read digits in the RAM of a small part.
#![no_std]
#![no_main]

use bare_metal_examples::{counted, digits, finish, number, program};
use core::mem::MaybeUninit;
use nn_core::dataset::Dataset;
use nn_core::metric::largest;
use nn_core::prelude::*;
use nn_core::train::training_ram;
use rand_xoshiro::Xoshiro128PlusPlus;

network! { struct Digits: 64 => 32 relu => 10; }

const ROWS: usize = 16;

program!(main(
    Digits = Digits::ZERO,
    Training<Digits, ROWS> = Training::ZERO,
    // Its settings are not zero: as a static with a value it would lie in flash too.
    MaybeUninit<Adam<Digits>> = MaybeUninit::uninit(),
    [usize; digits::TRAIN] = [0; digits::TRAIN]
));

fn main(
    net: &mut Digits,
    memory: &mut Training<Digits, ROWS>,
    adam: &mut MaybeUninit<Adam<Digits>>,
    order: &mut [usize; digits::TRAIN],
) -> ! {
    let adam = adam.write(Adam::new(0.01));
    net.init(&mut Xoshiro128PlusPlus::seed_from_u64(1));

    let train = digits::train();
    let mut trainer = Trainer::new(memory, adam, CrossEntropy).seeded(1);
    let learnt = trainer.fit(net, &train, order, 2, |_| Continue(())).is_ok();

    let (test, mut x, mut right) = (digits::test(), [0.0; 64], 0);
    for index in 0..digits::TEST {
        let read = test.input(index, &mut x);
        right += usize::from(read.is_some() && test.target(index) == Some(largest(&net.forward(&x))));
    }
    let steps = order.first_chunk::<ROWS>().is_some_and(|batch| counted(|| trainer.step(net, &train, batch)).is_ok());
    number("right", right);
    number("data", digits::BYTES.len());
    number("of", digits::TEST);
    number("promised", const { training_ram::<Adam<Digits>>(ROWS) } + size_of_val(order) + size_of_val(&x));
    finish(learnt && steps && right * 100 >= digits::TEST * 93)
}
