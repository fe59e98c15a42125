use nn_core::prelude::*;

network! { pub struct Free<const H: usize>: 2 => {H} relu => 1; }

fn takes(_: &Free<2_000>) {} //~ a parameter of a network is a number from 1 to 1,024

fn main() {}
