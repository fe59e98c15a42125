//! Dropout, statistics, collapsing and metrics.

#![allow(deprecated, reason = "networks whose layers collapse into one are wanted here")]

use nn_core::collapse::collapse;
use nn_core::metric::{Confusion, Regression, largest};
use nn_core::prelude::*;
use nn_core::statistics::Statistics;
use tests::{assert_close, parameters, set_parameters};

/// Sixteen values through dropout and a sum; the gradient by a weight of the sum is what its value was.
#[test]
fn dropout_leaves_out_the_share_that_it_says_and_keeps_the_mean() {
    network! { struct Net: f64; 1 => 64 => dropout(0.25) => 1; }
    let mut net = Net::ZERO;
    let ones: Vec<_> = (0..Net::PARAMETERS).map(|at| if at < 64 { 0.0 } else { 1.0 }).collect();
    set_parameters(&mut net, &ones); // the hidden nodes are 1, whatever the input
    let data: Vec<_> = (0..8).map(|_| ([0.0], [0.0])).collect();
    let (mut memory, mut sgd) = (Training::<Net, 8>::ZERO, Sgd::new(1e-12));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanAbsoluteError);
    let (mut dropped, mut sum) = (0.0, 0.0);
    const STEPS: usize = 500;
    for _ in 0..STEPS {
        let loss = trainer.step(&mut net, data.as_slice(), &[0, 1, 2, 3, 4, 5, 6, 7]).expect("a step");
        sum += loss;
        // Each is 1 / (1 - 0.25) or 0, and the output is their sum and the bias.
        let kept = (loss - 1.0) * 0.75;
        dropped += 64.0 - kept;
        assert!((8.0 * kept - (8.0 * kept).round()).abs() < 1e-6);
    }
    // 256,000 draws: a quarter, with a deviation of 0.00086.
    let share = dropped / (64 * STEPS) as f64;
    assert!((share - 0.25).abs() < 0.004, "{share}");
    assert!((sum / STEPS as f64 / 65.0 - 1.0).abs() < 0.006);
    // At inference nothing is left out.
    assert!((net.forward(&[0.0])[0] - 65.0).abs() < 1e-6);
}

/// For one seed the mask is fixed, and the loss a smooth function: central differences see the same mask.
#[test]
fn the_gradient_through_dropout_is_that_of_the_same_mask() {
    network! { struct Net: f64; 2 => dropout(0.5) => 9 tanh => dropout(0.4) => 6 sigmoid => dropout(0.1) => 3; }
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let data = [([0.3, -0.8], [0.1, 0.2, 0.3]), ([0.9, 0.5], [0.7, -0.2, 0.0]), ([-0.4, 0.6], [0.3, 0.3, 0.9])];
    let mut memory = Training::<Net, 2>::ZERO; // three samples: two parts, each with a mask of its own
    let mut loss_at = |net: &Net| {
        let (loss, gradient) = memory.gradient(net, &MeanSquaredError, &data, &[0, 1, 2]).expect("a gradient");
        (loss, parameters(gradient))
    };
    let (values, (_, gradient)) = (parameters(&net), loss_at(&net));
    for (at, analytic) in gradient.iter().enumerate() {
        let mut moved = |by: f64| {
            let mut values = values.clone();
            values[at] += by;
            set_parameters(&mut net, &values);
            loss_at(&net).0
        };
        let numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert!((analytic - numeric).abs() < 1e-8, "parameter {at}: {analytic} and {numeric}");
    }
}

#[test]
fn each_step_has_another_mask_and_each_seed_too() {
    network! { struct Net: 1 => 32 sigmoid => dropout(0.5) => 1; }
    let losses = |seed| {
        let mut net = Net::ZERO;
        net.parameters_mut(|_, values| values.fill(1.0));
        let (mut memory, mut sgd) = (Training::<Net, 1>::ZERO, Sgd::new(1e-12));
        let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).seeded(seed);
        [(); 6].map(|()| trainer.step(&mut net, &[([0.0], [0.0])], &[0]).expect("a step"))
    };
    let (first, second) = (losses(1), losses(2));
    assert_eq!(first, losses(1));
    assert_ne!(first, second);
    assert!(first.iter().any(|loss| *loss != first[0]));
}

