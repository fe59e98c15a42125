use nn_core::prelude::*;

pub struct NotALayer;

type Unused = network!(8 => 4 relu => NotALayer); //~ `NotALayer` is not a layer or a network
type Used = network!(8 => 4 relu => NotALayer); //~ `NotALayer` is not a layer or a network

fn main() {
    let _: [f32; 3] = Used::ZERO.forward(&[0.0; 8]);
}
