use nn_core::prelude::*;

network! { pub struct Yes: 2 => 8 relu => 1 sigmoid; }
network! { pub struct Which: 2 => 8 relu => 3 softmax; }
network! { pub struct Inside: 2 => Yes; }
network! { #[approximate] pub struct Fast: 2 => 8 tanh => 3 softmax; }

network! { pub struct Branches: 2 => (1 sigmoid | 1 sigmoid); }
network! { pub struct Dropped: 2 => 1 sigmoid => dropout(0.1); }

fn main() {
    let _ = evaluate(&Branches::ZERO, &BinaryCrossEntropyWithLogits, &[([0.0, 1.0], [1.0, 0.0])]); //~ takes `Logits`, but this network ends in `Sigmoid`
    let _ = evaluate(&Dropped::ZERO, &BinaryCrossEntropyWithLogits, &[([0.0, 1.0], [1.0])]); //~ takes `Logits`, but this network ends in `Sigmoid`

    let mut yes = Training::<Yes, 4>::ZERO;
    let mut sgd = Sgd::new(0.01);
    let _ = Trainer::new(&mut yes, &mut sgd, BinaryCrossEntropyWithLogits); //~ BinaryCrossEntropyWithLogits` takes `Logits`, but this network ends in `Sigmoid`

    let _ = evaluate(&Which::ZERO, &CrossEntropy.smoothed(0.1), &[([0.0, 1.0], 1)]); //~ takes `Logits`, but this network ends in `Softmax`

    let _ = evaluate(&Fast::ZERO, &CrossEntropy, &[([0.0, 1.0], 1)]); //~ takes `Logits`, but this network ends in `Softmax`

    let mut inside = Training::<Inside, 4>::ZERO;
    let _ = inside.gradient(&Inside::ZERO, &CrossEntropy, &[([0.0, 1.0], 1)], &[0]); //~ CrossEntropy` takes `Logits`, but this network ends in `Sigmoid`
}
