//! `#[weights]` and `#[golden]`: files that are read when a network is compiled.

#[cfg(feature = "weights")]
mod file;
mod found;
#[cfg(feature = "weights")]
mod golden;
#[cfg(feature = "weights")]
mod npz;
#[cfg(feature = "weights")]
mod tensor;
#[cfg(feature = "weights")]
mod trained;

pub use found::{Files, Samples, Trained};

use crate::ast::Declaration;
use crate::report::Report;
use crate::resolve::Network;

/// Reads the files of a declaration; what is wrong with them goes to the report.
#[cfg(feature = "weights")]
pub fn read(declaration: &Declaration, network: &Network, report: &mut Report) -> Files {
    let (attributes, scalar) = (&declaration.attributes, declaration.scalar.to_string());
    let trained = attributes.weights.as_ref().and_then(|weights| trained::read(weights, &scalar, network, report));
    let golden = attributes.golden.as_ref().and_then(|golden| {
        if attributes.weights.is_none() {
            report.at(golden.span, "golden samples are for a network with `#[weights]`");
            return None;
        }
        golden::read(golden, &scalar, network).map_err(|message| report.at(golden.span, message)).ok()
    });
    Files { trained, golden }
}

/// Without the feature there is no reader.
#[cfg(not(feature = "weights"))]
pub fn read(declaration: &Declaration, _: &Network, report: &mut Report) -> Files {
    let weights = declaration.attributes.weights.as_ref().map(|weights| weights.span);
    let golden = declaration.attributes.golden.as_ref().map(|golden| golden.span);
    if let Some(span) = weights.or(golden) {
        report.at(span, "reading files needs the feature `weights` of `nn-core`");
    }
    Files::default()
}
