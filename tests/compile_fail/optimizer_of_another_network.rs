use nn_core::prelude::*;

network! { pub struct Xor: 2 => 8 relu => 1; }
network! { pub struct Iris: 4 => 16 relu => 3; }

fn main() {
    let mut training = Training::<Xor, 4>::ZERO;
    let mut adam = Adam::<Iris>::new(0.01);
    let _ = Trainer::new(&mut training, &mut adam, MeanSquaredError); //~ expected `Xor`, found `Iris`
}
