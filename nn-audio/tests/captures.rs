//! Files of other people: what they give is what was recorded, and what is not played is refused by its name.

use nn_audio::{Capture, Channel, Error, OtherShape, Shape};
use safetensors::SafeTensors;
use serde_json::Value;
use std::sync::LazyLock;

static RECORDINGS: LazyLock<SafeTensors<'static>> = LazyLock::new(|| {
    SafeTensors::deserialize(include_bytes!("../../tests/models/amplifiers/recordings.safetensors")).expect("a file")
});

fn recording(name: &str) -> Vec<f32> {
    let tensor = RECORDINGS.tensor(name).expect("a recording");
    tensor.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("captures/", $name))
    };
    (concat!($($part:tt)*)) => {
        include_str!(concat!("captures/", $($part)*))
    };
}

/// What a capture gives, in place, in blocks of these lengths.
fn play(capture: &Capture, x: &[f32], channel: &mut Channel, lengths: &[usize]) -> Vec<f32> {
    let (mut y, mut at) = (x.to_vec(), 0);
    for length in lengths.iter().cycle() {
        let end = x.len().min(at + length);
        capture.process(&mut y[at..end], channel).expect("its channel");
        at = end;
        if at == x.len() {
            return y;
        }
    }
    unreachable!("there are lengths")
}

fn bits(samples: &[f32]) -> Vec<u32> {
    samples.iter().map(|sample| sample.to_bits()).collect()
}

#[track_caller]
fn assert_near(found: &[f32], expected: &[f32], name: &str) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (t, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-5, "{name}, sample {t}: {found} and {expected}");
    }
}

/// That a file plays its recording, warm and cold, with the same bits in blocks of any length.
fn agrees(text: &str, size: f64, shape: Shape, x: &str, name: &str) {
    let capture = Capture::read(text, size).expect("a capture");
    assert_eq!(capture.shape(), shape);
    let (x, y) = (recording(x), recording(name));
    let (mut channel, warm) = (capture.channel(), capture.warm_channel());
    if shape.warm_up().is_some() {
        let cold = recording(&format!("{name}_cold"));
        assert_near(&play(&capture, &x[..cold.len()], &mut channel, &[64]), &cold, &format!("{name}, cold"));
    }
    channel.copy_from(&warm).expect("the same shape");
    let heard = play(&capture, &x[..y.len()], &mut channel, &[64]);
    assert_near(&heard, &y, name);
    for lengths in [&[1][..], &[7], &[480], &[1, 0, 7, 64, 480, 3], &[y.len()]] {
        channel.copy_from(&warm).expect("the same shape");
        assert_eq!(bits(&play(&capture, &x[..y.len()], &mut channel, lengths)), bits(&heard), "{name}, {lengths:?}");
    }
    let (mut other, mut to) = (warm.clone(), vec![0.0; y.len() + 3]);
    assert_eq!(capture.process_to(&x[..y.len()], &mut to, &mut other), Ok(y.len()));
    assert_eq!(bits(&to[..y.len()]), bits(&heard), "{name}, from buffer to buffer");
    assert_eq!(to[y.len()..], [0.0; 3]);
}

#[test]
fn captures_sound_as_recorded() {
    agrees(file!("wavenet_a1_standard.nam"), 1.0, Shape::A1Standard, "riff", "a1_standard");
    agrees(file!("a1_lite.nam"), 1.0, Shape::A1Lite, "plucked", "a1_lite");
    agrees(file!("a1_feather.nam"), 1.0, Shape::A1Feather, "plucked", "a1_feather");
    agrees(file!("a1_nano.nam"), 1.0, Shape::A1Nano, "plucked", "a1_nano");
    agrees(file!("A2.nam"), 1.0, Shape::A2Full, "riff", "a2_full");
    agrees(file!("A2.nam"), 0.5, Shape::A2Lite, "riff", "a2_lite");
    agrees(file!("gru8_ts9.json"), 1.0, Shape::Gru8, "plucked", "gru8_ts9");
    agrees(file!("lstm8_ts9.json"), 1.0, Shape::Lstm8, "plucked", "lstm8_ts9");
}

