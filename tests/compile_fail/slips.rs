use nn_core::prelude::*;

pub struct Encoder;

network! { pub struct Comma: 2, 8, 1; } //~ expected `=>` after the number of inputs, found `,`
network! { pub struct Assigned: 2 ==> 8 relu => 1; } //~ expected `=>` after the number of inputs, found `=`
network! { pub struct Number: f32, 2 => 8 relu => 1; } //~ expected `;` after the number type `f32`
network! { pub struct Call: 2 => Encoder() => 1; } //~ unknown layer `Encoder`; a network or a layer of your own stands alone, `Encoder`
network! { pub struct Rate: 2 => 8 relu => dropout(p = 0.5) => 1; } //~ a decimal number, without a name
network! { pub struct Slope: 2 => 8 leaky_relu(negative_slope = 0.1) => 1; } //~ expected a decimal number, without a name
network! { pub struct Empty: 2 => 8 relu() => 1; } //~ `relu` takes no argument
network! { pub struct Path: 2 => a::<2 3>::B => 1; } //~ expected a width, a block or the path of a network or layer, found `a`
network! { pub struct Spaced: 2 => a: :B => 1; } //~ expected a width, a block or the path of a network or layer, found `:`
network! { pub struct Let: 2 => let a: 8 relu => 1; } //~ expected a width, a block or the path of a network or layer, found `let`
network! { pub struct Open<const H: usize: 2 => {H} relu => 1; } //~ expected `>` after the parameters
network! { pub struct Again<const H: usize, const H: usize>: 2 => {H} relu => 1; } //~ the parameter `H` is written twice
network! { pub struct Keyword<const type: usize>: 2 => 8 relu => 1; } //~ `type` is a keyword and can't be the name of a parameter
network! { #[budget(ram = 1_000, ram = 2_000)] pub struct Twice: 2 => 8 relu => 1; } //~ the budget `ram` is written twice
network! { #[budget()] pub struct Nothing: 2 => 8 relu => 1; } //~ expected a budget, as `ram = 2_048`
network! { pub struct Tuple(2 => 1); } //~ expected `:` and the layers after `Tuple`

fn main() {}
