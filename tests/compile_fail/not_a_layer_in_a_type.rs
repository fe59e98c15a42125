use nn_core::prelude::*;

pub struct NotALayer;

type Unused = network!(8 => 4 relu => NotALayer); //~ `NotALayer` is not a layer or a network
type Used = network!(8 => 4 relu => NotALayer); //~ `NotALayer` is not a layer or a network
type Followed = network!(8 => NotALayer => 4 relu => 2 => 1); //~ `NotALayer` is not a layer or a network
type Activated = network!(8 => 4 => NotALayer relu => 4 relu => 1); //~ `NotALayer` is not a layer or a network

fn main() {
    let _: [f32; 3] = Used::ZERO.forward(&[0.0; 8]);
    let _: [f32; 1] = Followed::ZERO.forward(&[0.0; 8]);
    let _: [f32; 1] = Activated::ZERO.forward(&[0.0; 8]);
}
