//! The table of layers in the documentation of an item.

use crate::ast::{Item, Width};
use crate::names::Names;
use crate::resolve::{Network, Stage};
use crate::shape::grouped;

/// The lines of the table. Numbers that depend on a path or a constant are left out; they are constants of the network.
pub fn table(item: &Item, names: &Names, network: &Network) -> Vec<String> {
    let bytes = if names.scalar == "f64" { 8 } else { 4 };
    let by = if names.approximate { ", its activations by faster approximations" } else { "" };
    let takes = match &network.takes.shape {
        shape if names.is_stream => shape.width().map(Width::values),
        shape => shape.shown(),
    };
    let of = if names.element == "u8" {
        format!(" of bytes, computed in `{}`", names.scalar)
    } else {
        format!(" in `{}`", names.scalar)
    };
    let takes = takes.unwrap_or_default();
    let remembered = if names.is_stream { remembered(item, network, bytes) } else { String::new() };
    let frame = match network.takes.shape.frames() {
        Some(frames) if names.is_stream => format!(" a frame, {frames} frames a step,"),
        None if names.is_stream => " a frame".into(),
        _ => String::new(),
    };
    let mut lines = vec![
        String::new(),
        "# Layers".into(),
        String::new(),
        format!("Takes {takes}{frame}{of}{by}.{remembered}"),
        String::new(),
        "| layer | | output | parameters | bytes | multiply-accumulates |".into(),
        "|---|---|---|---|---|---|".into(),
    ];
    let mut total = Some((0, 0));
    for stage in &network.stages {
        stage.walk(&mut |stage| {
            let numbers = stage.parameters().zip(stage.multiplies);
            total = total.zip(numbers).map(|(a, b)| (a.0 + b.0, a.1 + b.1));
        });
        rows(stage, bytes, &mut lines);
    }
    lines.push(match total {
        Some((parameters, macs)) => {
            format!("| total | | | {} | {} | {} |", grouped(parameters), grouped(parameters * bytes), grouped(macs))
        }
        None => format!("| total | | | `{0}::PARAMETERS` | `{0}::FLASH` | `{0}::MACS` |", item.name),
    });
    lines
}

/// How much a stream remembers, as a sentence. Where it learns what it begins with, it remembers whether it has begun, too.
fn remembered(item: &Item, network: &Network, bytes: u64) -> String {
    let (mut total, mut is_started) = (Some(0), false);
    for stage in &network.stages {
        stage.walk(&mut |stage| {
            total = total.zip(stage.layer.remembers(&stage.gives)).map(|(sum, numbers)| sum + numbers);
            is_started |= stage.layer.is_started();
        });
    }
    match total {
        Some(0) => " It remembers nothing.".into(),
        Some(numbers) => format!(" It remembers {} bytes.", grouped((numbers + u64::from(is_started)) * bytes)),
        None => format!(" It remembers `{}::STATE` bytes.", item.name),
    }
}

/// The rows of a stage: its layer, what is inside it, its activation.
fn rows(stage: &Stage, bytes: u64, lines: &mut Vec<String>) {
    let known = || stage.gives.known().map(|values| grouped(values) + " ").unwrap_or_default();
    let output = match stage.layer.width() {
        // A bar in an expression would end the cell.
        Some(width) => width.shown().replace('|', "\\|") + " ",
        // The last row of what is inside says it.
        None if !stage.inside.is_empty() => String::new(),
        None => known(),
    };
    let numbers = match stage.parameters().zip(stage.multiplies) {
        None | Some((0, 0)) => "| |".into(),
        Some((all, macs)) => format!("{} | {} | {}", grouped(all), grouped(all * bytes), grouped(macs)),
    };
    lines.push(format!("| {} | {} | {output}| {numbers} |", stage.place, stage.layer.label()));
    stage.inside.iter().flatten().for_each(|stage| rows(stage, bytes, lines));
    if let Some(activation) = &stage.activation {
        lines.push(format!("| {} | {} | {}| | | |", activation.place, activation.layer.label(), known()));
    }
}
