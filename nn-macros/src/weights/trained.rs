//! The parameters of `#[weights]`, each tensor checked against its layer.

use super::file::Source;
use super::found::{Named, Numbers, Trained};
use super::layers::{self, Layer};
use super::named::Elsewhere;
use super::number::Format;
use crate::ast::Weights;
use crate::layer::Tensor;
use crate::report::Report;
use crate::resolve::Network;
use nn_files::{Dtype, File, Problem, Wanted};
use std::collections::BTreeSet;

/// Reads the parameters of a network; every mismatch is told on its layer.
pub fn read(weights: &Weights, format: Format, network: &Network, report: &mut Report) -> Option<Trained> {
    let source = Source::read(&weights.path).map_err(|message| report.at(weights.span, message)).ok()?;
    from(&source, weights, format, network, report)
}

/// The same, of a file that was read.
pub(super) fn from(
    source: &Source,
    weights: &Weights,
    format: Format,
    network: &Network,
    report: &mut Report,
) -> Option<Trained> {
    let file = source.file().map_err(|message| report.at(weights.span, message)).ok()?;
    let layers = layers::of(network);
    for (ours, _, span) in &weights.names {
        let is_inside = |place: &str| ours.strip_prefix(place).is_some_and(|rest| rest.starts_with('.'));
        if !layers.iter().any(|layer| layer.place == *ours || layer.tensors.is_none() && is_inside(layer.place)) {
            report.at(*span, format!("the network has no layer `{ours}`"));
        }
    }
    let matching = Matching { file: &file, weights, format };
    let names: BTreeSet<_> = layers.iter().flat_map(|layer| matching.names(layer)).collect();
    let (mut tensors, mut taken, mut is_right) = (Vec::new(), BTreeSet::new(), true);
    for layer in &layers {
        let Some(wanted) = layer.tensors else {
            let elsewhere = Elsewhere { file: &file, weights, format, place: layer.place };
            tensors.extend(elsewhere.tensors(&mut taken));
            continue;
        };
        for (at, tensor) in wanted.iter().enumerate() {
            match matching.tensor(layer, tensor) {
                Ok(numbers) => {
                    taken.insert(numbers.tensor.name.to_string());
                    let name = format!("{}.{}", layer.place, tensor.name);
                    let numbers = Ok(numbers.iter().flat_map(|number| format.bytes(number)).collect());
                    tensors.push(Named { name, shape: tensor.shape.clone(), numbers });
                }
                Err(problem @ (Problem::Malformed { .. } | Problem::Other { .. })) => {
                    report.at(weights.span, source.wrong(problem));
                    return None;
                }
                Err(problem) => {
                    is_right = false;
                    if let (Problem::Missing, 0, Some((before, span))) = (problem, at, matching.skips(layer, tensor)) {
                        report.at(span, before);
                        return None;
                    }
                    report.at(layer.span, matching.message(problem, at, layer, tensor, &names));
                    break;
                }
            }
        }
    }
    let mut extra = Vec::new();
    file.each(&mut |name, _| extra.push(name.to_string()));
    // PyTorch counts the batches of a norm, which nothing depends on here.
    extra.retain(|name| !taken.contains(name) && !name.ends_with(".num_batches_tracked"));
    extra.sort();
    let is_whole = layers.iter().all(|layer| layer.tensors.is_some());
    let numbers = if is_whole {
        Numbers::Whole(tensors.into_iter().flat_map(|tensor| tensor.numbers.unwrap_or_default()).collect())
    } else {
        Numbers::Tensors(tensors)
    };
    is_right.then(|| Trained { numbers, path: source.path.clone(), extra })
}

