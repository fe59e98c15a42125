//! Batch norms: what PyTorch gives over ten steps and then in use, and what went wrong elsewhere; and groups of channels.

use core::ops::ControlFlow::Continue;
use nn_core::layer::Kind;
use nn_core::optimizer::{
    Adadelta, Adagrad, Adamax, AmsGrad, AmsGradW, CenteredRmsProp, CenteredRmsPropMomentum, DampedMomentum, Lion,
    NAdam, RmsPropMomentum,
};
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use nn_core::train::TrainError;
use std::sync::LazyLock;
use tests::{Vectors, assert_close, assert_gradient, parameters, set_parameters};

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/norms.txt")));

fn agrees<N, T: Scalar, const IN: usize, const OUT: usize>(name: &str)
where
    N: Trainable<Number = T, Input = [T; IN], Output = [T; OUT]>,
{
    let tolerance = if T::NAME == "f64" { 1e-10 } else { 1e-5 };
    let vector = |what: &str| format!("{name}:{what}");
    let mut net = Box::new(N::ZERO);
    set_parameters(&mut *net, &VECTORS.get(&vector("parameters")));
    let (x, targets) = (VECTORS.rows::<T, IN>(&vector("x")), VECTORS.rows::<T, OUT>(&vector("target")));
    let mut memory = Training::<N, 3>::boxed();
    let mut sgd = Momentum::new(T::from_f64(0.1), T::from_f64(0.5));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    for (step, (x, targets)) in x.chunks(3).zip(targets.chunks(3)).enumerate() {
        let samples: Vec<_> = x.iter().copied().zip(targets.iter().copied()).collect();
        trainer.full_step(&mut net, &samples[..]).expect("a step");
        let expected = VECTORS.get(&vector(&format!("after{step}")));
        assert_close(&format!("{name}, step {step}"), &parameters(&*net), &expected, tolerance);
    }
    let mut outputs = [[T::ZERO; OUT]; 3];
    net.forward_all(&x[..3], &mut outputs).expect("as many");
    assert_close(&format!("{name}, in use"), outputs.as_flattened(), &VECTORS.get(&vector("y")), tolerance);
    assert!(outputs[1] == net.forward(&x[1]), "{name}: other bits in a batch");
}

macro_rules! networks {
    ($($name:literal { $($net:tt)* })*) => {$({
        type Single = network!(f32; $($net)*);
        agrees::<Single, f32, { Single::IN }, { Single::OUT }>($name);
        type Double = network!(f64; $($net)*);
        agrees::<Double, f64, { Double::IN }, { Double::OUT }>($name);
    })*};
}

#[test]
fn ten_steps_are_those_of_pytorch() {
    networks! {
        "vector" { 3 => 4 => batch_norm tanh => 2 }
        "signal" { 2x5 => conv(3, 2) => batch_norm(eps = 1e-3, momentum = 0.25) tanh }
        "image" { 2x4x3 => batch_norm => conv(3, 2, bias = false) => batch_norm relu => global_avg_pool => flatten => 2 }
    }
}

/// The variance of the batch is the biased one, that which is kept the unbiased one; eps can be said.
#[test]
fn both_variances_are_the_right_ones() {
    network! { struct Net: f64; 2 => batch_norm; }
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let data = [([2.0, 15.0], [0.0; 2]), ([2.0, 17.0], [0.0; 2]), ([-4.0, -2.0], [0.0; 2])];
    let mut memory = Training::<Net, 3>::ZERO;
    let (loss, _) = memory.full_gradient(&net, &MeanSquaredError, &data).expect("finite");
    // Mean squares of what is normalised: variance / (variance + eps).
    let expected = (8.0 / 8.000_01 + 72.666_666_666_666_67 / 72.666_676_666_666_67) / 2.0;
    assert!((loss - expected).abs() < 1e-12, "{loss}");
    let mut sgd = Sgd::new(1e-9);
    Trainer::new(&mut memory, &mut sgd, MeanSquaredError).full_step(&mut net, &data).expect("a step");
    assert_close("kept", &parameters(&net)[4..], &[0.0, 1.0, 2.1, 11.8], 1e-12);
    let inverse = |variance: f64| 1.0 / (variance + 1e-5).sqrt();
    let y = net.forward(&[2.0, 15.0]);
    assert_close("in use", &y, &[2.0 * inverse(2.1), 14.0 * inverse(11.8)], 1e-7);

    network! { struct Wide: f64; 1 => batch_norm(eps = 1e-3); }
    network! { struct Narrow: f64; 1 => batch_norm; }
    let (mut wide, mut narrow) = (Wide::ZERO, Narrow::ZERO);
    set_parameters(&mut wide, &[1.5, -0.5, 1.0, 0.004]);
    set_parameters(&mut narrow, &[1.5, -0.5, 1.0, 0.004]);
    assert_close("eps", &[wide.forward(&[2.0])[0], narrow.forward(&[2.0])[0]], &[20.713_203_436, 23.187_491_570], 1e-9);
}

