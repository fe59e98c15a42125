use nn_core::prelude::*;

network! { pub struct Amp: stream 1 => lstm(8) => 1; }
network! { pub struct Other: stream 1 => gru(8) => 1; }

pub fn step(net: &Amp, state: &mut State<Other>) -> [f32; 1] {
    net.step(&[0.5], state) //~ expected `&mut State<Amp>`, found `&mut State<Other>`
}

fn main() {}
