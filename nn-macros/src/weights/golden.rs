//! The samples of `#[golden]`.

use super::file::File;
use super::found::Samples;
use super::trained::bytes;
use crate::ast::Golden;
use crate::resolve::Network;

/// Reads inputs `x` and outputs `logits`, checked against the ends of the network.
pub fn read(golden: &Golden, scalar: &str, network: &Network) -> Result<Samples, String> {
    let file = File::read(&golden.path)?;
    let rows = |name: &str, width: Option<u64>, what: &str| {
        let tensor = file.tensors.get(name).ok_or(format!("`{name}` not found in `{}`", file.path.display()))?;
        let (rows, found) = match tensor.shape.as_slice() {
            [rows, found] => (*rows, *found),
            other => return Err(format!("`{name}` is {other:?} in the file, but a row a sample here")),
        };
        if let Some(width) = width.filter(|width| *width != found as u64) {
            return Err(format!("`{name}` has rows of {found} in the file, but the network {what} {width}"));
        }
        let numbers = tensor.numbers.as_ref().ok_or(format!("the numbers of `{name}` are {}", tensor.dtype))?;
        Ok((rows, numbers.iter().flat_map(|number| bytes(*number, scalar)).collect::<Vec<_>>()))
    };
    let (count, inputs) = rows("x", network.takes.shape.known(), "takes")?;
    let (outputs_count, outputs) = rows("logits", network.gives.known(), "gives")?;
    if count != outputs_count {
        return Err(format!("the file has {count} inputs `x`, but {outputs_count} outputs `logits`"));
    }
    if count == 0 {
        return Err("the file has no sample".into());
    }
    let path = file.path.display().to_string();
    Ok(Samples { path, inputs, outputs, rows: count, tolerance: golden.tolerance })
}
