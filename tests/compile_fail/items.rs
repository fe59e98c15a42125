use nn_core::prelude::*;

network! { pub Xor: 2 => 1; } //~ expected `struct` and a name, as in `pub struct Xor: 2 => 1;`
network! { pub struct: 2 => 1; } //~ expected the name of the network after `struct`
network! { pub struct Xor 2 => 1; } //~ expected `:` and the layers after `Xor`
network! { pub struct Colon: } //~ expected the layers and `;` after the name, as in `2 => 1;`
network! { # pub struct Attribute: 2 => 1; } //~ expected square brackets
network! { pub struct Open: 2 => 1 } //~ expected `;` after the declaration
network! { pub struct Half: f16; 2 => 1; } //~ unknown number type `f16`; there are `f32` and `f64`
type Type = network!(f16; 2 => 1); //~ unknown number type `f16`; there are `f32` and `f64`
network! { Bare: 2 => 1; } //~ expected `struct` and a name, as in `pub struct Xor: 2 => 1;`
network! { enum Choice: 2 => 1; } //~ expected `struct` and a name, as in `pub struct Xor: 2 => 1;`
network! { pub struct First: 2 => 1; pub struct Second: 2 => 1; } //~ each network has a `network!` of its own
type Empty = network!(); //~ expected a network, as in `2 => 8 relu => 1`

fn main() {}
