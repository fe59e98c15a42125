use nn_core::prelude::*;

network! { pub struct NoInput: 0 => 8 relu => 1; } //~ a network must have at least one input
network! { pub struct NoNode: 2 => 0 relu => 1; } //~ a layer must have at least one node
network! { pub struct Hexadecimal: 2 => 0x10 relu => 1; } //~ expected a plain integer, found `0x10`
network! { pub struct Typed: 2 => 8u8 relu => 1; } //~ expected a plain integer, found `8u8`
network! { pub struct Float: 2 => 8.0 relu => 1; } //~ expected a plain integer, found `8.0`
network! { pub struct Exponent: 1e3 => 8 relu => 1; } //~ expected a plain integer, found `1e3`
network! { pub struct Large: 2 => 5_000_000_000 => 1; } //~ `5_000_000_000` is too large
network! { pub struct Image: 1x28x28 => 10; } //~ `10` takes a vector, but the input is an image of 1x28x28; put `flatten` between them
network! { pub struct Word: two => 1; } //~ expected the number of inputs, a plain integer or `{ CONSTANT }`

fn main() {
    let _: [f32; 1] = NoNode::ZERO.forward(&[0.0; 2]);
}
