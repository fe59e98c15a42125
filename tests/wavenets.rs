//! `wavenet`: what PyTorch gives, what central differences give, and that blocks don't matter.

use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::train::{Sequence, Streams};
use std::sync::LazyLock;
use tests::{Vectors, assert_close, assert_gradient, parameters, set_parameters};

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/wavenets.txt")));
const FRAMES: usize = 40;

/// Values, blocks and gradients of one case in one number type.
macro_rules! agrees {
    ($T:ident, $name:literal, ($($shape:tt)*)) => {{
        network! { struct Case: $T; stream 1 => wavenet($($shape)*); }
        let vector = |what: &str| format!("{}:{what}", $name);
        let tolerance = if stringify!($T) == "f64" { 1e-10 } else { 1e-5 };
        let mut net = Case::ZERO;
        set_parameters(&mut net, &VECTORS.get(&vector("parameters")));
        let x = VECTORS.rows::<$T, 1>(&vector("x"));
        let mut outputs = Vec::new();
        for lengths in [&[FRAMES][..], &[1; FRAMES], &[5, 0, 7, 28], &[2, 17, 1, 20], &[3, 3, 3, 9, 15, 7], &[31, 4, 5]] {
            let (mut state, mut y, mut at) = (net.start(), [[0.0; 1]; FRAMES], 0);
            for length in lengths {
                net.process(&x[at..at + length], &mut y[at..at + length], &mut state).unwrap();
                at += length;
            }
            outputs.push(y);
        }
        assert!(outputs.iter().all(|y| *y == outputs[0]), "{}: other bits in other blocks", $name);
        assert_close(&format!("{}, values", $name), outputs[0].as_flattened(), &VECTORS.get(&vector("y")), tolerance);

        let targets = VECTORS.rows::<$T, 1>(&vector("target"));
        let sample: ([[$T; 1]; FRAMES], [([$T; 1], $T); FRAMES]) =
            (x.try_into().unwrap(), core::array::from_fn(|t| (targets[t], 1.0)));
        let mut training = Box::new(Training::<Sequence<Case, FRAMES>, 1>::ZERO);
        let sequence = Sequence::<Case, FRAMES>::on(&mut net);
        let (_, gradient) = training.gradient(sequence, &Steps(MeanSquaredError), &[sample][..], &[0]).unwrap();
        let expected = VECTORS.get(&vector("gradient"));
        assert_close(&format!("{}, gradient", $name), &parameters(gradient), &expected, tolerance);
    }};
    ($($name:literal $shape:tt;)*) => {$(
        agrees!(f32, $name, $shape);
        agrees!(f64, $name, $shape);
    )*};
}

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees! {
        "one" (channels = 3, kernel = 3, dilations = (1, 2));
        "two" (channels = (3, 2), kernel = 3, dilations = ((1, 2), (4)));
        "three" (channels = (4, 1, 5), kernel = (2, 2, 2, 2), dilations = (1, (3, 1), 2), activation = relu, head = 2);
        "long" (channels = 2, kernel = 6, dilations = (1, 7, 3), activation = leaky_relu, head = 5);
        "short" (channels = 8, kernel = 1, dilations = (1, 1));
        "wide" (channels = (16, 8), kernel = 3, dilations = ((1, 8), 2), activation = leaky_relu, head = 16);
    }
}

network! {
    struct Mixed: f64;
    stream 2 => 1 tanh => inner: wavenet(channels = (3, 2), kernel = (2, 3, 2), dilations = ((1, 4), 2), head = 3) tanh => 2;
}

/// All gradients of a stream in which a net stands between other layers.
#[test]
fn gradients_are_central_differences() {
    const STEPS: usize = 13;
    let mut net = Mixed::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(5));
    let number = |at: usize| ((at * 7919 + 17) % 1009) as f64 / 504.0 - 1.0;
    let samples: [_; 2] = core::array::from_fn(|piece| {
        let x: [[f64; 2]; STEPS] = core::array::from_fn(|t| [number(piece * 50 + t), number(t * 31 + piece)]);
        let target: [_; STEPS] = core::array::from_fn(|t| ([number(t + 99), number(t + piece)], 1.0 + (t % 3) as f64));
        (x, target)
    });
    let loss_of = |net: &Mixed| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (x, target) in &samples {
            let mut state = net.start();
            for (x, (target, weight)) in x.iter().zip(target) {
                let y = net.step(x, &mut state);
                sum += weight * y.iter().zip(target).map(|(y, t)| (y - t) * (y - t)).sum::<f64>() / 2.0;
                weights += weight;
            }
        }
        sum / weights
    };
    let mut training = Training::<Sequence<Mixed, STEPS>, 2>::ZERO;
    let loss = &Steps(MeanSquaredError);
    let (value, gradient) = training.gradient(Sequence::on(&mut net), loss, &samples[..], &[0, 1]).unwrap();
    let gradient = parameters(gradient);
    assert!((value - loss_of(&net)).abs() < 1e-12);
    let at = parameters(&net);
    assert_gradient("a stream", &gradient, &at, |values| {
        let mut net = Mixed::ZERO;
        set_parameters(&mut net, values);
        loss_of(&net)
    });
}

