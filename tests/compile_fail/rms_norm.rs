use nn_core::prelude::*;

network! { pub struct Zero: 8 => rms_norm(eps = 0) => 1; } //~ `eps` must be above zero
network! { pub struct Unnamed: 8 => rms_norm(1e-5) => 1; } //~ expected `rms_norm`, or `rms_norm(eps = 1e-5)`
network! { pub struct Empty: 8 => rms_norm() => 1; } //~ expected `rms_norm`, or `rms_norm(eps = 1e-5)`
network! { pub struct Stage: 8 => 8 rms_norm => 1; } //~ `rms_norm` is a layer; write `=>` before it

fn main() {}
