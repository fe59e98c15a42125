use nn_core::prelude::*;

network! { struct TooLong: 2x4 => conv(3, 5) relu => flatten => 1; } //~ a kernel of 5 does not fit: the input has 4 frames
network! { struct Dilated: 2x4 => conv(3, 3, stride = 2, dilation = 2) => flatten => 1; } //~ a kernel of 3 with dilation 2 spans 5, the input has 4 frames
network! { struct Groups: 4x8 => conv(6, 3, groups = 3) => flatten => 1; } //~ 3 groups do not divide 4 channels
network! { struct NotFlat: 3x8 => conv(4, 3) relu => 10; } //~ `10` takes a vector, but the layer before gives a signal of 4x6; put `flatten` between them
network! { struct NoSignal: 32 => conv(4, 3) => flatten => 1; } //~ `conv` takes a signal or an image, as `1x40` or `1x28x28` at the beginning of a network, but the input has 32 values
network! { struct NoPool: 32 => 8 relu => max_pool(2) => 1; } //~ `max_pool` takes a signal or an image, as `1x40` or `1x28x28` at the beginning of a network, but the layer before gives 8 values
network! { struct Lengths: 3x8 => (conv(4, 3) | conv(4, 1)) => flatten => 1; } //~ branches are joined at each place; one gives a signal of 4x6, another a signal of 4x8
network! { struct Added: 3x8 => (conv(4, 3, padding = 1) + conv(5, 1)) => flatten => 1; } //~ branches are added value by value; one gives a signal of 4x8, another a signal of 5x8
network! { struct Block: 3x8 => [conv(3, 3)] => flatten => 1; } //~ a residual block gives what it takes; this one takes a signal of 3x8 and gives a signal of 3x6
network! { struct Taken: 3x8 => take(2..5) => flatten => 1; } //~ `take(2..5)` is out of range: there are 3 channels
network! { struct Nothing: 3 => take(1..1) => 1; } //~ `take` takes at least one value, as in `take(0..3)`, which takes the values 0, 1 and 2
network! { struct NoDilation: 3x8 => conv(4, 3, dilation = 0) => flatten => 1; } //~ a dilation has at least one frame
network! { struct Position: 3x8 => conv(4, 3, 2) => flatten => 1; } //~ after the kernel, arguments have names; say `stride = 2`
network! { struct Unknown: 3x8 => conv(4, 3, paddig = 1) => flatten => 1; } //~ `conv` has no argument `paddig`; it has `stride`, `padding`, `dilation`, `groups`, `bias`
network! { struct Padding: 3x8 => max_pool(2, padding = 2) => flatten => 1; } //~ padding 2 is more than half of 2
network! { struct Padded: 3x8 => conv(4, 3, padding = full) => flatten => 1; } //~ expected `padding = 1`, `1x2`, `(1, 0)`, `same`, `valid` or `causal`
network! { struct Cell: 3 => gru(4) => 1; } //~ `gru` remembers from one frame to the next; declare the network as a stream, `stream 1 => gru(20)`, or over a signal, `1x40 => gru(20)`
network! { struct Mixed: 3 => (4 + 4 | 4) => 1; } //~ between these branches stands `+`, and here `|`; put some of them in parentheses of their own
network! { struct NoFrames: 3x0 => flatten => 1; } //~ a signal must have at least one frame
network! { struct Shape: 3 => 4x2 => 1; } //~ `4x2` is the shape of an input; here stands a plain integer
network! { struct Ahead: stream 1 => gru(4) => last => 1; } //~ `last` needs the end of a signal, which a stream never has; it looks ahead without end
network! { struct Backwards: stream 1 => reverse => 1; } //~ `reverse` needs the end of a signal, which a stream never has; it looks ahead without end
network! { struct Global: stream 4 => global_avg_pool => 1; } //~ `global_avg_pool` needs all frames of a signal, which a stream never has; it looks ahead without end

fn main() {}
