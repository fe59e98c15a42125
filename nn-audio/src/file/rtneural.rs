//! Files of RTNeural, as AIDA-X has them: layers in Keras' form, whose matrices are `[input][output]`.

use super::numbers::{Few, Numbers, Rows};
use super::{Error, Tensor, network, not_played, played, rated};
use crate::capture::{Capture, Info};
use crate::shapes::Shape;
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
    for (key, gain) in [("in_gain", file.in_gain), ("out_gain", file.out_gain)] {
        if let Some(gain) = gain.filter(|gain| *gain != 0.0) {
            return not_played(format!("`{key}` is {gain}, which is not played"));
        }
    }
    let [cell, dense] = &file.layers.0[..] else {
        return not_played(format!("there are {} `layers`, expected a recurrent one and `dense`", file.layers.0.len()));
    };
    if (&*dense.kind, dense.nodes(), &*dense.activation) != ("dense", 1, "") {
        return not_played("the last of the `layers` is no `dense` of one value without `activation`");
    }
    if !["", "tanh"].contains(&&*cell.activation) {
        return not_played(format!("`activation` is {}, expected none", cell.activation));
    }
    let (kind, units) = (cell.kind.to_uppercase(), cell.nodes());
    let Some(shape) = Shape::recurrent(&kind, 1, units, inputs) else {
        return not_played(format!("{kind} 1x{units} is not played; these are: {}, {}", played("LSTM"), played("GRU")));
    };
    let units = units as usize;
    let inputs = [inputs as usize, shape.inputs()];
    let mut tensors = if kind == "LSTM" { lstm(cell, units, inputs)? } else { gru(cell, units, inputs)? };
    let (weight, bias): (Rows, Numbers) = serde_json::from_str(dense.weights.get())?;
    tensors.extend([Tensor::vector(weight.numbers), Tensor::vector(bias.0)]);
    // A number, perhaps in quotes. What is none is told as a rate that is none.
    let rate = file.samplerate.or(file.metadata.and_then(|metadata| metadata.samplerate)).map(RawValue::get);
    let rate = rate.map(|text| text.trim_matches('"').trim().parse().unwrap_or(f64::NAN));
    Ok(Capture::new(network(shape, tensors)?, skips, inputs[0] - 1, rated(rate, Info::default())?))
}

/// The gates come as in PyTorch. There is one bias, and it begins with zeros.
fn lstm(layer: &Layer<'_>, units: usize, inputs: [usize; 2]) -> Result<Vec<Tensor>, Error> {
    let (of_x, of_h, bias): (Rows, Rows, Numbers) = serde_json::from_str(layer.weights.get())?;
    let zeros = |count: usize| vec![0.0; count];
    let all = [of_inputs(of_x, inputs)?, of_h.numbers, bias.0, zeros(4 * units), zeros(units), zeros(units)];
    Ok(all.map(Tensor::vector).into())
}

/// The update gate comes first, where PyTorch has the reset gate. Biases are two rows, that of the input and that of the output before.
fn gru(layer: &Layer<'_>, units: usize, inputs: [usize; 2]) -> Result<Vec<Tensor>, Error> {
    let (of_x, of_h, biases): (Rows, Rows, Rows) = serde_json::from_str(layer.weights.get())?;
    let swapped = |mut numbers: Vec<f32>| {
        for row in numbers.chunks_exact_mut(3 * units) {
            let (update, rest) = row.split_at_mut(units);
            update.swap_with_slice(&mut rest[..units]);
        }
        numbers
    };
    let mut biases = swapped(biases.numbers);
    let of_output = biases.split_off(biases.len().min(3 * units));
    Ok([swapped(of_inputs(of_x, inputs)?), swapped(of_h.numbers), biases, of_output].map(Tensor::vector).into())
}

/// A row for each input that is given, and rows of zeros for those that a network has beside them.
fn of_inputs(Rows { count, mut numbers }: Rows, [given, inputs]: [usize; 2]) -> Result<Vec<f32>, Error> {
    if count != given {
        return not_played("the first of the `weights` has not as many rows as there are inputs");
    }
    numbers.resize(numbers.len() / given * inputs, 0.0);
    Ok(numbers)
}