/// A gradient by central differences, in the mode of training, through an image with branches.
#[test]
fn gradients_agree_with_differences() {
    network! {
        #[derive(Clone)]
        struct Net: f64; 2x4x3 => conv(3, 2, bias = false) => batch_norm tanh => [batch_norm => conv(3, 3, padding = 1)] => flatten => 2;
    }
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let number = |at: usize| ((at * 7919 + 17) % 1009) as f64 / 504.0 - 1.0;
    let data: [_; 3] = core::array::from_fn(|row| {
        let from = |many: usize| move |at: usize| number(row * many + at);
        (core::array::from_fn::<_, 24, _>(from(24)), core::array::from_fn::<_, 2, _>(from(2)))
    });
    let mut memory = Training::<Net, 3>::boxed();
    let learnt = |net: &Net| {
        let mut all = Vec::new();
        net.parameters(|kind, values| all.extend(values.iter().filter(|_| kind != Kind::Running)));
        all
    };
    let (_, gradient) = memory.full_gradient(&net, &MeanSquaredError, &data).expect("finite");
    let (gradient, values) = (learnt(gradient), learnt(&net));
    let loss = |values: &[f64]| {
        let (mut net, mut values) = (net.clone(), values.iter());
        net.parameters_mut(|kind, to| {
            if kind != Kind::Running {
                to.iter_mut().zip(&mut values).for_each(|(to, value)| *to = *value);
            }
        });
        Training::<Net, 3>::boxed().full_gradient(&net, &MeanSquaredError, &data).expect("finite").0
    };
    assert_gradient("batch norms", &gradient, &values, loss);
}

/// Running statistics follow whatever the optimiser, and neither clipping nor decay reaches them.
#[test]
fn running_statistics_follow_in_every_optimiser() {
    network! {
        #[derive(Clone)]
        struct Net: f64; 2 => 3 => batch_norm relu => 1;
    }
    let data = [([0.5, -1.0], [1.0]), ([2.0, 0.25], [0.0]), ([-1.5, 0.75], [2.0])];
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let running = |net: &Net| {
        let mut all: Vec<f64> = Vec::new();
        net.parameters(|kind, values| all.extend(values.iter().filter(|_| kind == Kind::Running)));
        all
    };
    // Before the norm is one layer alone, so that its statistics after one step depend on no rate.
    let mut expected = Vec::new();
    let mut check = |net: Net, what: &str| {
        let found = running(&net);
        assert!(found != [0.0, 0.0, 0.0, 1.0, 1.0, 1.0], "{what}");
        if expected.is_empty() {
            expected.clone_from(&found);
        }
        assert_eq!(found, expected, "{what}");
    };
    macro_rules! step {
        ($optimizer:expr) => {
            for clip in [None, Some(Clip::Norm(1e-3)), Some(Clip::Value(1e-3))] {
                let (mut net, mut memory, mut optimizer) = (net.clone(), Training::<Net, 3>::ZERO, $optimizer);
                let trainer = Trainer::new(&mut memory, &mut optimizer, MeanSquaredError);
                let mut trainer = if let Some(clip) = clip { trainer.clipped(clip) } else { trainer };
                trainer.full_step(&mut net, &data).expect("a step");
                check(net, stringify!($optimizer));
            }
        };
    }
    step!(Sgd::new(0.1));
    step!(Sgd::new(0.1).with_weight_decay(0.5));
    step!(Momentum::new(0.1, 0.9));
    step!(Momentum::nesterov(0.1, 0.9));
    step!(RmsProp::new(0.1));
    step!(Adam::new(0.1));
    step!(AdamW::new(0.1));
    step!(DampedMomentum::new(0.1, 0.9, 0.5));
    step!(RmsPropMomentum::new(0.1, 0.9));
    step!(CenteredRmsProp::new(0.1));
    step!(CenteredRmsPropMomentum::new(0.1, 0.9));
    step!(Adagrad::new(0.1));
    step!(Adadelta::new(0.1));
    step!(AmsGrad::new(0.1));
    step!(AmsGradW::new(0.1));
    step!(NAdam::new(0.1));
    step!(Adamax::new(0.1));
    step!(Lion::new(0.1));
}

