//! What the language means: both forms, scalars, paths, attributes and summaries.

use nn_core::prelude::*;
use nn_core::width::{Free, FreeWidth};
use tests::{parameters, set_parameters};

network! {
    /// Documented.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Xor: 2 => 8 relu => 4 sigmoid => 1;
}
network! { struct Encoder: 6 => 4 tanh => 3; }
network! { struct Decoder: 3 => 4 tanh => 6; }
network! { struct AutoEncoder: 6 => Encoder => Decoder; }

mod activations {
    use nn_core::activation::{Activation, After, Lanes, Neither, RowActivation, Seed};
    use nn_core::init::Init;
    use nn_core::scalar::Scalar;

    /// Each value less the first of its row.
    pub struct LessFirst;

    impl RowActivation for LessFirst {
        type Keeps = Neither;
        const LABEL: &'static str = "less_first";
        const WANTS: Init = Init::GlorotUniform;
        const LIMITS: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];
        fn apply<T: Scalar, V: Lanes<T>>(rows: &mut [T], width: usize) {
            for row in rows.chunks_exact_mut(width) {
                let first = row[0];
                row.iter_mut().for_each(|x| *x -= first);
            }
        }
        fn slopes<T: Scalar, V: Lanes<T>>(_: &[T], dy: &mut [T], width: usize, _: Seed) {
            for row in dy.chunks_exact_mut(width) {
                row[0] = row.iter().skip(1).fold(T::from_f64(0.0), |sum, dy| sum - *dy);
            }
        }
    }

    pub struct Halve;

    impl Activation for Halve {
        type Keeps = After;
        const NAME: &'static str = "halve";
        fn value<T: Scalar, V: Lanes<T>>(x: V) -> V {
            x * V::splat(T::from_f64(0.5))
        }
        fn slope<T: Scalar, V: Lanes<T>>(_: V, dy: V) -> V {
            dy * V::splat(T::from_f64(0.5))
        }
    }
}

#[test]
fn both_forms_are_the_same_network() {
    type Same = network!(2 => 8 relu => 4 sigmoid => 1);
    type Angle = network!(< 2 => 8 relu => 4 sigmoid => 1 >);
    let (mut item, mut same, mut angle) = (Xor::ZERO, Same::ZERO, Angle::ZERO);
    item.init(&mut ChaCha8Rng::seed_from_u64(1));
    same.init(&mut ChaCha8Rng::seed_from_u64(1));
    angle.init(&mut ChaCha8Rng::seed_from_u64(1));
    let y = item.forward(&[0.2, 0.7]);
    assert!(y == same.forward(&[0.2, 0.7]) && y == angle.forward(&[0.2, 0.7]));
    assert_eq!(item.clone(), item);
    assert!(format!("{item:?}").starts_with("Xor("));
}

#[test]
fn a_function_of_rows_may_be_the_users() {
    type Net = network!(2 => 3 activations::LessFirst);
    let mut net = Net::ZERO;
    net.parameters_mut(|kind, values| {
        if kind == Kind::Bias {
            values.copy_from_slice(&[1.0, 3.0, -1.0]);
        }
    });
    assert_eq!(net.forward(&[0.5, 0.5]), [0.0, 2.0, -2.0]);
}

#[test]
fn ends_are_constants() {
    network! { struct Classifier: { Encoder::OUT } => 2 relu => { Xor::IN }; }
    type Same = network!({ Encoder::OUT } => 2 relu => 2);
    let features: [f32; Encoder::OUT] = Encoder::ZERO.forward(&[0.0; Encoder::IN]);
    assert_eq!(Classifier::ZERO.forward(&features), Same::ZERO.forward(&features));
    assert_eq!([Classifier::IN, Classifier::OUT, Same::IN, Same::OUT], [3, 2, 3, 2]);
}

#[test]
fn a_network_stands_in_a_network() {
    let mut whole = AutoEncoder::ZERO;
    whole.init(&mut ChaCha8Rng::seed_from_u64(1));
    let all = parameters(&whole);
    let (mut encoder, mut decoder) = (Encoder::ZERO, Decoder::ZERO);
    set_parameters(&mut encoder, &all[..Encoder::PARAMETERS]);
    set_parameters(&mut decoder, &all[Encoder::PARAMETERS..]);
    let x = [0.1, -0.2, 0.3, -0.4, 0.5, -0.6];
    assert_eq!(whole.forward(&x), decoder.forward(&encoder.forward(&x)));
    assert_eq!(AutoEncoder::MACS, Encoder::MACS + Decoder::MACS);
}