/// Files that `captures/make.py` wrote, with what PyTorch gives.
macro_rules! made {
    ($($name:literal: $shape:literal, $knobs:literal);+ $(;)?) => { $({
        let text = file!(concat!("made/", $name));
        let expected: Value = serde_json::from_str(file!(concat!("made/", $name, ".expected.json"))).expect("JSON");
        let numbers = |key: &str| -> Vec<f32> {
            let all = expected[key].as_array().expect("numbers");
            all.iter().map(|number| number.as_f64().expect("a number") as f32).collect()
        };
        let mut capture = Capture::read(text, 1.0).expect("a capture");
        assert_eq!((capture.shape().name(), capture.knobs()), ($shape, $knobs));
        for (knob, value) in numbers("knobs").into_iter().enumerate() {
            assert!(capture.set_knob(knob, 0.1) && capture.set_knob(knob, value));
        }
        assert!(!capture.set_knob($knobs, 9.0), "no further knob");
        let mut channel = capture.warm_channel();
        let begun = channel.clone();
        let heard = play(&capture, &numbers("x"), &mut channel, &[64]);
        assert_near(&heard, &numbers("y"), $name);
        for lengths in [&[1][..], &[7], &[480], &[1, 0, 7, 64, 3]] {
            let mut channel = begun.clone();
            assert_eq!(bits(&play(&capture, &numbers("x"), &mut channel, lengths)), bits(&heard), "{}", $name);
        }
    })+ };
}

#[test]
fn other_kinds_are_those_of_pytorch() {
    made! {
        "lstm_2x8.nam": "LSTM 2x8", 0;
        "lstm_2x16.nam": "LSTM 2x16", 0;
        "lstm_1x16.nam": "LSTM 1x16", 0;
        "guitarml_lstm20_1knob.json": "LSTM 1x20", 1;
        "guitarml_gru12_2knobs.json": "GRU 1x12", 2;
        "aidax_lstm16.json": "LSTM 1x16", 0;
        "aidax_gru24.json": "GRU 1x24", 0;
        "aidax_lstm12_2knobs.json": "LSTM 1x12", 2;
        "aidax_gru8_1knob.json": "GRU 1x8", 1;
        "aidax_lstm20_gains.json": "LSTM 1x20", 1;
    }
}

#[test]
fn what_a_file_says_is_told() {
    let a2 = Capture::read(file!("A2.nam"), 1.0).expect("a capture");
    let info = a2.info();
    assert_eq!((info.sample_rate, info.is_rate_stated, info.loudness), (48_000.0, true, Some(-26.383899688720703)));
    let gru = Capture::read(file!("gru8_ts9.json"), 1.0).expect("a capture");
    assert_eq!((gru.info().sample_rate, gru.info().is_rate_stated), (48_000.0, false));
}

fn refusal(text: &str) -> String {
    Capture::read(text, 1.0).expect_err("it is not played").to_string()
}

