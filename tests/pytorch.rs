//! Forward, gradients and optimiser steps agree with PyTorch, whose numbers `vectors/make.py` recorded.

#![allow(deprecated, reason = "networks whose layers collapse into one are wanted here")]

use nn_core::loss::{GivesLogits, Loss, LossOf};
use nn_core::optimizer::{
    Adadelta, Adagrad, Adamax, AmsGrad, AmsGradW, CenteredRmsProp, CenteredRmsPropMomentum, DampedMomentum, Lion,
    NAdam, RmsPropMomentum, Threshold,
};
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use std::sync::LazyLock;
use tests::{Vectors, assert_close, parameters, set_parameters};

static ACTIVATIONS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/activations.txt")));
static NETWORKS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/networks.txt")));
static LOSSES: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/losses.txt")));
static OPTIMIZERS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/optimizers.txt")));
static SCHEDULES: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/schedules.txt")));

/// How far a result in `T` may be off, relative and absolute.
fn tolerance<T: Scalar>() -> f64 {
    if T::NAME == "f64" { 1e-10 } else { 1e-5 }
}

/// `Single` is `1 => 1 ACT` with weight one, `Deep` is `2 => 5 ACT => 4 ACT => 3`.
fn agrees<T: Scalar, Single, Deep>(name: &str)
where
    Single: Trainable<Number = T, Input = [T; 1], Output = [T; 1]>,
    Deep: Trainable<Number = T, Input = [T; 2], Output = [T; 3]> + GivesLogits,
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

