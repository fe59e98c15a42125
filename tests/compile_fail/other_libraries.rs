use nn_core::prelude::*;

network! { pub struct Celu: 2 => 8 celu => 1; } //~ unknown activation `celu`; it is not available, but one of your own takes a few lines, see `nn_core::activation`
network! { pub struct LogSoftmax: 2 => 8 log_softmax; } //~ unknown activation `log_softmax`; it is not available
network! { pub struct Sin: 2 => 8 sin => 1; } //~ unknown activation `sin`; it is not available
network! { pub struct Tanh: 2 => 8 gelu_tanh => 1; } //~ unknown activation `gelu_tanh`; did you mean `gelu(tanh)`?
network! { pub struct Capital: 2 => 8 ReLU => 1; } //~ write `relu`; a type of your own is `self::ReLU`
network! { pub struct Slope: 2 => 8 LeakyReLU(0.1) => 1; } //~ unknown activation `LeakyReLU`; did you mean `leaky_relu`?
network! { pub struct Linear: 2 => Linear(4) => 1; } //~ unknown layer `Linear`; did you mean `dense`?
network! { pub struct Norm: 2 => 8 => LayerNorm(8) => 1; } //~ unknown layer `LayerNorm`; did you mean `layer_norm`?

fn main() {}
