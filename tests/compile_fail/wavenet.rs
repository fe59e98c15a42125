use nn_core::prelude::*;

network! { pub struct Bare: stream 1 => wavenet => 1; } //~ expected a shape, as in `wavenet(a1_standard)` or
network! { pub struct Spelling: stream 1 => wavenet(a1_standart); } //~ unknown shape `a1_standart`; did you mean `a1_standard`?
network! { pub struct Unknown: stream 1 => wavenet(large); } //~ unknown shape `large`; there are `a1_standard`,
network! { pub struct Position: stream 1 => wavenet(8, 3); } //~ expected `wavenet(a1_standard)` or
network! { pub struct Missing: stream 1 => wavenet(channels = 8, kernel = 3); } //~ expected channels, a kernel and dilations
network! { pub struct Zero: stream 1 => wavenet(channels = 8, kernel = 3, dilations = (1, 0)); } //~ expected dilations, as in
network! { pub struct Channels: stream 1 => wavenet(channels = x, kernel = 3, dilations = 1); } //~ expected channels, as in `channels = (16, 8)`
network! { pub struct Lists: stream 1 => wavenet(channels = (8, 4), kernel = 3, dilations = ((1, 2), 3, 4)); } //~ as many lists of dilations are needed
network! { pub struct Kernel: stream 1 => wavenet(channels = 8, kernel = (3, 3, 3), dilations = (1, 2)); } //~ expected the taps of all layers
network! { pub struct Function: stream 1 => wavenet(channels = 8, kernel = 3, dilations = 1, activation = gelu); } //~ the activations of a `wavenet` are
network! { pub struct Head: stream 1 => wavenet(channels = 8, kernel = 3, dilations = 1, head = 0); } //~ expected the taps of the last head
network! { pub struct Gated: stream 1 => wavenet(channels = 8, kernel = 3, dilations = 1, gated = true); } //~ a `wavenet` has no `gated`
network! { pub struct Film: stream 1 => wavenet(channels = 8, kernel = 3, dilations = 1, conv_pre_film = true); } //~ a `wavenet` has no `film`
network! { pub struct Condition: stream 1 => wavenet(channels = 8, kernel = 3, dilations = 1, condition_dsp = x); } //~ a `wavenet` has no `condition_dsp`
network! { pub struct Scale: stream 1 => wavenet(channels = 8, kernel = 3, dilations = 1, head_scale = 0.02); } //~ a `wavenet` has no `head_scale`
network! { pub struct Stereo: stream 2 => wavenet(a1_nano); } //~ a `wavenet` takes frames of one value, but a frame has 2
network! { pub struct After: stream 1 => 3 => wavenet(a1_nano); } //~ a `wavenet` takes frames of one value, but the layer before gives 3
network! { pub struct Plain: 1 => wavenet(a1_nano); } //~ `wavenet` remembers from one frame to the next; declare the network as a stream
network! { pub struct Far: stream 1 => wavenet(channels = 1, kernel = 60_000, dilations = 60_000); } //~ sees fewer than 1,073,741,824 frames

fn main() {}
