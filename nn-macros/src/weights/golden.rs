//! The samples of `#[golden]`.

use super::Samples;
use super::file::File;
use super::trained::bytes;
use crate::ast::{Declaration, Golden, Layer, Number, Stage, Width};
use crate::report::Report;

/// Reads inputs `x` and outputs `logits`, checked against the ends of the network.
pub fn read(golden: &Golden, declaration: &Declaration, report: &mut Report) -> Option<Samples> {
    if declaration.weights.is_none() {
        report.at(golden.span, "golden samples are for a network with `#[weights]`");
        return None;
    }
    match samples(golden, declaration) {
        Ok(samples) => Some(samples),
        Err(message) => {
            report.at(golden.span, message);
            None
        }
    }
}

fn samples(golden: &Golden, declaration: &Declaration) -> Result<Samples, String> {
    let file = File::read(&golden.path)?;
    let scalar = declaration.scalar.to_string();
    let rows = |name: &str, width: Option<usize>, what: &str| {
        let tensor = file.tensors.get(name).ok_or(format!("`{name}` not found in `{}`", file.path.display()))?;
        let (rows, found) = match tensor.shape.as_slice() {
            [rows, found] => (*rows, *found),
            other => return Err(format!("`{name}` is {other:?} in the file, but a row a sample here")),
        };
        if let Some(width) = width.filter(|width| *width != found) {
            return Err(format!("`{name}` has rows of {found} in the file, but the network {what} {width}"));
        }
        let numbers = tensor.numbers.as_ref().ok_or(format!("the numbers of `{name}` are {}", tensor.dtype))?;
        Ok((rows, numbers.iter().flat_map(|number| bytes(*number, &scalar)).collect::<Vec<_>>()))
    };
    let (input, output) = (declaration.input.as_ref().and_then(known), gives(&declaration.stages));
    let (count, inputs) = rows("x", input, "takes")?;
    let (outputs_count, outputs) = rows("logits", output, "gives")?;
    if count != outputs_count {
        return Err(format!("the file has {count} inputs `x`, but {outputs_count} outputs `logits`"));
    }
    if count == 0 {
        return Err("the file has no sample".into());
    }
    let path = file.path.display().to_string();
    Ok(Samples { path, inputs, outputs, rows: count, tolerance: golden.tolerance })
}

fn known(width: &Width) -> Option<usize> {
    match width.number {
        Number::Literal(number) => usize::try_from(number).ok(),
        _ => None,
    }
}

/// What the last stages give, if the declaration says it.
fn gives(stages: &[Stage]) -> Option<usize> {
    match &stages.last()?.layer {
        Layer::Dense(width) => known(width),
        Layer::Parallel(branches, _) => branches.iter().map(|branch| gives(branch)).sum(),
        Layer::Dropout(_) | Layer::Residual(..) => gives(&stages[..stages.len() - 1]),
        Layer::Path(_) => None,
    }
}
