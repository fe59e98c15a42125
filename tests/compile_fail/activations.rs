use nn_core::prelude::*;

network! { pub struct Unknown: 2 => 8 rleu => 1; } //~ unknown activation `rleu`; did you mean `relu`?
network! { pub struct Swish: 2 => 8 swish => 1; } //~ unknown activation `swish`; did you mean `silu`?
network! { pub struct Far: 2 => 8 quadratic => 1; } //~ unknown activation `quadratic`; there are identity, relu
network! { pub struct Two: 2 => 8 relu sigmoid => 1; } //~ a layer has one activation, found a second, `sigmoid`
network! { pub struct Alone: 2 => relu => 1; } //~ `relu` is an activation; write the layer before it, as in `8 relu`
network! { pub struct Input: 2 relu => 8 => 1; } //~ the input has no activation; write `=>` and a layer before `relu`
network! { pub struct Argument: 2 => 8 relu(0.1) => 1; } //~ `relu` takes no argument
network! { pub struct Missing: 2 => 8 leaky_relu() => 1; } //~ expected `leaky_relu(slope)`, a number
network! { pub struct Many: 2 => 8 elu(1, 2) => 1; } //~ expected `elu(alpha)`, a number
network! { pub struct Variable: 2 => 8 elu(alpha) => 1; } //~ expected a decimal number of at most 15 digits
network! { pub struct Negative: 2 => 8 leaky_relu(-0.1) => 1; } //~ the slope must not be negative
network! { pub struct Zero: 2 => 8 softplus(0) => 1; } //~ the beta must be above zero
network! { pub struct Bounds: 2 => 8 hard_tanh(1, -1) => 1; } //~ the first bound must be below the second
network! { pub struct Form: 2 => 8 gelu(erf) => 1; } //~ expected `gelu` or `gelu(tanh)`

fn main() {
    let _: [f32; 1] = Unknown::ZERO.forward(&[0.0; 2]);
}
