use nn_core::prelude::*;

network! { pub struct All: 2 => 8 relu => dropout(1.0) => 1; } //~ the rate of dropout is from 0 to below 1
network! { pub struct More: 2 => 8 relu => dropout(1.5) => 1; } //~ the rate of dropout is from 0 to below 1
network! { pub struct Less: 2 => 8 relu => dropout(-0.1) => 1; } //~ the rate of dropout is from 0 to below 1
network! { pub struct Word: 2 => 8 relu => dropout => 1; } //~ expected the share of the values that are left out, as in `dropout(0.2)`
network! { pub struct Nothing: 2 => 8 relu => dropout() => 1; } //~ expected the share of the values that are left out, a decimal number of at most 15 digits
network! { pub struct Name: 2 => 8 relu => dropout(RATE) => 1; } //~ expected the share of the values that are left out, a decimal number of at most 15 digits
network! { pub struct Two: 2 => 8 relu => dropout(0.1, 0.2) => 1; } //~ expected the share of the values that are left out, a decimal number of at most 15 digits
network! { pub struct Stage: 2 => 8 dropout(0.1) => 1; } //~ `dropout` is a layer; write `=>` before it
network! { pub struct Vector: 2 => 8 relu => dropout(0.1, channels = true) => 1; } //~ only a signal or an image has channels to leave out
network! { pub struct Frames: stream 2 => dropout(0.1, channels = true) => 1; } //~ a stream has no whole channel to leave out; `dropout` leaves out values of each frame
network! { pub struct Some: 2x8 => dropout(0.1, channels = some) => flatten; } //~ `channels` is `true` or `false`

const RATE: f32 = 0.5;

fn main() {}
