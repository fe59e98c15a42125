use nn_core::prelude::*;

pub struct NotALayer;

network! { pub struct Last: 8 => NotALayer; } //~ `NotALayer` is not a layer or a network
network! { pub struct Between: 8 => NotALayer relu => 4 => NotALayer => 1; } //~ `NotALayer` is not a layer or a network
//~^ `NotALayer` is not a layer or a network
network! { pub struct Branch: 8 => (NotALayer | 4) => 1; } //~ `NotALayer` is not a layer or a network
network! { pub struct Missing: 8 => Missing_ => 1; } //~ cannot find type `Missing_` in this scope

fn main() {
    let _: [f32; 3] = Last::ZERO.forward(&[0.0; 8]);
    let _: [f32; 1] = Between::ZERO.forward(&[0.0; 8]);
}
