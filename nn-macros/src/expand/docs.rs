//! The table of layers in the documentation of an item.

use crate::ast::{ActivationKind, Item, Layer, Number, Stage, Width};
use crate::check::grouped;
use proc_macro2::Ident;

/// The lines of the table. Numbers that depend on a path or a constant are left out; they are constants of the network.
pub fn table(item: &Item, scalar: &Ident, approximate: bool, input: &Width, stages: &[Stage]) -> Vec<String> {
    let bytes = if scalar == "f64" { 8 } else { 4 };
    let mut table = Table { bytes, lines: Vec::new(), total: Some((0, 0)) };
    table.stages(stages, known(input), "");
    let by = if approximate { ", its activations by faster approximations" } else { "" };
    let mut lines = vec![
        String::new(),
        "# Layers".into(),
        String::new(),
        format!("Takes {} in `{scalar}`{by}.", width(input)),
        String::new(),
        "| layer | | output | parameters | bytes | multiply-accumulates |".into(),
        "|---|---|---|---|---|---|".into(),
    ];
    lines.append(&mut table.lines);
    lines.push(match table.total {
        Some((parameters, macs)) => {
            format!("| total | | | {} | {} | {} |", grouped(parameters), grouped(parameters * bytes), grouped(macs))
        }
        None => format!("| total | | | `{0}::PARAMETERS` | `{0}::FLASH` | `{0}::MACS` |", item.name),
    });
    lines
}

struct Table {
    bytes: u64,
    lines: Vec<String>,
    /// Parameters and multiply-accumulates, if all are known.
    total: Option<(u64, u64)>,
}

impl Table {
    /// The rows of the stages of one level, and what the last one gives, if it is known.
    fn stages(&mut self, stages: &[Stage], input: Option<u64>, around: &str) -> Option<u64> {
        let (mut input, mut place) = (input, 0);
        for stage in stages {
            let name = stage.name.as_ref().map_or_else(|| place.to_string(), Ident::to_string);
            let name = format!("{around}{name}");
            input = self.layer(&stage.layer, input, &name);
            place += 1;
            if let Some(activation) = &stage.activation {
                let label = match &activation.kind {
                    ActivationKind::Word(word, arguments) => {
                        let word = word.to_string().replace("gelu_tanh", "gelu(tanh)");
                        if arguments.is_empty() { word } else { format!("{word}({})", decimals(arguments)) }
                    }
                    ActivationKind::Path(path) => path.to_string().replace(' ', ""),
                };
                let output = input.map(grouped).unwrap_or_default();
                self.lines.push(format!("| {around}{place} | {label} | {output} | | | |"));
                place += 1;
            }
        }
        input
    }

    fn layer(&mut self, layer: &Layer, input: Option<u64>, name: &str) -> Option<u64> {
        match layer {
            Layer::Dense(out) => {
                let numbers = input.zip(known(out)).map(|(input, out)| ((input + 1) * out, input * out));
                self.total = self.total.zip(numbers).map(|(a, b)| (a.0 + b.0, a.1 + b.1));
                let numbers = numbers.map_or_else(
                    || "| |".into(),
                    |(all, macs)| format!("{} | {} | {}", grouped(all), grouped(all * self.bytes), grouped(macs)),
                );
                self.lines.push(format!("| {name} | dense | {} | {numbers} |", output(out)));
                known(out)
            }
            Layer::Path(path) => {
                let link = path.name.split('<').next().unwrap_or_default().trim_end_matches("::");
                let shown = path.name.replace('<', "&lt;");
                self.lines.push(format!("| {name} | [{shown}]({link}) | | | | |"));
                self.total = None;
                None
            }
            Layer::Dropout(rate) => {
                let (rate, output) = (decimals(rate), input.map(grouped).unwrap_or_default());
                self.lines.push(format!("| {name} | dropout({rate}) | {output} | | | |"));
                input
            }
            Layer::Residual(stages, _) => {
                self.lines.push(format!("| {name} | residual block | | | | |"));
                self.stages(stages, input, &format!("{name}."));
                input
            }
            Layer::Parallel(branches, _) => {
                self.lines.push(format!("| {name} | branches | | | | |"));
                let outs = branches
                    .iter()
                    .enumerate()
                    .map(|(at, branch)| self.stages(branch, input, &format!("{name}.{at}.")));
                outs.sum()
            }
        }
    }
}

/// A width whose value is known.
fn known(width: &Width) -> Option<u64> {
    match width.number {
        Number::Literal(number) => Some(number.into()),
        _ => None,
    }
}

fn output(out: &Width) -> String {
    match &out.number {
        Number::Literal(number) => grouped(*number),
        Number::Parameter(name) => format!("`{name}`"),
        Number::Expression(tokens) | Number::Type(tokens) => format!("`{tokens}`"),
    }
}

fn width(input: &Width) -> String {
    match input.number {
        Number::Literal(1) => "1 value".into(),
        _ => format!("{} values", output(input)),
    }
}

/// Fractions as decimal numbers.
fn decimals(fractions: &[i64]) -> String {
    let (pairs, _) = fractions.as_chunks();
    pairs.iter().map(|[num, den]| (*num as f64 / *den as f64).to_string()).collect::<Vec<_>>().join(", ")
}
