use nn_core::prelude::*;

network! { pub struct Thin: 2 -> 8 relu => 1; } //~ expected `=>` between layers, found `->`
network! { pub struct Dangling: 2 => 8 relu =>; } //~ expected a layer after `=>`
network! { pub struct Double: 2 => => 1; } //~ expected a layer after `=>`
network! { pub struct Missing: 2 => 8 4 => 1; } //~ expected `=>` before `4`
network! { pub struct After: 2 => 8 relu 4 => 1; } //~ expected `=>` before `4`
network! { pub struct Start: 2 8 => 1; } //~ expected `=>` after the number of inputs, found `8`
network! { pub struct NoInput: => 8 relu => 1; } //~ expected the number of inputs before `=>`
network! { pub struct NoLayer: 2; } //~ a network must have at least one layer, as in `2 => 1`
network! { pub struct Nothing:; } //~ `Nothing` has no layers, as in `2 => 1`
network! { pub struct Comma: 2 => 8 relu, => 1; } //~ expected an activation or `=>`, found `,`
type Type = network!(2 -> 1); //~ expected `=>` between layers, found `->`

fn main() {
    let _: [f32; 1] = Thin::ZERO.forward(&[0.0; 2]);
}
