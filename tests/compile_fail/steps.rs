use nn_core::prelude::*;

network! { pub struct One: stream 40 => conv(8, 3, stride = 2, padding = causal) => 1; } //~ a stride of 2 does not divide a step, in which 1 frame arrives; the least that all strides divide is `stream 40x2`
network! { pub struct Three: stream 40x3 => conv(8, 3, stride = 2, padding = causal) => max_pool(3) => 1; } //~ a stride of 2 does not divide a step, in which 3 frames arrive; the least that all strides divide is `stream 40x6`
network! { pub struct Twice: stream 1x6 => conv(8, 2, stride = 2) => upsample(3) => avg_pool(4) => 1; } //~ a stride of 4 does not divide a step, in which 9 frames arrive; the least that all strides divide is `stream 1x8`
network! { pub struct Joined: stream 1x4 => 2 => flatten => max_pool(2) => 1; } //~ a stride of 2 does not divide a step, in which 1 frame arrives
network! { pub struct InBranches: stream 1x3 => (max_pool(2) | conv(2, 4, stride = 4)) => 1; } //~ a stride of 2 does not divide a step, in which 3 frames arrive; the least that all strides divide is `stream 1x4`
network! { pub struct Different: stream 1x4 => (max_pool(2) | conv(2, 4, stride = 4)) => 1; } //~ branches are joined at each place; one gives a signal of 1x2, another 2 values
network! { pub struct Ahead: stream 1x2 => conv(2, 5, stride = 2, padding = 1) => 1; } //~ looks 2 frames ahead; in a stream it must be `padding = causal`
network! { pub struct Sides: stream 1x2 => depthwise(5, stride = 2, padding = (3, 0)) => 1; } //~ in a stream it must be `padding = causal`
network! { pub struct Same: stream 1x2 => max_pool(3, stride = 2, padding = same) => 1; } //~ looks 1 frame ahead; in a stream it must be `padding = causal`
network! { pub struct Before: stream 1x2 => avg_pool(3, stride = 2) => 1; } //~ a kernel of several taps needs the frames before: write `padding = causal`
network! { pub struct Counted: stream 1x2 => avg_pool(3, stride = 2, padding = causal, count_padding = false) => 1; } //~ a stream doesn't know how many frames there were; leave `count_padding` out
network! { pub struct Backwards: stream 1x2 => reverse => flatten => 1; } //~ `reverse` needs the end of a signal, which a stream never has; it looks ahead without end
network! { pub struct Last: stream 1x2 => last => 1; } //~ `last` needs the end of a signal, which a stream never has; it looks ahead without end
network! { pub struct Flat: stream 2 => flatten => 1; } //~ a frame of a stream is a vector already; leave `flatten` out
network! { pub struct Groups: stream 3x2 => conv(4, 2, stride = 2, groups = 2) => 1; } //~ 2 groups do not divide 3 channels
network! { pub struct Places: stream 3x4x4 => conv(4, 2, stride = 2) => 1; } //~ a stream takes frames of values, as `40` or `40x3`; images are not frames of it yet

fn main() {}
