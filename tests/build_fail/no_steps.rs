use nn_core::prelude::*;
use nn_core::train::Sequence;

network! { struct Amp: stream 1 => lstm(8) => 1; }

fn main() {
    let mut net = Amp::ZERO;
    Sequence::<Amp, 0>::on(&mut net); //~ 0 steps: a sequence must have at least one
}