#[test]
fn what_is_not_played_is_refused_by_its_name() {
    let lstm = refusal(file!("lstm.nam"));
    assert!(lstm.starts_with("LSTM 1x3 is not played; these are: LSTM 1x8, LSTM 1x12, LSTM 1x16"), "{lstm}");
    let wavenet = refusal(file!("wavenet.nam"));
    let expected = "a WaveNet of 3 and 2 channels in these layers is not played; these are: A1 Standard, A1 Lite";
    assert!(wavenet.starts_with(expected), "{wavenet}");
    for (from, to, expected) in [
        ("\"gated\": false", "\"gated\": true", "`gated` is true; gates are not played"),
        ("\"Tanh\"", "\"ReLU\"", "`activation` is not Tanh, nor LeakyReLU with a slope of 0.01"),
        ("\"head\": null", "\"head\": {}", "`head` behind all arrays is not null, which is not played"),
        ("\"condition_size\": 1", "\"condition_size\": 2", "`condition_size` is not 1"),
        ("\"version\": \"0.5.4\"", "\"version\": \"1.0.0\"", "`version` is 1.0.0, expected 0.5 to 0.7"),
        ("\"sample_rate\": 48000", "\"sample_rate\": 0", "`sample_rate` is 0"),
        ("\"WaveNet\"", "\"ConvNet\"", "`architecture` is ConvNet, expected WaveNet, LSTM or SlimmableContainer"),
        ("\"weights\": [", "\"weights\": [1, ", "there are 1 more `weights` than `config` needs"),
        (
            "\"weights\": [",
            "\"weights\": [1e39, ",
            "1000000000000000000000000000000000000000 is beyond single precision",
        ),
    ] {
        let text = file!("a1_nano.nam");
        assert!(text.contains(from), "{from}");
        let found = refusal(&text.replacen(from, to, 1));
        assert!(found.starts_with(expected), "{to}: {found}");
    }
    for (from, to, expected) in [
        (
            "\"conv_pre_film\": {\"active\": false",
            "\"conv_pre_film\": {\"active\": true",
            "`conv_pre_film` is active; FiLM",
        ),
        ("\"none\"", "\"gated\"", "`gating_mode` is not `none`; gates are not played"),
        ("\"slimmable\": null", "\"slimmable\": true", "`slimmable` is not null, which is not played"),
    ] {
        let value: Value = serde_json::from_str(file!("A2.nam")).expect("JSON");
        let text = value.to_string().replace("\":", "\": ");
        assert!(text.contains(from), "{from}");
        let found = refusal(&text.replace(from, to));
        assert!(found.starts_with(expected), "{to}: {found}");
    }
    let knobs = |count: u32| {
        let to = format!("\"input_size\": {count}");
        refusal(&file!("gru8_ts9.json").replace("\"input_size\": 1", &to))
    };
    assert_eq!(knobs(4), "`input_size` is 4, expected 1, or 2 or 3 with knobs");
    assert_eq!(knobs(0), "`input_size` is 0, expected 1, or 2 or 3 with knobs");
    assert!(refusal("{}").starts_with("expected a `.nam` file"));
    assert!(matches!(Capture::read("[1", 1.0), Err(Error::Form(_))));
    assert_eq!(
        Capture::read(file!("A2.nam"), 1.5).expect_err("too large").to_string(),
        "no model of this container goes up to a size of 1.5"
    );
}

/// Calls `each` with the path of every key.
fn keys(value: &Value, path: &str, each: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                each(path, key);
                keys(value, &format!("{path}/{key}"), each);
            }
        }
        Value::Array(array) => {
            array.iter().enumerate().for_each(|(at, value)| keys(value, &format!("{path}/{at}"), each));
        }
        _ => {}
    }
}

/// Every key of a file taken away, renamed and doubled, and an unknown one beside it. What may be missing is null, or says nothing where it stands.
#[test]
fn no_key_has_a_silent_default() {
    let a2: Value = serde_json::from_str(file!("A2.nam")).expect("JSON");
    let files = [file!("a1_nano.nam"), file!("gru8_ts9.json")].map(|text| serde_json::from_str(text).expect("JSON"));
    let others = [a2["config"]["submodels"][0]["model"].clone(), as_rtneural(file!("gru8_ts9.json"))];
    for file in files.into_iter().chain(others) {
        assert!(Capture::read(&file.to_string(), 1.0).is_ok());
        let mut count = 0;
        keys(&file, "", &mut |path, key| {
            if path.starts_with("/metadata") {
                return;
            }
            let with = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
                let mut file = file.clone();
                change(file.pointer_mut(path).and_then(Value::as_object_mut).expect("an object"));
                file.to_string()
            };
            let read = |text: &str| Capture::read(text, 1.0);
            let value = &file.pointer(path).expect("an object")[key];
            let may_be_missing = value.is_null()
                || ["sample_rate", "metadata", "secondary_activation", "in_skip"].contains(&key)
                || path.ends_with("/head1x1") && key == "out_channels";
            let without = with(&|object| _ = object.remove(key));
            assert!(may_be_missing || read(&without).is_err(), "{path}/{key} taken away");
            let other = format!("{key}_");
            let renamed = with(&|object| {
                let value = object.remove(key).expect("it");
                object.insert(other.clone(), value);
            });
            assert!(read(&renamed).is_err(), "{path}/{key} renamed");
            let doubled = with(&|object| _ = object.insert(other.clone(), value.clone()));
            assert!(read(&doubled).is_err(), "{path}/{other} is unknown");
            assert!(read(&doubled.replace(&other, key)).is_err(), "{path}/{key} doubled");
            count += 1;
        });
        assert!(count >= 11, "{count} keys");
    }
}