network! { struct Carried: f64; stream 1 => wavenet(channels = (3, 2), kernel = 3, dilations = ((1, 4), 2), head = 4); }

/// A piece that goes on from the state of the one before: what its taps meet there counts for the weights.
#[test]
fn gradients_of_a_piece_that_goes_on_are_central_differences() {
    const STEPS: usize = 7;
    let (mut net, mut streams) = (Carried::ZERO, Streams::<Carried, 1>::NEW);
    net.init(&mut ChaCha8Rng::seed_from_u64(2));
    let at = parameters(&net);
    let number = |at: usize| ((at * 7919 + 17) % 1009) as f64 / 504.0 - 1.0;
    // The first piece counts nothing, so that the network stays as it is.
    let data: [_; 2] = core::array::from_fn(|piece| {
        let x: [[f64; 1]; STEPS] = core::array::from_fn(|t| [number(piece * 50 + t)]);
        let target: [_; STEPS] = core::array::from_fn(|t| ([number(t + 99)], piece as f64));
        (x, target, [false; STEPS])
    });
    let mut before = net.start();
    data[0].0.iter().for_each(|x| _ = net.step(x, &mut before));
    let loss_of = |values: &[f64]| {
        let (mut state, mut moved) = (before.clone(), Carried::ZERO);
        set_parameters(&mut moved, values);
        let squares = data[1].0.iter().zip(&data[1].1).map(|(x, ([target], _))| {
            let error = moved.step(x, &mut state)[0] - target;
            error * error
        });
        squares.sum::<f64>() / STEPS as f64
    };
    let (mut memory, mut sgd) = (Training::<_, 1>::ZERO, Sgd::new(1.0));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
    for piece in 0..2 {
        trainer.piece(Sequence::<_, STEPS>::on(&mut net), &data, &mut streams, &[piece]).expect("a piece");
    }
    let gradient: Vec<_> = at.iter().zip(parameters(&net)).map(|(before, after)| before - after).collect();
    assert_gradient("a piece", &gradient, &at, loss_of);
}

network! { struct Named: stream 1 => amp: wavenet(channels = (2, 3), kernel = 2, dilations = (1, 2), head = 2); }

#[test]
fn its_tensors_are_called_as_in_pytorch() {
    let mut net = Named::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let mut file = vec![0; Named::SAVED_LEN];
    net.save(&mut file).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&file).unwrap();
    for (name, shape) in [
        ("amp.layers.0.rechannel.weight", &[2, 1, 1][..]),
        ("amp.layers.0.layers.1.conv.weight", &[2, 2, 2]),
        ("amp.layers.0.head_rechannel.weight", &[3, 2, 1]),
        ("amp.layers.1.rechannel.weight", &[3, 2, 1]),
        ("amp.layers.1.layers.0.conv.bias", &[3]),
        ("amp.layers.1.layers.0.input_mixer.weight", &[3, 1, 1]),
        ("amp.layers.1.layers.1.1x1.weight", &[3, 3, 1]),
        ("amp.layers.1.layers.1.1x1.bias", &[3]),
        ("amp.layers.1.head_rechannel.weight", &[1, 3, 2]),
        ("amp.layers.1.head_rechannel.bias", &[1]),
    ] {
        assert_eq!(tensors.tensor(name).expect(name).shape(), shape, "{name}");
    }
    let mut again = Named::ZERO;
    again.load(&file).unwrap();
    assert_eq!(parameters(&again), parameters(&net));
    assert!(Named::summary().to_string().contains("amp.layers.1.head_rechannel"), "{}", Named::summary());
}
