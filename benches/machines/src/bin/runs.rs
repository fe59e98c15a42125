//! 2-8-4-1 answers.

use nn_core::prelude::*;
use std::hint::black_box;

network! { struct Net: 2 => 8 relu => 4 sigmoid => 1; }

static NET: Net = Net::ZERO;

fn main() {
    black_box(black_box(&NET).forward(black_box(&[0.0, 1.0])));
}
