//! `#[weights]` and `#[golden]`: files that are read when a network is compiled.

#[cfg(feature = "weights")]
mod file;
mod found;
#[cfg(feature = "weights")]
mod golden;
#[cfg(feature = "weights")]
mod layers;
#[cfg(feature = "weights")]
mod named;
#[cfg(feature = "weights")]
mod number;
#[cfg(all(test, feature = "weights"))]
mod tests;
#[cfg(feature = "weights")]
mod trained;

pub use found::{Files, Named, Numbers, Samples, Trained};

use crate::ast::Declaration;
use crate::report::Report;
use crate::resolve::Network;

/// Reads the files of a declaration for a target on which the highest byte of a number comes first, or last; what is wrong
/// with them goes to the report.
#[cfg(feature = "weights")]
pub fn read(declaration: &Declaration, network: &Network, is_big_endian: bool, report: &mut Report) -> Files {
    let (attributes, is_double) = (&declaration.attributes, declaration.scalar == "f64");
    let format = number::Format { is_double, is_big_endian };
    let trained = attributes.weights.as_ref().and_then(|weights| trained::read(weights, format, network, report));
    let golden = attributes.golden.as_ref().and_then(|golden| {
        if attributes.weights.is_none() {
            report.at(golden.span, "golden samples are for a network with `#[weights]`");
            return None;
        }
        golden::read(golden, is_double, declaration.bytes.is_some(), network)
            .map_err(|message| report.at(golden.span, message))
            .ok()
    });
    Files { trained, golden }
}

/// Without the feature there is no reader.
#[cfg(not(feature = "weights"))]
pub fn read(declaration: &Declaration, _: &Network, _: bool, report: &mut Report) -> Files {
    let weights = declaration.attributes.weights.as_ref().map(|weights| weights.span);
    let golden = declaration.attributes.golden.as_ref().map(|golden| golden.span);
    if let Some(span) = weights.or(golden) {
        report.at(span, "reading files needs the feature `weights` of `nn-core`");
    }
    Files::default()
}
