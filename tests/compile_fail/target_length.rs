use nn_core::prelude::*;

network! { pub struct Xor: 2 => 8 relu => 4 sigmoid => 1; }

fn main() {
    let mut training = Training::<Xor, 4>::ZERO;
    let data = [([0.0, 0.0], [0.0, 1.0])];
    let _ = training.gradient(&Xor::ZERO, &MeanSquaredError, &data, &[0]); //~ [f32; 1]
}
