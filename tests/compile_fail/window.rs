use nn_core::prelude::*;

network! { pub struct Zero: stream 2 => window(0) => 1; } //~ a window has at least one frame
network! { pub struct Bare: stream 2 => window => 1; } //~ expected the number of frames, as in `window(6)`
network! { pub struct Named: stream 2 => window(frames = 6) => 1; } //~ expected the number of frames, as in `window(6)`
network! { pub struct Plain: 2 => window(6) => 1; } //~ `window` joins the frames of a stream; declare the network as one, `stream 1 => window(6)`
network! { pub struct Width<const N: usize>: stream {N} => window(6) => 1; } //~ the frames of a `window` need a width that is written as a number

fn main() {}
