use nn_core::prelude::*;

network! { pub struct Image: 784 => conv(16, 3x3) relu => 10; } //~ `conv` is not available yet
network! { pub struct Memory: 1 => gru(20) => 1; } //~ `gru` is not available yet
network! { pub struct Block: 8 => [8 relu => 8] => 1; } //~ expected a width or the path of a network or layer
network! { pub struct Named: 8 => "hidden" => 1; } //~ expected a plain integer, found `"hidden"`

fn main() {}
