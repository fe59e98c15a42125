//! The samples of `#[golden]`.

use super::file::Source;
use super::found::Samples;
use super::number::Format;
use crate::ast::Golden;
use crate::resolve::Network;
use nn_files::Problem;

/// Reads inputs `x` and outputs `logits`, checked against the ends of the network.
pub fn read(golden: &Golden, is_double: bool, is_bytes: bool, network: &Network) -> Result<Samples, String> {
    let source = Source::read(&golden.path)?;
    let (file, format) = (source.file()?, Format { is_double, is_big_endian: false });
    let rows = |name: &str, width: Option<u64>, what: &str| {
        let tensor = file.find(&|each: &mut dyn FnMut(&str)| each(name)).map_err(|problem| match problem {
            Problem::Missing => format!("`{name}` not found in `{}`", source.path),
            Problem::Repeated => format!("`{name}` is more than once in `{}`", source.path),
            problem => source.wrong(problem),
        })?;
        let (rows, found) = match tensor.shape.sizes() {
            // Of a signal a row has its channels and its frames.
            [rows, first, rest @ ..] => {
                let found = rest.iter().fold(u64::from(*first), |all, size| all.saturating_mul(u64::from(*size)));
                (u64::from(*rows), found)
            }
            _ => return Err(format!("`{name}` is {} in the file, but a row a sample here", tensor.shape)),
        };
        if let Some(width) = width.filter(|width| *width != found) {
            return Err(format!("`{name}` has rows of {found} in the file, but the network {what} {width}"));
        }
        let shape: Vec<_> =
            tensor.shape.sizes().iter().map(|size| usize::try_from(*size).unwrap_or(usize::MAX)).collect();
        let numbers = tensor.numbers(&shape, 8, false).map_err(|problem| match problem {
            Problem::NotFinite { index } => format!("number {index} of `{name}` is {}", tensor.number(index)),
            _ => format!("the numbers of `{name}` are {}", tensor.written),
        })?;
        let is_byte = |number: &f64| (0.0..=255.0).contains(number) && number.fract() == 0.0;
        if let Some(number) = numbers.iter().find(|number| is_bytes && name == "x" && !is_byte(number)) {
            return Err(format!("the network takes bytes, but `x` has {number}"));
        }
        Ok((rows, numbers.iter().flat_map(|number| format.bytes(number)).collect::<Vec<_>>()))
    };
    let (count, inputs) = rows("x", network.takes.shape.known(), "takes")?;
    let (outputs_count, outputs) = rows("logits", network.gives.known(), "gives")?;
    if count != outputs_count {
        return Err(format!("the file has {count} inputs `x`, but {outputs_count} outputs `logits`"));
    }
    if count == 0 || inputs.is_empty() || outputs.is_empty() {
        return Err("the file has no sample".into());
    }
    Ok(Samples { path: source.path, inputs, outputs, rows: count as usize, tolerance: golden.tolerance })
}
