#![deny(deprecated)]
use nn_core::prelude::*;

network! { #[weights("../../../../tests/models/wrong/extra.safetensors")] pub struct Extra: 4 => 3 relu => 2; } //~ the file has tensors that the network does not have: 4.weight, note

fn main() {}
