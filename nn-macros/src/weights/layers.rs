//! The layers of a network that have parameters, or may have.

use crate::layer::Tensor;
use crate::resolve::{Network, Stage};
use proc_macro2::Span;

/// A layer with parameters.
pub struct Layer<'a> {
    /// Its place.
    pub place: &'a str,
    /// Its tensors, if the declaration says their shapes.
    pub tensors: Option<&'a [Tensor]>,
    /// Its token.
    pub span: Span,
    /// What stands before it, and that token, if it is linear and nothing is between the two.
    pub after_linear: Option<(String, Span)>,
}

/// The layers with parameters, in the order of the network's memory.
pub fn of(network: &Network) -> Vec<Layer<'_>> {
    let mut layers = Vec::new();
    level(&network.stages, &mut layers);
    layers
}

fn level<'a>(stages: &'a [Stage], layers: &mut Vec<Layer<'a>>) {
    for (at, stage) in stages.iter().enumerate() {
        let tensors = stage.tensors.as_deref();
        if tensors.is_none_or(|tensors| !tensors.is_empty()) {
            let before = at.checked_sub(1).and_then(|at| stages.get(at));
            let before = before.filter(|before| before.layer.is_linear() && before.activation.is_none());
            let after_linear =
                before.and_then(|before| Some((before.layer.width()?.shown().replace('`', ""), before.layer.span())));
            layers.push(Layer { place: &stage.place, tensors, span: stage.layer.span(), after_linear });
        }
        stage.inside.iter().for_each(|stages| level(stages, layers));
    }
}