fn values_and_slopes<T: Scalar, N: Trainable<Number = T, Input = [T; 1], Output = [T; 1]>>(name: &str) {
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

fn gradient<T: Scalar, N, L>(name: &str, loss_name: &str, net: &N, loss: &L, x: &[[T; 2]], targets: &[L::Target])
where
    N: Trainable<Number = T, Input = [T; 2], Output = [T; 3]>,
    L: LossOf<N>,
    L::Target: Clone,
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

/// x / 6 + 1/2, as PyTorch and Keras 3 have it; Keras 2 and ONNX by default say 0.2 x + 1/2.
#[test]
fn the_hard_sigmoid_of_two() {
    let mut net = <network!(1 => 1 hard_sigmoid)>::ZERO;
    set_parameters(&mut net, &[1.0, 0.0]);
    let found = [-3.0, -2.5, -1.0, 1.0, 2.5, 3.0].map(|x| net.forward(&[x])[0]);
    assert_close("hard sigmoid", &found, &[0.0, 0.083_333_336, 0.333_333_34, 0.666_666_7, 0.916_666_7, 1.0], 1e-7);
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

/// Values and slopes of a batch, and the value of each sample alone.
fn loss<T: Scalar, L: Loss<T, [T; 3]>>(name: &str, loss: L, targets: Vec<L::Target>) {
    let get = |what: &str| LOSSES.get::<T>(&format!("{name}:{what}"));
    let outputs = LOSSES.rows::<T, 3>(&format!("{name}:outputs"));
    assert!(targets.iter().all(|target| loss.accepts(target)), "{name}");
    let rows = T::from_f64(outputs.len() as f64);
    let (mut slopes, mut values, mut sum) = (Vec::new(), Vec::new(), T::ZERO);
    for (output, target) in outputs.iter().zip(&targets) {
        let mut slope = [T::ZERO; 3];
        values.push(loss.value_and_slope(output, target, &mut slope));
        assert_eq!(loss.value(output, target), values[values.len() - 1]);
        sum += values[values.len() - 1];
        slopes.extend(slope.map(|slope| slope / rows));
    }
    let what = format!("{name} in {}", T::NAME);
    assert_close(&format!("{what}, each"), &values, &get("each"), tolerance::<T>());
    assert_close(&format!("{what}, mean"), &[sum / rows], &get("mean"), tolerance::<T>());
    assert_close(&format!("{what}, slopes"), &slopes, &get("slopes"), tolerance::<T>());
}

fn losses_in<T: Scalar>() {
    let arrays = |name: &str| LOSSES.rows::<T, 3>(&format!("{name}:targets"));
    let classes = |name: &str| {
        LOSSES.get::<f64>(&format!("{name}:targets")).iter().map(|class| *class as usize).collect::<Vec<_>>()
    };
    let number = T::from_f64;
    loss::<T, _>("mse", MeanSquaredError, arrays("mse"));
    loss::<T, _>("mae", MeanAbsoluteError, arrays("mae"));
    loss::<T, _>("huber", Huber::default(), arrays("huber"));
    loss::<T, _>("huber(0.3)", Huber { delta: number(0.3) }, arrays("huber(0.3)"));
    loss::<T, _>("hinge", Hinge, arrays("hinge"));
    loss::<T, _>("bce", BinaryCrossEntropy, arrays("bce"));
    loss::<T, _>("bce_logits", BinaryCrossEntropyWithLogits, arrays("bce_logits"));
    loss::<T, _>("ce", CrossEntropy, classes("ce"));
    loss::<T, _>("ce_smoothed", CrossEntropy.smoothed(number(0.125)), classes("ce_smoothed"));
    loss::<T, _>("ce_distribution", DistributionCrossEntropy, arrays("ce_distribution"));
    let smoothed = DistributionCrossEntropy.smoothed(number(0.125));
    loss::<T, _>("ce_distribution_smoothed", smoothed, arrays("ce_distribution_smoothed"));
    loss::<T, _>("ce_probabilities", CrossEntropyOfProbabilities, classes("ce_probabilities"));
}

#[test]
fn losses() {
    losses_in::<f64>();
    losses_in::<f32>();
    // PyTorch has no cross-entropy of a probability of 0; the bounds are those of its binary cross-entropy.
    let mut slope = [0.0; 2];
    assert_eq!(CrossEntropyOfProbabilities.value_and_slope(&[1.0, 0.0], &1, &mut slope), 100.0);
    assert_eq!(slope, [0.0, -1.0 / f64::from(1e-12_f32)]);
}

type Single = network!(2 => 5 tanh => 3);
type Double = network!(f64; 2 => 5 tanh => 3);

/// Ten steps of an optimiser, in f64 within 1e-10 and in f32 within 1e-5.
fn trajectory<O, P>(name: &str, clip: Option<f64>, mut single: O, mut double: P)
where
    O: Optimizer<Network = Single>,
    P: Optimizer<Network = Double>,
{
    steps(name, clip, &mut single, 1e-5);
    steps(name, clip, &mut double, 1e-10);
}

fn steps<T: Scalar, N, O>(name: &str, clip: Option<f64>, optimizer: &mut O, tolerance: f64)
where
    N: Trainable<Number = T, Input = [T; 2], Output = [T; 3]>,
    O: Optimizer<Network = N>,
{
    let mut net = N::ZERO;
    set_parameters(&mut net, &OPTIMIZERS.get("parameters"));
    let targets = OPTIMIZERS.rows::<T, 3>("target");
    let data: Vec<_> = OPTIMIZERS.rows::<T, 2>("x").into_iter().zip(targets).collect();
    let mut memory = Training::<N, 4>::ZERO;
    for step in 1..=10 {
        let (_, gradient) =
            memory.gradient(&net, &MeanSquaredError, data.as_slice(), &[0, 1, 2, 3]).expect("a gradient");
        match clip.map(T::from_f64) {
            Some(bound) if name == "clip_value" => drop(Clip::Value(bound).apply(gradient)),
            Some(bound) => drop(Clip::Norm(bound).apply(gradient)),
            None => {}
        }
        optimizer.step(&mut net, gradient);
        let expected = OPTIMIZERS.get(&format!("{name}:{step}"));
        assert_close(&format!("{name}, step {step}"), &parameters(&net), &expected, tolerance);
    }
}

/// An optimiser with some of its fields changed.
fn with<O>(mut optimizer: O, change: impl Fn(&mut O)) -> O {
    change(&mut optimizer);
    optimizer
}

#[test]
fn optimizers() {
    /// The same in both number types.
    macro_rules! both {
        ($name:literal, $new:expr $(, $field:ident = $value:expr)*) => {
            trajectory($name, None, with($new, |_o| { $(_o.$field = $value;)* }), with($new, |_o| { $(_o.$field = $value;)* }))
        };
    }
    both!("sgd", Sgd::new(0.1));
    both!("sgd_decay", Sgd::new(0.1).with_weight_decay(0.05));
    both!("momentum", Momentum::new(0.1, 0.9));
    both!("momentum_decay", Momentum::new(0.1, 0.9).with_weight_decay(0.05));
    both!("nesterov", Momentum::nesterov(0.1, 0.9));
    both!("nesterov_decay", Momentum::nesterov(0.1, 0.9).with_weight_decay(0.05));
    both!("rmsprop", RmsProp::new(0.01));
    both!("rmsprop_decay", RmsProp::new(0.01).with_weight_decay(0.05), smoothing = 0.9, epsilon = 1e-6);
    both!("adam", Adam::new(0.01));
    both!("adam_decay", Adam::new(0.01).with_weight_decay(0.05), betas = [0.8, 0.99], epsilon = 1e-6);
    both!("adamw", AdamW::new(0.01));
    both!("adamw_decay", AdamW::new(0.01).with_weight_decay(0.3));
    both!("damped", DampedMomentum::new(0.1, 0.9, 0.25));
    both!("damped_decay", DampedMomentum::new(0.1, 0.9, 0.25).with_weight_decay(0.05));
    both!("rmsprop_momentum", RmsPropMomentum::new(0.01, 0.5));
    both!(
        "rmsprop_momentum_decay",
        RmsPropMomentum::new(0.01, 0.5).with_smoothing(0.9).with_epsilon(1e-6).with_weight_decay(0.05)
    );
    both!("centered", CenteredRmsProp::new(0.01));
    both!("centered_decay", CenteredRmsProp::new(0.01).with_smoothing(0.9).with_epsilon(1e-6).with_weight_decay(0.05));
    both!("centered_momentum", CenteredRmsPropMomentum::new(0.01, 0.5));
    both!("centered_momentum_decay", CenteredRmsPropMomentum::new(0.01, 0.5).with_weight_decay(0.05));
    both!("adagrad", Adagrad::new(0.1));
    both!("adagrad_decay", Adagrad::new(0.1).with_epsilon(1e-3).with_weight_decay(0.05));
    both!("adadelta", Adadelta::new(1.0));
    both!("adadelta_decay", Adadelta::new(0.5).with_smoothing(0.8).with_epsilon(1e-4).with_weight_decay(0.05));
    both!("amsgrad", AmsGrad::new(0.1).with_betas([0.8, 0.5]));
    both!("amsgrad_decay", AmsGrad::new(0.01).with_betas([0.8, 0.9]).with_epsilon(1e-6).with_weight_decay(0.05));
    both!("amsgradw", AmsGradW::new(0.1).with_betas([0.8, 0.5]));
    both!("amsgradw_decay", AmsGradW::new(0.01).with_weight_decay(0.3));
    both!("nadam", NAdam::new(0.01));
    both!("nadam_decay", NAdam::new(0.01).with_betas([0.8, 0.99]).with_epsilon(1e-6).with_weight_decay(0.05));
    both!("adamax", Adamax::new(0.01));
    both!("adamax_decay", Adamax::new(0.01).with_betas([0.8, 0.5]).with_epsilon(1e-2).with_weight_decay(0.05));
    both!("lion", Lion::new(0.01));
    both!("lion_decay", Lion::new(0.01).with_betas([0.8, 0.95]).with_weight_decay(0.3));
}

/// A variance that rounds to less than zero: PyTorch's parameters are NaN then.
#[test]
fn gradients_that_do_not_vary_have_a_variance_of_zero() {
    let (mut net, mut gradient) = (Single::ZERO, Single::ZERO);
    let mut optimizer = CenteredRmsProp::new(1e-3).with_smoothing(0.5);
    for step in 0..100 {
        gradient.parameters_mut(|_, values| values.fill(6.2));
        optimizer.step(&mut net, &mut gradient);
        assert!(parameters(&net).iter().all(|value| value.is_finite()), "step {step}");
    }
}

#[test]
fn clipping() {
    trajectory("clip_value", Some(0.05), Sgd::new(0.1), Sgd::new(0.1));
    trajectory("clip_norm", Some(0.5), Sgd::new(0.1), Sgd::new(0.1));
    trajectory("clip_norm_above", Some(100.0), Sgd::new(0.1), Sgd::new(0.1));
}

#[test]
fn schedules() {
    /// The same in both number types.
    macro_rules! rates {
        ($name:literal, $schedule:expr) => {{
            let expected = SCHEDULES.get::<f64>($name);
            let steps = 0..expected.len() as u64;
            let double: Vec<f64> = steps.clone().map(|step| $schedule.rate(step)).collect();
            assert_close($name, &double, &expected, 1e-10);
            let single: Vec<f32> = steps.map(|step| $schedule.rate(step)).collect();
            assert_close($name, &single, &SCHEDULES.get($name), 1e-5);
        }};
    }
    rates!("constant", Schedule::constant(0.1));
    rates!("step", Schedule::step(0.1, 3, 0.5));
    rates!("exponential", Schedule::exponential(0.1, 0.9));
    rates!("cosine", Schedule::cosine(0.1, 0.01, 14));
    rates!("warm_up", Schedule::cosine(0.1, 0.0, 10).after_warm_up(4));
    rates!("restarts", Schedule::cosine_with_restarts(0.1, 0.01, 7, 2));
    rates!("even_restarts", Schedule::cosine_with_restarts(0.1, 0.0, 7, 1));
    rates!("milestones", Schedule::milestones(0.1, &[3, 10, 11, 30], 0.5));
    rates!("linear", Schedule::linear(0.1, 0.01, 30));
    rates!("polynomial", Schedule::polynomial(0.1, 40, 1.7));
    rates!("one_cycle", Schedule::one_cycle(0.1, 51));
    assert_eq!(Schedule::one_cycle(0.1, 51).rate(51), 0.1 / 25.0 / 1e4);
    let function = Schedule::function(|step| 0.1 / (1 + step) as f64);
    let found: Vec<_> = (0..50).map(|step| function.rate(step)).collect();
    assert_close("function", &found, &SCHEDULES.get("function"), 1e-10);

    let (mut rate, mut plateau) = (0.1, ReduceOnPlateau::new(0.5, 2).expect("a factor"));
    plateau.least = 0.02;
    let losses = SCHEDULES.get::<f64>("plateau:losses");
    let found: Vec<_> = losses
        .into_iter()
        .map(|loss| {
            plateau.see(loss, &mut rate);
            rate
        })
        .collect();
    assert_close("plateau", &found, &SCHEDULES.get("plateau"), 1e-12);

    let (mut rate, mut plateau) = (0.1, ReduceOnPlateau::growing(0.5, 1).expect("a factor"));
    (plateau.threshold, plateau.cooldown) = (Threshold::Absolute(0.05), 2);
    let measures = SCHEDULES.get::<f64>("growing:measures");
    let found: Vec<_> = measures
        .into_iter()
        .map(|measure| {
            plateau.see(measure, &mut rate);
            rate
        })
        .collect();
    assert_close("growing", &found, &SCHEDULES.get("growing"), 1e-12);
}
