use nn_core::prelude::*;

network! { pub struct One: 64 => (32 relu) => 10; } //~ expected two or more branches, as in `(8 relu | 4 tanh)`
network! { pub struct None: 64 => () => 10; } //~ expected a layer inside
network! { pub struct Empty: 64 => (32 relu | ) => 10; } //~ expected a layer inside
network! { pub struct Encoder: 32 => 8; }
network! { pub struct Takes: 64 => (32 relu | Encoder) => 10; } //~ `Encoder` takes 32 values, but the input has 64

fn main() {}
