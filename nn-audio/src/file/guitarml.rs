//! Files of GuitarML, as its Proteus, NeuralPi and NeuralSeed have them: a recurrent layer and a dense one by PyTorch's names.

use super::numbers::{Numbers, Rows};
use super::{Error, Recurrent, Tensor, not_played, rated};
use crate::capture::{Around, Capture, Info};
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
    let (units, inputs) = (model.hidden_size as usize, model.input_size as usize);
    let rows = |rows: Rows| Tensor::matrix(rows.count, units, rows.numbers);
    let StateDict { weight_ih, weight_hh, bias_ih, bias_hh, weight, bias } = state_dict;
    if weight_ih.numbers.len() != weight_ih.count * inputs {
        return not_played("`rec.weight_ih_l0` has not as many columns as there are inputs");
    }
    let column = |at: usize| weight_ih.numbers.iter().skip(at).step_by(inputs).copied().collect();
    let mut rest = vec![Tensor::vector(bias_hh.0)];
    if model.unit_type == "LSTM" {
        // It begins with zeros.
        rest.extend([0, 1].map(|_| Tensor::vector(vec![0.0; units])));
    }
    rest.extend([rows(weight), Tensor::vector(bias.0)]);
    Recurrent {
        kind: model.unit_type,
        units,
        around: Around { skips: model.skip == 1, ..Around::NOTHING },
        info: rated(sample_rate, Info::default())?,
        inputs: (0..inputs).map(column).collect(),
        bias: bias_ih.0,
        of_output: rows(weight_hh),
        rest,
    }
    .capture()
}
