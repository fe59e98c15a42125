//! Streams of several frames a step: they are the signal that their steps make up.

use nn_core::network::Learns;
use nn_core::prelude::*;
use tests::pieces::{Nested, numbers};
use tests::{parameters, set_parameters};

/// So many steps are a signal.
const STEPS: usize = 6;

fn flat<X: Nested<f32>>(values: &[X]) -> Vec<u32> {
    let mut numbers = Vec::new();
    values.iter().for_each(|each| each.numbers(&mut numbers));
    numbers.into_iter().map(f32::to_bits).collect()
}

fn same<G, S>(signal: &G, stream: &S)
where
    G: Stateless<Number = f32, Input: Nested<f32>, Output: Nested<f32>>,
    S: Stream<Number = f32, Input: Nested<f32>, Output: Nested<f32>>,
{
    let (mut number, mut again) = (numbers(), numbers());
    let expected = flat(&[signal.forward(&G::Input::of(&mut || number() as f32))]);
    let steps: [_; STEPS] = <[S::Input; STEPS]>::of(&mut || again() as f32);
    for lengths in [&[1; STEPS][..], &[STEPS], &[2, 0, 3, 1], &[5, 1]] {
        let (mut state, mut found, mut at) = (stream.start(), Vec::new(), 0);
        for length in lengths {
            let mut outputs = vec![S::Output::of(&mut || f32::NAN); *length];
            stream.process(&steps[at..at + length], &mut outputs, &mut state).expect("as many");
            found.extend(flat(&outputs));
            at += length;
        }
        assert_eq!(found, expected, "{}, in blocks of {lengths:?}", S::summary());
        let mut bytes = vec![0; State::<S>::SAVED_LEN];
        state.save(&mut bytes).expect("room");
        let mut other = State::<S>::NEW;
        other.load(&bytes).expect("what was saved");
        assert_eq!(flat(&[stream.step(&steps[0], &mut other)]), flat(&[stream.step(&steps[0], &mut state)]));
    }
}

fn random<N: Learns<Number = f32>>() -> N {
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(7));
    net.parameters_mut(|_, values| values.iter_mut().enumerate().for_each(|(at, value)| *value += at as f32 / 64.0));
    net
}

