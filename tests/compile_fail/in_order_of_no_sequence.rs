use nn_core::prelude::*;
use nn_core::train::Streams;

network! { pub struct Xor: 2 => 8 relu => 1; }
network! { pub struct Amp: stream 1 => lstm(8) => 1; }

pub fn train(net: &mut Xor, data: &[([f32; 2], [f32; 1])], streams: &mut Streams<Amp>) -> Result<f32, TrainError> {
    let mut memory = Training::<Xor, 4>::ZERO;
    let mut adam = Adam::new(0.01);
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError);
    trainer.in_order(net, data, streams, |_, _| Continue(())) //~ expected a `Sequence` of a stream, found `Xor`
}

fn main() {}
