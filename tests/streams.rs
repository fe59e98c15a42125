//! What went wrong elsewhere with networks that remember: states that leaked, were not restarted, or were poisoned, and weights that
//! were left out. The numbers are PyTorch's in double precision, and ONNX's.
#![allow(clippy::excessive_precision, reason = "as they were computed")]

use nn_core::prelude::*;
use nn_core::weights::WeightsError;
use std::sync::LazyLock;
use tests::assert_close;
use tests::files::tensors;

network! { struct Amp: stream 1 => lstm(2); }
network! { struct Deep: stream 2 => gru(4, start = learned) => [lstm(4)] => rnn(3) => 1; }

type Tensor = (&'static str, &'static [usize], &'static [f32]);

const LSTM: [Tensor; 4] = [
    ("0.weight_ih_l0", &[8, 1], &[0.59375, 0.5625, 0.59375, -0.59375, -0.4375, 0.53125, 0.28125, 0.625]),
    (
        "0.weight_hh_l0",
        &[8, 2],
        &[
            0.125, -0.375, 0.46875, 0.09375, -0.21875, 0.28125, -0.4375, -0.5625, 0.125, -0.40625, 0.40625, -0.53125,
            0.40625, 0.125, -0.625, -0.03125,
        ],
    ),
    ("0.bias_ih_l0", &[8], &[0.46875, 0.3125, 0.21875, 0.1875, 0.21875, -0.21875, -0.59375, -0.375]),
    ("0.bias_hh_l0", &[8], &[0.1875, -0.25, -0.625, 0.34375, 0.09375, -0.625, 0.0, -0.0625]),
];
const SOUND: [f32; 6] = [0.125, -0.375, 0.46875, 0.09375, -0.21875, 0.28125];
const HEARD: [[f32; 2]; 6] = [
    [0.061355728, -0.137258217],
    [0.116150086, -0.173756454],
    [0.115400715, -0.236067731],
    [0.129828938, -0.228596874],
    [0.143404023, -0.223530636],
    [0.141808572, -0.260837204],
];

static AMP: LazyLock<Amp> = LazyLock::new(|| {
    let mut net = Amp::ZERO;
    net.load(&tensors(&LSTM)).expect("a file");
    net
});

fn deep() -> Deep {
    let mut net = Deep::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(7));
    net.parameters_mut(|_, values| values.iter_mut().for_each(|value| *value += 0.125));
    net
}

/// So many frames of a recording.
fn recording(number: usize, len: usize) -> Vec<[f32; 2]> {
    (0..len).map(|at| [0, 1].map(|channel| ((at * 37 + number * 11 + channel * 5) % 23) as f32 / 11.0 - 1.0)).collect()
}

fn play<N: Stream>(net: &N, frames: &[N::Input], state: &mut State<N>) -> Vec<N::Output> {
    frames.iter().map(|frame| net.step(frame, state)).collect()
}

#[test]
fn a_warm_state_is_put_back() {
    let (net, [before, after]) = (deep(), [recording(1, 37), recording(2, 20)]);
    let mut state = net.start();
    play(&net, &before, &mut state);
    let warm = state.clone();
    let expected = play(&net, &after, &mut state);
    state.copy_from(&warm);
    assert_eq!(play(&net, &after, &mut state), expected);
    // Put into one that was never used.
    let mut other = State::NEW;
    other.copy_from(&warm);
    assert_eq!(play(&net, &after, &mut other), expected);
    assert_ne!(play(&net, &after, &mut net.start()), expected, "the past counts");
}

#[test]
fn nothing_is_left_after_a_restart() {
    let (net, second) = (deep(), recording(2, 20));
    let alone = play(&net, &second, &mut State::default());
    assert_eq!(play(&net, &second, &mut net.start()), alone);
    let mut state = State::NEW;
    play(&net, &recording(1, 37), &mut state);
    state.restart(&net);
    assert_eq!(play(&net, &second, &mut state), alone);
}

#[test]
fn channels_do_not_hear_each_other() {
    let (net, left, right) = (&deep(), recording(1, 30), recording(2, 30));
    let alone = [&left, &right].map(|frames| play(net, frames, &mut net.start()));
    let mut states = [net.start(), net.start()];
    for (at, (left, right)) in left.iter().zip(&right).enumerate() {
        let [left, right] = [(left, 0), (right, 1)].map(|(frame, channel)| net.step(frame, &mut states[channel]));
        assert_eq!([left, right], [alone[0][at], alone[1][at]], "frame {at}");
    }
}