#[test]
fn dropout_is_nothing_at_inference() {
    type With = network!(3 => 8 relu => dropout(0.5) => 4 tanh => dropout(0.0) => 2);
    type Without = network!(3 => 8 relu => 4 tanh => 2);
    type First = network!(3 => dropout(0.9) => 2);
    let (mut with, mut without) = (With::ZERO, Without::ZERO);
    with.init(&mut ChaCha8Rng::seed_from_u64(3));
    set_parameters(&mut without, &parameters(&with));
    assert_eq!(with.forward(&[0.1, 0.2, 0.3]), without.forward(&[0.1, 0.2, 0.3]));
    assert_eq!((With::RAM, With::FLASH, With::MACS), (Without::RAM, Without::FLASH, Without::MACS));
    let mut first = First::ZERO;
    set_parameters(&mut first, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
    assert_eq!(first.forward(&[1.0, 0.0, 1.0]), [6.0 + 7.0, 8.0 + 8.0]);
}

/// Against moments computed in one go.
#[test]
fn statistics_are_those_of_all_values() {
    network! { struct Net: f64; 2 => 3 relu => 4 sigmoid => 1; }
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(6));
    net.parameters_mut(|kind, values| {
        if kind == Kind::Bias && values.len() == 4 {
            values[0] = -50.0; // a node that is always near 0
        }
    });
    let inputs: Vec<[f64; 2]> = (0..50).map(|at| [f64::from(at) / 10.0 - 2.5, f64::from(at % 7) - 3.0]).collect();
    let mut statistics = Statistics::<Net>::ZERO;
    let mut seen = vec![Vec::new(); 5];
    for input in &inputs {
        let mut layer = 0;
        let output = net.activations(input, |_, values| {
            seen[layer].push(values.to_vec());
            layer += 1;
        });
        assert_eq!(statistics.see(&net, input), output);
    }
    let mut memory = Training::<Net, 1>::ZERO;
    let mut gradients = Vec::new();
    for input in &inputs {
        let data = [(*input, [1.0])];
        let (_, gradient) = memory.gradient(&net, &MeanSquaredError, &data, &[0]).expect("a gradient");
        statistics.see_gradient(gradient);
        gradients.push(parameters(gradient));
    }
    let moments = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt())
    };
    let parts = [Some(0..9), None, Some(9..25), None, Some(25..30)];
    let mut layer = 0;
    statistics.each(|found| {
        let rows = &seen[layer];
        let (mean, deviation) = moments(&rows.concat());
        assert_close("values", &[found.values.mean, found.values.deviation], &[mean, deviation], 1e-12);
        let is_saturated = |value: f64| match layer {
            1 => value == 0.0,
            3 => value <= 0.01 || value >= 0.99,
            _ => false,
        };
        let saturated = rows.concat().iter().filter(|value| is_saturated(**value)).count();
        let share = saturated as f64 / rows.concat().len() as f64;
        let dead = (0..rows[0].len()).filter(|node| rows.iter().all(|row| is_saturated(row[*node]))).count();
        let dead = dead as f64 / rows[0].len() as f64;
        assert_close("saturated", &[found.saturated, found.dead], &[share, dead], 1e-12);
        if let Some(part) = parts[layer].clone() {
            let all: Vec<_> = gradients.iter().flat_map(|gradient| gradient[part.clone()].to_vec()).collect();
            let (mean, deviation) = moments(&all);
            let norm = (all.iter().map(|g| g * g).sum::<f64>() / 50.0).sqrt();
            let found = [found.gradient.mean, found.gradient.deviation, found.gradient_norm];
            assert_close("gradient", &found, &[mean, deviation, norm], 1e-12);
        }
        layer += 1;
    });
    assert_eq!(layer, 5);
    let text = statistics.to_string();
    assert!(text.contains("Net after 50 samples and 50 steps"), "{text}");
    assert_eq!(text.lines().count(), 7);
}

