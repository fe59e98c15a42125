use nn_core::collapse::collapse;
use nn_core::prelude::*;

network! { pub struct Inner: 2 => 8; }
network! { pub struct Outer: 2 => Inner => 1; }

fn main() {
    let _ = collapse(&Outer::ZERO); //~ `Outer` can't be collapsed
}
