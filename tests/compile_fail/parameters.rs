use nn_core::prelude::*;

network! { pub struct Encoder: 8 => 4; }
network! { pub struct Fixed<const H: usize>: 2 => {H} relu => Encoder => 1; } //~ `Encoder` takes a fixed number of values, but the parameter `H` before it is any
network! { pub struct Computed<const H: usize>: 2 => { 2 * H } relu => 1; } //~ a parameter stands for a width alone, `{H}`
network! { pub struct Typed<T>: 2 => 8 relu => 1; } //~ a parameter of a network is a width, `const H: usize`
network! { pub struct Signed<const H: i32>: 2 => 8 relu => 1; } //~ a parameter of a network is a width, `const H: usize`
network! { pub struct Branch<const H: usize>: 2 => (8 relu | {H}) => 1; } //~ a branch can't end in the parameter `H`
network! { pub struct Block<const H: usize>: 8 => [8 relu => {H}] => 1; } //~ a residual block gives what it takes; this one takes 8 values and gives `H` values
network! { #[budget(macs = 8)] pub struct Budget<const H: usize>: 2 => {H} relu => 1; } //~ a network with parameters has no budget

fn main() {}
