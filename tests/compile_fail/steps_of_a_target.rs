use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::train::Sequence;

network! { pub struct Amp: stream 1 => lstm(8) => 1; }

type Short = ([[f32; 1]; 8], [([f32; 1], f32); 7]);
type Marked = ([[f32; 1]; 8], [([f32; 1], f32); 8], [bool; 7]);

pub fn train(net: &mut Amp, short: &[Short], marked: &[Marked]) {
    let mut memory = Training::<Sequence<Amp, 8>, 1>::boxed();
    let mut adam = Adam::boxed(0.01);
    let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
    let _ = trainer.full_step(Sequence::on(net), short); //~ expected samples of `([[f32; 1]; 8], [([f32; 1], f32); 8])`
    let _ = trainer.full_step(Sequence::on(net), marked); //~ expected samples of `([[f32; 1]; 8], [([f32; 1], f32); 8])`
}

fn main() {}
