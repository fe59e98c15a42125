use nn_core::prelude::*;

network! { pub struct Net: 2 => { WIDTH } relu => 1; } //~ cannot find value `WIDTH` in this scope

fn main() {}
