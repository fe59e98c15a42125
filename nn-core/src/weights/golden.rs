//! Samples with the outputs that a network must give.

use crate::kernel::Scalar;
use crate::network::Stateless;
use crate::number::Number;
use crate::number::element::Element;
use crate::number::storage::Plain;
use core::fmt::{self, Display, Formatter};

/// An output that is not what a file says.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The sample.
    pub sample: usize,
    /// The output.
    pub output: usize,
    /// What the network gives.
    pub found: f64,
    /// What the file says.
    pub expected: f64,
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { sample, output, found, expected } = self;
        write!(f, "output {output} of sample {sample} is {found}, but the file says {expected}")
    }
}

impl core::error::Error for Mismatch {}

/// Whether no output is off by more than `tolerance`. Inputs and outputs are numbers, least significant byte first.
#[doc(hidden)]
pub fn agrees<N: Stateless<Number: Scalar>>(
    network: &N,
    inputs: &[u8],
    outputs: &[u8],
    tolerance: f64,
) -> Result<(), Mismatch> {
    let number = |bytes: &[u8]| {
        let bits = bytes.iter().rev().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        N::Number::from_bits(bits)
    };
    // Of a byte the expansion has seen that it is one.
    let element = |bytes: &[u8]| N::Element::of(number(bytes));
    let size = size_of::<N::Number>();
    let rows =
        inputs.chunks_exact((N::Input::LEN * size).max(1)).zip(outputs.chunks_exact((N::Output::LEN * size).max(1)));
    for (sample, (input, expected)) in rows.enumerate() {
        let mut row = N::Input::ZEROED;
        row.values_mut()
            .iter_mut()
            .zip(input.chunks_exact(size))
            .for_each(|(to, bytes)| *to = element(bytes).unwrap_or(*to));
        let found = network.forward(&row);
        for (output, (found, expected)) in found.values().iter().zip(expected.chunks_exact(size)).enumerate() {
            let (found, expected) = (found.to_f64(), number(expected).to_f64());
            // A NaN is not near anything.
            let is_near = (found - expected).abs() <= tolerance;
            if !is_near {
                return Err(Mismatch { sample, output, found, expected });
            }
        }
    }
    Ok(())
}
