//! Files of RTNeural, as AIDA-X has them: layers in Keras' form, whose matrices are `[input][output]`.

use super::numbers::{Few, Numbers, Rows};
use super::{Error, Recurrent, Tensor, not_played, rated};
use crate::capture::{Around, Capture, Info};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    in_shape: Few<Option<u32>>,
    #[serde(borrow)]
    layers: Few<Layer<'a>>,
    in_skip: Option<u32>,
    in_gain: Option<f64>,
    out_gain: Option<f64>,
    #[serde(borrow)]
    samplerate: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<Metadata<'a>>,
    /// What it gives for an input, to be tried by whoever reads it.
    #[serde(rename = "input_batch")]
    _input_batch: Option<IgnoredAny>,
    #[serde(rename = "output_batch")]
    _output_batch: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer<'a> {
    #[serde(rename = "type")]
    kind: String,
    activation: String,
    shape: Few<Option<u32>>,
    #[serde(borrow)]
    weights: &'a RawValue,
}

/// Of the rest of the metadata nothing depends.
#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    samplerate: Option<&'a RawValue>,
}

impl Layer<'_> {
    /// How many values it gives.
    fn nodes(&self) -> u32 {
        self.shape.0.last().copied().flatten().unwrap_or(0)
    }
}

pub(super) fn read(text: &str) -> Result<Capture, Error> {
    let file: File<'_> = serde_json::from_str(text)?;
    let Some(Some(inputs @ 1..=3)) = file.in_shape.0.last().copied() else {
        return not_played("`in_shape` does not end in 1, or in 2 or 3 with knobs");
    };
    let skips = match file.in_skip.unwrap_or(0) {
        skip @ 0..=1 => skip == 1,
        skip => return not_played(format!("`in_skip` is {skip}, expected 0 or 1")),
    };
    let around = Around { skips, gain_in: gain("in_gain", file.in_gain)?, gain_out: gain("out_gain", file.out_gain)? };
    let [cell, dense] = &file.layers.0[..] else {
        return not_played(format!("there are {} `layers`, expected a recurrent one and `dense`", file.layers.0.len()));
    };
    if (&*dense.kind, dense.nodes(), &*dense.activation) != ("dense", 1, "") {
        return not_played("the last of the `layers` is no `dense` of one value without `activation`");
    }
    if !["", "tanh"].contains(&&*cell.activation) {
        return not_played(format!("`activation` is {}, expected none", cell.activation));
    }
    let (kind, units) = (cell.kind.to_uppercase(), cell.nodes() as usize);
    if !["LSTM", "GRU"].contains(&&*kind) {
        return not_played(format!("the first of the `layers` is {kind}, expected lstm or gru"));
    }
    let Sums { of_x, of_output, biases: [bias, other] } = if kind == "LSTM" { lstm(cell)? } else { gru(cell, units)? };
    if of_x.count != inputs as usize {
        return not_played("the first of the `weights` has not as many rows as there are inputs");
    }
    let (weight, last): (Rows, Numbers) = serde_json::from_str(dense.weights.get())?;
    let mut rest = vec![Tensor::vector(other)];
    if kind == "LSTM" {
        // It begins with zeros.
        rest.extend([0, 1].map(|_| Tensor::vector(vec![0.0; units])));
    }
    rest.extend([Tensor::vector(weight.numbers), Tensor::vector(last.0)]);
    // A number, perhaps in quotes. What is none is told as a rate that is none.
    let rate = file.samplerate.or(file.metadata.and_then(|metadata| metadata.samplerate)).map(RawValue::get);
    let rate = rate.map(|text| text.trim_matches('"').trim().parse().unwrap_or(f64::NAN));
    Recurrent {
        kind,
        units,
        around,
        info: rated(rate, Info::default())?,
        inputs: of_x.numbers.chunks(of_x.numbers.len() / of_x.count).map(<[f32]>::to_vec).collect(),
        bias,
        of_output: Tensor::vector(of_output),
        rest,
    }
    .capture()
}

/// A gain in decibels as a factor; 1 where the file says none.
fn gain(key: &str, decibels: Option<f64>) -> Result<f32, Error> {
    match decibels.unwrap_or(0.0) {
        gain if gain.abs() <= 100.0 => Ok(10_f64.powf(gain / 20.0) as f32),
        gain => not_played(format!("`{key}` is {gain}, expected decibels from -100 to 100")),
    }
}

/// The weights of a layer, with the gates as PyTorch has them.
struct Sums {
    of_x: Rows,
    of_output: Vec<f32>,
    /// That of the input, and that of the last output.
    biases: [Vec<f32>; 2],
}

/// The gates come as in PyTorch. There is one bias.
fn lstm(layer: &Layer<'_>) -> Result<Sums, Error> {
    let (of_x, of_output, bias): (Rows, Rows, Numbers) = serde_json::from_str(layer.weights.get())?;
    let none = vec![0.0; bias.0.len()];
    Ok(Sums { of_x, of_output: of_output.numbers, biases: [bias.0, none] })
}

/// The update gate comes first, where PyTorch has the reset gate. Biases are two rows, that of the input and that of the output before.
fn gru(layer: &Layer<'_>, units: usize) -> Result<Sums, Error> {
    let (mut of_x, mut of_output, mut biases): (Rows, Rows, Rows) = serde_json::from_str(layer.weights.get())?;
    for rows in [&mut of_x, &mut of_output, &mut biases] {
        for row in rows.numbers.chunks_exact_mut(3 * units) {
            let (update, rest) = row.split_at_mut(units);
            update.swap_with_slice(&mut rest[..units]);
        }
    }
    let mut bias = biases.numbers;
    let other = bias.split_off(bias.len().min(3 * units));
    Ok(Sums { of_x, of_output: of_output.numbers, biases: [bias, other] })
}
