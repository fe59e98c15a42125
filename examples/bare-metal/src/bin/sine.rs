//! 1-16-16-1, the sine that other libraries for microcontrollers are measured with, trained by PyTorch.
#![no_std]
#![no_main]

use bare_metal_examples::{counted, finish, number, program};
use core::hint::black_box;
use nn_core::prelude::*;

network! {
    #[weights("../../tests/models/sine_mlp.safetensors")]
    struct Sine: 1 => 16 relu => 16 relu => 1;
}

program!(main());

fn main() -> ! {
    let mut right = 0;
    for &(x, sine) in black_box(&[(0.0, 0.0), (core::f32::consts::FRAC_PI_2, 1.0), (4.0, -0.756_8)][..]) {
        let [y] = counted(|| Sine::TRAINED.forward(&[x]));
        right += usize::from((y - sine < 0.02) & (sine - y < 0.02));
    }
    number("right", right);
    number("promised", Sine::RAM + 2 * size_of::<f32>());
    finish(right == 3)
}