/// `y = W h + b` after so many LSTMs, in double precision, from the list of weights of a file.
fn reference(weights: &[f64], layers: usize, units: usize, x: &[f32]) -> Vec<f32> {
    let mut left = weights.iter().copied();
    let mut take = |count: usize| left.by_ref().take(count).collect::<Vec<_>>();
    let mut all: Vec<_> = (0..layers)
        .map(|layer| {
            let inputs = if layer == 0 { 1 } else { units };
            let [matrix, bias] = [4 * units * (inputs + units), 4 * units].map(&mut take);
            (inputs, matrix, bias, take(units), take(units))
        })
        .collect();
    let (head, bias) = (take(units), take(1)[0]);
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let mut step = |x: f32| {
        let mut input = vec![f64::from(x)];
        for (inputs, matrix, bias, h, c) in &mut all {
            let seen: Vec<_> = input.iter().chain(h.iter()).copied().collect();
            let gate = |at: usize| -> f64 {
                let row = &matrix[at * (*inputs + units)..][..*inputs + units];
                row.iter().zip(&seen).map(|(w, x)| w * x).sum::<f64>() + bias[at]
            };
            let gates: Vec<_> = (0..4 * units).map(gate).collect();
            for at in 0..units {
                let [i, f, g, o] = [0, 1, 2, 3].map(|gate| gates[gate * units + at]);
                c[at] = sigmoid(f) * c[at] + sigmoid(i) * g.tanh();
                h[at] = sigmoid(o) * c[at].tanh();
            }
            input.clone_from(h);
        }
        (head.iter().zip(&input).map(|(w, h)| w * h).sum::<f64>() + bias) as f32
    };
    x.iter().map(|x| step(*x)).collect()
}

#[test]
fn recurrent_captures_are_their_equations() {
    let x = &recording("plucked")[..400];
    for (layers, units) in [(1, 8), (1, 12), (1, 16), (1, 20), (1, 24), (1, 32), (1, 40), (2, 8), (2, 16)] {
        let of_layer = |inputs: usize| 4 * units * (inputs + units) + 6 * units;
        let count = of_layer(1) + (layers - 1) * of_layer(units) + units + 1;
        let number = |at: usize| f64::from(((at * 7919 + 17) % 1009) as f32 / 1009.0 - 0.5);
        let weights: Vec<_> = (0..count).map(number).collect();
        let text = serde_json::json!({
            "version": "0.5.4", "architecture": "LSTM", "weights": weights, "sample_rate": 44_100,
            "config": { "input_size": 1, "hidden_size": units, "num_layers": layers },
        });
        let capture = Capture::read(&text.to_string(), 1.0).expect("a capture");
        assert_eq!(capture.shape().name(), format!("LSTM {layers}x{units}"));
        assert_eq!(capture.info().sample_rate, 44_100.0);
        let found = play(&capture, x, &mut capture.warm_channel(), &[64]);
        assert_near(&found, &reference(&weights, layers, units, x), capture.shape().name());
    }
}

/// The input, and `W h + b` after a GRU, in double precision, from the tensors of a file.
fn gru(weights: [&[f64]; 6], units: usize, x: &[f32]) -> Vec<f32> {
    let [ih, hh, bias_ih, bias_hh, head, bias] = weights;
    let (mut h, sigmoid) = (vec![0.0; units], |x: f64| 1.0 / (1.0 + (-x).exp()));
    let mut step = |x: f32| {
        let of_x = |row: usize| ih[row] * f64::from(x) + bias_ih[row];
        let of_h =
            |row: usize| hh[row * units..][..units].iter().zip(&h).map(|(w, h)| w * h).sum::<f64>() + bias_hh[row];
        let next = |at: usize| {
            let [r, z] = [0, 1].map(|gate| sigmoid(of_x(gate * units + at) + of_h(gate * units + at)));
            let n = (of_x(2 * units + at) + r * of_h(2 * units + at)).tanh();
            (1.0 - z) * n + z * h[at]
        };
        h = (0..units).map(next).collect();
        (head.iter().zip(&h).map(|(w, h)| w * h).sum::<f64>() + bias[0]) as f32 + x
    };
    x.iter().map(|x| step(*x)).collect()
}

