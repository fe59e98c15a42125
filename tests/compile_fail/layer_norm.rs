use nn_core::prelude::*;

network! { pub struct Zero: 8 => layer_norm(eps = 0) => 1; } //~ `eps` must be above zero
network! { pub struct Less: 8 => layer_norm(eps = -1e-5) => 1; } //~ `eps` must be above zero
network! { pub struct Unnamed: 8 => layer_norm(1e-5) => 1; } //~ expected `layer_norm`, or `layer_norm(eps = 1e-5)`
network! { pub struct Width: 8 => layer_norm(8) => 1; } //~ expected `layer_norm`, or `layer_norm(eps = 1e-5)`
network! { pub struct Other: 8 => layer_norm(epsilon = 1e-5) => 1; } //~ expected `layer_norm`, or `layer_norm(eps = 1e-5)`
network! { pub struct Twice: 8 => layer_norm(eps = 1e-5, eps = 1e-5) => 1; } //~ expected `layer_norm`, or `layer_norm(eps = 1e-5)`
network! { pub struct Constant: 8 => layer_norm(eps = EPS) => 1; } //~ expected `layer_norm`, or `layer_norm(eps = 1e-5)`
network! { pub struct Empty: 8 => layer_norm(eps = ) => 1; } //~ expected `layer_norm`, or `layer_norm(eps = 1e-5)`
network! { pub struct Stage: 8 => 8 layer_norm => 1; } //~ `layer_norm` is a layer; write `=>` before it
network! { pub struct Misspelt: 8 => layernorm(eps = 1e-5) => 1; } //~ unknown layer `layernorm`; did you mean `layer_norm`?

fn main() {}