struct Matching<'a> {
    file: &'a File<'a>,
    weights: &'a Weights,
    format: Format,
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
        layer.tensors.unwrap_or_default().iter().map(|tensor| format!("{name}.{}", tensor.name)).collect()
    }

    /// The numbers of a tensor in the order of its memory.
    fn tensor(&self, layer: &Layer<'_>, tensor: &Tensor) -> Result<nn_files::Numbers<'_>, Problem> {
        let shape: Vec<_> = tensor.shape.iter().map(|size| usize::try_from(*size).unwrap_or(usize::MAX)).collect();
        self.file.numbers(&Wanted {
            layer: &|each: &mut dyn FnMut(&str)| each(self.name(layer)),
            name: &tensor.name,
            shape: &shape,
            is_transposed: tensor.is_transposed,
            bytes: self.format.size(),
        })
    }

    /// What to say of the tensor `at` of a layer. `all` are the names that layers take.
    fn message(
        &self,
        problem: Problem,
        at: usize,
        layer: &Layer<'_>,
        tensor: &Tensor,
        all: &BTreeSet<String>,
    ) -> String {
        let name = format!("{}.{}", self.name(layer), tensor.name);
        let there = || self.file.find(&|each: &mut dyn FnMut(&str)| each(&name)).ok();
        let written = || there().map(|tensor| tensor.written).unwrap_or_default();
        match problem {
            Problem::Missing if at == 0 => self.missing(&name, tensor, layer, all),
            Problem::Missing => format!("`{name}` not found in the file"),
            Problem::Repeated => format!("the file has more than one tensor `{name}`"),
            Problem::Shape { expected, found } => {
                let hint = if expected.is_transpose_of(&found) { "; it looks transposed" } else { "" };
                format!("`{name}` is {found} in the file, but {expected} here{hint}")
            }
            Problem::Dtype { found: Dtype::Other } => {
                format!("the numbers of `{name}` are {}; parameters are floating-point numbers", written())
            }
            Problem::Dtype { .. } => {
                let written = written();
                format!("the numbers of `{name}` are {written}, which `f32` can't hold; write `f64;` before the input")
            }
            Problem::NotFinite { index } => {
                let number = there().map_or(f64::NAN, |tensor| tensor.number(index));
                format!("number {index} of `{name}` is {number}")
            }
            Problem::Malformed { .. } | Problem::Other { .. } => problem.to_string(),
        }
    }

    /// The names of tensors of that shape that end as a tensor does.
    fn like(&self, wanted: &Tensor) -> Vec<String> {
        let (mut like, suffix) = (Vec::new(), format!(".{}", wanted.name));
        self.file.each(&mut |name, tensor| {
            let is_shape = tensor.is_ok_and(|tensor| {
                tensor.shape.sizes().iter().map(|size| u64::from(*size)).eq(wanted.shape.iter().copied())
            });
            like.extend(name.to_string().strip_suffix(&suffix).filter(|_| is_shape).map(str::to_string));
        });
        like.sort();
        like
    }

    /// Whether a layer that is not in the file is at the place after its own there: then an activation is missing before it.
    /// What to say, and where.
    fn skips(&self, layer: &Layer<'_>, tensor: &Tensor) -> Option<(String, proc_macro2::Span)> {
        let (before, span) = layer.after_linear.as_ref()?;
        let (around, place) = layer.place.rsplit_once('.').map_or(("", layer.place), |(around, place)| (around, place));
        let next = place.parse::<usize>().ok()? + 1;
        let next = if around.is_empty() { next.to_string() } else { format!("{around}.{next}") };
        let is_there = self.name(layer) == layer.place && self.like(tensor).contains(&next);
        let name = format!("{}.{}", layer.place, tensor.name);
        is_there.then(|| {
            (format!("the file skips the place of `{name}`: is an activation missing after `{before}`?"), *span)
        })
    }

    /// What to do about a layer that is not in the file: perhaps it has another name there.
    fn missing(&self, name: &str, wanted: &Tensor, layer: &Layer<'_>, all: &BTreeSet<String>) -> String {
        let suffix = format!(".{}", wanted.name);
        let other = self.like(wanted).into_iter().find(|other| !all.contains(&format!("{other}{suffix}")));
        let Some(other) = other else {
            return format!("`{name}` not found; the file has {}", self.contents());
        };
        let is_name = syn::parse_str::<syn::Ident>(&other).is_ok();
        let advice = if is_name && !layer.place.contains('.') {
            format!("name the layer `{other}:`")
        } else {
            format!("write `names(\"{}\" = \"{other}\")` after the path", layer.place)
        };
        format!("`{name}` not found; the file has `{other}{suffix}`; {advice}")
    }

    /// The names of the first tensors of the file.
    fn contents(&self) -> String {
        let mut names = Vec::new();
        self.file.each(&mut |name, _| names.push(format!("`{name}`")));
        names.sort();
        match names.len() {
            0 => "no tensor".into(),
            1..=8 => names.join(", "),
            more => format!("{} and {} more", names[..8].join(", "), more - 8),
        }
    }
}
