use nn_core::prelude::*;

network! { pub struct First: u8; 784 => 10; } //~ unknown number type `u8`; there are `f32` and `f64`; inputs of bytes are `u8 1x28x28 => …`
network! { pub struct Words: u16 784 => 10; } //~ inputs are numbers that the network computes in, or bytes, `u8`; no `u16`
network! { pub struct Twice: u8 u8 784 => 10; } //~ `u8` is written twice
network! { pub struct Order: u8 stream 1 => 1; } //~ `stream` stands before the type of its inputs, `stream u8 …`
network! { pub struct Nothing: u8 => 10; } //~ expected the number of inputs before `=>`
network! { pub struct Value: 4 => standardize(128) => 10; } //~ `standardize` learns mean and deviation from data, or they are stated by name, as in `standardize(mean = 0, deviation = 255)`
network! { pub struct Word: 4 => standardize(mean = MEAN) => 10; } //~ `mean` is a decimal number, or one a channel, as in `mean = [124, 116, 104]`
network! { pub struct Tuple: 4 => standardize(deviation = (1, 2, 3, 4)) => 10; } //~ `deviation` is a decimal number, or one a channel, as in `deviation = [124, 116, 104]`
network! { pub struct None: 4 => standardize(mean = []) => 10; } //~ `mean` is a decimal number, or one a channel, as in `mean = [124, 116, 104]`
network! { pub struct Zero: 4 => standardize(deviation = 0) => 10; } //~ a deviation is above zero
network! { pub struct Few: 3x4x4 => standardize(mean = [1, 2]) => flatten => 10; } //~ 2 numbers for 3 channels
network! { pub struct Many: 3 => standardize(mean = [1, 2, 3, 4]) => 10; } //~ 4 numbers for 3 values
network! { pub struct Any<const C: usize>: {C} => standardize(mean = [1, 2]) => 10; } //~ numbers one by one need values that are written as a number
network! { pub struct Image: u8 4 => 1; }

fn main() {
    Image::ZERO.forward(&[0.5; 4]); //~ mismatched types
    Few::ZERO.forward(&[0.5; Few::IN]); // as long as it would be
}
