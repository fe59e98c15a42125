//! Networks over signals: what PyTorch gives, values and gradients, channel by channel at the ends, and the gradients by central
//! differences.

use nn_core::prelude::*;
use std::sync::LazyLock;
use tests::{Vectors, assert_close, parameters, set_parameters};

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/signals.txt")));

macro_rules! networks {
    ($($name:literal { $($net:tt)* })*) => {$( tests::agrees_with_pytorch!(VECTORS, $name, $($net)*); )*};
}

#[test]
fn convolutions_are_those_of_pytorch() {
    networks! {
        "1x9x1x1x1x0x0x1x1x1" { 1x9 => conv(1, 1) tanh }
        "1x9x3x2x1x1x1x1x1x1" { 1x9 => conv(3, 2, padding = 1) tanh }
        "3x12x4x3x1x1x1x1x1x1" { 3x12 => conv(4, 3, padding = 1) tanh }
        "3x12x4x3x2x1x1x1x1x1" { 3x12 => conv(4, 3, stride = 2, padding = 1) tanh }
        "2x17x8x5x3x2x2x1x1x0" { 2x17 => conv(8, 5, stride = 3, padding = 2, bias = false) tanh }
        "4x11x4x4x1x0x3x2x1x1" { 4x11 => conv(4, 4, padding = (0, 3), dilation = 2) tanh }
        "4x20x16x7x2x3x3x2x1x1" { 4x20 => conv(16, 7, stride = 2, padding = 3, dilation = 2) tanh }
        "8x10x8x3x1x1x1x1x2x1" { 8x10 => conv(8, 3, padding = 1, groups = 2) tanh }
        "6x13x9x3x2x2x0x2x3x1" { 6x13 => conv(9, 3, stride = 2, padding = (2, 0), dilation = 2, groups = 3) tanh }
        "8x9x8x3x1x1x1x1x8x1" { 8x9 => depthwise(3, padding = 1) tanh }
        "17x9x17x5x2x2x2x1x17x0" { 17x9 => depthwise(5, stride = 2, padding = 2, bias = false) tanh }
        "3x9x6x3x1x1x1x2x3x1" { 3x9 => depthwise(3, padding = 1, dilation = 2, multiplier = 2) tanh }
        "16x8x20x3x1x4x4x1x1x1" { 16x8 => conv(20, 3, padding = 4) tanh }
        "5x6x33x6x1x0x0x1x1x1" { 5x6 => conv(33, 6) tanh }
    }
}

#[test]
fn transposed_convolutions_are_those_of_pytorch() {
    networks! {
        "transposed0" { 2x5 => conv(2, 1) => conv_transpose(3, 3) tanh }
        "transposed1" { 3x6 => conv(3, 1) => conv_transpose(4, 4, stride = 2, padding = 1) tanh }
        "transposed2" {
            4x5 => conv(4, 1) => conv_transpose(6, 3, stride = 3, padding = 1, output_padding = 2, dilation = 2, groups = 2, bias = false) tanh
        }
        "transposed3" { 4x4 => conv(4, 1) => conv_transpose(4, 5, padding = 2, groups = 4) tanh }
        "transposed4" { 1x7 => conv(1, 1) => conv_transpose(1, 2, stride = 3, output_padding = 2) tanh }
        "transposed5" { 16x5 => conv(16, 1) => conv_transpose(20, 3, stride = 2, output_padding = 2, dilation = 3) tanh }
    }
}

