use nn_core::prelude::*;

network! { pub struct Xor: 2 => 8 relu => 1; }
network! { pub struct Other: 2 => 4 relu => 1; }
network! { pub struct Ends: 2 => 4 relu => 1 sigmoid; }

/// The optimiser of another network, and then it is used.
fn other() {
    let mut training = Training::<Xor, 4>::ZERO;
    let mut adam = Adam::<Other>::new(0.01);
    let mut trainer = Trainer::new(&mut training, &mut adam, MeanSquaredError); //~ is not an optimizer of `Xor`
    let _ = trainer.fit(&mut Xor::ZERO, &[([0.0, 0.0], [0.0])], &mut [0], 10, |_| Continue(()));
}

/// A loss that does not fit the network, and then it is used.
fn ends() {
    let mut training = Training::<Ends, 4>::ZERO;
    let mut adam = Adam::new(0.01);
    let mut trainer = Trainer::new(&mut training, &mut adam, BinaryCrossEntropyWithLogits); //~ this network ends in `Sigmoid`
    let _ = trainer.fit(&mut Ends::ZERO, &[([0.0, 0.0], [0.0])], &mut [0], 10, |_| Continue(()));
}

/// The memory where the optimiser belongs: a mistake in each place.
fn swapped() {
    let mut training = Training::<Xor, 4>::ZERO;
    let mut adam = Adam::new(0.01);
    let mut trainer = Trainer::new(
        &mut adam,        //~ expected `&mut Training<_, _>`, found `&mut Adam<_>`
        &mut training,    //~ is not an optimizer of `_`
        MeanSquaredError,
    );
    let _ = trainer.fit(&mut Xor::ZERO, &[([0.0, 0.0], [0.0])], &mut [0], 10, |_| Continue(()));
}

fn main() {}
