use nn_core::kernel::Isa;
use nn_core::layer::{Backward, Kind, Layer, Tensor};
use nn_core::prelude::*;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::U3;

pub struct Scale([f32; 3]);

impl Layer for Scale {
    type T = f32;
    type In = Vector<U3>;
    type Out = Vector<U3>;
    const ZEROED: Self = Self([0.0; 3]);
    const LABEL: &'static str = "scale";
    const MULTIPLIES: usize = 3;
    const TENSORS: &'static [Tensor] = &[Tensor::new("weight", Kind::Scale, &[3])];
    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<f32, Self::In>], y: &mut [Row<f32, Self::Out>]) {
        y.clone_from_slice(x);
        y.iter_mut().for_each(|y| y.iter_mut().zip(self.0).for_each(|(y, weight)| *y *= weight));
    }
}

impl Backward for Scale {
    fn backward_rows<K: Isa>(
        &self,
        _: K,
        _: &[Row<f32, Self::In>],
        _: &[Row<f32, Self::Out>],
        _: Option<&mut [Row<f32, Self::In>]>,
        _: &mut Self,
    ) {
    }
}

network! { pub struct Net: 3 => Scale => 1; }

fn main() {
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1)); //~ `scale` says in `TENSORS` that it has parameters; `Backward::tensors` has to give them
}
