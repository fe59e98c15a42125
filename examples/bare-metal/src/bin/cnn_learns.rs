//! A convolutional network learns to read digits in less than 64 KiB of RAM.
#![no_std]
#![no_main]

use bare_metal_examples::{counted, digits, finish, number, program};
use core::mem::MaybeUninit;
use nn_core::dataset::Dataset;
use nn_core::metric::largest;
use nn_core::prelude::*;
use nn_core::train::training_ram;
use rand_xoshiro::Xoshiro128PlusPlus;

network! {
    struct Cnn: 1x8x8 => conv(8, 3, padding = 1) relu => max_pool(2) => conv(16, 3) relu => flatten => 10;
}

const ROWS: usize = 4;
const EPOCHS: usize = 2;

program!(main(
    Cnn = Cnn::ZERO,
    Training<Cnn, ROWS> = Training::ZERO,
    // Its settings are not zero: as a static with a value it would lie in flash too.
    MaybeUninit<Adam<Cnn>> = MaybeUninit::uninit(),
    [usize; digits::TRAIN] = [0; digits::TRAIN]
));

fn main(
    net: &mut Cnn,
    memory: &mut Training<Cnn, ROWS>,
    adam: &mut MaybeUninit<Adam<Cnn>>,
    order: &mut [usize; digits::TRAIN],
) -> ! {
    let adam = adam.write(Adam::new(0.01));
    net.init(&mut Xoshiro128PlusPlus::seed_from_u64(1));

    let train = digits::train();
    let steps = EPOCHS * digits::TRAIN.div_ceil(ROWS);
    let mut trainer =
        Trainer::new(memory, adam, CrossEntropy).seeded(1).scheduled(Schedule::cosine(0.01, 0.0, steps as u64));
    let learnt = trainer.fit(net, &train, order, EPOCHS, |_| Continue(())).is_ok();

    let (test, mut x, mut right) = (digits::test(), [0.0; 64], 0);
    for index in 0..digits::TEST {
        let read = test.input(index, &mut x);
        right += usize::from(read.is_some() && test.target(index) == Some(largest(&net.forward(&x))));
    }
    let steps = order.first_chunk::<ROWS>().is_some_and(|batch| counted(|| trainer.step(net, &train, batch)).is_ok());
    number("right", right);
    number("data", digits::BYTES.len());
    number("of", digits::TEST);
    number("promised", const { training_ram::<Adam<Cnn>>(ROWS) } + Cnn::RAM + size_of_val(order) + size_of_val(&x));
    finish(learnt && steps && right * 100 >= digits::TEST * 95)
}
