//! Captures of amplifiers, one of every shape that is played: nn-audio beside nam-rs, which read the same text.

use crate::networks::Random;
use crate::streams::{BLOCK, check};
use crate::timing::{Entry, race};
use nam_rs::{Model, NamModel};
use nn_audio::{Capture, Shape};
use std::hint::black_box;

type Samples = [f32; BLOCK];

/// Measures all, and prints a table: nanoseconds a sample.
pub fn measure(rounds: usize, only: Option<&str>) {
    println!(
        "| nanoseconds a sample | nn-audio, blocks of 64 | nam-rs, blocks of 64 | nam-rs / nn-audio | nn-audio, single samples | nam-rs, single samples | nam-rs / nn-audio |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for shape in Shape::ALL.iter().copied().filter(|shape| only.is_none_or(|only| only == shape.name())) {
        let (text, x) = (text(shape), Random(9).numbers(BLOCK, 0.5).try_into().expect("a block"));
        let mut entries = Vec::from(ours(shape, &text, x));
        entries.extend(nam_rs(shape, &text, x));
        check(shape.name(), &mut entries);
        let times: Vec<f64> = race(&mut entries, rounds).into_iter().map(|time| time / BLOCK as f64).collect();
        let cells = [0, 1].map(|at| match times.get(at + 2) {
            Some(nam) => format!("{:.1} | {nam:.0} | {:.1}", times[at], nam / times[at]),
            None => format!("{:.1} | |", times[at]),
        });
        println!("| {} | {} |", shape.name(), cells.join(" | "));
    }
}

/// In a container of several sizes, which one.
fn size(shape: Shape) -> f64 {
    if shape == Shape::A2Lite { 0.25 } else { 1.0 }
}

/// In blocks, and sample by sample.
fn ours(shape: Shape, text: &str, x: Samples) -> [Entry; 2] {
    let state = || {
        let capture = Capture::read(text, size(shape)).expect("a capture");
        assert_eq!(capture.shape(), shape);
        let channel = capture.channel();
        (capture, channel, x, x)
    };
    let block = |(capture, channel, x, y): &mut (Capture, _, Samples, Samples)| {
        *y = *x;
        capture.process(y, channel)
    };
    let single = |(capture, channel, x, y): &mut (Capture, _, Samples, Samples)| {
        *y = *x;
        y.iter_mut().try_for_each(|y| capture.process(black_box(std::slice::from_mut(y)), channel))
    };
    [
        Entry::job("nn-audio", state(), block, |(_, _, _, y)| y.to_vec()),
        Entry::job("nn-audio, 1", state(), single, |(_, _, _, y)| y.to_vec()),
    ]
}

/// The same; nothing of a GRU, which it does not have.
fn nam_rs(shape: Shape, text: &str, x: Samples) -> Vec<Entry> {
    if shape.name().starts_with("GRU") {
        return Vec::new();
    }
    let state = || {
        let file = NamModel::from_json_str(text).expect("a file");
        let mut model = Model::from_nam(&file).expect("a model");
        if let Some(models) = model.as_slimmable_mut() {
            models.set_slim_size(size(shape) as f32);
        }
        (model, x, x)
    };
    let block = |(model, x, y): &mut (Model, Samples, Samples)| {
        *y = *x;
        model.process_buffer(y);
    };
    let single = |(model, x, y): &mut (Model, Samples, Samples)| {
        for (x, y) in x.iter().zip(y) {
            *y = model.process_sample(black_box(*x));
        }
    };
    vec![
        Entry::job("nam-rs", state(), block, |(_, _, y)| y.to_vec()),
        Entry::job("nam-rs, 1", state(), single, |(_, _, y)| y.to_vec()),
    ]
}

/// A file of this shape: of a WaveNet one that the tests play, of what is recurrent one with weights at random.
fn text(shape: Shape) -> String {
    macro_rules! file {
        ($name:literal) => {
            include_str!(concat!("../../nn-audio/tests/captures/", $name)).to_owned()
        };
    }
    match shape {
        Shape::A1Standard => file!("wavenet_a1_standard.nam"),
        Shape::A1Lite => file!("a1_lite.nam"),
        Shape::A1Feather => file!("a1_feather.nam"),
        Shape::A1Nano => file!("a1_nano.nam"),
        Shape::A2Full | Shape::A2Lite => file!("A2.nam"),
        _ => recurrent(shape.name()),
    }
}

/// A file of `LSTM 2x8` and the like: of Neural Amp Modeler, of a GRU that of GuitarML.
fn recurrent(name: &str) -> String {
    let (kind, sizes) = name.split_once(' ').expect("a kind and its sizes");
    let (layers, units) = sizes.split_once('x').expect("two sizes");
    let [layers, units] = [layers, units].map(|size| size.parse::<usize>().expect("a number"));
    let mut random = Random(5);
    let mut numbers = |count: usize| random.numbers(count, 1.0 / (units as f32).sqrt());
    if kind == "LSTM" {
        let of_layer = |inputs: usize| 4 * units * (inputs + units) + 6 * units;
        let weights = numbers(of_layer(1) + (layers - 1) * of_layer(units) + units + 1);
        return format!(
            r#"{{"version": "0.5.4", "architecture": "LSTM", "sample_rate": 48000, "weights": {weights:?}, "config": {{"input_size": 1, "hidden_size": {units}, "num_layers": {layers}}}}}"#
        );
    }
    let mut matrix = |rows: usize, width: usize| (0..rows).map(|_| numbers(width)).collect::<Vec<_>>();
    let [ih, hh, head] = [(3 * units, 1), (3 * units, units), (1, units)].map(|(rows, width)| matrix(rows, width));
    let [bias_ih, bias_hh, bias] = [3 * units, 3 * units, 1].map(numbers);
    format!(
        r#"{{"model_data": {{"model": "SimpleRNN", "input_size": 1, "skip": 1, "output_size": 1, "unit_type": "GRU", "num_layers": 1, "hidden_size": {units}, "bias_fl": true}},
        "state_dict": {{"rec.weight_ih_l0": {ih:?}, "rec.weight_hh_l0": {hh:?}, "rec.bias_ih_l0": {bias_ih:?}, "rec.bias_hh_l0": {bias_hh:?}, "lin.weight": {head:?}, "lin.bias": {bias:?}}}}}"#
    )
}
