use nn_core::prelude::*;

network! {
    #[budget(ram = 600, flash = 40_000, macs = 100_000, parameters = 100_000)] //~ `Digits` needs 632 bytes of working memory; its budget is 600; the largest layer is the `dense` of 128 values at place 0
    pub struct Digits: 784 => 128 relu => 30 relu => 10; //~^ `Digits` needs 418,640 bytes of parameters; its budget is 40,000; the largest layer is the `dense` of 128 values at place 0
} //~^^ `Digits` needs 104,492 multiply-accumulates; its budget is 100,000
//~^^^ `Digits` needs 104,660 parameters; its budget is 100,000
network! { #[budget(stack = 600)] pub struct Unknown: 2 => 1; } //~ unknown budget `stack`; there are `ram`, `flash`, `macs`, `parameters` and `state`
network! { #[budget(ram = 6kB)] pub struct Unit: 2 => 1; } //~ expected a plain integer, found `6kB`
network! { #[budget] pub struct Empty: 2 => 1; } //~ expected `#[budget(ram = …, flash = …, macs = …, parameters = …, state = …)]`
network! { #[budget(ram: 600)] pub struct Colon: 2 => 1; } //~ expected a budget, as `ram = 2_048`
type Type = network!(#[budget(ram = 600)] 2 => 1); //~ a budget belongs to an item: `pub struct Name: …;`

fn main() {}
