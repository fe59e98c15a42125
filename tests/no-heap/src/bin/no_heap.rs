//! Declares, trains and runs a network in a program that has no standard library and no allocator. Exits with 0 if the
//! network has learnt the exclusive or.
#![no_std]
#![no_main]

use nn_core::prelude::*;

network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }

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
    let wrong = data.iter().filter(|(x, [target])| (net.forward(x)[0] > 0.0) != (*target > 0.5)).count();
    i32::from(wrong > 0)
}
