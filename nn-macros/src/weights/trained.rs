//! The parameters of `#[weights]`, each tensor checked against its layer.

use super::Trained;
use super::file::{File, Tensor};
use super::wanted::{Wanted, wanted};
use crate::ast::{Declaration, Weights};
use crate::report::Report;
use std::collections::BTreeSet;

/// Reads the parameters of a declaration; every mismatch is told on its layer.
pub fn read(weights: &Weights, declaration: &Declaration, report: &mut Report) -> Option<Trained> {
    let wanted = wanted(declaration, report)?;
    let file = match File::read(&weights.path) {
        Ok(file) => file,
        Err(message) => {
            report.at(weights.span, message);
            return None;
        }
    };
    for (ours, _, span) in &weights.names {
        if !wanted.iter().any(|layer| layer.name == *ours) {
            report.at(*span, format!("the network has no layer `{ours}`"));
        }
    }
    let matching = Matching { file: &file, weights, scalar: declaration.scalar.to_string() };
    let (mut bytes, mut is_right) = (Vec::new(), true);
    for layer in &wanted {
        match matching.layer(layer, &wanted) {
            Ok(numbers) => bytes.extend(numbers.into_iter().flat_map(|number| matching.bytes(number))),
            Err(message) => {
                report.at(layer.span, message);
                is_right = false;
            }
        }
    }
    let names: BTreeSet<_> = wanted.iter().flat_map(|layer| matching.names(layer)).collect();
    let extra = file.tensors.keys().filter(|name| !names.contains(*name)).cloned().collect();
    is_right.then(|| Trained { bytes, path: file.path.display().to_string(), extra })
}

struct Matching<'a> {
    file: &'a File,
    weights: &'a Weights,
    scalar: String,
}

impl Matching<'_> {
    /// The names of a layer's weights and bias in the file.
    fn names(&self, layer: &Wanted) -> [String; 2] {
        let renamed = self.weights.names.iter().find(|(ours, ..)| *ours == layer.name);
        let name = renamed.map_or(&layer.name, |(_, theirs, _)| theirs);
        [format!("{name}.weight"), format!("{name}.bias")]
    }

    /// The numbers of a layer: its weights, input by input, and its bias.
    fn layer(&self, layer: &Wanted, all: &[Wanted]) -> Result<Vec<f64>, String> {
        let [weight_name, bias_name] = self.names(layer);
        let Wanted { inputs, outputs, .. } = *layer;
        let weight = self
            .tensor(&weight_name, &[outputs, inputs])
            .map_err(|message| message.unwrap_or_else(|| self.missing(&weight_name, &[outputs, inputs], layer, all)))?;
        let bias = self
            .tensor(&bias_name, &[outputs])
            .map_err(|message| message.unwrap_or_else(|| format!("`{bias_name}` not found in the file")))?;
        let transposed = (0..inputs * outputs).map(|place| weight[place % outputs * inputs + place / outputs]);
        Ok(transposed.chain(bias.iter().copied()).collect())
    }

    /// The numbers of a tensor of that shape; no message if it is not there.
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<&[f64], Option<String>> {
        let Tensor { shape: found, dtype, numbers } = self.file.tensors.get(name).ok_or(None)?;
        if found != shape {
            let is_transposed = matches!((shape, found.as_slice()), ([a, b], [c, d]) if a == d && b == c);
            let hint = if is_transposed { "; it looks transposed" } else { "" };
            return Err(Some(format!("`{name}` is {found:?} in the file, but {shape:?} here{hint}")));
        }
        let Some(numbers) = numbers else {
            return Err(Some(format!("the numbers of `{name}` are {dtype}; parameters are floating-point numbers")));
        };
        if self.scalar == "f32" && matches!(dtype.as_str(), "F64" | "<f8") {
            let message =
                format!("the numbers of `{name}` are {dtype}, which `f32` can't hold; write `f64;` before the input");
            return Err(Some(message));
        }
        match numbers.iter().position(|number| !number.is_finite()) {
            Some(at) => Err(Some(format!("number {at} of `{name}` is {}", numbers[at]))),
            None => Ok(numbers),
        }
    }

    /// What to do about a layer that is not in the file: perhaps it has another name there.
    fn missing(&self, name: &str, shape: &[usize], layer: &Wanted, all: &[Wanted]) -> String {
        let taken: BTreeSet<_> = all.iter().flat_map(|layer| self.names(layer)).collect();
        let mut like =
            self.file.tensors.iter().filter(|(other, tensor)| tensor.shape == shape && !taken.contains(*other));
        let Some(other) = like.find_map(|(other, _)| other.strip_suffix(".weight")) else {
            let there: Vec<_> = self.file.tensors.keys().map(|name| format!("`{name}`")).collect();
            return format!("`{name}` not found; the file has {}", there.join(", "));
        };
        let is_name = syn::parse_str::<syn::Ident>(other).is_ok();
        let advice = if is_name && !layer.name.contains('.') {
            format!("name the layer `{other}:`")
        } else {
            format!("write `names(\"{}\" = \"{other}\")` after the path", layer.name)
        };
        format!("`{name}` not found; the file has `{other}.weight`; {advice}")
    }

    /// A number of the network.
    fn bytes(&self, number: f64) -> Vec<u8> {
        bytes(number, &self.scalar)
    }
}

/// A number in the network's type, least significant byte first.
pub fn bytes(number: f64, scalar: &str) -> Vec<u8> {
    if scalar == "f64" { number.to_le_bytes().to_vec() } else { (number as f32).to_le_bytes().to_vec() }
}
