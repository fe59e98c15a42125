//! Convolutions over the frames of a stream: what PyTorch gives, what central differences give, and that blocks don't matter.

use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::train::Sequence;
use std::sync::LazyLock;
use tests::{Vectors, assert_close, assert_gradient, parameters, set_parameters};

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/convolutions.txt")));

/// Values, blocks and gradients of one case in one number type.
macro_rules! agrees {
    ($T:ident, $inputs:tt x $outputs:tt x $kernel:tt x $dilation:tt) => {{
        network! { struct Case: $T; stream $inputs => conv($outputs, $kernel, dilation = $dilation, padding = causal) tanh => 2; }
        const FRAMES: usize = 12;
        let name = concat!($inputs, "x", $outputs, "x", $kernel, "x", $dilation);
        let vector = |what: &str| format!("{name}:{what}");
        let tolerance = if stringify!($T) == "f64" { 1e-10 } else { 1e-5 };
        let mut net = Case::ZERO;
        set_parameters(&mut net, &VECTORS.get(&vector("parameters")));
        let x = VECTORS.rows::<$T, $inputs>(&vector("x"));
        let mut outputs = Vec::new();
        for lengths in [&[FRAMES][..], &[1; FRAMES], &[5, 0, 7], &[2, 9, 1]] {
            let (mut state, mut y, mut at) = (net.start(), [[0.0; 2]; FRAMES], 0);
            for length in lengths {
                net.process(&x[at..at + length], &mut y[at..at + length], &mut state).unwrap();
                at += length;
            }
            outputs.push(y);
        }
        assert!(outputs.iter().all(|y| *y == outputs[0]), "{name}: other bits in other blocks");
        assert_close(&format!("{name}, values"), outputs[0].as_flattened(), &VECTORS.get(&vector("y")), tolerance);

        let targets = VECTORS.rows::<$T, 2>(&vector("target"));
        let sample: ([[$T; $inputs]; FRAMES], [([$T; 2], $T); FRAMES]) =
            (x.try_into().unwrap(), core::array::from_fn(|t| (targets[t], 1.0)));
        let mut training = Training::<Sequence<Case, FRAMES>, 1>::ZERO;
        let sequence = Sequence::<Case, FRAMES>::on(&mut net);
        let (_, gradient) = training.gradient(sequence, &Steps(MeanSquaredError), &[sample][..], &[0]).unwrap();
        let expected = VECTORS.get(&vector("gradient"));
        assert_close(&format!("{name}, gradient"), &parameters(gradient), &expected, tolerance);
    }};
    ($($inputs:tt $outputs:tt $kernel:tt $dilation:tt;)*) => {$(
        agrees!(f32, $inputs x $outputs x $kernel x $dilation);
        agrees!(f64, $inputs x $outputs x $kernel x $dilation);
    )*};
}

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    agrees! {
        1 1 1 1; 1 3 2 1; 3 1 3 1; 3 3 4 1; 1 8 5 1; 3 8 6 1; 8 3 7 1;
        1 1 2 2; 8 1 3 2; 3 3 5 2; 1 3 7 2; 8 8 2 4; 3 1 4 4; 1 16 6 4;
        16 16 3 2; 16 3 2 4; 8 16 1 1;
    }
}

network! { struct Mixed: f64; stream 2 => conv(3, 2, dilation = 3, padding = causal, bias = false) tanh => window(3) => [conv(9, 3, padding = causal)] => 2; }

/// All gradients of a stream of several layers, and that they are those of the stream itself.
#[test]
fn gradients_are_central_differences() {
    const STEPS: usize = 9;
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
    assert_eq!(at.len(), 12 + 9 * 9 * 3 + 9 + 20);
    assert_gradient("a stream", &gradient, &at, |values| {
        let mut net = Mixed::ZERO;
        set_parameters(&mut net, values);
        loss_of(&net)
    });
}

network! { struct Gated: stream 2 => conv(3, 3, dilation = 5, padding = causal) tanh => gru(4) => 1; }