/// A filter that finds nothing anywhere is dead; one that finds something in one place of one image is not.
#[test]
fn filters_that_find_nothing_are_dead() {
    network! { struct Seeing: f64; 1x4x4 => conv(3, 1) relu => max_pool(2) => flatten => 2; }
    network! { struct Hearing: f64; 2x6 => conv(3, 1) relu => last => 1; }
    fn dead<N: Trainable<Number = f64> + Stateless>(net: &N, inputs: &[N::Input]) -> [f64; 2] {
        let mut statistics = Statistics::<N>::ZERO;
        for input in inputs {
            statistics.see(net, input);
        }
        let mut found = [f64::NAN; 2];
        statistics.each(|layer| {
            if layer.module.label == "relu" {
                found = [layer.dead, layer.saturated];
            }
        });
        found
    }
    fn one<const N: usize>(place: usize) -> [f64; N] {
        core::array::from_fn(|at| if at == place { 1.0 } else { 0.0 })
    }
    // What it finds: nothing, everything, and the one pixel.
    let mut net = Seeing::ZERO;
    let mut numbers = parameters(&net);
    numbers[..6].copy_from_slice(&[0.0, 0.0, 1.0, -1.0, 1.0, 0.0]);
    set_parameters(&mut net, &numbers);
    let mut order = Vec::new();
    net.activations(&one(6), |layer, values| {
        if layer.label == "relu" {
            order = values.to_vec();
        }
    });
    // Place by place, each with all channels.
    assert_eq!(order, (0..16).flat_map(|at| [0.0, 1.0, if at == 6 { 1.0 } else { 0.0 }]).collect::<Vec<_>>());
    assert_close("image", &dead(&net, &[[0.0; 16], one(6)]), &[1.0 / 3.0, (32.0 + 31.0) / 96.0], 1e-12);
    assert_close("nothing", &dead(&net, &[[0.0; 16]]), &[2.0 / 3.0, 2.0 / 3.0], 1e-12);

    let mut net = Hearing::ZERO;
    let mut numbers = parameters(&net);
    numbers[..9].copy_from_slice(&[0.0, 0.0, 1.0, 0.0, 0.0, 1.0, -1.0, 1.0, 0.0]);
    set_parameters(&mut net, &numbers);
    assert_close("signal", &dead(&net, &[one(9)]), &[1.0 / 3.0, (6.0 + 5.0) / 18.0], 1e-12);
}

/// In single precision a sum of so many values would no longer grow.
#[test]
#[ignore = "slow without optimisation"]
fn statistics_of_many_values() {
    network! { struct Wide: 1 => 1_000 sigmoid => 1; }
    let mut net = Wide::ZERO;
    net.parameters_mut(|kind, values| {
        let number = |at: usize| if kind == Kind::Weight { 4.0 } else { at as f32 / 100.0 - 5.0 };
        values.iter_mut().enumerate().for_each(|(at, value)| *value = number(at));
    });
    let mut statistics = Statistics::<Wide>::ZERO;
    let (mut sum, mut squares) = (0.0, 0.0);
    for sample in 0..40_000 {
        net.activations(&[(sample % 7) as f32 / 3.0 - 1.0], |layer, values| {
            if layer.label == "sigmoid" {
                values
                    .iter()
                    .for_each(|value| (sum, squares) = (sum + f64::from(*value), squares + f64::from(value * value)));
            }
        });
        statistics.see(&net, &[(sample % 7) as f32 / 3.0 - 1.0]);
    }
    let mean = sum / 4e7;
    let deviation = (squares / 4e7 - mean * mean).sqrt();
    statistics.each(|layer| {
        if layer.module.label == "sigmoid" {
            assert_close("sigmoid", &[layer.values.mean, layer.values.deviation], &[mean, deviation], 1e-6);
        }
    });
}

fn collapses<N, M>(mut net: N, shape: fn(&N) -> M, layers: usize)
where
    N: Trainable<Number = f64, Input = [f64; 3], Output = [f64; 2]>,
    M: Trainable<Number = f64, Input = [f64; 3], Output = [f64; 2]>,
{
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    net.parameters_mut(|_, values| {
        values.iter_mut().for_each(|value| *value = (rng.next_u32() >> 8) as f64 / f64::from(1 << 23) - 1.0);
    });
    let folded = shape(&net);
    for at in 0..20 {
        let x = [f64::from(at) / 10.0 - 1.0, f64::from(at % 3), f64::from(at % 5) - 2.0];
        assert_close(N::NAME, &folded.forward(&x), &net.forward(&x), 1e-12);
    }
    assert_eq!(M::summary().to_string().lines().count(), 2 + layers + 2, "{}", M::summary());
}

#[test]
fn linear_layers_collapse_into_one() {
    network! { struct One: f64; 3 => 2; }
    network! { struct Two: f64; 3 => 7 => 2; }
    network! { struct Five: f64; 3 => 7 => 1 => 4 => 9 => 2; }
    network! { struct Mixed: f64; 3 => 7 => 4 relu => 5 => hidden: 6 => 3 tanh => 2 => 2; }
    network! { struct Apart: f64; 3 => 7 relu => 4 tanh => 2 softmax; }
    network! { struct Dropped: f64; 3 => dropout(0.1) => 7 => 5 => dropout(0.1) => 4 => 2; }
    network! { struct Blocks: f64; 3 => 7 => [7 => 7] => (4 => 2 | 3 relu) => 2 => 2; }
    collapses(One::ZERO, collapse, 1);
    collapses(Blocks::ZERO, collapse, 1 + 3 + 4 + 1);
    collapses(Two::ZERO, collapse, 1);
    collapses(Five::ZERO, collapse, 1);
    collapses(Mixed::ZERO, collapse, 5);
    collapses(Apart::ZERO, collapse, 6);
    collapses(Dropped::ZERO, collapse, 4);
    type Unnamed = network!(f64; 3 => 7 => 2);
    collapses(Unnamed::ZERO, collapse, 1);
}

