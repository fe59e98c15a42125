use nn_core::prelude::*;

network! { pub struct Iris: 4 => 16 relu => 3; }

fn main() {
    let mut training = Training::<Iris, 4>::ZERO;
    let data = [([0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0])];
    let _ = training.gradient(&Iris::ZERO, &CrossEntropy, &data, &[0]); //~ usize
}
