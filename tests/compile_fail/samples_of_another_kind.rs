use nn_core::dataset::pairs;
use nn_core::metric::Confusion;
use nn_core::prelude::*;

network! { pub struct Iris: 4 => 16 relu => 3; }

fn main() {
    let mut training = Training::<Iris, 4>::ZERO;
    let mut adam = Adam::new(0.01);
    let mut trainer = Trainer::new(&mut training, &mut adam, CrossEntropy);
    let mut net = Iris::ZERO;
    let short: [([f32; 3], usize); 1] = [([0.0, 0.0, 0.0], 1)];
    let _ = trainer.fit(&mut net, &short, &mut [0], 10, |_| Continue(())); //~ expected samples of `([f32; 4], usize)`, found `[([f32; 3], usize); 1]`
    let _ = trainer.epoch(&mut net, &vec![([0.0; 4], [1.0, 0.0, 0.0])], &mut [0], |_| Continue(())); //~ expected samples of `([f32; 4], usize)`
    let _ = trainer.full_step(&mut net, &pairs(&[[0.0; 4]], &["setosa"]).unwrap()); //~ expected samples of `([f32; 4], usize)`
    let _ = evaluate(&net, &CrossEntropy, &[[0.0; 4]]); //~ expected samples of `([f32; 4], usize)`, found `[[{float}; 4]; 1]`
    let _ = Confusion::of(&net, &[([0.0; 5], 1)]); //~ expected samples of `([f32; 4], usize)`
    let _ = trainer.fit(&mut net, &[([0.0; 4], 1)], &mut [0], 10, |_| 5); //~ a callback gives `Continue(())` or `Break(())`
}
