//! How long the header of a saved network is at most.

use super::tensor::Tensor;
use nn_files::Dims;

/// Room for the header of a file, known when it compiles: an upper bound, which spaces fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    tensors: usize,
    bytes: usize,
}

/// Digits of a number of bytes, below ten thousand millions.
const OFFSET: usize = 10;
/// Digits of the place of a layer, below a thousand.
const PLACE: usize = 3;

impl Header {
    /// No tensor.
    pub const EMPTY: Self = Self { tensors: 0, bytes: 0 };

    /// The tensors of one layer.
    pub(crate) const fn of(tensors: &[Tensor]) -> Self {
        match tensors {
            [first, rest @ ..] => {
                assert!(first.shape.len() <= Dims::MOST, "a tensor of parameters has at most eight dimensions");
                let frame = r#""":{"dtype":"F32","shape":[],"data_offsets":[,]},"#.len();
                let name = PLACE + 1 + first.name.len();
                let shape = first.shape.len() * (OFFSET + 1);
                let rest = Self::of(rest);
                Self { tensors: rest.tensors + 1, bytes: rest.bytes + frame + name + shape + 2 * OFFSET }
            }
            [] => Self::EMPTY,
        }
    }

    /// These tensors and others.
    pub const fn and(self, other: Self) -> Self {
        Self { tensors: self.tensors + other.tensors, bytes: self.bytes + other.bytes }
    }

    /// These tensors in a network of their own.
    pub const fn inside(self) -> Self {
        Self { bytes: self.bytes + self.tensors * (PLACE + 1), ..self }
    }

    /// These tensors under a name.
    pub const fn named(self, name: &str) -> Self {
        Self { bytes: self.bytes + self.tensors * name.len(), ..self }
    }

    /// Its length, with braces, so that the data after it and the eight bytes before it are aligned.
    pub(crate) const fn len(self) -> usize {
        (self.bytes + 2).next_multiple_of(8)
    }
}
