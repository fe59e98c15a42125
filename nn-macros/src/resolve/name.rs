//! The names of layers.

use crate::report::Report;
use crate::tokens::is_keyword;
use proc_macro2::Ident;
use std::collections::HashSet;

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
    "zip",
    "self_test",
    "TRAINED",
];

/// The names that layers have already.
#[derive(Default)]
pub struct TakenNames(HashSet<String>);

impl TakenNames {
    /// Gives a name to a layer.
    pub fn take(&mut self, name: &Ident, report: &mut Report) {
        let text = name.to_string();
        let of = text.strip_suffix("_mut").filter(|of| self.0.contains(*of));
        if !self.0.insert(text.clone()) {
            report.at(name.span(), format!("the name `{text}` is used twice"));
        } else if let Some(of) = of {
            report
                .at(name.span(), format!("`{text}` is the method that changes the layer `{of}`; choose another name"));
        } else if self.0.contains(&format!("{text}_mut")) {
            report.at(
                name.span(),
                format!("`{text}_mut`, which would change this layer, is the name of another; choose another name"),
            );
        } else if text.starts_with("r#") || is_keyword(name) {
            report.at(name.span(), format!("`{text}` is a keyword and can't be the name of a layer"));
        } else if METHODS.contains(&text.trim_end_matches("_mut")) || METHODS.contains(&text.as_str()) {
            report.at(name.span(), format!("`{text}` is a method of every network and can't be the name of a layer"));
        } else if text.len() > 32 {
            report.at(name.span(), "the name of a layer has at most 32 bytes");
        }
    }
}
