use nn_core::prelude::*;

network! { pub struct Xor: 2 => 8 relu => 4 sigmoid => 1; }

fn main() {
    let _: [f32; 2] = Xor::ZERO.forward(&[0.0, 1.0]); //~ expected an array with a size of 2, found one with a size of 1
}
