//! Inputs as they come: bytes, with the scale that the network states.

use nn_core::input::{reshape, rgb565};
use nn_core::prelude::*;
use nn_core::statistics::standardize;
use nn_core::train::training_ram;
use tests::{assert_close, parameters, set_parameters};

network! { struct Bytes: u8 2x4x3 => standardize(mean = [3, 128], deviation = 255) => conv(3, 2) relu => flatten => 2; }
network! { struct Floats: 2x4x3 => standardize(mean = [3, 128], deviation = 255) => conv(3, 2) relu => flatten => 2; }
network! { #[channels_last] struct Last: u8 2x4x3 => standardize => conv(3, 2) relu => flatten => 2; }

const IMAGE: [u8; 24] = [0, 255, 3, 17, 90, 4, 128, 200, 31, 7, 1, 2, 99, 54, 250, 251, 252, 9, 8, 70, 60, 5, 0, 1];

fn floats(bytes: [u8; 24]) -> [f32; 24] {
    bytes.map(f32::from)
}

/// The numbers that are stated are those of the tensors, channel by channel, once the network is initialised; a file has them.
#[test]
fn what_is_stated_is_in_the_network_and_its_file() {
    let mut net = Bytes::ZERO;
    assert_eq!(parameters(&net)[..4], [0.0; 4]);
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    assert_eq!(parameters(&net)[..4], [3.0, 128.0, 255.0, 255.0]);
    let mut file = vec![0; Bytes::SAVED_LEN];
    net.save(&mut file).expect("room");
    let mut loaded = Last::ZERO;
    loaded.load(&file).expect("the same tensors");
    assert_eq!(parameters(&loaded), parameters(&net));
    let channels: [u8; 24] = core::array::from_fn(|at| IMAGE[at % 2 * 12 + at / 2]);
    assert_eq!(loaded.forward(&channels), net.forward(&IMAGE));

    network! { struct Ten: f64; 10 => standardize(mean = [0, 1, 2, 3, 4, 5, 6, 7, 8, -9.5], deviation = 1e-2); }
    let mut ten = Ten::ZERO;
    ten.init(&mut ChaCha8Rng::seed_from_u64(1));
    assert_close("each", &ten.forward(&[1.0; 10])[7..], &[-600.0, -700.0, 1050.0], 1e-9);
    network! { struct Shifted: 1 => standardize(mean = 2); }
    let mut shifted = Shifted::ZERO;
    shifted.init(&mut ChaCha8Rng::seed_from_u64(1));
    assert_eq!(shifted.forward(&[5.0]), [3.0]);
}

/// A byte is the number that it counts, in every form of inference, and in training.
#[test]
fn bytes_are_the_numbers_that_they_count() {
    let (mut net, mut other) = (Bytes::ZERO, Floats::ZERO);
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    other.init(&mut ChaCha8Rng::seed_from_u64(1));
    let images: [[u8; 24]; 40] = core::array::from_fn(|row| IMAGE.map(|byte| byte.wrapping_add((37 * row) as u8)));
    let rows = images.map(floats);
    let mut found = [[0.0; 2]; 40];
    net.forward_all(&images, &mut found).expect("as many");
    for (row, found) in rows.iter().zip(found) {
        assert_eq!(other.forward(row), found);
    }
    assert_eq!(net.forward(&images[7]), found[7]);
    let mut batch = [[0.0; 2]; 40];
    net.forward_batch(&images, &mut batch);
    assert_eq!(batch, found);
    let mut first = [0.0; 24];
    net.activations(&images[0], |layer, values| {
        if layer.label == "standardize" {
            first.copy_from_slice(values);
        }
    });
    assert_eq!(first[..3], [-3.0 / 255.0, (99.0 - 128.0) / 255.0, 252.0 / 255.0]);

    let targets: Vec<usize> = (0..40).map(|row| row % 2).collect();
    let (data, numbers) = (nn_core::dataset::pairs(&images, &targets), nn_core::dataset::pairs(&rows, &targets));
    let (data, numbers) = (data.expect("as many"), numbers.expect("as many"));
    let (mut memory, mut sgd) = (Training::<Bytes, 8>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, CrossEntropy);
    trainer.fit(&mut net, &data, &mut [0; 40], 3, |_| Continue(())).expect("steps");
    let (mut memory, mut sgd) = (Training::<Floats, 8>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, CrossEntropy);
    trainer.fit(&mut other, &numbers, &mut [0; 40], 3, |_| Continue(())).expect("steps");
    assert_eq!(parameters(&net), parameters(&other));
    assert_eq!(evaluate(&net, &CrossEntropy, &data), evaluate(&other, &CrossEntropy, &numbers));
    assert_eq!(training_ram::<Sgd<Bytes>>(8), training_ram::<Sgd<Floats>>(8));
}

/// A frame is never in memory as numbers: three rows of it are, and what the convolution gives.
#[test]
fn frames_are_read_row_by_row() {
    network! {
        struct Camera: u8 3x20x16 => standardize(mean = [124, 116, 104], deviation = 58) => edges: conv(4, 3, stride = 2, padding = 1) relu
            => max_pool(2) => flatten => 3;
    }
    network! {
        struct Whole: 3x20x16 => standardize(mean = [124, 116, 104], deviation = 58) => conv(4, 3, stride = 2, padding = 1) relu
            => max_pool(2) => flatten => 3;
    }
    assert_eq!(Camera::WORKSPACE, 3 * 16 * 3 + 10 * 8 * 4);
    // In places, standardised, and two rows of the convolution for one of the pool.
    assert_eq!(Whole::WORKSPACE, 2 * (3 * 20 * 16) + 2 * 8 * 4 + 5 * 4 * 4);
    let (mut net, mut whole) = (Camera::ZERO, Whole::ZERO);
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    net.edges_mut().bias = [0.25, 0.0, -0.5, 1.0];
    set_parameters(&mut whole, &parameters(&net));
    let image: [u8; 960] = core::array::from_fn(|at| (at * at * 31 % 257) as u8);
    assert_eq!(net.forward(&image), whole.forward(&image.map(f32::from)));
    let (mut seen, mut expected) = (Vec::new(), Vec::new());
    net.activations(&image, |layer, values| seen.push((layer.label, values.to_vec())));
    whole.activations(&image.map(f32::from), |layer, values| expected.push((layer.label, values.to_vec())));
    assert_eq!(seen, expected);

    /// The same network twice, of bytes and of numbers.
    macro_rules! both {
        ($($head:literal $(#$attribute:tt)? [$($net:tt)*])*) => {$({
            network! { $(#$attribute)? struct Rows: u8 $head => $($net)*; }
            network! { $(#$attribute)? struct Numbers: $head => $($net)*; }
            let (mut net, mut other) = (Rows::ZERO, Numbers::ZERO);
            net.init(&mut ChaCha8Rng::seed_from_u64(2));
            set_parameters(&mut other, &parameters(&net));
            let image: [u8; Rows::IN] = core::array::from_fn(|at| (at * at * 31 % 257) as u8);
            assert_eq!(net.forward(&image), other.forward(&image.map(f32::from)), stringify!($head $($net)*));
            assert_eq!(Rows::SAVED_LEN, Numbers::SAVED_LEN);
        })*};
    }
    both! {
        1x7x9 [conv(3, 3)]
        1x7x9 [named: standardize(deviation = 255) => conv(3, 3x2, padding = (1x0, 0x1), stride = 2x1) tanh => conv(2, 1)]
        2x9x8 [conv(20, 5, stride = 3, padding = 2, dilation = 2) relu]
        2x9x8 #[channels_last] [standardize(mean = [1, 2]) => conv(5, 4, stride = 5, padding = same) => batch_norm]
        3x6x6 #[channels_last] [conv(2, 1, bias = false) => global_avg_pool]
        2x6x5 [depthwise(3) => conv(2, 2)]
        4x6x5 [conv(4, 2, groups = 2)]
    }
    network! { #[channels_last] struct Folded: u8 2x9x8 => standardize(mean = 9) => conv(5, 4, bias = false) => batch_norm relu => flatten => 2; }
    let mut net = Folded::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(2));
    let folded = net.folded();
    let image = core::array::from_fn(|at| (at * at * 31 % 257) as u8);
    assert_close("folded", &folded.forward(&image), &net.forward(&image), 1e-3);
    assert_eq!(workspace(&folded), Folded::WORKSPACE);
}

fn workspace<N: Network>(_: &N) -> usize {
    N::WORKSPACE
}

/// Mean and deviation are those of the bytes, too, of each channel.
#[test]
fn the_scale_is_learnt_from_bytes() {
    network! { struct Net: u8 2x1x2 => standardize => flatten; }
    let mut net = Net::ZERO;
    standardize(&mut net, &[([10, 20, 7, 7], ()), ([30, 40, 7, 7], ())]).expect("samples");
    // 10, 20, 30, 40: 25 and √125.
    assert_close("learnt", &parameters(&net), &[25.0, 7.0, 125.0_f32.sqrt(), 0.0], 1e-6);
    assert_close("used", &net.forward(&[25, 255, 8, 7]), &[0.0, 20.571_91, 1.0, 0.0], 1e-5);
}

/// The logits of PyTorch for images that were bytes once, over 255.
#[test]
fn digits_are_read_as_bytes() {
    network! { struct Mnist: u8 1x28x28 => standardize(deviation = 255) => body: Body; }
    network! {
        #[weights("models/mnist_bn_cnn.safetensors")]
        struct Body: 1x28x28 => conv(8, 3, padding = 1, bias = false) => batch_norm relu => max_pool(2)
            => depthwise(3, padding = 1) => conv(16, 1) => batch_norm relu => global_avg_pool => flatten => 10;
    }
    let mut net = Mnist::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let stated = parameters(&net)[..2].to_vec();
    set_parameters(&mut net, &[stated, parameters(Body::TRAINED)].concat());
    let expected = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/models/mnist_bn_cnn.expected.safetensors"));
    let expected = expected.expect("a file");
    let expected = safetensors::SafeTensors::deserialize(&expected).expect("a file");
    let numbers = |name: &str| -> Vec<f32> {
        let tensor = expected.tensor(name).expect("a tensor");
        tensor.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    };
    let (x, logits) = (numbers("x"), numbers("logits"));
    assert!(x.len() > 784);
    for (x, logits) in x.as_chunks::<784>().0.iter().zip(logits.chunks(10)) {
        let image: [[u8; 28]; 28] = *reshape(&x.map(|x| (x * 255.0).round() as u8));
        assert_close("logits", &net.forward(reshape(&image)), logits, 1e-4);
    }
}

/// What cameras give, and streams of bytes.
#[test]
fn cameras_and_streams_give_bytes() {
    let colours = [(0xf800, [255, 0, 0]), (0x07e0, [0, 255, 0]), (0x001f, [0, 0, 255]), (0x8410, [132, 130, 132])];
    for (pixel, expected) in colours {
        assert_eq!(rgb565(pixel), expected);
    }
    network! { struct Sound: stream u8 1 => standardize(mean = 128, deviation = 128) => conv(2, 3, padding = causal) tanh => 1; }
    network! { struct Same: stream 1 => standardize(mean = 128, deviation = 128) => conv(2, 3, padding = causal) tanh => 1; }
    let (mut net, mut same) = (Sound::ZERO, Same::ZERO);
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    same.init(&mut ChaCha8Rng::seed_from_u64(1));
    let sound: Vec<[u8; 1]> = (0..200).map(|at| [(at * at % 251) as u8]).collect();
    let numbers: Vec<[f32; 1]> = sound.iter().map(|[byte]| [f32::from(*byte)]).collect();
    let (mut state, mut other) = (net.start(), same.start());
    let (mut found, mut expected) = (vec![[0.0]; 200], vec![[0.0]; 200]);
    net.process(&sound, &mut found, &mut state).expect("as many");
    same.process(&numbers, &mut expected, &mut other).expect("as many");
    assert_eq!(found, expected);
    assert_eq!(net.step(&sound[5], &mut state), same.step(&numbers[5], &mut other));
}

/// Whole channels are left out, as many as the rate says, and the others scaled; the gradient goes through the same.
#[test]
fn dropout_leaves_out_whole_channels() {
    network! { struct Net: f64; 64x3x2 => dropout(0.25, channels = true) => flatten => dense(1, bias = false); }
    let mut net = Net::ZERO;
    net.parameters_mut(|_, weights| weights.fill(1.0));
    let (mut memory, mut dropped) = (Training::<Net, 2>::ZERO, Vec::new());
    let data = [([1.0; 384], [0.0]), ([1.0; 384], [0.0])];
    let mut sgd = Sgd::new(1e-12);
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    for _ in 0..40 {
        let mut gradient = Vec::new();
        trainer
            .epoch(&mut net, &data, &mut [0, 1], |report| {
                report.gradient.parameters(|_, values| gradient.extend_from_slice(values));
                Continue(())
            })
            .expect("steps");
        // Of the two rows: what a channel has at one place it has at all, up to the rows' own factors.
        for channel in gradient.chunks(6) {
            assert!(channel.iter().all(|value| (value - channel[0]).abs() < 1e-9 * channel[0].abs().max(1.0)));
        }
        dropped.extend(gradient.chunks(6).map(|channel| channel[0]));
    }
    // Both rows leave a channel out once in sixteen times.
    let share = dropped.iter().filter(|value| **value == 0.0).count() as f64 / dropped.len() as f64;
    assert!((share - 0.0625).abs() < 0.02, "{share}");
    let different: std::collections::BTreeSet<u64> = dropped.iter().map(|value| value.to_bits()).collect();
    assert!(different.len() > 3, "channels and rows are drawn for themselves");
}
