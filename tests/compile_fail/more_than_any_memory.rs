use nn_core::prelude::*;

network! { pub struct Big: f64; 1073741823 => 1073741823 relu => 1073741823 => 1; } //~ up to this layer the network needs more than 9,223,372,036,854,775,807 bytes, which no machine can address

fn main() {}
