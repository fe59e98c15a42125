//! 2-8-4-1, trained by PyTorch, answers from flash.
#![no_std]
#![no_main]

use bare_metal_examples::{counted, finish, number, program};
use core::hint::black_box;
use nn_core::prelude::*;

network! {
    #[weights("../../tests/models/xor_mlp.safetensors")]
    struct Xor: 2 => 8 relu => 4 sigmoid => 1;
}

program!(main());

fn main() -> ! {
    let mut right = 0;
    for (x, target) in
        black_box(&[([0.0, 0.0], false), ([0.0, 1.0], true), ([1.0, 0.0], true), ([1.0, 1.0], false)][..])
    {
        let [log_odds] = counted(|| Xor::TRAINED.forward(x));
        right += usize::from((log_odds > 0.0) == *target);
    }
    number("right", right);
    number("promised", Xor::RAM + 3 * size_of::<f32>());
    finish(right == 4)
}
