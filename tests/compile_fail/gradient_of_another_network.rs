use nn_core::prelude::*;

network! { pub struct Xor: 2 => 8 relu => 1; }
network! { pub struct Iris: 4 => 16 relu => 3; }

fn main() {
    let (mut xor, mut gradient) = (Xor::ZERO, Iris::ZERO);
    Sgd::<Xor>::new(0.1).step(&mut xor, &mut gradient); //~ expected `&mut Xor`, found `&mut Iris`
}