/// Each value comes once for each tap; between the windows and beyond the last there is nothing.
#[test]
fn windows_of_outputs_are_added_where_they_meet() {
    macro_rules! gives {
        ($($name:ident { $($word:tt)* } $expected:expr;)*) => {$(
            network! { struct $name: 1x3 => $($word)*; }
            let mut net = $name::ZERO;
            set_parameters(&mut net, &[1.0, 10.0, 100.0]);
            assert_eq!(net.forward(&[1.0, 2.0, 3.0]), $expected, stringify!($name));
        )*};
    }
    gives! {
        Plain { conv_transpose(1, 3, stride = 2, bias = false) } [1.0, 10.0, 102.0, 20.0, 203.0, 30.0, 300.0];
        Beyond { conv_transpose(1, 3, stride = 2, output_padding = 1, bias = false) }
            [1.0, 10.0, 102.0, 20.0, 203.0, 30.0, 300.0, 0.0];
        Padded { conv_transpose(1, 3, stride = 2, padding = 1, bias = false) } [10.0, 102.0, 20.0, 203.0, 30.0];
        Both { conv_transpose(1, 3, stride = 2, padding = 1, output_padding = 1, bias = false) }
            [10.0, 102.0, 20.0, 203.0, 30.0, 300.0];
        After { conv_transpose(1, 3, stride = 2, padding = (0, 1), bias = false) } [1.0, 10.0, 102.0, 20.0, 203.0, 30.0];
        Dilated { conv_transpose(1, 3, dilation = 2, bias = false) } [1.0, 2.0, 13.0, 20.0, 130.0, 200.0, 300.0];
    }
    network! { struct Biased: 1x2 => conv_transpose(1, 1, stride = 3, output_padding = 1); }
    let mut net = Biased::ZERO;
    set_parameters(&mut net, &[10.0, 0.5]);
    assert_eq!(net.forward(&[1.0, 2.0]), [10.5, 0.5, 0.5, 20.5, 0.5]);
}

#[test]
fn words_are_those_of_pytorch() {
    networks! {
        "max_pool" { 3x11 => conv(3, 1) => max_pool(2) tanh }
        "max_pool_padded" { 2x11 => conv(2, 1) => max_pool(3, stride = 2, padding = 1) => max_pool(2, stride = 1, dilation = 3) }
        "avg_pool" { 3x11 => conv(3, 1) => avg_pool(3, stride = 2, padding = 1) tanh }
        "avg_pool_not_counted" { 3x11 => conv(3, 1) => avg_pool(3, stride = 2, padding = 1, count_padding = false) }
        "global_pools" { 3x7 => conv(3, 1) => (global_avg_pool | global_max_pool) => 2 }
        "flatten" { 3x5 => conv(4, 2) relu => flatten => 3 }
        "upsample" { 2x4 => conv(2, 1) => upsample(3) => conv(2, 3) }
        "upsample_linear" { 2x4 => conv(2, 1) => upsample(3, linear) => conv(2, 3) => upsample(2, linear) }
        "pad" { 2x4 => conv(2, 1) => pad((2, 1)) tanh => pad(1) => conv(3, 3, stride = 2) }
        "group_norm" { 6x5 => conv(6, 1) => group_norm(3) tanh => group_norm(1, eps = 1e-3) => conv(2, 2) }
        "group_norm_of_vectors" { 6 => 9 => group_norm(3, eps = 0.25) tanh => 2 }
        "cells" { 2x6 => rnn(3) => gru(4) => lstm(3) }
        "both_directions" { 2x6 => (lstm(3) | reverse => lstm(3) => reverse) => last => 2 }
        "norms" { 5x4 => layer_norm softmax }
        "shortcut" { 4x10 => (conv(6, 3, stride = 2, padding = 1) tanh => conv(6, 3, padding = 1) + conv(6, 1, stride = 2)) relu }
        "gates" { 3x8 => (conv(4, 3, padding = same) tanh * conv(4, 3, padding = same) sigmoid) }
        "squeeze_and_excite" { 4x6 => conv(4, 1) => (pass * global_avg_pool => 2 relu => 4 sigmoid) }
        "residual" { 3x7 => [conv(3, 3, padding = 1) tanh] tanh }
        "taken" { 5x6 => conv(5, 1) => (take(3..5) | conv(2, 1)) => take(1..4) }
    }
}