#[test]
fn gated_captures_are_their_equations() {
    let x = &recording("plucked")[..400];
    for units in [8, 12, 16, 20, 24, 32, 40] {
        let mut at = 0;
        let mut numbers = |count: usize| -> Vec<f64> {
            let from = at;
            at += count;
            (from..at).map(|at| f64::from(((at * 7919 + 17) % 1009) as f32 / 2018.0 - 0.25)).collect()
        };
        let all = [3 * units, 3 * units * units, 3 * units, 3 * units, units, 1].map(&mut numbers);
        let rows = |numbers: &[f64], width: usize| numbers.chunks(width).map(<[f64]>::to_vec).collect::<Vec<_>>();
        let text = serde_json::json!({
            "model_data": {
                "model": "SimpleRNN", "input_size": 1, "skip": 1, "output_size": 1, "unit_type": "GRU", "num_layers": 1,
                "hidden_size": units, "bias_fl": true,
            },
            "state_dict": {
                "rec.weight_ih_l0": rows(&all[0], 1), "rec.weight_hh_l0": rows(&all[1], units), "rec.bias_ih_l0": all[2],
                "rec.bias_hh_l0": all[3], "lin.weight": rows(&all[4], units), "lin.bias": all[5],
            },
        });
        let capture = Capture::read(&text.to_string(), 1.0).expect("a capture");
        assert_eq!(capture.shape().name(), format!("GRU 1x{units}"));
        let found = play(&capture, x, &mut capture.channel(), &[64]);
        assert_near(&found, &gru(all.each_ref().map(Vec::as_slice), units, x), capture.shape().name());
    }
}

/// A file of GuitarML as one of AIDA-X, whose matrices lie the other way round, and whose GRU has the update gate first.
fn as_rtneural(text: &str) -> Value {
    let file: Value = serde_json::from_str(text).expect("JSON");
    let numbers = |name: &str| -> Vec<f64> {
        let all = file["state_dict"][name].as_array().expect("a tensor");
        let row = |row: &Value| row.as_array().cloned().unwrap_or_else(|| vec![row.clone()]);
        all.iter().flat_map(row).map(|number| number.as_f64().expect("a number")).collect()
    };
    let is_lstm = file["model_data"]["unit_type"] == "LSTM";
    let (units, gates): (usize, &[usize]) = (8, if is_lstm { &[0, 1, 2, 3] } else { &[1, 0, 2] });
    let order: Vec<_> = gates.iter().flat_map(|gate| gate * units..(gate + 1) * units).collect();
    let matrix = |name: &str, inputs: usize| -> Vec<Vec<f64>> {
        let all = numbers(name);
        (0..inputs).map(|input| order.iter().map(|output| all[output * inputs + input]).collect()).collect()
    };
    let bias = |name: &str| -> Vec<f64> { order.iter().map(|output| numbers(name)[*output]).collect() };
    let [of_x, of_h] = ["rec.bias_ih_l0", "rec.bias_hh_l0"].map(bias);
    let sums: Vec<_> = of_x.iter().zip(&of_h).map(|(a, b)| a + b).collect();
    let biases = if is_lstm { serde_json::json!(sums) } else { serde_json::json!([of_x, of_h]) };
    let head: Vec<_> = numbers("lin.weight").into_iter().map(|weight| [weight]).collect();
    serde_json::json!({
        "in_shape": [null, null, 1], "in_skip": 1, "metadata": { "samplerate": "44100", "author": "somebody" },
        "layers": [
            {
                "type": if is_lstm { "lstm" } else { "gru" }, "activation": "", "shape": [null, null, units],
                "weights": [matrix("rec.weight_ih_l0", 1), matrix("rec.weight_hh_l0", units), biases],
            },
            { "type": "dense", "activation": "", "shape": [null, null, 1], "weights": [head, numbers("lin.bias")] },
        ],
    })
}

