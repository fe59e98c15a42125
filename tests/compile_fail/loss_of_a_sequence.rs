use nn_core::prelude::*;
use nn_core::train::Sequence;

network! { pub struct Amp: stream 1 => lstm(8) => 1; }

pub fn train(net: &mut Amp, data: &[([[f32; 1]; 8], [([f32; 1], f32); 8])]) -> Result<f32, TrainError> {
    let mut memory = Training::<Sequence<Amp, 8>, 4>::boxed();
    let mut adam = Adam::boxed(0.01);
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError); //~ the loss of a `Sequence` is that of its steps, `Steps(
    trainer.full_step(Sequence::on(net), data)
}

fn main() {}
