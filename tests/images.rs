//! Networks over images: what PyTorch gives, values and gradients, and what went wrong elsewhere at borders, in groups and in pools.

use nn_core::network::Learns;
use nn_core::prelude::*;
use std::sync::LazyLock;
use tests::{Vectors, assert_close, parameters, set_parameters};

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/images.txt")));

macro_rules! networks {
    ($($name:literal { $($net:tt)* })*) => {$( tests::agrees_with_pytorch!(VECTORS, $name, $($net)*); )*};
}

#[test]
fn convolutions_are_those_of_pytorch() {
    networks! {
        "conv0" { 1x5x6 => conv(1, 1) tanh }
        "conv1" { 1x6x5 => conv(3, 2x3, padding = 1x0) tanh }
        "conv2" { 3x7x6 => conv(4, 3, padding = 1) tanh }
        "conv3" { 3x7x8 => conv(4, 3x3, stride = 2, padding = 1) tanh }
        "conv4" { 2x9x8 => conv(8, 5x4, stride = 2x1, padding = 2x1, bias = false) tanh }
        "conv5" { 4x8x9 => conv(4, 3x2, stride = 1x2, padding = 0x1, dilation = 2x3) tanh }
        "conv6" { 4x6x6 => conv(16, 4, padding = 3) tanh }
        "conv7" { 8x4x5 => conv(8, 3, padding = 1, groups = 2) tanh }
        "conv8" { 6x6x7 => conv(9, 3x1, stride = 2x1, padding = 1x0, groups = 3) tanh }
        "conv9" { 8x5x5 => depthwise(3, padding = 1) tanh }
        "conv10" { 17x5x4 => depthwise(5, stride = 2, padding = 2, bias = false) tanh }
        "conv11" { 3x6x6 => depthwise(3, padding = 1x2, dilation = 1x2, multiplier = 2) tanh }
        "conv12" { 5x3x3 => conv(33, 3) tanh }
        "conv13" { 16x4x4 => conv(20, 1, stride = 2) tanh }
    }
}

#[test]
fn same_is_that_of_tensorflow() {
    networks! {
        "same0" { 1x5x6 => conv(2, 3, stride = 2, padding = same) tanh }
        "same1" { 2x8x7 => conv(3, 2x5, stride = 1x3, padding = same) tanh }
        "same2" { 2x6x6 => conv(3, 4, stride = 2, padding = same) tanh }
        "same3" { 1x7x5 => conv(2, 1x2, stride = 3x2, padding = same) tanh }
    }
}

#[test]
fn transposed_convolutions_are_those_of_pytorch() {
    networks! {
        "transposed0" { 1x3x4 => conv(1, 1) => conv_transpose(1, 1) tanh }
        "transposed1" { 2x3x4 => conv(2, 1) => conv_transpose(3, 3x2, stride = 2x1, padding = 1x0, output_padding = 1x0) tanh }
        "transposed2" { 4x4x3 => conv(4, 1) => conv_transpose(8, 4, stride = 2, padding = 1) tanh }
        "transposed3" {
            6x3x3 => conv(6, 1)
                => conv_transpose(9, 3x2, stride = 1x2, padding = 2x1, output_padding = 1, dilation = 2x1, groups = 3, bias = false) tanh
        }
        "transposed4" { 8x2x3 => conv(8, 1) => conv_transpose(8, 3, stride = 2, padding = 1, output_padding = 1, groups = 8) tanh }
        "transposed5" { 17x2x3 => conv(17, 1) => conv_transpose(5, 2, stride = 2) tanh }
    }
}

