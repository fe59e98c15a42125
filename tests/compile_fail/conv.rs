use nn_core::prelude::*;

network! { pub struct Dilation: stream 2 => conv(3, 3, dilation = 0, padding = causal) => 1; } //~ a dilation has at least one frame
network! { pub struct Kernel: stream 2 => conv(3, 0, padding = causal) => 1; } //~ a kernel has at least one tap
network! { pub struct Filters: stream 2 => conv(0, 3, padding = causal) => 1; } //~ a layer must have at least one node
network! { pub struct Position: stream 2 => conv(3, 3, 2, padding = causal) => 1; } //~ after the kernel, arguments have names; say `stride = 2`
network! { pub struct Alone: stream 2 => conv(3) => 1; } //~ expected filters, a kernel and then arguments by name, as in `conv(16, 3, padding = causal)`
network! { pub struct Bare: stream 2 => conv => 1; } //~ expected filters and a kernel, as in `conv(16, 3, padding = causal)`
network! { pub struct Unknown: stream 2 => conv(3, 3, dilate = 2, padding = causal) => 1; } //~ `conv` has no argument `dilate`; it has `stride`, `padding`, `dilation`, `groups`, `bias`
network! { pub struct Bias: stream 2 => conv(3, 3, padding = causal, bias = no) => 1; } //~ expected `bias = true` or `bias = false`
network! { pub struct Missing: stream 2 => conv(3, 3) => 1; } //~ a kernel of several taps needs the frames before: write `padding = causal`
network! { pub struct Same: stream 2 => conv(3, 3, padding = same) => 1; } //~ looks 1 frame ahead; in a stream it must be `padding = causal`
network! { pub struct Wide: stream 2 => conv(3, 4, dilation = 2, padding = same) => 1; } //~ looks 3 frames ahead; in a stream it must be `padding = causal`
network! { pub struct Number: stream 2 => conv(3, 3, padding = 1) => 1; } //~ looks 1 frame ahead; in a stream it must be `padding = causal`
network! { pub struct Pair: stream 2 => conv(3, 3, padding = (1, 1)) => 1; } //~ looks 1 frame ahead; in a stream it must be `padding = causal`
network! { pub struct Stride: stream 2 => conv(3, 3, padding = causal, stride = 2) => 1; } //~ a stride of 2 does not divide a step, in which 1 frame arrives; the least that all strides divide is `stream 2x2`
network! { pub struct Image: stream 2 => conv(3, 3x3, padding = causal) => 1; } //~ `3x3` is for images; the frames of a stream have one axis
network! { pub struct Far: stream 1 => conv(1, 60_000, dilation = 60_000, padding = causal); } //~ the oldest tap looks back too far; it may be below 1,073,741,824 frames

fn main() {}