/// The bits of a stream that is processed in blocks of these lengths.
fn bits<N: Stream<Number = f32, Input = [f32; I], Output = [f32; 1]>, const I: usize>(
    net: &N,
    x: &[[f32; I]],
    lengths: impl Iterator<Item = usize>,
) -> Vec<u32> {
    let (mut state, mut y, mut at) = (net.start(), vec![[f32::NAN]; x.len()], 0);
    for length in lengths {
        let end = x.len().min(at + length);
        net.process(&x[at..end], &mut y[at..end], &mut state).unwrap();
        at = end;
    }
    assert_eq!(at, x.len());
    y.into_iter().map(|[y]| y.to_bits()).collect()
}

#[test]
fn a_file_of_pytorch_gives_its_values_in_blocks_of_any_length() {
    const FILE: &[u8] = include_bytes!("models/layers/conv_gru.safetensors");
    let mut net = Gated::ZERO;
    net.load(FILE).unwrap();
    let x = VECTORS.rows::<f32, 2>("stream:x");
    let expected = VECTORS.get::<f32>("stream:y");
    let whole = bits(&net, &x, [50].into_iter());
    let y: Vec<_> = whole.iter().map(|bits| f32::from_bits(*bits)).collect();
    assert_close("a file", &y, &expected, 1e-6);
    assert_close("the first", &y[..3], &[-0.159_685_27, -0.256_336_96, -0.255_748_48], 1e-6);
    for lengths in [&[1; 50][..], &[7, 7, 7, 7, 7, 7, 7, 1], &[16, 33, 1], &[49, 1], &[25, 25], &[0, 3, 0, 0, 47, 0]] {
        assert_eq!(bits(&net, &x, lengths.iter().copied()), whole, "{lengths:?}");
    }

    let mut saved = [0; Gated::SAVED_LEN];
    net.save(&mut saved).unwrap();
    let mut again = Gated::ZERO;
    again.load(&saved).unwrap();
    assert_eq!(parameters(&again), parameters(&net));
    let [ours, theirs] = [&saved[..], FILE].map(|file| safetensors::SafeTensors::deserialize(file).unwrap());
    for (name, tensor) in theirs.tensors() {
        let own = ours.tensor(&name).unwrap();
        assert_eq!((own.shape(), own.data()), (tensor.shape(), tensor.data()), "{name}");
    }
}

#[test]
fn a_block_of_nothing_changes_nothing() {
    let mut net = Gated::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let (mut state, mut other) = (net.start(), net.start());
    for state in [&mut state, &mut other] {
        net.step(&[0.5, -0.25], state);
    }
    net.process(&[], &mut [], &mut state).unwrap();
    assert_eq!(net.step(&[0.1, 0.2], &mut state), net.step(&[0.1, 0.2], &mut other));
    assert!(net.process(&[[0.0; 2]; 3], &mut [[0.0]; 2], &mut state).is_err());
}

network! { struct Delay: stream 1 => conv(1, 3, dilation = 5, bias = false, padding = causal); }

#[test]
fn a_long_stream_is_delayed_bit_by_bit() {
    let mut net = Delay::ZERO;
    set_parameters(&mut net, &[1.0, 0.0, 0.0]);
    let frames = 70_001;
    let x: Vec<_> = (0..frames).map(|t| [(t * 7919 % 1009) as f32 / 1009.0]).collect();
    let y = bits(&net, &x, [11, 10, 1, 64, 3].into_iter().cycle().take(frames / 89 * 5 + 5));
    for (t, y) in y.iter().enumerate() {
        assert_eq!(*y, t.checked_sub(10).map_or(0, |t| x[t][0].to_bits()), "frame {t}");
    }
}

network! { struct Two: f64; stream 1 => conv(2, 3, padding = causal) tanh => conv(1, 3, dilation = 4, padding = causal); }
network! { struct Branches: stream 1 => (conv(2, 3, padding = causal) | window(8)) => [conv(10, 2, padding = causal)] => 1; }
network! { struct Frames: stream 4 => 3 tanh => conv(2, 1); }

