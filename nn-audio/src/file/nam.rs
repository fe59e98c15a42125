//! Files of Neural Amp Modeler.

mod wavenet;

use super::numbers::{Few, Numbers};
use super::{Error, Tensor, network, not_played, played, rated};
use crate::capture::{Around, Capture, Info};
use crate::knobs::Knobs;
use crate::shapes::Shape;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    version: String,
    architecture: String,
    #[serde(borrow)]
    config: &'a RawValue,
    weights: Numbers,
    sample_rate: Option<f64>,
    metadata: Option<Metadata>,
}

/// Of the rest of the metadata nothing depends.
#[derive(Default, Deserialize)]
struct Metadata {
    loudness: Option<f64>,
    input_level_dbu: Option<f64>,
    output_level_dbu: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Container<'a> {
    #[serde(borrow)]
    submodels: Few<SubModel<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubModel<'a> {
    max_value: f64,
    #[serde(borrow)]
    model: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lstm {
    input_size: u32,
    hidden_size: u32,
    num_layers: u32,
}

pub(super) fn read(text: &str, size: f64) -> Result<Capture, Error> {
    let file: File<'_> = serde_json::from_str(text)?;
    if !["0.5.", "0.6.", "0.7."].iter().any(|version| file.version.starts_with(version)) {
        return not_played(format!("`version` is {}, expected 0.5 to 0.7", file.version));
    }
    if file.architecture != "SlimmableContainer" {
        return model(file);
    }
    let Container { submodels: Few(models) } = serde_json::from_str(file.config.get())?;
    if models.is_empty() || !models.is_sorted_by(|a, b| a.max_value < b.max_value) {
        return not_played("`max_value` of each of the `submodels` is larger than that of the one before");
    }
    let Some(chosen) = models.iter().find(|model| model.max_value >= size) else {
        return not_played(format!("no model of this container goes up to a size of {size}"));
    };
    let inner: File<'_> = serde_json::from_str(chosen.model.get())?;
    if inner.architecture == file.architecture {
        return not_played("a container in a container");
    }
    model(inner)
}

/// One network.
fn model(file: File<'_>) -> Result<Capture, Error> {
    let Numbers(weights) = file.weights;
    let (shape, tensors) = match &*file.architecture {
        "WaveNet" => wavenet::read(file.config.get(), &weights)?,
        "LSTM" => lstm(serde_json::from_str(file.config.get())?, &weights)?,
        other => return not_played(format!("`architecture` is {other}, expected WaveNet, LSTM or SlimmableContainer")),
    };
    let Metadata { loudness, input_level_dbu, output_level_dbu } = file.metadata.unwrap_or_default();
    let info = Info { loudness, input_level: input_level_dbu, output_level: output_level_dbu, ..Info::default() };
    Ok(Capture::new(network(shape, tensors)?, Around::NOTHING, Knobs::default(), rated(file.sample_rate, info)?))
}

/// Both weights of a layer are the columns of one matrix, and there is one bias; what it begins with is in the file.
fn lstm(Lstm { input_size, hidden_size, num_layers }: Lstm, weights: &[f32]) -> Result<(Shape, Vec<Tensor>), Error> {
    if input_size != 1 {
        return not_played(format!("`input_size` is {input_size}, expected 1"));
    }
    let Some(shape) = Shape::recurrent("LSTM", num_layers, hidden_size as usize) else {
        return not_played(format!("LSTM {num_layers}x{hidden_size} is not played; these are: {}", played("LSTM")));
    };
    let (units, mut left, mut tensors) = (hidden_size as usize, Weights(weights), Vec::new());
    for layer in 0..num_layers {
        let inputs = if layer == 0 { 1 } else { units };
        let all = left.take(4 * units * (inputs + units))?;
        let columns = |from: usize, count: usize| {
            let rows = all.chunks(inputs + units).flat_map(|row| row.iter().skip(from).take(count).copied());
            Tensor::matrix(4 * units, count, rows.collect())
        };
        tensors.extend([columns(0, inputs), columns(inputs, units)]);
        tensors.extend([Tensor::vector(left.take(4 * units)?.to_vec()), Tensor::vector(vec![0.0; 4 * units])]);
        for _ in 0..2 {
            tensors.push(Tensor::vector(left.take(units)?.to_vec()));
        }
    }
    tensors.extend([Tensor::matrix(1, units, left.take(units)?.to_vec()), Tensor::vector(left.take(1)?.to_vec())]);
    left.end()?;
    Ok((shape, tensors))
}

/// The weights that are still to be read.
struct Weights<'a>(&'a [f32]);

impl<'a> Weights<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [f32], Error> {
        let Some((taken, rest)) = self.0.split_at_checked(count) else {
            return not_played("there are fewer `weights` than `config` needs");
        };
        self.0 = rest;
        Ok(taken)
    }

    fn end(self) -> Result<(), Error> {
        match self.0.len() {
            0 => Ok(()),
            left => not_played(format!("there are {left} more `weights` than `config` needs")),
        }
    }
}