#[test]
fn arguments_and_paths_of_activations() {
    type Net = network!(f64; 1 => 1 leaky_relu(0.25) => 1 activations::Halve => 1 hard_tanh(-1.5, 2.5e-1));
    let mut net = Net::ZERO;
    net.parameters_mut(|kind, values| values.fill(if kind == Kind::Weight { 1.0 } else { 0.0 }));
    assert_eq!(net.forward(&[-4.0]), [-0.5]);
    assert_eq!(net.forward(&[-40.0]), [-1.5]);
    assert_eq!(net.forward(&[4.0]), [0.25]);
}

#[test]
fn the_summary_shows_layers_and_totals() {
    let text = AutoEncoder::summary().to_string();
    assert_eq!(format!("{:?}", AutoEncoder::summary()), text);
    let expected = "\
AutoEncoder: 6 => 6, f32
  layer                                 output  parameters       bytes        MACs
  0.0             dense                      4          28         112          24
  0.1             tanh                       4           0           0           0
  0.2             dense                      3          15          60          12
  1.0             dense                      4          16          64          12
  1.1             tanh                       4           0           0           0
  1.2             dense                      6          30         120          24
  total                                                 89         356          72
  working memory: 10 values, 40 bytes";
    assert_eq!(text, expected);
}

#[test]
fn dropout_is_a_row_of_the_summary_and_a_place() {
    network! { struct Dropped: 8 => 6 leaky_relu(0.25) => dropout(0.2) => 4 hard_tanh(-0.5, 2) => last: dropout(0.5); }
    let summary = Dropped::summary().to_string();
    let expected = [
        ("dense", 6),
        ("leaky_relu(0.25)", 6),
        ("dropout(0.2)", 6),
        ("dense", 4),
        ("hard_tanh(-0.5, 2)", 4),
        ("dropout(0.5)", 4),
    ];
    for (line, (place, (label, _))) in
        summary.lines().skip(2).zip(["0", "1", "2", "3", "4", "last"].iter().zip(expected))
    {
        assert!(line.starts_with(&format!("  {place:<15} {label} ")), "{line}");
    }
    let mut seen = Vec::new();
    Dropped::ZERO.activations(&[0.0; 8], |layer, values| seen.push((layer.label, values.len())));
    assert_eq!(seen, expected);
}

#[test]
fn names_lead_to_layers() {
    network! {
        struct Named: 2 => a: 3 relu => b: [c: 3 tanh => 3] => (d: 4 | 2 gelu => e: Third relu) => f: { 1 + 1 } => g: Last;
    }
    network! { struct Third: 2 => 3; }
    network! { struct Last: 2 => 1; }
    let mut net = Named::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let mut places = Vec::new();
    let x = [0.4, -0.9];
    let y = net.activations(&x, |layer, values| places.push((layer.place.to_string(), values.to_vec())));
    let at = |place: &str| &places.iter().find(|(name, _)| name == place).expect("the place").1;
    let names: Vec<_> = places.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["a", "1", "b.c", "b.1", "b.2", "b", "3.0.d", "3.1.0", "3.1.1", "3.1.e.0", "3.1.3", "f", "g.0"];
    assert_eq!(names, expected);
    // A dense layer by hand, from what its accessor gives.
    fn by_hand<const I: usize, const O: usize>(layer: &nn_core::layer::Parameters<f32, I, O>, x: &[f32], y: &[f32]) {
        assert_eq!((x.len(), y.len()), (I, O));
        for (o, y) in y.iter().enumerate() {
            let sum: f32 = layer.bias[o] + x.iter().zip(&layer.weights).map(|(x, row)| x * row[o]).sum::<f32>();
            assert!((sum - y).abs() < 1e-6);
        }
    }
    by_hand(net.a(), &x, at("a"));
    by_hand(net.c(), at("1"), at("b.c"));
    let block: Vec<_> = at("b.2").iter().zip(at("1")).map(|(y, x)| x + y).collect();
    assert_eq!(*at("b"), block);
    by_hand(net.d(), &block, at("3.0.d"));
    assert_eq!(net.e().forward(&[at("3.1.1")[0], at("3.1.1")[1]]).as_slice(), at("3.1.e.0"));
    let branches: Vec<_> = at("3.0.d").iter().chain(at("3.1.3")).copied().collect();
    by_hand(net.f(), &branches, at("f"));
    assert_eq!(net.g().forward(&[at("f")[0], at("f")[1]]), y);
    net.c_mut().weights = [[0.0; 3]; 3];
    net.g_mut().init(&mut ChaCha8Rng::seed_from_u64(2));
    assert_ne!(net.forward(&x), y);
}

