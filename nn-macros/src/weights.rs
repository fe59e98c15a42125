//! `#[weights]` and `#[golden]`: files that are read when a network is compiled.

#[cfg(feature = "weights")]
mod file;
#[cfg(feature = "weights")]
mod golden;
#[cfg(feature = "weights")]
mod npz;
#[cfg(feature = "weights")]
mod trained;
#[cfg(feature = "weights")]
mod wanted;

use crate::ast::Declaration;
use crate::report::Report;

/// What the files of a declaration have.
#[derive(Default)]
pub struct Files {
    /// The parameters.
    pub trained: Option<Trained>,
    /// Samples with their outputs.
    pub golden: Option<Samples>,
}

/// Parameters in the order of the network's memory.
pub struct Trained {
    /// The numbers, least significant byte first.
    pub bytes: Vec<u8>,
    /// The file that was read.
    pub path: String,
    /// Tensors that the network does not have.
    pub extra: Vec<String>,
}

/// Inputs and outputs of a network.
pub struct Samples {
    /// The file that was read.
    pub path: String,
    /// The inputs, one after another.
    pub inputs: Vec<u8>,
    /// The outputs.
    pub outputs: Vec<u8>,
    /// How many there are.
    pub rows: usize,
    /// How far an output may be off.
    pub tolerance: f64,
}

/// Reads the files of a declaration; what is wrong with them goes to the report.
#[cfg(feature = "weights")]
pub fn read(declaration: &Declaration, report: &mut Report) -> Files {
    let trained = declaration.weights.as_ref().and_then(|weights| trained::read(weights, declaration, report));
    let golden = declaration.golden.as_ref().and_then(|golden| golden::read(golden, declaration, report));
    Files { trained, golden }
}

/// Without the feature there is no reader.
#[cfg(not(feature = "weights"))]
pub fn read(declaration: &Declaration, report: &mut Report) -> Files {
    let weights = declaration.weights.as_ref().map(|weights| weights.span);
    let golden = declaration.golden.as_ref().map(|golden| golden.span);
    if let Some(span) = weights.or(golden) {
        report.at(span, "reading files needs the feature `weights` of `nn-core`");
    }
    Files::default()
}
