//! What can be said of a declaration without the types of its paths: mistakes, and warnings.

use crate::ast::{Activation, Declaration, Layer, Number, Stage, Width};
use crate::report::Report;
use proc_macro2::{Ident, Span};
use std::collections::HashSet;

/// A warning at a token, by the name of its function in `nn_core::lint`.
pub struct Warning {
    /// The function.
    pub lint: &'static str,
    /// The token.
    pub span: Span,
}

/// What every network can do, and so can't be the name of a layer.
const METHODS: &[&str] = &[
    "forward",
    "forward_batch",
    "init",
    "init_with",
    "activations",
    "parameters",
    "parameters_mut",
    "summary",
    "load",
    "save",
    "layers",
    "layers_mut",
];

/// Reports mistakes and returns the warnings that are not allowed.
pub fn check(declaration: &Declaration, report: &mut Report) -> Vec<Warning> {
    let mut check = Check { report, names: HashSet::new(), warnings: Vec::new() };
    check.stages(&declaration.stages, declaration.input.as_ref());
    if let Some(span) = declaration.approximate {
        if declaration.scalar == "f64" {
            check
                .report
                .at(span, "there are no approximations in `f64`; leave `#[approximate]` out, or compute in `f32`");
        } else if !has_approximation(&declaration.stages) {
            check.warnings.push(Warning { lint: "nothing_to_approximate", span });
        }
    }
    let allowed = |lint| declaration.allowed.iter().any(|name| name == lint || name == "deprecated");
    check.warnings.into_iter().filter(|warning| !allowed(warning.lint)).collect()
}

/// Whether an activation in these stages has an approximation, or may have one.
fn has_approximation(stages: &[Stage]) -> bool {
    stages.iter().any(|stage| {
        stage.activation.as_ref().is_some_and(Activation::has_approximation)
            || match &stage.layer {
                Layer::Residual(stages, _) => has_approximation(stages),
                Layer::Parallel(branches, _) => branches.iter().any(|branch| has_approximation(branch)),
                Layer::Dense(_) | Layer::Path(_) | Layer::Dropout(..) => false,
            }
    })
}

struct Check<'a> {
    report: &'a mut Report,
    names: HashSet<String>,
    warnings: Vec<Warning>,
}

impl Check<'_> {
    /// Checks the stages of one level, of which the first takes what `input` says, if that is known.
    fn stages(&mut self, stages: &[Stage], input: Option<&Width>) {
        let mut input = input.cloned();
        let mut saturating = 0;
        for (at, stage) in stages.iter().enumerate() {
            if let Some(name) = &stage.name {
                self.name(name);
            }
            self.layer(&stage.layer, input.as_ref());
            input = gives(&stage.layer, input.as_ref());

            let next = stages.get(at + 1).map(|next| &next.layer);
            let is_linear = stage.activation.as_ref().is_none_or(|activation| activation.is("identity"));
            if let (Layer::Dense(width), true, Some(Layer::Dense(_))) = (&stage.layer, is_linear, next) {
                self.warnings.push(Warning { lint: "missing_activation", span: width.span });
            }
            match &stage.activation {
                Some(activation) if activation.is("sigmoid") || activation.is("tanh") => {
                    saturating += 1;
                    if saturating == 5 {
                        self.warnings.push(Warning { lint: "vanishing_gradient", span: activation.span });
                    }
                }
                None if matches!(stage.layer, Layer::Dropout(..)) => {}
                _ => saturating = 0,
            }
        }
    }

    fn layer(&mut self, layer: &Layer, input: Option<&Width>) {
        match layer {
            Layer::Dense(_) | Layer::Dropout(..) => {}
            Layer::Path(path) => {
                if let Some(Number::Parameter(parameter)) = input.map(|width| &width.number) {
                    let message = format!(
                        "`{}` takes a fixed number of values, but the parameter `{parameter}` before it is any; write a layer \
                         of fixed width between them",
                        path.name
                    );
                    self.report.at(path.span, message);
                }
            }
            Layer::Residual(stages, _) => {
                self.stages(stages, input);
                let end = stages.last().and_then(|stage| gives(&stage.layer, input));
                if let (Some(takes), Some(gives)) = (input, end)
                    && let (Some(takes), Some(found)) = (text(takes), text(&gives))
                    && takes != found
                {
                    let message =
                        format!("a residual block gives what it takes; this one takes {takes} and gives {found}");
                    self.report.at(gives.span, message);
                }
            }
            Layer::Parallel(branches, _) => {
                for branch in branches {
                    self.stages(branch, input);
                    let end = branch.last().and_then(|stage| gives(&stage.layer, input));
                    if let Some(Width { number: Number::Parameter(parameter), span }) = end {
                        let message =
                            format!("a branch can't end in the parameter `{parameter}`; Rust can't add to it yet");
                        self.report.at(span, message);
                    }
                }
            }
        }
    }

    fn name(&mut self, name: &Ident) {
        let text = name.to_string();
        if !self.names.insert(text.clone()) {
            self.report.at(name.span(), format!("the name `{text}` is used twice"));
        } else if text == "_" || text.starts_with("r#") || syn::parse_str::<Ident>(&text).is_err() {
            self.report.at(name.span(), format!("`{text}` is a keyword and can't be the name of a layer"));
        } else if METHODS.contains(&text.trim_end_matches("_mut")) || METHODS.contains(&text.as_str()) {
            self.report
                .at(name.span(), format!("`{text}` is a method of every network and can't be the name of a layer"));
        } else if text.len() > 32 {
            self.report.at(name.span(), "the name of a layer has at most 32 bytes");
        }
    }
}

/// What a layer gives, if it is said in the declaration.
fn gives(layer: &Layer, input: Option<&Width>) -> Option<Width> {
    match layer {
        Layer::Dense(width) => Some(width.clone()),
        Layer::Residual(..) | Layer::Dropout(..) => input.cloned(),
        Layer::Path(_) | Layer::Parallel(..) => None,
    }
}

/// A width whose value or name is known.
fn text(width: &Width) -> Option<String> {
    match &width.number {
        Number::Literal(1) => Some("1 value".into()),
        Number::Literal(number) => Some(format!("{} values", grouped(*number))),
        Number::Parameter(name) => Some(format!("`{name}` values")),
        Number::Expression(_) | Number::Type(_) => None,
    }
}

/// In decimal, thousands separated.
pub fn grouped(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}
