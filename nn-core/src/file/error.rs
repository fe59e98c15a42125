//! What can be wrong with a file of weights.

use super::TensorName;
use core::fmt::{self, Display, Formatter};
use nn_files::{Dims, Dtype, Problem};

/// Why weights could not be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WeightsError {
    /// The buffer is too short to write to.
    Buffer {
        /// The bytes that are needed.
        needed: usize,
        /// The length of the buffer.
        found: usize,
    },
    /// The bytes are no file of weights, or only a part of one.
    Malformed {
        /// Where, in bytes from the beginning.
        offset: usize,
        /// What is wrong there.
        problem: &'static str,
    },
    /// The file is of another kind.
    Other {
        /// What it is, and what to do.
        what: &'static str,
    },
    /// A tensor of the network is not in the file.
    Missing {
        /// Its name.
        name: TensorName,
    },
    /// The file has more of a layer than the network: a second layer in one module, another direction, a bias.
    Extra {
        /// The name of the tensor.
        name: TensorName,
    },
    /// A tensor is in the file more than once.
    Repeated {
        /// Its name.
        name: TensorName,
    },
    /// A tensor has another shape.
    Shape {
        /// Its name.
        name: TensorName,
        /// Its shape in the network.
        expected: Dims,
        /// Its shape in the file.
        found: Dims,
    },
    /// The numbers of a tensor are no parameters, or have more bits than those of the network.
    Dtype {
        /// Its name.
        name: TensorName,
        /// What they are.
        found: Dtype,
    },
    /// A number is infinite or NaN.
    NotFinite {
        /// The name of its tensor.
        name: TensorName,
        /// Its place in the file's tensor.
        index: usize,
    },
}

impl WeightsError {
    /// What is wrong, with the tensor of that name if it is one.
    pub(super) const fn of(problem: Problem, name: TensorName) -> Self {
        match problem {
            Problem::Malformed { offset, problem } => Self::Malformed { offset, problem },
            Problem::Other { what } => Self::Other { what },
            Problem::Missing => Self::Missing { name },
            Problem::Repeated => Self::Repeated { name },
            Problem::Shape { expected, found } => Self::Shape { name, expected, found },
            Problem::Dtype { found } => Self::Dtype { name, found },
            Problem::NotFinite { index } => Self::NotFinite { name, index },
        }
    }
}

impl Display for WeightsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Buffer { needed, found } => {
                write!(f, "the weights take {needed} bytes, but there is room for {found}")
            }
            Self::Malformed { offset, problem } => Problem::Malformed { offset, problem }.fmt(f),
            Self::Other { what } => Problem::Other { what }.fmt(f),
            Self::Missing { name } => write!(f, "the file has no tensor `{name}`"),
            Self::Extra { name } => {
                write!(f, "the file has `{name}`, too: its layer is not that of the network, which would leave it out")
            }
            Self::Repeated { name } => write!(f, "the file has more than one tensor `{name}`"),
            Self::Shape { name, expected, found } => {
                write!(f, "`{name}` is {}", Problem::Shape { expected, found })
            }
            Self::Dtype { name, found: Dtype::Other } => {
                write!(f, "the numbers of `{name}` are no floating-point numbers")
            }
            Self::Dtype { name, found } => {
                write!(
                    f,
                    "the numbers of `{name}` are {found:?}, which the network's can't hold; write the file in \
                    single precision, or `f64;` before the input"
                )
            }
            Self::NotFinite { name, index } => write!(f, "number {index} of `{name}` is not finite"),
        }
    }
}

impl core::error::Error for WeightsError {}
