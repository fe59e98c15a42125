//! What is allowed but seldom meant.

use crate::ast::Declaration;
use crate::resolve::{Network, Stage};
use proc_macro2::Span;

/// A warning at a token, by the name of its function in `nn_core::lint`.
pub struct Warning {
    /// The function.
    pub lint: &'static str,
    /// The token.
    pub span: Span,
}

/// The warnings of a network that are not allowed.
pub fn warnings(declaration: &Declaration, network: &Network) -> Vec<Warning> {
    let mut warnings = Vec::new();
    level(&network.stages, &mut warnings);
    if let Some(span) = declaration.attributes.approximate
        && !has_approximation(&network.stages)
    {
        warnings.push(Warning { lint: "nothing_to_approximate", span });
    }
    let allowed = |lint| declaration.attributes.allowed.iter().any(|name| name == lint || name == "deprecated");
    warnings.into_iter().filter(|warning| !allowed(warning.lint)).collect()
}

/// Those of the stages of one level.
fn level(stages: &[Stage], warnings: &mut Vec<Warning>) {
    let mut saturating = 0;
    for (at, stage) in stages.iter().enumerate() {
        stage.inside.iter().for_each(|stages| level(stages, warnings));
        let activation = stage.activation.as_ref().map(|activation| &activation.layer);
        let is_linear = stage.layer.is_linear() && activation.is_none_or(|layer| layer.is_linear());
        if is_linear && stages.get(at + 1).is_some_and(|next| next.layer.is_linear()) {
            warnings.push(Warning { lint: "missing_activation", span: stage.layer.span() });
        }
        match activation {
            Some(layer) if layer.saturates() => {
                saturating += 1;
                if saturating == 5 {
                    warnings.push(Warning { lint: "vanishing_gradient", span: layer.span() });
                }
            }
            None if stage.layer.is_transparent() => {}
            _ => saturating = 0,
        }
    }
}

/// Whether an activation in these stages has an approximation, or may have one.
fn has_approximation(stages: &[Stage]) -> bool {
    stages.iter().any(|stage| {
        stage.layer.has_approximation()
            || stage.activation.as_ref().is_some_and(|activation| activation.layer.has_approximation())
            || stage.inside.iter().any(|stages| has_approximation(stages))
    })
}
