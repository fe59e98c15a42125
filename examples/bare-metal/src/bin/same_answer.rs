//! Trains the networks of `tests/same-answer` and compares their digests: the bits of every machine.
#![no_std]
#![no_main]

use bare_metal_examples::{counted, finish, number, program, text};
use nn_core::prelude::*;
use same_answer::CASES;

/// How many networks give other bits for a row on its own, for which layers are compiled for their sizes, than for one of several.
macro_rules! others_alone {
    ($($inputs:literal => $outputs:literal)*) => {
        0 $(+ {
            network! { struct Net: $inputs => layer: $outputs relu; }
            #[inline(never)]
            fn differs() -> bool {
                let mut net = Net::ZERO;
                net.init(&mut ChaCha8Rng::seed_from_u64($outputs));
                net.layer_mut().bias = core::array::from_fn(|i| (i * 5 % 7) as f32 - 3.0);
                let x = core::array::from_fn(|i| (i * 7 % 11) as f32 - 5.0);
                let mut rows = [[0.0; $outputs]; 2];
                net.forward_all(&[x; 2], &mut rows).is_err() || net.forward(&x).map(f32::to_bits) != rows[1].map(f32::to_bits)
            }
            usize::from(differs())
        })*
    };
}

program!(main());

fn main() -> ! {
    let mut right = counted(|| true);
    for case in &CASES {
        let same = (case.compute)() == case.digest;
        text(case.name, if same { "the same bits" } else { "other bits" });
        right &= same;
    }
    let others = others_alone! {
        1 => 8 1 => 16 2 => 8 3 => 9 4 => 12 5 => 16 8 => 8 8 => 20 10 => 16 12 => 31 16 => 1 16 => 16 17 => 1 20 => 10 12 => 33
        7 => 40 36 => 8 2 => 64 3 => 70
    };
    number("other bits alone", others);
    right &= others == 0;
    number("promised", 0);
    finish(right)
}