#[test]
fn files_of_aida_x_are_read() {
    for (text, shape, name) in
        [(file!("gru8_ts9.json"), Shape::Gru8, "gru8_ts9"), (file!("lstm8_ts9.json"), Shape::Lstm8, "lstm8_ts9")]
    {
        let file = as_rtneural(text);
        agrees(&file.to_string(), 1.0, shape, "plucked", name);
        let rate = |text: &str| Capture::read(text, 1.0).expect("a capture").info().sample_rate;
        assert_eq!(rate(&file.to_string()), 44_100.0);
        for (key, value, expected) in [
            ("in_skip", serde_json::json!(2), "`in_skip` is 2, expected 0 or 1"),
            ("in_gain", serde_json::json!(101), "`in_gain` is 101, expected decibels from -100 to 100"),
            ("out_gain", serde_json::json!(-1e9), "`out_gain` is -1000000000, expected decibels from -100 to 100"),
            ("in_shape", serde_json::json!([null, null, 4]), "`in_shape` does not end in 1, or in 2 or 3"),
            ("layers", serde_json::json!([]), "there are 0 `layers`, expected a recurrent one and `dense`"),
            ("samplerate", serde_json::json!("fast"), "`sample_rate` is NaN"),
            ("out_skip", serde_json::json!(1), "unknown field `out_skip`"),
        ] {
            let mut file = file.clone();
            file[key] = value;
            let found = refusal(&file.to_string());
            assert!(found.starts_with(expected), "{found}");
        }
    }
}

/// A NaN stays, is found and mended; a channel that begins again has the bits of one that begins.
#[test]
fn a_channel_begins_again_where_it_lies() {
    let capture = Capture::read(file!("a1_nano.nam"), 1.0).expect("a capture");
    let x = &recording("plucked")[..300];
    let first = play(&capture, x, &mut capture.channel(), &[64]);
    let mut channel = capture.channel();
    capture.process(&mut [0.3, f32::NAN, 0.1], &mut channel).expect("its channel");
    assert!(!channel.is_finite());
    capture.restart(&mut channel).expect("its channel");
    assert!(channel.is_finite());
    assert_eq!(bits(&play(&capture, x, &mut channel, &[37])), bits(&first));
}

/// Two channels of one network, a sample of each in turn.
#[test]
fn channels_do_not_hear_each_other() {
    for text in [file!("a1_nano.nam"), file!("lstm8_ts9.json")] {
        let capture = Capture::read(text, 1.0).expect("a capture");
        let left = &recording("plucked")[..500];
        let right: Vec<_> = left.iter().rev().copied().collect();
        let alone = [left, &right].map(|x| bits(&play(&capture, x, &mut capture.channel(), &[64])));
        let (mut channels, mut heard) = ([capture.channel(), capture.channel()], [Vec::new(), Vec::new()]);
        for (left, right) in left.iter().zip(&right) {
            for ((channel, heard), sample) in channels.iter_mut().zip(&mut heard).zip([left, right]) {
                let mut sample = [*sample];
                capture.process(&mut sample, channel).expect("its channel");
                heard.push(sample[0].to_bits());
            }
        }
        assert_eq!(heard, alone);
    }
}

#[test]
fn a_channel_of_another_capture_is_told() {
    let [nano, gru] = [file!("a1_nano.nam"), file!("gru8_ts9.json")].map(|text| Capture::read(text, 1.0).expect("one"));
    let (mut samples, mut channel) = ([0.5, 0.25], nano.channel());
    assert_eq!(gru.process(&mut samples, &mut channel), Err(OtherShape));
    assert_eq!((samples, gru.restart(&mut channel)), ([0.5, 0.25], Err(OtherShape)));
    assert_eq!(channel.copy_from(&gru.channel()), Err(OtherShape));
}
