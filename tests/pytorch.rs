//! Forward, gradients and optimiser steps agree with PyTorch, whose numbers `vectors/make.py` recorded.

#![allow(deprecated, reason = "networks whose layers collapse into one are wanted here")]

use nn_core::__private::Part;
use nn_core::activation::Open;
use nn_core::loss::{Loss, LossOf};
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use std::sync::LazyLock;
use tests::{Vectors, assert_close, parameters, set_parameters};

static ACTIVATIONS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/activations.txt")));
static NETWORKS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/networks.txt")));
static OPTIMIZERS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/optimizers.txt")));

/// How far a result in `T` may be off, relative and absolute.
fn tolerance<T: Scalar>() -> f64 {
    if T::NAME == "f64" { 1e-10 } else { 1e-5 }
}

/// `Single` is `1 => 1 ACT` with weight one, `Deep` is `2 => 5 ACT => 4 ACT => 3`.
fn agrees<T: Scalar, Single, Deep>(name: &str)
where
    Single: Network<Scalar = T, Input = [T; 1], Output = [T; 1]>,
    Deep: Network<Scalar = T, Input = [T; 2], Output = [T; 3], Layers: Part<Ends = Open>>,
{
    if name != "softmax" {
        values_and_slopes::<T, Single>(name);
    }
    let mut net = Deep::ZERO;
    set_parameters(&mut net, &NETWORKS.get(&format!("{name}:parameters")));
    let x = NETWORKS.rows::<T, 2>(&format!("{name}:x"));
    let mut y = [[T::ZERO; 3]; 4];
    net.forward_batch(x.as_slice().try_into().expect("four rows"), &mut y);
    let expected = NETWORKS.get(&format!("{name}:y"));
    assert_close(&format!("{name}, batch"), y.as_flattened(), &expected, tolerance::<T>());
    let single: Vec<_> = x.iter().flat_map(|x| net.forward(x)).collect();
    assert_eq!(single, y.as_flattened(), "{name}: one by one");

    let targets = |loss: &str| NETWORKS.rows::<T, 3>(&format!("{name}:{loss}:target"));
    gradient(name, "mse", &net, &MeanSquaredError, &x, &targets("mse"));
    gradient(name, "bce", &net, &BinaryCrossEntropyWithLogits, &x, &targets("bce"));
    let classes: Vec<_> =
        NETWORKS.get::<f64>(&format!("{name}:ce:target")).iter().map(|class| *class as usize).collect();
    gradient(name, "ce", &net, &CrossEntropy, &x, &classes);
}

fn values_and_slopes<T: Scalar, N: Network<Scalar = T, Input = [T; 1], Output = [T; 1]>>(name: &str) {
    let mut net = N::ZERO;
    set_parameters(&mut net, &[T::ONE, T::ZERO]);
    let points = ACTIVATIONS.get::<T>("points");
    let values: Vec<_> = points.iter().map(|x| net.forward(&[*x])[0]).collect();
    assert_close(&format!("{name}, value"), &values, &ACTIVATIONS.get(&format!("{name}:value")), tolerance::<T>());

    // The gradient by the bias of (y - t)² is 2 (y - t) times the slope: with t = y - 1/2, the slope.
    let mut training = Training::<N, 1>::ZERO;
    let slope = |(x, y): (&T, &T)| {
        let target = *y - T::from_f64(0.5);
        let data = [([*x], [target])];
        let (_, gradient) = training.gradient(&net, &MeanSquaredError, &data, &[0]).expect("a gradient");
        // What y - (y - 1/2) rounds to.
        parameters(gradient)[1] / ((*y - target) + (*y - target))
    };
    let slopes: Vec<_> = points.iter().zip(&values).map(slope).collect();
    assert_close(&format!("{name}, slope"), &slopes, &ACTIVATIONS.get(&format!("{name}:slope")), tolerance::<T>());

    let infinite = [T::from_f64(f64::INFINITY), T::from_f64(f64::NEG_INFINITY)].map(|x| net.forward(&[x])[0]);
    assert_close(
        &format!("{name}, infinite"),
        &infinite,
        &ACTIVATIONS.get(&format!("{name}:infinite")),
        tolerance::<T>(),
    );
    assert!(net.forward(&[T::from_f64(f64::NAN)])[0].to_f64().is_nan(), "{name}: a NaN became a number");
}

