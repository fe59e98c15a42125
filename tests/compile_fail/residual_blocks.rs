use nn_core::prelude::*;

network! { pub struct Encoder: 64 => 32; }
network! { pub struct Literal: 64 => [64 relu => 1_032] => 10; } //~ a residual block gives what it takes; this one takes 64 values and gives 1,032
network! { pub struct Path: 64 => [64 relu => Encoder] => 10; } //~ a residual block gives what it takes; this one takes 64 values and gives 32
network! { pub struct Empty: 64 => [] => 10; } //~ expected a layer inside
network! { pub struct Arrow: 64 => [=> 64] => 10; } //~ expected a layer before `=>`
network! { pub struct Inside: 64 => [64 rleu => 64] => 10; } //~ unknown activation `rleu`; did you mean `relu`?

fn main() {
    let _: [f32; 10] = Path::ZERO.forward(&[0.0; 64]);
}