#[test]
fn words_are_those_of_pytorch() {
    networks! {
        "max_pool" { 3x7x6 => conv(3, 1) => max_pool(2) tanh }
        "max_pool_padded" {
            2x7x8 => conv(2, 1) => max_pool(3x2, stride = 2x1, padding = 1x0) => max_pool(2, stride = 1, dilation = 1x3)
        }
        "avg_pool" { 3x7x5 => conv(3, 1) => avg_pool(3, stride = 2, padding = 1) tanh }
        "avg_pool_not_counted" { 3x7x5 => conv(3, 1) => avg_pool(3, stride = 2, padding = 1, count_padding = false) }
        "global_pools" { 3x4x5 => conv(3, 1) => (global_avg_pool | global_max_pool) => 2 }
        "flatten" { 3x4x5 => conv(4, 2) relu => flatten => 3 }
        "upsample" { 2x3x4 => conv(2, 1) => upsample(2) => conv(2, 3) }
        "upsample_bilinear" { 2x1x4 => conv(2, 1) => upsample(3, bilinear) => conv(2, 2) => upsample(2, bilinear) }
        "pad" { 2x3x4 => conv(2, 1) => pad((0x1, 1x2)) => pad(1x2) => conv(3, 2, stride = 3) tanh }
        "norms" { 5x2x3 => layer_norm softmax }
        "group_norm" { 4x3x5 => conv(6, 2) => group_norm(2) tanh => group_norm(6, eps = 0.125) => flatten => 2 }
        "shortcut" { 4x6x7 => (conv(6, 3, stride = 2, padding = 1) tanh => conv(6, 3, padding = 1) + conv(6, 1, stride = 2)) relu }
        "squeeze_and_excite" { 4x3x4 => conv(4, 1) => (pass * global_avg_pool => 2 relu => 4 sigmoid) }
        "residual" { 3x5x4 => [conv(3, 3, padding = 1) tanh] tanh }
        "inverted_bottleneck" { 3x4x5 => [conv(6, 1) relu6 => depthwise(3, padding = 1) relu6 => conv(3, 1)] }
        "taken" { 5x3x2 => conv(5, 1) => (conv(2, 1) | conv(3, 1)) => take(0..5) tanh }
        "u_net" { 1x6x4 => (conv(2, 3, padding = 1) | max_pool(2) => conv(3, 3, padding = 1) tanh => upsample(2)) => conv(1, 1) }
    }
}

/// A file that PyTorch wrote, by its names, read when the network compiles and when it runs.
#[test]
fn a_decoder_has_the_weights_of_its_file() {
    network! {
        #[weights("models/layers/decoder.safetensors")]
        struct Decoder: 2x3x4 => conv(4, 2) => pad(1) => group_norm(2) => conv_transpose(6, 3x2, stride = 2x1, groups = 2);
    }
    let vector = |what: &str| VECTORS.get(&format!("decoder:{what}"));
    assert_close("compiled", &parameters(Decoder::TRAINED), &vector("parameters"), 1e-7);
    let mut net = Decoder::ZERO;
    net.load(include_bytes!("models/layers/decoder.safetensors")).expect("its file");
    assert_eq!(parameters(&net), parameters(Decoder::TRAINED));
    let x = VECTORS.rows::<f32, { Decoder::IN }>("decoder:x");
    let y: Vec<_> = x.iter().flat_map(|x| net.forward(x)).collect();
    assert_close("outputs", &y, &vector("y"), 1e-5);
}

/// 1, 2, 3 and so on.
fn count<const N: usize>() -> [f32; N] {
    core::array::from_fn(|at| at as f32 + 1.0)
}

/// A kernel of 1, 2, 3 and so on, row by row.
fn counting<N: Learns<Number = f32>>(rows: usize, columns: usize) -> Box<N> {
    let mut net = N::boxed();
    // Taps lie column by column.
    let taps = (0..rows * columns).map(|tap| (tap % rows * columns + tap / rows) as f32 + 1.0);
    set_parameters(&mut *net, &taps.collect::<Vec<_>>());
    net
}

