//! Files of GuitarML, as its Proteus, NeuralPi and NeuralSeed have them: a recurrent layer and a dense one by PyTorch's names.

use super::numbers::{Numbers, Rows};
use super::{Error, Tensor, network, not_played, played, rated};
use crate::capture::{Capture, Info};
use crate::shapes::Shape;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    model_data: ModelData,
    state_dict: StateDict,
    sample_rate: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelData {
    model: String,
    input_size: u32,
    skip: u32,
    output_size: u32,
    unit_type: String,
    num_layers: u32,
    hidden_size: u32,
    bias_fl: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateDict {
    #[serde(rename = "rec.weight_ih_l0")]
    weight_ih: Rows,
    #[serde(rename = "rec.weight_hh_l0")]
    weight_hh: Rows,
    #[serde(rename = "rec.bias_ih_l0")]
    bias_ih: Numbers,
    #[serde(rename = "rec.bias_hh_l0")]
    bias_hh: Numbers,
    #[serde(rename = "lin.weight")]
    weight: Rows,
    #[serde(rename = "lin.bias")]
    bias: Numbers,
}

pub(super) fn read(text: &str) -> Result<Capture, Error> {
    let File { model_data: model, state_dict, sample_rate } = serde_json::from_str(text)?;
    let kinds = ["LSTM", "GRU"];
    let expected = [
        ("model", &*model.model, "SimpleRNN", model.model == "SimpleRNN"),
        ("input_size", &*model.input_size.to_string(), "1, or 2 or 3 with knobs", (1..=3).contains(&model.input_size)),
        ("output_size", &*model.output_size.to_string(), "1", model.output_size == 1),
        ("skip", &*model.skip.to_string(), "0 or 1", model.skip <= 1),
        ("unit_type", &*model.unit_type, "LSTM or GRU", kinds.contains(&&*model.unit_type)),
        ("num_layers", &*model.num_layers.to_string(), "1", model.num_layers == 1),
        ("bias_fl", &*model.bias_fl.to_string(), "true", model.bias_fl),
    ];
    if let Some((key, found, wanted, _)) = expected.iter().find(|(.., is_right)| !is_right) {
        return not_played(format!("`{key}` is {found}, expected {wanted}"));
    }
    let Some(shape) = Shape::recurrent(&model.unit_type, 1, model.hidden_size, model.input_size) else {
        let units = model.hidden_size;
        return not_played(format!(
            "{} 1x{units} is not played; these are: {}",
            model.unit_type,
            played(&model.unit_type)
        ));
    };
    let units = model.hidden_size as usize;
    let rows = |rows: Rows, inputs| Tensor::matrix(rows.count, inputs, rows.numbers);
    let mut tensors = vec![
        of_inputs(state_dict.weight_ih, model.input_size as usize, shape.inputs())?,
        rows(state_dict.weight_hh, units),
        Tensor::vector(state_dict.bias_ih.0),
        Tensor::vector(state_dict.bias_hh.0),
    ];
    if model.unit_type == "LSTM" {
        // It begins with zeros.
        tensors.extend([0, 1].map(|_| Tensor::vector(vec![0.0; units])));
    }
    tensors.extend([rows(state_dict.weight, units), Tensor::vector(state_dict.bias.0)]);
    let info = rated(sample_rate, Info::default())?;
    Ok(Capture::new(network(shape, tensors)?, model.skip == 1, model.input_size as usize - 1, info))
}

/// Rows of so many inputs, with zeros for those that a network has beside them.
fn of_inputs(Rows { count, numbers }: Rows, given: usize, inputs: usize) -> Result<Tensor, Error> {
    if numbers.len() != count * given {
        return not_played("`rec.weight_ih_l0` has not as many columns as there are inputs");
    }
    let row = |row: &[f32]| (0..inputs).map(|at| row.get(at).copied().unwrap_or(0.0)).collect::<Vec<_>>();
    Ok(Tensor::matrix(count, inputs, numbers.chunks(given).flat_map(row).collect()))
}
