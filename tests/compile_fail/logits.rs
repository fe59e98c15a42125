use nn_core::prelude::*;

network! { pub struct Yes: 2 => 8 relu => 1 sigmoid; }
network! { pub struct Which: 2 => 8 relu => 3 softmax; }
network! { pub struct Inside: 2 => Yes; }

fn main() {
    let mut yes = Training::<Yes, 4>::ZERO;
    let mut sgd = Sgd::new(0.01);
    let _ = Trainer::new(&mut yes, &mut sgd, BinaryCrossEntropyWithLogits); //~ BinaryCrossEntropyWithLogits` takes logits, but this network ends in `Sigmoid`

    let _ = evaluate(&Which::ZERO, &CrossEntropy.smoothed(0.1), &[([0.0, 1.0], 1)]); //~ takes logits, but this network ends in `Softmax`

    let mut inside = Training::<Inside, 4>::ZERO;
    let _ = inside.gradient(&Inside::ZERO, &CrossEntropy, &[([0.0, 1.0], 1)], &[0]); //~ CrossEntropy` takes logits, but this network ends in `Sigmoid`
}