#[test]
fn values_at_borders_are_right() {
    network! { struct Same: 1x6x6 => conv(1, 3, stride = 2, padding = same, bias = false); }
    network! { struct One: 1x6x6 => conv(1, 3, stride = 2, padding = 1, bias = false); }
    let (same, one) = (counting::<Same>(3, 3), counting::<One>(3, 3));
    assert_eq!(same.forward(&count()), [474.0, 564.0, 384.0, 1014.0, 1104.0, 708.0, 640.0, 682.0, 409.0]);
    assert_eq!(one.forward(&count()), [145.0, 265.0, 343.0, 519.0, 789.0, 879.0, 915.0, 1329.0, 1419.0]);

    network! { struct Counted: 1x4x4 => avg_pool(3, stride = 2, padding = 1); }
    network! { struct Met: 1x4x4 => avg_pool(3, stride = 2, padding = 1, count_padding = false); }
    network! { struct MetSame: 1x4x4 => avg_pool(3, stride = 2, padding = same, count_padding = false); }
    assert_close("counted", &Counted::ZERO.forward(&count()), &[1.555_555_6, 3.333_333_3, 6.333_333_3, 11.0], 1e-6);
    assert_eq!(Met::ZERO.forward(&count()), [3.5, 5.0, 9.5, 11.0]);
    assert_eq!(MetSame::ZERO.forward(&count()), [6.0, 7.5, 12.0, 13.5]);

    network! { struct Largest: 1x3x3 => max_pool(3, stride = 2, padding = 1); }
    assert_eq!(Largest::ZERO.forward(&count().map(|x: f32| -x)), [-1.0, -2.0, -4.0, -5.0]);

    network! { struct Pairs: 1x2x4 => max_pool(2); }
    for x in [[1.0, f32::NAN, 3.0, 4.0, 5.0, 6.0, 7.0, f32::NAN], [f32::NAN, 1.0, 3.0, 4.0, 5.0, 6.0, f32::NAN, 8.0]] {
        assert!(Pairs::ZERO.forward(&x).iter().all(|y| y.is_nan()));
    }

    network! { struct Flat: 2x2x2 => flatten => dense(1, bias = false); }
    let mut flat = Flat::ZERO;
    set_parameters(&mut flat, &core::array::from_fn::<f32, 8, _>(|power| 10.0_f32.powi(power as i32)));
    assert_eq!(flat.forward(&count()), [87_654_321.0]);

    network! { struct Padded: 1x2x2 => pad((1x0, 0x1)); }
    assert_eq!(Padded::ZERO.forward(&count()), [0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0]);

    network! { struct Nearest: 1x2x3 => upsample(2); }
    let row = |a: f32, b: f32, c: f32| [a, a, b, b, c, c];
    let rows = [row(1.0, 2.0, 3.0), row(1.0, 2.0, 3.0), row(4.0, 5.0, 6.0), row(4.0, 5.0, 6.0)];
    assert_eq!(Nearest::ZERO.forward(&count()), rows.as_flattened());

    network! { struct Between: 1x2x3 => upsample(2, bilinear); }
    let row = |first: f32| [0.0, 0.25, 0.75, 1.25, 1.75, 2.0].map(|right| first + right);
    let rows = [1.0, 1.75, 3.25, 4.0].map(row);
    assert_eq!(Between::ZERO.forward(&count()), rows.as_flattened());
}

/// What a pool leaves over has no value and no gradient, and of equal values the first has all of it.
#[test]
fn what_a_pool_leaves_over_has_no_gradient() {
    network! { struct Mean: 1x5x5 => avg_pool(2); }
    assert_eq!(Mean::ZERO.forward(&count()), [4.0, 6.0, 14.0, 16.0]);
    network! { struct Learnt: f64; 1x5x5 => depthwise(1, bias = false) => max_pool(2) => global_avg_pool; }
    let mut net = Learnt::ZERO;
    set_parameters(&mut net, &[1.0]);
    let mut training = Training::<Learnt, 1>::ZERO;
    let x = core::array::from_fn(|at| if at / 5 == 4 || at % 5 == 4 { 100.0 } else { 3.0 });
    let (_, gradient) = training.gradient(&net, &MeanAbsoluteError, &[(x, [-100.0])], &[0]).expect("finite");
    assert_eq!(parameters(gradient), [3.0]);
}

