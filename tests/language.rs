//! What the language means: both forms, scalars, paths, attributes and summaries.

use nn_core::prelude::*;
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
    use nn_core::activation::{Activation, After, Lanes};
    use nn_core::scalar::Scalar;

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
    let expected = "\
AutoEncoder: 6 => 6, f32
  layer                   output  parameters       bytes        MACs
  0.0     dense                4          28         112          24
  0.1     tanh                 4           0           0           0
  0.2     dense                3          15          60          12
  1.0     dense                4          16          64          12
  1.1     tanh                 4           0           0           0
  1.2     dense                6          30         120          24
  total                                   89         356          72
  working memory: 13 values, 52 bytes";
    assert_eq!(text, expected);
}

#[test]
fn widths_of_any_size() {
    type Net = network!(1 => 1_025 relu => 70_000 relu => 1);
    assert_eq!(Net::MACS, 1_025 + 1_025 * 70_000 + 70_000);
    assert_eq!(Net::FLASH, Net::PARAMETERS * 4);
}

#[test]
fn an_error_of_training_is_an_error_of_the_standard_library() {
    let error: Box<dyn std::error::Error> = TrainError::EmptyDataset.into();
    assert_eq!(error.to_string(), "the data set has no sample");
}
