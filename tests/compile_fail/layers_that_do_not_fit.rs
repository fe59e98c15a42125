use nn_core::kernel::Isa;
use nn_core::layer::{Backward, Layer, Tensor};
use nn_core::prelude::*;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::U5;

pub struct Negate;

impl Layer for Negate {
    type T = f32;
    type In = Vector<U5>;
    type Out = Vector<U5>;
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

impl Backward for Negate {
    fn backward_rows<K: Isa>(
        &self,
        _: K,
        _: &[Row<f32, Self::In>],
        _: &[Row<f32, Self::In>],
        _: Option<&mut [Row<f32, Self::In>]>,
        _: &mut Self,
    ) {
    }
}

network! { pub struct Wrong: 2 => 8 relu => Negate => 1; } //~ `Negate` takes 5 values, but the layer before gives 8

fn main() {
    let _: [f32; 1] = Wrong::ZERO.forward(&[0.0; 2]);
}