#[test]
fn a_parameter_is_a_width() {
    network! { struct Mlp<const H: usize, const I: usize>: {I} => first: {H} relu => [{H} tanh => {H}] => 1; }
    assert_eq!(Mlp::<5, 2>::PARAMETERS, 15 + 2 * 30 + 6);
    assert_eq!(Mlp::<1_024, 3>::MACS, 3 * 1_024 + 2 * 1_024 * 1_024 + 1_024);
    let mut net = Mlp::<4, 3>::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    assert_eq!(net.first().weights.len(), 3);
    fn generic<const H: usize>() -> usize
    where
        Free<H>: FreeWidth,
    {
        Mlp::<H, 2>::ZERO.forward(&[0.0, 1.0]).len()
    }
    assert_eq!(generic::<7>(), 1);
    network! { struct Around: 2 => Mlp<5, 2> => 3; }
    assert_eq!(Around::PARAMETERS, Mlp::<5, 2>::PARAMETERS + 6);
}

#[test]
fn fragments_of_other_macros_are_widths_paths_and_activations() {
    macro_rules! declare {
        ($Name:ident, $width:literal, $path:path, $layer:ty, $inputs:expr, $activation:ident) => {
            network! { struct $Name: $inputs => $width $activation => $layer => $width $path => { $inputs }; }
        };
    }
    network! { struct Middle: 4 => 2; }
    declare!(Declared, 4, activations::Halve, Middle, 3, tanh);
    assert_eq!((Declared::PARAMETERS, Declared::ZERO.forward(&[0.0; 3])), (16 + 10 + 12 + 15, [0.0; 3]));
}

#[test]
fn many_layers_in_a_row() {
    macro_rules! deep {
        ($($width:literal)*) => {
            network! { struct Deep: 2 $(=> $width relu)* => 1; }
        };
    }
    deep!(4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4);
    assert_eq!((Deep::PARAMETERS, Deep::WORKSPACE), (12 + 62 * 20 + 5, 8));
    let data = [([0.5, 1.0], [1.0])];
    let mut memory = Training::<Deep, 1>::ZERO;
    assert!(memory.gradient(&Deep::ZERO, &MeanSquaredError, &data, &[0]).is_ok());
}

#[test]
fn widths_of_any_size() {
    const WIDE: usize = 70_000;
    type Net = network!(1 => 1_025 relu => { WIDE } relu => 1);
    type Typed = network!(1 => dense(nn_core::typenum::U1000) relu => 1);
    assert_eq!(Typed::MACS, 2_000);
    assert_eq!(Net::MACS, 1_025 + 1_025 * 70_000 + 70_000);
    assert_eq!(Net::FLASH, Net::PARAMETERS * 4);
}

#[test]
fn an_error_of_training_is_an_error_of_the_standard_library() {
    let error: Box<dyn std::error::Error> = TrainError::EmptyDataset.into();
    assert_eq!(error.to_string(), "the data set has no sample");
}

/// A type has the order of its declaration, too.
#[test]
fn types_lie_channels_last_if_they_say_so() {
    let frames = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0];
    assert_eq!(<network!(#[channels_last] 2x3 => flatten)>::ZERO.forward(&frames), [1.0, 2.0, 3.0, 10.0, 20.0, 30.0]);
    assert_eq!(<network!(2x3 => flatten)>::ZERO.forward(&frames), frames);
}