/// What went wrong elsewhere: of even sizes, of strides longer than the kernel, of padding, groups, ties and what is left over.
#[test]
fn values_at_borders_are_right() {
    type Same = network!(1x8 => conv(1, 1, stride = 3, padding = same, bias = false));
    let mut net = Same::ZERO;
    set_parameters(&mut net, &[10.0]);
    assert_eq!(net.forward(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), [10.0, 40.0, 70.0]);
    type Two = network!(1x8 => conv(1, 2, stride = 3, padding = same, bias = false));
    let mut net = Two::ZERO;
    set_parameters(&mut net, &[1.0, 10.0]);
    assert_eq!(net.forward(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), [21.0, 54.0, 87.0]);
    type Seven = network!(1x7 => conv(1, 2, stride = 3, padding = same, bias = false));
    let mut net = Seven::ZERO;
    set_parameters(&mut net, &[1.0, 10.0]);
    assert_eq!(net.forward(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), [21.0, 54.0, 7.0]);

    // What a stream of three frames a step gives: two frames before the first step.
    type Causal = network!(1x12 => conv(1, 5, stride = 3, padding = causal, bias = false));
    let mut net = Causal::ZERO;
    set_parameters(&mut net, &[1.0, 10.0, 100.0, 1_000.0, 10_000.0]);
    let x = core::array::from_fn(|at| at as f32 + 1.0);
    assert_eq!(net.forward(&x), [32_100.0, 65_432.0, 98_765.0, 132_098.0]);
    // As Keras has it: all frames that the kernel lacks.
    type Keras = network!(1x12 => conv(1, 5, stride = 3, padding = (4, 0), bias = false));
    let mut net = Keras::ZERO;
    set_parameters(&mut net, &[1.0, 10.0, 100.0, 1_000.0, 10_000.0]);
    assert_eq!(net.forward(&x), [10_000.0, 43_210.0, 76_543.0, 109_876.0]);

    type Groups = network!(4x1 => conv(6, 1, groups = 2, bias = false));
    let mut net = Groups::ZERO;
    // weights[input][output]: those of PyTorch are 1 to 12, output by output.
    set_parameters(&mut net, &[1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]);
    assert_eq!(net.forward(&[1.0, 2.0, 3.0, 4.0]), [5.0, 11.0, 17.0, 53.0, 67.0, 81.0]);

    type Each = network!(2x1 => depthwise(1, multiplier = 3, bias = false));
    let mut net = Each::ZERO;
    set_parameters(&mut net, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(net.forward(&[1.0, 100.0]), [1.0, 2.0, 3.0, 400.0, 500.0, 600.0]);

    type Largest = network!(1x9 => max_pool(3, stride = 2, padding = 1));
    let x = core::array::from_fn(|at| -1.0 - at as f32);
    assert_eq!(Largest::ZERO.forward(&x), [-1.0, -2.0, -4.0, -6.0, -8.0]);

    type Pair = network!(1x4 => max_pool(2));
    for x in [[1.0, f32::NAN, 3.0, f32::NAN], [f32::NAN, 6.0, f32::NAN, 7.0]] {
        assert!(Pair::ZERO.forward(&x).iter().all(|y| y.is_nan()));
    }
}

/// A frame in which a pool finds equal values gives its gradient to the first, and what it leaves over has none.
#[test]
fn ties_go_to_the_first_and_the_rest_has_no_gradient() {
    network! { struct Net: f64; 1x5 => conv(1, 1, bias = false) => max_pool(2) => global_avg_pool; }
    let mut net = Net::ZERO;
    set_parameters(&mut net, &[1.0]);
    let mut training = Training::<Net, 1>::ZERO;
    let mut weight = |x: [f64; 5]| {
        let (_, gradient) = training.gradient(&net, &MeanAbsoluteError, &[(x, [-100.0])], &[0]).unwrap();
        parameters(gradient)[0]
    };
    assert_eq!(weight([2.0, 2.0, 5.0, 3.0, 7.0]), (2.0 + 5.0) / 2.0);
}

/// A causal convolution over a signal has the bits of the stream.
#[test]
fn causal_convolutions_have_the_bits_of_a_stream() {
    network! { struct Signal: 3x50 => conv(8, 3, dilation = 5, padding = causal) tanh => gru(4) => conv(5, 2, padding = causal); }
    network! { struct Frames: stream 3 => conv(8, 3, dilation = 5, padding = causal) tanh => gru(4) => conv(5, 2, padding = causal); }
    let (mut signal, mut frames) = (Signal::ZERO, Frames::ZERO);
    signal.init(&mut ChaCha8Rng::seed_from_u64(3));
    set_parameters(&mut frames, &parameters(&signal));
    let x: [f32; 150] = core::array::from_fn(|at| ((at * 7919 + 17) % 1009) as f32 / 504.0 - 1.0);
    let (y, mut state) = (signal.forward(&x), frames.start());
    for t in 0..50 {
        let step = frames.step(&core::array::from_fn(|channel| x[channel * 50 + t]), &mut state);
        assert_eq!(step, core::array::from_fn(|channel| y[channel * 50 + t]), "frame {t}");
    }
}

/// Frame by frame at the ends, too.
#[test]
fn channels_may_be_last() {
    network! { struct First: 2x3 => conv(2, 2) relu; }
    network! {
        #[channels_last]
        struct Last: 2x3 => conv(2, 2) relu;
    }
    let (mut first, mut last) = (First::ZERO, Last::ZERO);
    first.init(&mut ChaCha8Rng::seed_from_u64(3));
    set_parameters(&mut last, &parameters(&first));
    let [a, b, c, d] = first.forward(&[1.0, 2.0, 3.0, -4.0, 5.0, 6.0]);
    assert_eq!(last.forward(&[1.0, -4.0, 2.0, 5.0, 3.0, 6.0]), [a, c, b, d]);
    let mut outputs = [[0.0; 4]; 70];
    first.forward_all(&[[1.0, 2.0, 3.0, -4.0, 5.0, 6.0]; 70], &mut outputs).unwrap();
    assert_eq!(outputs, [[a, b, c, d]; 70]);
}

/// Networks over signals in one another, and of channels that are a parameter.
#[test]
fn networks_of_signals_are_parts() {
    network! { struct Body: 3x8 => conv(4, 3, padding = 1) relu => max_pool(2); }
    network! { struct Head: 4x4 => flatten => 2; }
    network! { struct Both: 3x8 => Body => Head; }
    network! { struct Ends: 3x8 => Body tanh => flatten => 2; }
    network! { struct Whole: 3x8 => conv(4, 3, padding = 1) relu => max_pool(2) => flatten => 2; }
    network! { struct Wide<const C: usize>: {C}x8 => conv({C}, 3, padding = 1) relu => [depthwise(3, padding = 1) tanh] => global_avg_pool => 2; }
    let (mut both, mut whole) = (Both::ZERO, Whole::ZERO);
    both.init(&mut ChaCha8Rng::seed_from_u64(3));
    set_parameters(&mut whole, &parameters(&both));
    let x = core::array::from_fn(|at| at as f32 / 8.0 - 1.0);
    assert_eq!(both.forward(&x), whole.forward(&x));
    assert_eq!(Ends::PARAMETERS, Whole::PARAMETERS);
    assert_eq!(Wide::<3>::PARAMETERS, 3 * 3 * 3 + 3 + 3 * 3 + 3 + 3 * 2 + 2);
    // Of channels that are a parameter there is an array each.
    assert_eq!(Wide::<5>::ZERO.forward(&[[1.0; 8]; 5]), [0.0; 2]);
}

/// Mean and deviation of the training part, of vectors, of signals channel by channel, and of the frames of a stream; they are in
/// the file, and neither training nor `init` changes them.
#[test]
fn inputs_are_standardised() {
    use nn_core::statistics::standardize;
    network! { struct Vector: 2 => standardize => 3 tanh => 1; }
    network! { struct Signal: 2x3 => norm: standardize => conv(2, 2) => flatten => 1; }
    network! { struct Frames: stream 2 => standardize => gru(3) => 1; }
    // numpy: mean(axis=0) and std(axis=0), of the two channels of three samples each.
    let rows = [[1.0, -4.0], [2.0, 5.0], [6.0, 8.0]];
    let (mean, deviation) = ([3.0, 3.0], [14.0_f32 / 3.0, 26.0].map(f32::sqrt));
    let expected: Vec<f32> = mean.into_iter().chain(deviation).collect();
    let mut vector = Vector::ZERO;
    let data = rows.map(|row| (row, [0.5]));
    standardize(&mut vector, &data).unwrap();
    assert_close("of vectors", &parameters(&vector)[..4], &expected, 1e-6);
    vector.init(&mut ChaCha8Rng::seed_from_u64(3));
    let (mut memory, mut adam) = (Training::<Vector, 3>::ZERO, AdamW::new(0.1));
    Trainer::new(&mut memory, &mut adam, MeanSquaredError)
        .clipped(Clip::Norm(1.0))
        .step(&mut vector, &data, &[0, 1, 2])
        .unwrap();
    assert_close("after a step", &parameters(&vector)[..4], &expected, 1e-6);

    let mut signal = Signal::ZERO;
    standardize(&mut signal, &[([1.0, 2.0, 6.0, -4.0, 5.0, 8.0], 0)]).unwrap();
    assert_close("of signals", &parameters(&signal)[..4], &expected, 1e-6);
    let mut file = [0; Signal::SAVED_LEN];
    let written = signal.save(&mut file).unwrap();
    let mut again = Signal::ZERO;
    again.load(&file[..written]).unwrap();
    assert_eq!(parameters(&again), parameters(&signal));

    let mut frames = Frames::ZERO;
    standardize(&mut frames, &[(rows, 0)]).unwrap();
    assert_close("of frames", &parameters(&frames)[..4], &expected, 1e-6);
    assert_eq!(standardize(&mut frames, &[([[0.0; 2]; 3], 0); 0]), Err(TrainError::EmptyDataset));
}

/// A declared network derives what its user asks for, whatever its words are.
#[test]
fn networks_over_signals_are_cloned_and_compared() {
    network! {
        #[derive(Clone, Debug, PartialEq, Default)]
        struct Net: 2x8 => standardize => conv(4, 3) relu => max_pool(2) => ((depthwise(3, padding = 1) * pass) | gru(2) => take(0..1))
            => layer_norm => upsample(2) => group_norm(5) => conv_transpose(2, 2, bias = false) => pad((0, 1)) => (flatten => 2 | (global_avg_pool + last));
    }
    let mut net = Net::default();
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let same = net.clone();
    assert!(same == net && net != Net::default() && format!("{net:?}").contains("depthwise"));
}

/// A WaveNet over a signal is that of a stream that begins.
#[test]
fn a_wavenet_goes_over_a_signal() {
    network! { struct Signal: 1x9 => wavenet(channels = (2, 3), kernel = 2, dilations = ((1, 2), 4)); }
    network! { struct Frames: stream 1 => wavenet(channels = (2, 3), kernel = 2, dilations = ((1, 2), 4)); }
    let (mut signal, mut frames) = (Signal::ZERO, Frames::ZERO);
    signal.init(&mut ChaCha8Rng::seed_from_u64(3));
    set_parameters(&mut frames, &parameters(&signal));
    let x: [f32; 9] = core::array::from_fn(|at| at as f32 / 4.0 - 1.0);
    let (y, mut state) = (signal.forward(&x), frames.start());
    assert_eq!(y, x.map(|x| frames.step(&[x], &mut state)[0]));
}