/// By hand, from the definitions.
#[test]
fn metrics_of_classes() {
    let counts = [[5, 1, 0], [2, 6, 0], [1, 3, 0]];
    let confusion = Confusion { counts };
    assert_eq!(confusion.accuracy(), 11.0 / 18.0);
    assert_eq!([0, 1].map(|class| confusion.precision(class)), [5.0 / 8.0, 6.0 / 10.0]);
    assert!(confusion.precision(2).is_nan());
    assert_eq!([0, 1, 2].map(|class| confusion.recall(class)), [5.0 / 6.0, 6.0 / 8.0, 0.0]);
    assert_eq!([0, 1, 2].map(|class| confusion.f1(class)), [10.0 / 14.0, 12.0 / 18.0, 0.0]);
    assert!(confusion.recall(3).is_nan());
    assert!(Confusion::<2>::default().accuracy().is_nan());
    assert_eq!(confusion.to_string().lines().nth(2), Some("    1     2     6     0"));
    assert_eq!([largest(&[1.0, 3.0, 3.0]), largest(&[f32::NAN, -1.0]), largest::<f32>(&[])], [1, 1, 0]);
}

#[test]
fn metrics_of_networks() {
    type Net = network!(2 => 2);
    let mut net = Net::ZERO;
    set_parameters(&mut net, &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]); // chooses the larger input
    let data = [([1.0, 0.0], 0), ([0.0, 1.0], 1), ([2.0, 1.0], 1)];
    let confusion = Confusion::of(&net, &data).expect("a confusion");
    assert_eq!(confusion.counts, [[1, 0], [1, 1]]);

    type Single = network!(1 => 1);
    let mut net = Single::ZERO;
    set_parameters(&mut net, &[1.0, 0.0]);
    let data = [([1.0], [1.0]), ([-1.0], [0.0]), ([-2.0], [1.0])];
    assert_eq!(Confusion::binary(&net, &data, 0.0).expect("a confusion").counts, [[1, 0], [1, 1]]);

    let data = [([1.0], [2.0]), ([2.0], [2.0]), ([3.0], [5.0])];
    let regression = Regression::of(&net, &data).expect("a regression");
    assert_eq!((regression.mean_absolute_error(), regression.mean_squared_error()), ([1.0], [5.0 / 3.0]));
    assert_close("R²", &regression.r_squared(), &[1.0 - 5.0 / 6.0], 1e-12);
}

/// Of a sequence each step is seen, of each all layers; marks do not change that.
#[test]
fn a_sequence_is_seen_step_by_step() {
    use nn_core::train::Sequence;
    network! { struct Ear: f64; stream 1 => conv(2, 2, padding = causal) relu => gru(3) => 1; }
    let mut net = Ear::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(4));
    let sounds = [[[0.5], [-1.0], [0.25], [0.75]], [[-0.5], [0.0], [1.0], [0.125]]];
    let (mut state, mut outputs) = (net.start(), Vec::new());
    for sound in sounds {
        state.restart(&net);
        outputs.extend(sound.map(|frame| net.step(&frame, &mut state)[0]));
    }
    let (mean, deviation) = moments(&outputs);
    let net = Sequence::<Ear, 4>::on(&mut net);
    let (mut labels, mut last) = (Vec::new(), Vec::new());
    let y = net.activations(&sounds[0], |layer, values| {
        labels.push(layer.label.to_string());
        last = values.to_vec();
    });
    assert_eq!(labels, ["conv", "relu", "gru", "dense"].repeat(4));
    assert_eq!((&y[..], &last[..]), (&[0, 1, 2, 3].map(|at| [outputs[at]])[..], &outputs[3..4]));

    let mut statistics = Statistics::<Sequence<Ear, 4>>::ZERO;
    for sound in &sounds {
        statistics.see(net, sound);
    }
    assert!(statistics.to_string().contains("after 8 samples"), "{statistics}");
    let mut layers = 0;
    statistics.each(|layer| {
        layers += 1;
        if layer.module.label == "dense" {
            assert_close("outputs", &[layer.values.mean, layer.values.deviation], &[mean, deviation], 1e-12);
        }
        if layer.module.label == "relu" {
            assert!(layer.saturated > 0.0 && layer.saturated < 1.0, "{statistics}");
        }
    });
    assert_eq!(layers, 4);
}

fn moments(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt())
}