/// A signal with the frames of six steps, and the steps.
macro_rules! same {
    ($($step:tt, $signal:tt: [$($net:tt)*]);+ $(;)?) => { $({
        network! { #[channels_last] struct Signal: $signal => $($net)*; }
        network! { struct Steps: stream $step => $($net)*; }
        let (signal, mut stream) = (random::<Signal>(), Steps::ZERO);
        set_parameters(&mut stream, &parameters(&signal));
        same(&signal, &stream);
    })+ };
}

#[test]
fn steps_have_the_bits_of_the_signal() {
    same! {
        2x4, 2x24: [conv(3, 5, stride = 2, padding = causal) tanh];
        2x4, 2x24: [conv(3, 3, stride = 2, padding = causal) relu => conv(4, 3, stride = 2, padding = causal)];
        1x3, 1x18: [conv(8, 5, stride = 3, dilation = 2, padding = causal) => conv(2, 3, padding = causal)];
        4x2, 4x12: [conv(6, 3, groups = 2, padding = causal) => depthwise(3, dilation = 4, padding = causal, multiplier = 2)];
        4x1, 4x6: [depthwise(7, padding = causal, bias = false) => max_pool(3, stride = 1, padding = causal)];
        3x4, 3x24: [max_pool(2) => avg_pool(2)];
        3x4, 3x24: [max_pool(3, stride = 2, padding = causal) => avg_pool(3, stride = 2, padding = causal)];
        2x3, 2x18: [gru(4) => layer_norm => upsample(2) => conv(3, 4, stride = 3, padding = causal)];
        2x2, 2x12: [(conv(3, 2, stride = 2) | max_pool(2) => lstm(2)) => [conv(5, 2, padding = causal) tanh]];
        2x2, 2x12: [(conv(3, 2, padding = causal) * depthwise(1) => conv(3, 1)) => rms_norm => take(1..3)];
        1x4, 1x24: [wavenet(channels = (2, 3), kernel = 2, dilations = ((1, 2), 4)) => standardize];
    }
}

/// Of a stride of three, of which the last frame is always seen.
#[test]
fn a_stride_looks_back_from_the_last_frame() {
    let mut net = <network!(stream 1x3 => conv(1, 5, stride = 3, bias = false, padding = causal))>::ZERO;
    set_parameters(&mut net, &[1.0, 10.0, 100.0, 1000.0, 10000.0]);
    let mut state = net.start();
    let y: [f32; 4] =
        core::array::from_fn(|t| net.step(&[0.0, 1.0, 2.0].map(|x| x + 1.0 + 3.0 * t as f32), &mut state)[0]);
    assert_eq!(y, [32100.0, 65432.0, 98765.0, 132098.0]);
}

#[test]
fn a_stride_longer_than_its_span_skips_the_oldest_frames() {
    network! { struct Skips: stream 1x4 => conv(1, 2, stride = 4, bias = false); }
    let mut net = Skips::ZERO;
    set_parameters(&mut net, &[1.0, 10.0]);
    let mut y = [[0.0]; 2];
    let x = [[[1.0], [2.0], [3.0], [4.0]], [[5.0], [6.0], [7.0], [8.0]]];
    net.process(&x, &mut y, &mut net.start()).expect("as many");
    assert_eq!((y, Skips::STATE, Skips::FIELD), ([[43.0], [87.0]], 0, Some(2)));
}

#[test]
fn frames_of_a_step_are_joined() {
    network! { struct Flat: stream 2x3 => flatten; }
    let y = Flat::ZERO.step(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], &mut Flat::ZERO.start());
    assert_eq!((y, Flat::FIELD), ([1.0, 3.0, 5.0, 2.0, 4.0, 6.0], Some(3))); // as in PyTorch
    network! { struct Windows: stream 1x2 => window(3); }
    let (net, mut state) = (Windows::ZERO, Windows::ZERO.start());
    assert_eq!(net.step(&[[1.0], [2.0]], &mut state), [[0.0, 0.0, 1.0], [0.0, 1.0, 2.0]]);
    assert_eq!(net.step(&[[3.0], [4.0]], &mut state), [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]);
}

/// What came before the first frame is never the largest.
#[test]
fn a_stream_begins_with_no_largest_value() {
    network! { struct Largest: stream 1x2 => max_pool(4, stride = 2, padding = causal); }
    let (net, x) = (Largest::ZERO, [[[-5.0], [-7.0]], [[-9.0], [-8.0]], [[-9.5], [-8.5]]]);
    let mut state = State::<Largest>::NEW;
    assert_eq!(x.map(|x| net.step(&x, &mut state)), [[-5.0], [-5.0], [-8.0]]);
    assert!(state.is_finite());
    assert_eq!(Largest::FIELD, Some(4));
}

#[test]
fn a_network_knows_what_it_sees_of_several_frames() {
    network! { struct Strides: stream 1x6 => conv(2, 5, stride = 2, padding = causal) => conv(2, 3, stride = 3, padding = causal) => conv(1, 2, padding = causal); }
    // 5, two more strides of 2, and one of 6.
    assert_eq!((Strides::FIELD, Strides::WARM_UP), (Some(5 + 2 * 2 + 6), Some(14)));
    network! { struct Frames: stream 3x4 => 5 tanh => depthwise(3, padding = causal) => 2; }
    assert_eq!((Frames::FIELD, Frames::STATE), (Some(3), 2 * 5 * 4 + 8));
    assert_eq!((Frames::MACS, Frames::PARAMETERS), (4 * (15 + 15 + 10), 20 + 20 + 12));
    // The field is what there is: a frame further back changes nothing.
    let (net, mut number) = (random::<Strides>(), numbers());
    let mut all = [[[0.0; 1]; 6]; 4];
    all.iter_mut().flatten().for_each(|x| *x = [number() as f32]);
    let last = |all: &[[[f32; 1]; 6]; 4]| {
        let (mut y, mut state) = ([0.0], net.start());
        all.iter().for_each(|x| y = net.step(x, &mut state));
        y
    };
    let y = last(&all);
    let changed = |at: usize| {
        let mut all = all;
        all.as_flattened_mut()[at] = [9.0];
        last(&all) != y
    };
    assert_eq!([0, 8, 9, 10, 23].map(changed), [false, false, true, true, true]);
}
