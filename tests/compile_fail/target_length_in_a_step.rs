use nn_core::prelude::*;

network! { pub struct Xor: 2 => 8 relu => 4 sigmoid => 1; }

fn main() {
    let mut net = Xor::ZERO;
    let mut training = Training::<Xor, 4>::ZERO;
    let mut adam = Adam::new(0.01);
    let mut trainer = Trainer::new(&mut training, &mut adam, BinaryCrossEntropyWithLogits);
    let _ = trainer.step(&mut net, &[([0.0, 0.0], [0.0, 1.0, 1.0])], &[0]); //~ [f32; 1]
}