#[test]
fn a_network_knows_what_it_sees() {
    let mut net = Two::ZERO;
    let number = |at: usize, seed: usize| (((at + 1) * seed * 13 + at * at % 17) % 41) as f64 / 32.0 - 20.0 / 32.0;
    // A weight of `[output][input][tap]` in a file is at `[tap][input][output]` in memory.
    let first = (0..6).map(|at| number(at % 2 * 3 + at / 2, 3)).chain((0..2).map(|at| number(at, 5)));
    let second = (0..6).map(|at| number(at % 2 * 3 + at / 2, 9)).chain([number(0, 2)]);
    set_parameters(&mut net, &first.chain(second).collect::<Vec<_>>());
    let mut state = net.start();
    let y: [f64; 14] = core::array::from_fn(|_| net.step(&[0.0], &mut state)[0]);
    let expected: [f64; 14] = core::array::from_fn(|t| [0.2930929, 0.253562532, 0.24466099][(t / 4).min(2)]);
    assert_close("silence", &y, &expected, 1e-8);
    assert!(y[8..].iter().all(|later| *later == y[8]));

    assert_eq!((Two::FIELD, Two::WARM_UP), (Some(11), Some(10)));
    assert_eq!((Gated::FIELD, Gated::WARM_UP), (None, None));
    assert_eq!((Branches::FIELD, Branches::WARM_UP), (Some(9), Some(8)));
    assert_eq!((Frames::FIELD, Frames::WARM_UP, Frames::STATE), (Some(1), Some(0), 0));
    assert!(Two::summary().to_string().ends_with("sees 11 frames, 10 to warm up"), "{}", Two::summary());
    assert!(Gated::summary().to_string().ends_with("remembers for ever"), "{}", Gated::summary());
}

network! { struct Newest: stream 1 => conv(1, 2, dilation = 4, bias = false, padding = causal); }
network! { struct Window: stream 2 => window(3); }

#[test]
fn the_last_tap_is_the_present() {
    let mut net = Newest::ZERO;
    set_parameters(&mut net, &[1.0, 10.0]);
    let mut state = net.start();
    let y: [f32; 12] = core::array::from_fn(|t| net.step(&[t as f32 + 1.0], &mut state)[0]);
    assert_eq!(y, [10.0, 20.0, 30.0, 40.0, 51.0, 62.0, 73.0, 84.0, 95.0, 106.0, 117.0, 128.0]);
}

#[test]
fn a_window_begins_with_the_oldest_frame() {
    let x: [[f32; 2]; 7] = core::array::from_fn(|t| [t as f32 + 1.0, -(t as f32) - 1.0]);
    for lengths in [&[7][..], &[1; 7], &[2, 5], &[1, 0, 4, 2]] {
        let (mut state, mut y, mut at) = (Window::ZERO.start(), [[9.0; 6]; 7], 0);
        for length in lengths {
            Window::ZERO.process(&x[at..at + length], &mut y[at..at + length], &mut state).unwrap();
            at += length;
        }
        assert_eq!(y[0], [0.0, 0.0, 0.0, 0.0, 1.0, -1.0]);
        assert_eq!(y[1], [0.0, 0.0, 1.0, -1.0, 2.0, -2.0]);
        assert_eq!(y[6], [5.0, -5.0, 6.0, -6.0, 7.0, -7.0], "{lengths:?}");
    }
}

network! { struct Large: stream 1 => conv(2, 2, padding = causal) tanh => conv(1, 2, dilation = 26_000, padding = causal); }

/// 203 KB that are made by a constant and started again where they lie, by a thread with little stack.
#[test]
fn a_large_state_is_restarted_in_place() {
    static STATE: std::sync::Mutex<State<Large>> = std::sync::Mutex::new(State::NEW);
    const { assert!(Large::STATE > 203_000) };
    let mut net = Large::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let again = move || {
        let mut state = STATE.lock().unwrap();
        let first = net.step(&[1.0], &mut state);
        net.step(&[-1.0], &mut state);
        state.restart(&net);
        assert_eq!(net.step(&[1.0], &mut state), first);
    };
    std::thread::Builder::new().stack_size(64 * 1024).spawn(again).unwrap().join().unwrap();
}