fn gradient<T: Scalar, N, L>(
    name: &str,
    loss_name: &str,
    net: &N,
    loss: &L,
    x: &[[T; 2]],
    targets: &[<L as Loss<T, [T; 3]>>::Target],
) where
    N: Network<Scalar = T, Input = [T; 2], Output = [T; 3]>,
    L: LossOf<N> + Loss<T, [T; 3]>,
    <L as Loss<T, [T; 3]>>::Target: Clone,
{
    let data: Vec<_> = x.iter().copied().zip(targets.iter().cloned()).collect();
    let mut training = Training::<N, 4>::ZERO;
    let (value, gradient) = training.gradient(net, loss, data.as_slice(), &[0, 1, 2, 3]).expect("a gradient");
    let what = format!("{name}, {loss_name}");
    assert_close(&what, &[value], &NETWORKS.get(&format!("{name}:{loss_name}:loss")), tolerance::<T>());
    let expected = NETWORKS.get(&format!("{name}:{loss_name}:gradient"));
    assert_close(&what, &parameters(gradient), &expected, tolerance::<T>());
}

/// A test for each activation of the language, in both number types.
macro_rules! activations {
    ($($test:ident: $name:literal, [$($activation:tt)+];)*) => {$(
        #[test]
        fn $test() {
            agrees::<f64, network!(f64; 1 => 1 $($activation)+), network!(f64; 2 => 5 $($activation)+ => 4 $($activation)+ => 3)>($name);
            agrees::<f32, network!(1 => 1 $($activation)+), network!(2 => 5 $($activation)+ => 4 $($activation)+ => 3)>($name);
        }
    )*};
}
activations! {
    identity: "identity", [identity];
    relu: "relu", [relu];
    leaky_relu: "leaky_relu", [leaky_relu];
    leaky_relu_of: "leaky_relu(0.2)", [leaky_relu(0.2)];
    sigmoid: "sigmoid", [sigmoid];
    tanh: "tanh", [tanh];
    elu: "elu", [elu];
    elu_of: "elu(0.5)", [elu(0.5)];
    selu: "selu", [selu];
    gelu: "gelu", [gelu];
    gelu_tanh: "gelu(tanh)", [gelu(tanh)];
    silu: "silu", [silu];
    softplus: "softplus", [softplus];
    softplus_of: "softplus(2.5)", [softplus(2.5)];
    softsign: "softsign", [softsign];
    mish: "mish", [mish];
    hard_sigmoid: "hard_sigmoid", [hard_sigmoid];
    hard_tanh: "hard_tanh", [hard_tanh];
    hard_tanh_of: "hard_tanh(-0.5,2)", [hard_tanh(-0.5, 2)];
    hard_swish: "hard_swish", [hard_swish];
    relu6: "relu6", [relu6];
    softmax: "softmax", [softmax];
}

#[test]
fn softmax_of_infinities() {
    type Net = network!(f64; 3 => 3 softmax);
    let mut net = Net::ZERO;
    set_parameters(&mut net, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    // An identity matrix would turn an infinity times zero into NaN: put the infinity into the bias.
    for (name, infinity) in [("softmax:up", f64::INFINITY), ("softmax:down", f64::NEG_INFINITY)] {
        net.parameters_mut(|kind, values| {
            if kind == Kind::Bias {
                values[0] = infinity;
            }
        });
        assert_close(name, &net.forward(&[0.0, 1.0, 2.0]), &ACTIVATIONS.get(name), 1e-12);
    }
}

fn steps<T: Scalar, N, O>(name: &str, mut optimizer: O)
where
    N: Network<Scalar = T, Input = [T; 2], Output = [T; 3]>,
    O: Optimizer<Network = N>,
{
    let mut net = N::ZERO;
    set_parameters(&mut net, &OPTIMIZERS.get("parameters"));
    let targets = OPTIMIZERS.rows::<T, 3>("target");
    let data: Vec<_> = OPTIMIZERS.rows::<T, 2>("x").into_iter().zip(targets).collect();
    let mut memory = Training::<N, 4>::ZERO;
    let mut trainer = Trainer::new(&mut memory, &mut optimizer, MeanSquaredError);
    for step in 1..=3 {
        trainer.step(&mut net, data.as_slice(), &[0, 1, 2, 3]).expect("a step");
        let expected = OPTIMIZERS.get(&format!("{name}:{step}"));
        assert_close(&format!("{name}, step {step}"), &parameters(&net), &expected, tolerance::<T>());
    }
}

#[test]
fn optimizers() {
    type Single = network!(2 => 5 tanh => 3);
    type Double = network!(f64; 2 => 5 tanh => 3);
    steps::<_, Single, _>("sgd", Sgd::new(0.1));
    steps::<_, Double, _>("sgd", Sgd::new(0.1));
    steps::<_, Single, _>("momentum", Momentum::new(0.1, 0.9));
    steps::<_, Double, _>("momentum", Momentum::new(0.1, 0.9));
    steps::<_, Single, _>("adam", Adam::new(0.01));
    steps::<_, Double, _>("adam", Adam::new(0.01));
}
