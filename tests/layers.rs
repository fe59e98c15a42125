//! Every layer agrees with PyTorch's, whose numbers `vectors/layers.py` recorded: first in a network, and behind another
//! layer, a network, or a width that is a parameter; in both number types, a row at a time and in a batch. The parameters of the first are in a file that PyTorch wrote,
//! too, by PyTorch's names.

#![allow(deprecated, reason = "networks whose layers collapse into one are wanted here")]

use nn_core::chain::Chain;
use nn_core::kernel::Isa;
use nn_core::layer::{Layer, Tensor};
use nn_core::network::Net;
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use nn_core::shape::{Row, Vector};
use nn_core::typenum::U4;
use std::sync::LazyLock;
use tests::{Vectors, assert_close, parameters, set_parameters};

network! { struct Five: 3 => 5 tanh; }

static LAYERS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/layers.txt")));

/// The layers, each as a stage that takes five values, and the file of a network that begins with it.
macro_rules! layers {
    ($($name:ident: $stage:tt $(($($argument:tt)*))?, $file:literal;)*) => {$(
        #[test]
        fn $name() {
            network! { struct Free<const H: usize>: 3 => {H} tanh => named: $stage $(($($argument)*))? => 2; }
            network! { #[weights($file)] struct Trained: 5 => $stage $(($($argument)*))? => 2; }
            let name = stringify!($name);
            has_the_file(name, Trained::TRAINED, include_bytes!($file));
            agrees::<f64, network!(f64; 5 => $stage $(($($argument)*))? => 2), 5>(name, "first", 1e-10);
            agrees::<f32, network!(5 => $stage $(($($argument)*))? => 2), 5>(name, "first", 1e-5);
            agrees::<f64, network!(f64; 3 => 5 tanh => $stage $(($($argument)*))? => 2), 3>(name, "behind", 1e-10);
            agrees::<f32, network!(3 => 5 tanh => $stage $(($($argument)*))? => 2), 3>(name, "behind", 1e-5);
            agrees::<f32, network!(3 => Five => $stage $(($($argument)*))? => 2), 3>(name, "behind", 1e-5);
            agrees::<f32, Free<5>, 3>(name, "behind", 1e-5);
        }
    )*};
}

layers! {
    dense: 4, "models/layers/dense.safetensors";
    dense_without_bias: dense(4, bias = false), "models/layers/dense_without_bias.safetensors";
    layer_norm: layer_norm, "models/layers/layer_norm.safetensors";
    layer_norm_eps: layer_norm(eps = 0.25), "models/layers/layer_norm_eps.safetensors";
    group_norm: group_norm(1), "models/layers/group_norm.safetensors";
    rms_norm: rms_norm, "models/layers/rms_norm.safetensors";
    rms_norm_eps: rms_norm(eps = 0.25), "models/layers/rms_norm_eps.safetensors";
}

fn agrees<T: Scalar, N: Trainable<Number = T, Input = [T; I], Output = [T; 2]>, const I: usize>(
    name: &str,
    place: &str,
    tolerance: f64,
) {
    let vector = |what: &str| format!("{name}:{place}:{what}");
    let mut net = N::ZERO;
    set_parameters(&mut net, &LAYERS.get(&vector("parameters")));
    let (x, target) = (LAYERS.rows::<T, I>(&vector("x")), LAYERS.rows::<T, 2>(&vector("target")));

    let mut y = [[T::ZERO; 2]; 4];
    net.forward_batch(x.as_slice().try_into().expect("four rows"), &mut y);
    assert_close(&vector("y"), y.as_flattened(), &LAYERS.get(&vector("y")), tolerance);
    assert!(x.iter().zip(y).all(|(x, y)| net.forward(x) == y), "{name}: one by one");

    let data: Vec<_> = x.into_iter().zip(target).collect();
    let mut training = Training::<N, 3>::ZERO;
    let (_, gradient) = training.gradient(&net, &MeanSquaredError, &data[..], &[0, 1, 2, 3]).expect("a gradient");
    assert_close(&vector("gradient"), &parameters(gradient), &LAYERS.get(&vector("gradient")), tolerance);
}

/// The same parameters whether they are read when it compiles or when it runs, and as they were recorded.
fn has_the_file<N: Trainable<Number = f32>>(name: &str, trained: &N, file: &[u8]) {
    let expected: Vec<f32> = LAYERS.get(&format!("{name}:first:parameters"));
    assert_eq!(parameters(trained), expected, "{name}, read when it compiles");
    let mut net = N::ZERO;
    net.load(file).expect("PyTorch's file");
    assert_eq!(parameters(&net), expected, "{name}, read when it runs");
}

/// A layer of bytes: it runs, and does not learn.
struct Halve;

impl Layer for Halve {
    type T = i8;
    type In = Vector<U4>;
    type Out = Vector<U4>;
    const ZEROED: Self = Self;
    const LABEL: &'static str = "halve";
    const MULTIPLIES: usize = 0;
    const TENSORS: &'static [Tensor] = &[];

    fn forward_rows<K: Isa>(&self, _: K, x: &[Row<i8, Self::In>], y: &mut [Row<i8, Self::Out>]) {
        for (x, y) in x.iter().zip(y) {
            y.iter_mut().zip(x).for_each(|(y, x)| *y = x / 2);
        }
    }
}

#[test]
fn networks_run_in_bytes() {
    type Eighth = Net<4, 4, Chain<Chain<Halve, Halve>, Halve>, i8>;
    let x = [[64, -64, 8, 7], [127, -128, 0, 1]];
    assert_eq!(Eighth::ZERO.forward(&x[0]), [8, -8, 1, 0]);
    let mut y = [[0; 4]; 2];
    Eighth::ZERO.forward_batch(&x, &mut y);
    assert_eq!(y, [[8, -8, 1, 0], [15, -16, 0, 0]]);
    assert_eq!((Eighth::PARAMETERS, Eighth::FLASH, Eighth::RAM), (0, 0, 8));
    let summary = Eighth::summary().to_string();
    assert!(summary.contains("4 => 4, i8") && summary.contains("halve"), "{summary}");
}