/// A batch of one row tells nothing of how much a vector varies, but an image does.
#[test]
fn a_batch_of_one_row_is_refused_before_the_first_step() {
    network! { struct Net: 1 => 2 => batch_norm => 1; }
    network! { struct Image: 1x2x2 => batch_norm => flatten => 1; }
    let data: [([f32; 1], [f32; 1]); 5] = core::array::from_fn(|at| ([at as f32], [1.0]));
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let before = parameters(&net);
    let (mut memory, mut sgd) = (Training::<Net, 4>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let too_few = TrainError::TooFewRows { rows: 1, least: 2 };
    assert_eq!(trainer.epoch(&mut net, &data, &mut [0; 5], |_| Continue(())), Err(too_few));
    assert_eq!(trainer.full_step(&mut net, &data), Err(too_few));
    assert_eq!(trainer.step(&mut net, &data, &[3]), Err(too_few));
    assert_eq!(parameters(&net), before);
    assert!(trainer.epoch(&mut net, &data[..4], &mut [0; 4], |_| Continue(())).is_ok());
    let text =
        "`batch_norm` needs 2 rows at a time, but a batch or a part of one has 1; leave it out, or choose another size";
    assert_eq!(too_few.to_string(), text);

    let mut image = Image::ZERO;
    image.init(&mut ChaCha8Rng::seed_from_u64(3));
    let (mut memory, mut sgd) = (Training::<Image, 1>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    assert!(trainer.full_step(&mut image, &[([1.0, 2.0, 3.0, 5.0], [1.0])]).is_ok());
}

/// One group is a layer norm, a group for each channel of one place nothing but its bias; one frame of a stream is a vector.
#[test]
fn group_norms_are_over_their_groups() {
    network! { struct Group: f64; 4 => group_norm(1, eps = 0.5); }
    network! { struct Layer: f64; 4 => layer_norm(eps = 0.5); }
    network! { struct Each: f64; 4 => group_norm(4); }
    network! { struct Frames: f64; stream 4 => group_norm(1, eps = 0.5); }
    let (numbers, x) = ([1.5, 0.5, -0.5, 1.0, 0.25, -2.0, 0.5, 4.0], [3.0, -1.0, 0.5, 2.0]);
    let (mut group, mut layer, mut each, mut frames) = (Group::ZERO, Layer::ZERO, Each::ZERO, Frames::ZERO);
    set_parameters(&mut group, &numbers);
    set_parameters(&mut layer, &numbers);
    set_parameters(&mut each, &numbers);
    set_parameters(&mut frames, &numbers);
    assert_close("one group", &group.forward(&x), &layer.forward(&x), 1e-15);
    assert_eq!(each.forward(&x), numbers[4..]);
    assert_eq!(frames.step(&x, &mut frames.start()), group.forward(&x));
}

/// A stream uses what was learnt, frame by frame.
#[test]
fn a_stream_normalises_each_frame() {
    network! { struct Frames: stream 2 => batch_norm => 1; }
    network! { struct Vector: 2 => batch_norm => 1; }
    let numbers = [1.5, 0.5, -0.5, 1.0, 0.25, -2.0, 0.5, 4.0, 2.0, -1.0, 0.5];
    let (mut frames, mut vector) = (Frames::ZERO, Vector::ZERO);
    set_parameters(&mut frames, &numbers);
    set_parameters(&mut vector, &numbers);
    assert_eq!(frames.step(&[0.5, 2.0], &mut frames.start()), vector.forward(&[0.5, 2.0]));
}

fn count<N: Network>(_: &N) -> usize {
    N::PARAMETERS
}

/// The same function without norms: in chains, blocks and branches, of small variances, with and without biases.
#[test]
fn folded_networks_give_the_same() {
    network! {
        struct Net: 2x6x5 => conv(4, 3, bias = false) => batch_norm relu => named: depthwise(3, padding = 1, bias = false) => bn: batch_norm(eps = 1e-3)
            => [conv(4, 3, padding = 1) => batch_norm tanh => conv(4, 1, bias = false) => batch_norm] relu => max_pool(2)
            => (conv(3, 1) => batch_norm | conv(2, 1, bias = false) => batch_norm relu | pass) => flatten => dense(6, bias = false) => batch_norm relu
            => 5 => batch_norm => 3;
    }
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let (mut at, mut small) = (0, 4e-6);
    net.parameters_mut(|kind, values| {
        for value in values {
            at += 1;
            let number = ((at * 7919 + 17) % 1009) as f32 / 504.0 - 1.0;
            match kind {
                // A mean, or a variance, of which the first is below eps.
                Kind::Running if *value == 1.0 => *value = core::mem::replace(&mut small, 0.0_f32).max(number.abs()),
                Kind::Running | Kind::Scale | Kind::Bias => *value = number,
                _ => {}
            }
        }
    });
    let folded = net.folded();
    for row in 0..4 {
        let x = core::array::from_fn(|at| (((at + 60 * row) * 7919 + 17) % 1009) as f32 / 504.0 - 1.0);
        let (found, expected) = (folded.forward(&x), net.forward(&x));
        let largest = expected.iter().fold(1e-3_f32, |largest, y| largest.max(y.abs()));
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5 * largest, "row {row}: {found} and {expected}");
        }
    }
    // A network in a network, and a norm after it.
    network! { struct Outer: 2x6x5 => conv(2, 1) => body: Inner => batch_norm relu => 2; }
    network! { struct Inner: 2x6x5 => conv(3, 3, bias = false) => batch_norm relu => flatten => 5; }
    let mut outer = Outer::ZERO;
    outer.init(&mut ChaCha8Rng::seed_from_u64(3));
    let mut at = 0;
    outer.parameters_mut(|kind, values| {
        for value in values.iter_mut().filter(|_| matches!(kind, Kind::Running | Kind::Scale | Kind::Bias)) {
            at += 1;
            *value = 0.1 + (at * 37 % 11) as f32 / 11.0;
        }
    });
    let x = core::array::from_fn(|at| ((at * 7919 + 17) % 1009) as f32 / 504.0 - 1.0);
    assert_close("a network in it", &outer.folded().forward(&x), &outer.forward(&x), 1e-5);
    assert_eq!(count(&outer.folded()), count(&outer) - 4 * (3 + 5) + 3);

    let mut norms = 0;
    folded.activations(&[0.5; 60], |layer, _| norms += usize::from(layer.label.starts_with("batch_norm")));
    assert_eq!(norms, 0);

    network! {
        #[weights("models/mnist_bn_cnn.safetensors")]
        struct Mnist: 1x28x28 => conv(8, 3, padding = 1, bias = false) => batch_norm relu => max_pool(2)
            => depthwise(3, padding = 1) => conv(16, 1) => batch_norm relu => global_avg_pool => flatten => 10;
    }
    let folded = Mnist::TRAINED.folded();
    let expected = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/models/mnist_bn_cnn.expected.safetensors"))
        .expect("a file");
    let expected = safetensors::SafeTensors::deserialize(&expected).expect("a file");
    let numbers = |name: &str| -> Vec<f32> {
        let tensor = expected.tensor(name).expect("a tensor");
        tensor.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    };
    let (x, logits) = (numbers("x"), numbers("logits"));
    for (x, logits) in x.as_chunks::<784>().0.iter().zip(logits.chunks(10)) {
        assert_close("folded", &folded.forward(x), logits, 1e-4);
    }
}
