//! The tensors that a declaration has, by the names that they have in PyTorch.

use crate::ast::{Declaration, Layer, Number, Stage, Width};
use crate::report::Report;
use proc_macro2::Span;

/// A dense layer and its place.
pub struct Wanted {
    /// Its name in the network, `0` or `features`.
    pub name: String,
    /// Values in.
    pub inputs: usize,
    /// Values out.
    pub outputs: usize,
    /// Its token.
    pub span: Span,
}

/// The dense layers in the order of the network's memory, if the declaration says all of their widths.
pub fn wanted(declaration: &Declaration, report: &mut Report) -> Option<Vec<Wanted>> {
    let mut found = Found { layers: Vec::new(), report, is_complete: true };
    let input = found.number(declaration.input.as_ref()?);
    found.stages(&declaration.stages, input?, "");
    found.is_complete.then_some(found.layers)
}

struct Found<'a> {
    layers: Vec<Wanted>,
    report: &'a mut Report,
    is_complete: bool,
}

impl Found<'_> {
    /// The stages of one level; returns what the last one gives, and how many places they take.
    fn stages(&mut self, stages: &[Stage], input: usize, around: &str) -> usize {
        let (mut input, mut place) = (input, 0);
        for stage in stages {
            let name = stage.name.as_ref().map_or_else(|| place.to_string(), ToString::to_string);
            input = self.layer(&stage.layer, input, &format!("{around}{name}"));
            place += 1 + usize::from(stage.activation.is_some());
        }
        input
    }

    fn layer(&mut self, layer: &Layer, inputs: usize, name: &str) -> usize {
        match layer {
            Layer::Dense(width) => {
                let outputs = self.number(width).unwrap_or(1);
                self.layers.push(Wanted { name: name.into(), inputs, outputs, span: width.span });
                outputs
            }
            Layer::Path(path) => {
                let message = format!(
                    "`{}` is declared elsewhere; `#[weights]` is for a network whose layers are all in its declaration",
                    path.name
                );
                self.wrong(path.span, message);
                1
            }
            Layer::Dropout(_) => inputs,
            Layer::Residual(stages, _) => {
                self.stages(stages, inputs, &format!("{name}."));
                inputs
            }
            Layer::Parallel(branches, _) => {
                let branches = branches.iter().enumerate();
                branches.map(|(at, branch)| self.stages(branch, inputs, &format!("{name}.{at}."))).sum()
            }
        }
    }

    fn number(&mut self, width: &Width) -> Option<usize> {
        if let Number::Literal(number) = width.number {
            return usize::try_from(number).ok();
        }
        self.wrong(width.span, "`#[weights]` is for a network whose widths are all plain integers".into());
        None
    }

    fn wrong(&mut self, span: Span, message: String) {
        self.report.at(span, message);
        self.is_complete = false;
    }
}