#[test]
fn a_nan_stays_and_is_found_and_mended() {
    let sound = SOUND.map(|sample| [sample]);
    let (net, mut state) = (&*AMP, State::NEW);
    let heard = play(net, &sound, &mut state);
    assert_close("lstm", heard.as_flattened(), HEARD.as_flattened(), 1e-6);
    assert!(state.is_finite());
    net.step(&[f32::NAN], &mut state);
    assert!(!state.is_finite());
    let poisoned = play(net, &sound, &mut state);
    assert!(poisoned.as_flattened().iter().all(|y| y.is_nan()), "{poisoned:?}");
    state.restart(net);
    assert!(state.is_finite());
    assert_eq!(play(net, &sound, &mut state), heard);
    // An infinity saturates the gates: no NaN, and what is remembered is finite.
    net.step(&[f32::INFINITY], &mut state);
    assert!(state.is_finite());
}

const GRU: [Tensor; 5] = [
    ("0.weight_ih_l0", &[6, 1], &[0.59375, 0.5625, 0.59375, -0.59375, -0.4375, 0.53125]),
    (
        "0.weight_hh_l0",
        &[6, 2],
        &[0.125, -0.375, 0.46875, 0.09375, -0.21875, 0.28125, -0.4375, -0.5625, 0.125, -0.40625, 0.40625, -0.53125],
    ),
    ("0.bias_ih_l0", &[6], &[0.46875, 0.3125, 0.21875, 0.1875, 0.21875, -0.21875]),
    ("0.bias_hh_l0", &[6], &[-0.0625, 0.53125, -0.09375, 0.625, 0.125, 0.4375]),
    ("0.h0", &[2], &[-0.28125, 0.09375]),
];

#[test]
fn both_formulas_of_the_gated_unit_with_a_start() {
    let sound = [[0.21875], [-0.1875], [-0.53125], [0.46875]];
    let mut net = <network!(stream 1 => gru(2, start = learned))>::ZERO;
    net.load(&tensors(&GRU)).expect("a file");
    let y = [
        [-0.100719541, 0.092047174],
        [0.108046668, 0.041212088],
        [0.309288046, -0.021372335],
        [0.233990165, 0.164066061],
    ];
    assert_close("after", play(&net, &sound, &mut State::default()).as_flattened(), y.as_flattened(), 1e-6);
    let mut net = <network!(stream 1 => gru(2, reset_after = false, start = learned))>::ZERO;
    net.load(&tensors(&GRU)).expect("a file");
    let y =
        [[-0.082629112, 0.136083711], [0.133471423, 0.111449779], [0.336417173, 0.06187459], [0.2576192, 0.237831378]];
    assert_close("before", play(&net, &sound, &mut State::default()).as_flattened(), y.as_flattened(), 1e-6);
}

/// ONNX has the gates in the order z, r, h; here they are PyTorch's, r, z, n.
#[test]
fn both_formulas_are_those_of_onnx() {
    let file = tensors(&[
        ("0.weight_ih_l0", &[6, 1], &[0.59375, -0.59375, 0.59375, 0.5625, -0.4375, 0.53125]),
        (
            "0.weight_hh_l0",
            &[6, 2],
            &[-0.21875, 0.28125, -0.4375, -0.5625, 0.125, -0.375, 0.46875, 0.09375, 0.125, -0.40625, 0.40625, -0.53125],
        ),
        ("0.bias_ih_l0", &[6], &[0.21875, 0.1875, 0.46875, 0.3125, 0.21875, -0.21875]),
        ("0.bias_hh_l0", &[6], &[-0.625, 0.46875, -0.59375, -0.375, 0.34375, -0.25]),
    ]);
    let sound = [[0.21875], [-0.1875], [-0.53125]];
    let mut net = <network!(stream 1 => gru(2))>::ZERO;
    net.load(&file).expect("a file");
    let y = [[0.132103768, -0.123162733], [0.288630665, -0.262749257], [0.430035098, -0.373082477]];
    assert_close("after", play(&net, &sound, &mut State::default()).as_flattened(), y.as_flattened(), 1e-6);
    let mut net = <network!(stream 1 => gru(2, reset_after = false))>::ZERO;
    net.load(&file).expect("a file");
    let y = [[0.217272064, -0.164188583], [0.424942358, -0.310037524], [0.590612461, -0.427292762]];
    assert_close("before", play(&net, &sound, &mut State::default()).as_flattened(), y.as_flattened(), 1e-6);
}

