//! The tensors of a layer of which only the compiler knows what it has: all that the file has of it.

use super::found::Named;
use super::number::Format;
use crate::ast::Weights;
use nn_files::{Dtype, File, Problem, Tensor};
use std::collections::BTreeSet;

/// A layer whose tensors are not known here.
pub struct Elsewhere<'a> {
    /// The file.
    pub file: &'a File<'a>,
    /// The names that it has there.
    pub weights: &'a Weights,
    /// What the numbers become.
    pub format: Format,
    /// Its place.
    pub place: &'a str,
}

impl Elsewhere<'_> {
    /// What the file has of it, by the names that it has in the network; its names in the file are taken.
    pub fn tensors(&self, taken: &mut BTreeSet<String>) -> Vec<Named> {
        let mut names = Vec::new();
        self.file.each(&mut |name, _| names.push(name.to_string()));
        let mut found: Vec<Named> = Vec::new();
        for theirs in names {
            let Some(name) = self.name(&theirs) else { continue };
            let Ok(tensor) = self.file.find(&|each: &mut dyn FnMut(&str)| each(&theirs)) else { continue };
            taken.insert(theirs);
            // A matrix or a kernel of the library's layers is called a weight, or a kernel if it is the other way round.
            let kernel = name.strip_suffix(".kernel").filter(|_| tensor.shape.sizes().len() >= 2);
            found.push(match kernel {
                Some(layer) => self.named(format!("{layer}.weight"), tensor.turned()),
                None => self.named(name, tensor),
            });
        }
        found
    }

    /// The name in the network of what has that name in the file, if it is in the layer.
    fn name(&self, theirs: &str) -> Option<String> {
        let own = [(self.place, self.place)];
        let is_inside =
            |ours: &str| ours.strip_prefix(self.place).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let renamed = self.weights.names.iter().filter(|(ours, ..)| is_inside(ours));
        let renamed = renamed.map(|(ours, theirs, _)| (ours.as_str(), theirs.as_str()));
        // Words that all names begin with may be left out.
        let ends = theirs.char_indices().take(self.file.shared()).filter(|(_, character)| *character == '.');
        let starts: Vec<_> = [0].into_iter().chain(ends.map(|(end, _)| end + 1)).collect();
        renamed.chain(own).find_map(|(ours, layer)| {
            let rest = |start: &usize| theirs.get(*start..)?.strip_prefix(layer)?.strip_prefix('.');
            starts.iter().find_map(rest).map(|rest| format!("{ours}.{rest}"))
        })
    }

    fn named(&self, name: String, tensor: Tensor<'_>) -> Named {
        let shape: Vec<_> = tensor.shape.sizes().iter().map(|size| usize::try_from(*size).unwrap_or(0)).collect();
        let numbers = tensor.numbers(&shape, self.format.size(), shape.len() >= 2);
        let numbers = numbers.map(|numbers| numbers.iter().flat_map(|number| self.format.bytes(number)).collect());
        let numbers = numbers.map_err(|problem| match problem {
            Problem::Dtype { found: Dtype::F64 } => {
                format!(
                    "the numbers of `{name}` are {}, which `f32` can't hold; write `f64;` before the input",
                    tensor.written
                )
            }
            Problem::NotFinite { index } => format!("number {index} of `{name}` is {}", tensor.number(index)),
            _ => format!("the numbers of `{name}` are {}; parameters are floating-point numbers", tensor.written),
        });
        Named { name, shape: tensor.shape.sizes().iter().map(|size| u64::from(*size)).collect(), numbers }
    }
}
