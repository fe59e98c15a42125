use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::train::{Sequence, Streams};

network! { pub struct Amp: stream 1 => lstm(8) => 1; }
network! { pub struct Other: stream 1 => gru(8) => 1; }

type Piece = ([[f32; 1]; 8], [([f32; 1], f32); 8]);

pub fn train(net: &mut Amp, data: &[Piece], streams: &mut Streams<Other, 2>) -> Result<f32, TrainError> {
    let mut memory = Training::<Sequence<Amp, 8>, 1>::boxed();
    let mut adam = Adam::boxed(0.01);
    let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
    trainer.in_order(Sequence::on(net), data, streams, |_, _| Continue(())) //~ expected `&mut Streams<Amp, _>`, found `&mut Streams<Other, 2>`
}

fn main() {}
