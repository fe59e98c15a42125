use nn_core::prelude::*;

network! { pub struct Mlp<const H: usize>: 2 => {H} relu => 1; }

fn bytes<const H: usize>() -> usize {
    std::mem::size_of::<Mlp<H>>() //~ a parameter of a network is a number from 1 to 1,024
}

fn main() {
    bytes::<8>();
}