/// Place by place at the ends, too.
#[test]
fn channels_may_be_last() {
    network! { struct First: 2x2x3 => conv(2, 2) relu; }
    network! {
        #[channels_last]
        struct Last: 2x2x3 => conv(2, 2) relu;
    }
    let (mut first, mut last) = (First::ZERO, Last::ZERO);
    first.init(&mut ChaCha8Rng::seed_from_u64(3));
    set_parameters(&mut last, &parameters(&first));
    let [a, b, c, d] = first.forward(&count());
    let places = core::array::from_fn(|at| (at % 2 * 6 + at / 2) as f32 + 1.0);
    assert_eq!(last.forward(&places), [a, c, b, d]);
    let mut outputs = [[0.0; 4]; 70];
    first.forward_all(&[count(); 70], &mut outputs).expect("as many");
    assert_eq!(outputs, [[a, b, c, d]; 70]);
}

/// Networks over images in one another, and of channels that are a parameter.
#[test]
fn networks_of_images_are_parts() {
    network! { struct Body: 3x8x6 => conv(4, 3, padding = 1) relu => max_pool(2); }
    network! { struct Head: 4x4x3 => flatten => 2; }
    network! { struct Both: 3x8x6 => Body => Head; }
    network! { struct Ends: 3x8x6 => Body tanh => flatten => 2; }
    network! { struct Whole: 3x8x6 => conv(4, 3, padding = 1) relu => max_pool(2) => flatten => 2; }
    network! { struct Wide<const C: usize>: {C}x8x6 => conv({C}, 3, padding = 1) relu => [depthwise(3, padding = 1) tanh] => global_avg_pool => 2; }
    let (mut both, mut whole) = (Both::ZERO, Whole::ZERO);
    both.init(&mut ChaCha8Rng::seed_from_u64(3));
    set_parameters(&mut whole, &parameters(&both));
    let x = core::array::from_fn(|at| at as f32 / 72.0 - 1.0);
    assert_eq!(both.forward(&x), whole.forward(&x));
    assert_eq!(Ends::PARAMETERS, Whole::PARAMETERS);
    assert_eq!(Wide::<3>::PARAMETERS, 3 * 3 * 9 + 3 + 3 * 9 + 3 + 3 * 2 + 2);
    assert_eq!(Wide::<5>::ZERO.forward(&[[[1.0; 6]; 8]; 5]), [0.0; 2]);
}

/// Mean and deviation channel by channel, over all places.
#[test]
fn images_are_standardised() {
    use nn_core::statistics::standardize;
    network! { struct Net: 2x1x3 => standardize => conv(2, 1x2) => flatten => 1; }
    let mut net = Net::ZERO;
    standardize(&mut net, &[([1.0, 2.0, 6.0, -4.0, 5.0, 8.0], 0)]).expect("samples");
    let expected = [3.0, 3.0, (14.0_f32 / 3.0).sqrt(), 26.0_f32.sqrt()];
    assert_close("of images", &parameters(&net)[..4], &expected, 1e-6);
}

/// A declared network derives what its user asks for, is saved and loaded.
#[test]
fn networks_over_images_are_saved() {
    network! {
        #[derive(Clone, Debug, PartialEq, Default)]
        struct Net: 2x6x4 => standardize => features: conv(4, 3x2) relu => max_pool(2x1) => ((depthwise(1x3, padding = 0x1) * pass) | take(0..1))
            => layer_norm => upsample(2) => pad(1) => group_norm(5) => up: conv_transpose(4, 2x1) => (flatten => 2 | global_max_pool);
    }
    let mut net = Net::default();
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    assert_eq!(net.clone(), net);
    let mut file = [0; Net::SAVED_LEN];
    let written = net.save(&mut file).expect("room");
    let header = String::from_utf8_lossy(&file[8..1_000]);
    assert!(header.contains("\"features.weight\":{\"dtype\":\"F32\",\"shape\":[4,2,3,2]"), "{header}");
    assert!(header.contains("\"up.weight\":{\"dtype\":\"F32\",\"shape\":[5,4,2,1]"), "{header}");
    let mut again = Net::default();
    again.load(&file[..written]).expect("its own file");
    assert_eq!(again, net);
    let shown = Net::summary().to_string();
    assert!(shown.contains("2x6x4 => 6") && shown.contains("4x4x3"), "{shown}");
}

