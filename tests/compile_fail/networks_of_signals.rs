use nn_core::prelude::*;

network! { struct Body: 3x8 => conv(4, 3) relu; }
network! { struct Other: 3x9 => Body => flatten => 1; } //~ `Body` takes a signal of 3x8, but the input is a signal of 3x9
network! { struct Vector: 24 => Body => flatten => 1; } //~ `Body` takes a signal of 3x8, but the input has 24 values
network! { struct NotFlat: 3x8 => Body => 10; } //~ `10` takes a vector, but `Body` gives a signal of 4x6; put `flatten` between them

fn main() {}
