//! Declares, trains and runs a network and a stream in a program that has no standard library and no allocator. Exits with 0 if the
//! network has learnt the exclusive or, and the stream to remember.
#![no_std]
#![no_main]

use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::train::Sequence;

network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct Echo: stream 1 => gru(4) => 1; }

#[link(name = "c")]
unsafe extern "C" {}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let data = [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];
    let mut net = Xor::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let mut memory = Training::<Xor, 4>::ZERO;
    let mut adam = Adam::new(0.02);
    let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
    if trainer.fit(&mut net, &data, &mut [0; 4], 1_000, |_| Continue(())).is_err() {
        return 2;
    }
    // A stream learns to say the number before.
    let pieces: [_; 8] = core::array::from_fn(|piece| {
        let frames: [_; 8] = core::array::from_fn(|at| [((piece * 3 + at * at) % 5) as f32 / 4.0]);
        let targets = core::array::from_fn(|at| (frames[at.saturating_sub(1)], if at > 0 { 1.0 } else { 0.0 }));
        (frames, targets)
    });
    let mut echo = Echo::ZERO;
    echo.init(&mut ChaCha8Rng::seed_from_u64(1));
    let mut memory = Training::<Sequence<Echo, 8>, 8>::ZERO;
    let mut adam = Adam::new(0.02);
    let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
    if trainer.fit(Sequence::on(&mut echo), &pieces, &mut [0; 8], 1_000, |_| Continue(())).is_err() {
        return 3;
    }
    let mut state = State::NEW;
    echo.step(&[1.0], &mut state);
    let [heard] = echo.step(&[0.0], &mut state);
    if (heard - 1.0).abs() > 0.2 {
        return 4;
    }
    let wrong = data.iter().filter(|(x, [target])| (net.forward(x)[0] > 0.0) != (*target > 0.5)).count();
    i32::from(wrong > 0)
}