/// What a layer with a name gives is the tensor of its place, the other way round than in a file.
#[test]
fn convolutions_with_names_give_their_weights() {
    network! {
        pub struct Net<const C: usize>: {C}x4x5 => edges: conv({C}, 3x2, bias = false) => norm: batch_norm => global_avg_pool => 1;
    }
    let mut net = Net::<2>::ZERO;
    net.edges_mut().weights[1][2][0][1] = 5.0; // column 1, row 2, from input 0 to output 1
    net.norm_mut().running_var = [1.0, 4.0];
    assert_eq!((net.norm().weight, net.edges().bias), ([0.0; 2], [0.0; 0]));
    let all = parameters(&net);
    assert_eq!(all[((3 + 2) * 2) * 2 + 1], 5.0);
    assert_eq!(all[24 + 6..24 + 8], [1.0, 4.0]);

    network! {
        struct Many: 4x9 => a: conv(6, 3, groups = 2) => b: depthwise(2, multiplier = 2) => c: conv_transpose(5, 4) => last => 1;
    }
    let mut net = Many::ZERO;
    net.a_mut().weights[2] = [[1.0; 6]; 2];
    net.b_mut().weights[1] = [[2.0; 12]; 1];
    net.c_mut().weights[3] = [[3.0; 12]; 5];
    net.c_mut().bias = [4.0; 5];
    let all = parameters(&net);
    let (a, b) = (3 * 2 * 6 + 6, 2 * 12 + 12);
    assert_eq!(all[2 * 12 - 1..2 * 12 + 1], [0.0, 1.0]);
    assert_eq!(all[a + 11..a + 13], [0.0, 2.0]);
    assert_eq!(all[a + b + 3 * 60 - 1..a + b + 3 * 60 + 1], [0.0, 3.0]);
    assert_eq!(all[a + b + 240..a + b + 245], [4.0; 5]);

    network! { struct Heard: stream 2 => taps: conv(3, 4, padding = causal) => 1; }
    let mut net = Heard::ZERO;
    net.taps_mut().weights[3] = [[0.5; 3]; 2]; // the present frame
    assert_eq!(net.taps().bias, [0.0; 3]);
    assert_eq!(parameters(&net)[18..24], [0.5; 6]);
}

/// A convolution and the pool after it are one part, which computes some rows of the convolution at a time: with the bits of one after the
/// other, as they are where each value is looked at.
#[test]
fn a_pool_after_a_convolution_has_the_bits_of_both_apart() {
    network! { struct Pairs: 1x11x9 => conv(8, 3) relu => max_pool(2) => flatten => 3; }
    network! { struct Padded: 2x9x10 => conv(9, 3, padding = 1) relu => max_pool(3x2) => conv(17, 2) tanh => max_pool(2) tanh; }
    network! { struct Mean: 1x12x12 => first: conv(4, 5, padding = 2) silu => avg_pool(2) => depthwise(3, stride = 2, padding = 1) => avg_pool(3x1); }
    network! { struct Each: f64; 4x6x7 => conv(5, 1) softmax => max_pool(2) leaky_relu => (conv(5, 2, groups = 5) => max_pool(1x2) | max_pool(2x3, stride = 1)); }
    macro_rules! check {
        ($($Net:ident: $T:ty),*) => {$(
            let mut net = $Net::ZERO;
            net.init(&mut ChaCha8Rng::seed_from_u64(3));
            net.parameters_mut(|_, values| values.iter_mut().for_each(|value| *value += 0.01));
            let x = core::array::from_fn(|at| (at * 7919 % 1009) as $T / 504.0 - 1.0);
            let apart = net.activations(&x, |_, _| {});
            assert_eq!(net.forward(&x), apart);
            let mut all = [apart.map(|_| 0.0); 40];
            net.forward_all(&[x; 40], &mut all).expect("as many");
            assert!(all.iter().all(|y| *y == apart), "of many");
        )*};
    }
    check!(Pairs: f32, Padded: f32, Mean: f32, Each: f64);
}