/// `nn.LSTM(1, 2, num_layers=2)`.
const LAYERS: [Tensor; 8] = [
    ("0.weight_ih_l0", &[8, 1], &[0.59375, 0.5625, 0.59375, -0.59375, -0.4375, 0.53125, 0.28125, 0.625]),
    (
        "0.weight_hh_l0",
        &[8, 2],
        &[
            -0.28125, 0.09375, 0.53125, -0.25, 0.3125, 0.40625, 0.5625, 0.03125, 0.3125, -0.625, -0.21875, -0.28125,
            0.25, -0.4375, -0.3125, -0.125,
        ],
    ),
    ("0.bias_ih_l0", &[8], &[0.125, -0.375, 0.46875, 0.09375, -0.21875, 0.28125, -0.4375, -0.5625]),
    ("0.bias_hh_l0", &[8], &[0.53125, 0.4375, 0.40625, 0.4375, 0.53125, 0.15625, -0.15625, 0.125]),
    (
        "0.weight_ih_l1",
        &[8, 2],
        &[
            -0.34375, -0.03125, 0.34375, -0.5, 0.0, 0.03125, 0.125, -0.46875, -0.25, 0.03125, 0.375, 0.25, -0.5625,
            -0.03125, 0.03125, 0.15625,
        ],
    ),
    (
        "0.weight_hh_l1",
        &[8, 2],
        &[
            0.0625, -0.5, 0.28125, -0.15625, -0.53125, -0.09375, 0.40625, 0.21875, -0.4375, 0.25, -0.28125, 0.0,
            -0.40625, 0.53125, -0.28125, 0.25,
        ],
    ),
    ("0.bias_ih_l1", &[8], &[0.46875, 0.3125, 0.21875, 0.1875, 0.21875, -0.21875, -0.59375, -0.375]),
    ("0.bias_hh_l1", &[8], &[-0.40625, -0.15625, 0.15625, 0.53125, -0.3125, -0.34375, -0.3125, 0.3125]),
];

#[test]
fn layers_are_not_left_out() {
    let sound = [[0.125], [-0.375], [0.46875], [0.09375]];
    let mut one = Amp::ZERO;
    let error = one.load(&tensors(&LAYERS)).expect_err("two layers");
    assert!(matches!(error, WeightsError::Extra { name } if name == "0.weight_ih_l1"), "{error:?}");
    assert!(error.to_string().contains("`0.weight_ih_l1`"), "{error}");
    assert_eq!(one.step(&[1.0], &mut State::default()), [0.0; 2], "nothing was read");
    one.load(&tensors(&LAYERS[..4])).expect("the first layer");
    let y =
        [[0.061355728, 0.09992114], [0.112738742, 0.084480766], [0.126868619, 0.203322786], [0.12514394, 0.183868961]];
    assert_close("the first", play(&one, &sound, &mut State::default()).as_flattened(), y.as_flattened(), 1e-6);

    const SECOND: [&str; 4] = ["1.weight_ih_l0", "1.weight_hh_l0", "1.bias_ih_l0", "1.bias_hh_l0"];
    let mut both = LAYERS;
    both[4..].iter_mut().zip(SECOND).for_each(|(tensor, name)| tensor.0 = name);
    let mut two = <network!(stream 1 => lstm(2) => lstm(2))>::ZERO;
    two.load(&tensors(&both)).expect("both layers");
    let y = [
        [-0.015054651, -0.120525204],
        [-0.027767176, -0.188991224],
        [-0.036519666, -0.220541164],
        [-0.042648737, -0.239164815],
    ];
    assert_close("both", play(&two, &sound, &mut State::default()).as_flattened(), y.as_flattened(), 1e-6);
}

#[test]
fn a_bias_is_not_left_out() {
    let mut net = <network!(stream 1 => lstm(2, bias = false))>::ZERO;
    let error = net.load(&tensors(&LSTM)).expect_err("with biases");
    assert!(matches!(error, WeightsError::Extra { name } if name == "0.bias_ih_l0"), "{error:?}");
    net.load(&tensors(&LSTM[..2])).expect("without biases");
    let mut dense = <network!(2 => dense(1, bias = false))>::ZERO;
    let file = [("0.weight", &[1, 2][..], &[1.0, 2.0][..]), ("0.bias", &[1], &[3.0])];
    let error = dense.load(&tensors(&file)).expect_err("with a bias");
    assert_eq!(
        error.to_string(),
        "the file has `0.bias`, too: its layer is not that of the network, which would leave it out"
    );
    dense.load(&tensors(&[file[0], ("2.bias", &[1], &[3.0])])).expect("what belongs to another layer is left alone");
}

#[test]
fn networks_with_cells_are_cloned_and_compared() {
    network! { #[derive(Clone, Debug, PartialEq)] struct All: stream 1 => rnn(2) => gru(2, start = learned) => gru(2, reset_after = false) => lstm(2); }
    let mut net = All::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let clone = net.clone();
    assert_eq!(clone, net);
    assert_ne!(clone, All::ZERO);
    assert!(format!("{clone:?}").contains("lstm"), "{clone:?}");
}
