use nn_core::kernel::Isa;
use nn_core::layer::{Layer, Tensor};
use nn_core::prelude::*;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::U8;

pub struct Negate;

impl Layer for Negate {
    type T = f32;
    type In = Vector<U8>;
    type Out = Vector<U8>;
    const ZEROED: Self = Self;
    const LABEL: &'static str = "negate";
    const MULTIPLIES: usize = 0;
    const TENSORS: &'static [Tensor] = &[];
    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<f32, Self::In>], y: &mut [Row<f32, Self::In>]) {
        for (x, y) in x.iter().zip(y) {
            y.iter_mut().zip(x).for_each(|(y, x)| *y = -x);
        }
    }
}

network! { pub struct Wrong: 2 => 8 relu => Negate => 1; } //~ `Negate` runs, but cannot learn
type Same = network!(2 => 8 relu => Negate => 1); //~ `Negate` runs, but cannot learn

fn main() {
    let mut wrong = Wrong::ZERO;
    wrong.init(&mut ChaCha8Rng::seed_from_u64(1));
    let _: [f32; 1] = wrong.forward(&[0.0; 2]);
    let _: [f32; 1] = Same::ZERO.forward(&[0.0; 2]);
}
