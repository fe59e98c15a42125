use nn_core::metric::Confusion;
use nn_core::prelude::*;

network! { pub struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
network! { pub struct Iris: 4 => 16 relu => 3; }
network! { pub struct Yes: 4 => 16 relu => 3 sigmoid; }
network! { pub struct Sum: 4 => 16 relu => [16 => 16 sigmoid]; }

fn main() {
    let mut training = Training::<Xor, 4>::ZERO;
    let mut adam = Adam::new(0.01);
    let mut trainer = Trainer::new(&mut training, &mut adam, BinaryCrossEntropy); //~ end the network in `Sigmoid`, or use `BinaryCrossEntropyWithLogits`
    let _ = trainer.fit(&mut Xor::ZERO, &[([0.0, 0.0], [0.0])], &mut [0], 10, |_| Continue(())); // nothing more is said

    let data = [([0.0; 4], 1)];
    let _ = evaluate(&Iris::ZERO, &CrossEntropyOfProbabilities, &data); //~ end the network in `Softmax`, or use `CrossEntropy`
    let _ = evaluate(&Yes::ZERO, &CrossEntropyOfProbabilities, &data); //~ end the network in `Softmax`, or use `CrossEntropy`
    let _ = evaluate(&Sum::ZERO, &BinaryCrossEntropy, &[([0.0; 4], [0.0; 16])]); //~ does not end in a `Sigmoid`

    let _ = Confusion::of(&Xor::ZERO, &[([0.0, 0.0], 0)]); //~ `Xor` has one output, but a confusion matrix needs one for each of two classes or more
}
