use nn_core::prelude::*;

network! { pub struct Encoder: f64; 8 => 4 relu; }
network! { pub struct Mixed: 8 => Encoder => 1; } //~ `Encoder` computes in `f64`, but the network in `f32`

fn main() {}
