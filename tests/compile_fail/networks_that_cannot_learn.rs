use nn_core::chain::Chain;
use nn_core::kernel::Isa;
use nn_core::layer::{Layer, Tensor};
use nn_core::network::Net;
use nn_core::prelude::*;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::U4;

pub struct Halve;

impl Layer for Halve {
    type T = i8;
    type In = Vector<U4>;
    type Out = Vector<U4>;
    const ZEROED: Self = Self;
    const LABEL: &'static str = "halve";
    const MULTIPLIES: usize = 0;
    const TENSORS: &'static [Tensor] = &[];
    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<i8, Self::In>], y: &mut [Row<i8, Self::In>]) {
        for (x, y) in x.iter().zip(y) {
            y.iter_mut().zip(x).for_each(|(y, x)| *y = x / 2);
        }
    }
}

type Quarter = Net<4, 4, Chain<Halve, Halve>, i8>;

fn main() {
    let mut net = Quarter::ZERO;
    assert_eq!(net.forward(&[8, -8, 4, 0]), [2, -2, 1, 0]);
    net.init(&mut ChaCha8Rng::seed_from_u64(1)); //~ cannot be trained
}
