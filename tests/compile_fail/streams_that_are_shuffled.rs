use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::train::{Sequence, Streams};

network! { pub struct Amp: stream 1 => lstm(8) => 1; }

type Piece = ([[f32; 1]; 8], [([f32; 1], f32); 8]);

pub fn train(net: &mut Amp, data: &[Piece], streams: &mut Streams<Amp, 2>) -> Result<f32, TrainError> {
    let mut memory = Training::<Sequence<Amp, 8>, 1>::boxed();
    let mut adam = Adam::boxed(0.01);
    let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
    trainer.fit(Sequence::on(net), data, streams, 10, |_| Continue(())) //~ expected `&mut [usize]`, found `&mut Streams<Amp, 2>`
}

fn main() {}
