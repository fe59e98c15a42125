//! The parameters of `#[weights]`, each tensor checked against its layer.

use super::file::File;
use super::found::Trained;
use super::tensor::Tensor;
use crate::ast::{Weights, Width};
use crate::layer::Tensor as Wanted;
use crate::report::Report;
use crate::resolve::Network;
use crate::shape::Elsewhere;
use proc_macro2::Span;
use std::collections::BTreeSet;

/// Reads the parameters of a network; every mismatch is told on its layer.
pub fn read(weights: &Weights, scalar: &str, network: &Network, report: &mut Report) -> Option<Trained> {
    let layers = layers(network, report)?;
    let file = match File::read(&weights.path) {
        Ok(file) => file,
        Err(message) => {
            report.at(weights.span, message);
            return None;
        }
    };
    for (ours, _, span) in &weights.names {
        if !layers.iter().any(|layer| layer.place == *ours) {
            report.at(*span, format!("the network has no layer `{ours}`"));
        }
    }
    let matching = Matching { file: &file, weights, scalar };
    let names: BTreeSet<_> = layers.iter().flat_map(|layer| matching.names(layer)).collect();
    let (mut numbers, mut is_right) = (Vec::new(), true);
    for layer in &layers {
        if let Err(message) = matching.layer(layer, &names, &mut numbers) {
            report.at(layer.span, message);
            is_right = false;
        }
    }
    let extra = file.tensors.keys().filter(|name| !names.contains(*name)).cloned().collect();
    let bytes = numbers.into_iter().flat_map(|number| bytes(number, scalar)).collect();
    is_right.then(|| Trained { bytes, path: file.path.display().to_string(), extra })
}

/// A layer with parameters.
struct Layer<'a> {
    place: &'a str,
    tensors: &'a [Wanted],
    span: Span,
}

/// The layers with parameters in the order of the network's memory, if the declaration says all of their shapes.
fn layers<'a>(network: &'a Network, report: &mut Report) -> Option<Vec<Layer<'a>>> {
    let (mut layers, mut wrong) = (Vec::new(), Vec::new());
    let not_plain = |width: &&Width| width.known().is_none();
    let computed =
        |width: &Width| (width.span, "`#[weights]` is for a network whose widths are all plain integers".to_string());
    wrong.extend(network.takes.shape.width().filter(not_plain).map(computed));
    if wrong.is_empty() {
        network.stages.iter().for_each(|stage| {
            stage.walk(&mut |stage| {
                if let Some(Elsewhere { path, .. }) = stage.layer.elsewhere() {
                    let message = format!(
                        "`{}` is declared elsewhere; `#[weights]` is for a network whose layers are all in its declaration",
                        path.name
                    );
                    wrong.push((path.span, message));
                }
                wrong.extend(stage.layer.width().filter(not_plain).map(computed));
                let tensors = stage.tensors.as_deref().unwrap_or_default();
                if !tensors.is_empty() {
                    layers.push(Layer { place: &stage.place, tensors, span: stage.layer.span() });
                }
            });
        });
    }
    let is_right = wrong.is_empty();
    wrong.into_iter().for_each(|(span, message)| report.at(span, message));
    is_right.then_some(layers)
}

struct Matching<'a> {
    file: &'a File,
    weights: &'a Weights,
    scalar: &'a str,
}

impl Matching<'_> {
    /// The name of a layer in the file.
    fn name<'a>(&'a self, layer: &Layer<'a>) -> &'a str {
        let renamed = self.weights.names.iter().find(|(ours, ..)| *ours == layer.place);
        renamed.map_or(layer.place, |(_, theirs, _)| theirs)
    }

    /// The names of its tensors in the file.
    fn names(&self, layer: &Layer<'_>) -> Vec<String> {
        let name = self.name(layer);
        layer.tensors.iter().map(|tensor| format!("{name}.{}", tensor.name)).collect()
    }

    /// Appends the numbers of a layer in the order of its memory. `all` are the names that layers take.
    fn layer(&self, layer: &Layer<'_>, all: &BTreeSet<String>, numbers: &mut Vec<f64>) -> Result<(), String> {
        for (at, (wanted, name)) in layer.tensors.iter().zip(self.names(layer)).enumerate() {
            let Some(tensor) = self.file.tensors.get(&name) else {
                let message = if at == 0 {
                    self.missing(&name, wanted, layer, all)
                } else {
                    format!("`{name}` not found in the file")
                };
                return Err(message);
            };
            let found = self.numbers(&name, tensor, &wanted.shape)?;
            match *tensor.shape.as_slice() {
                [rows, columns] if wanted.is_transposed => {
                    numbers.extend((0..found.len()).map(|place| found[place % rows * columns + place / rows]));
                }
                _ => numbers.extend(found),
            }
        }
        Ok(())
    }

    /// The numbers of a tensor, if it has that shape.
    fn numbers<'a>(&self, name: &str, tensor: &'a Tensor, shape: &[u64]) -> Result<&'a [f64], String> {
        let Tensor { shape: found, dtype, numbers } = tensor;
        if !is_shape(found, shape) {
            let is_transposed =
                matches!((shape, found.as_slice()), ([a, b], [c, d]) if *a == *d as u64 && *b == *c as u64);
            let hint = if is_transposed { "; it looks transposed" } else { "" };
            return Err(format!("`{name}` is {found:?} in the file, but {shape:?} here{hint}"));
        }
        let Some(numbers) = numbers else {
            return Err(format!("the numbers of `{name}` are {dtype}; parameters are floating-point numbers"));
        };
        if self.scalar == "f32" && matches!(dtype.as_str(), "F64" | "<f8") {
            return Err(format!(
                "the numbers of `{name}` are {dtype}, which `f32` can't hold; write `f64;` before the input"
            ));
        }
        match numbers.iter().position(|number| !number.is_finite()) {
            Some(at) => Err(format!("number {at} of `{name}` is {}", numbers[at])),
            None => Ok(numbers),
        }
    }

    /// What to do about a layer that is not in the file: perhaps it has another name there.
    fn missing(&self, name: &str, wanted: &Wanted, layer: &Layer<'_>, all: &BTreeSet<String>) -> String {
        let like = |(name, tensor): &(&String, &Tensor)| is_shape(&tensor.shape, &wanted.shape) && !all.contains(*name);
        let suffix = format!(".{}", wanted.name);
        let mut like = self.file.tensors.iter().filter(like);
        let Some(other) = like.find_map(|(other, _)| other.strip_suffix(&suffix)) else {
            let there: Vec<_> = self.file.tensors.keys().map(|name| format!("`{name}`")).collect();
            return format!("`{name}` not found; the file has {}", there.join(", "));
        };
        let is_name = syn::parse_str::<syn::Ident>(other).is_ok();
        let advice = if is_name && !layer.place.contains('.') {
            format!("name the layer `{other}:`")
        } else {
            format!("write `names(\"{}\" = \"{other}\")` after the path", layer.place)
        };
        format!("`{name}` not found; the file has `{other}{suffix}`; {advice}")
    }
}

fn is_shape(found: &[usize], wanted: &[u64]) -> bool {
    found.iter().map(|size| *size as u64).eq(wanted.iter().copied())
}

/// A number in the network's type, least significant byte first.
pub fn bytes(number: f64, scalar: &str) -> Vec<u8> {
    if scalar == "f64" { number.to_le_bytes().to_vec() } else { (number as f32).to_le_bytes().to_vec() }
}
