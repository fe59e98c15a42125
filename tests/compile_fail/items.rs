use nn_core::prelude::*;

network! { pub Xor: 2 => 1; } //~ expected `struct` and a name, as in `pub struct Xor: 2 => 1;`
network! { pub struct: 2 => 1; } //~ expected the name of the network after `struct`
network! { pub struct Xor 2 => 1; } //~ expected `:` and the layers after `Xor`
network! { pub struct Open: 2 => 1 } //~ expected `;` after the declaration
network! { pub struct Half: f16; 2 => 1; } //~ unknown number type `f16`; there are `f32` and `f64`
type Type = network!(f16; 2 => 1); //~ unknown number type `f16`; there are `f32` and `f64`
type Empty = network!(); //~ expected a network, as in `2 => 8 relu => 1`

fn main() {}
