//! What can be wrong with a file.

use crate::dims::Dims;
use crate::dtype::Dtype;
use core::fmt::{self, Display, Formatter};

/// What is wrong with a file, or with the tensor that was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
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
    /// The tensor is not in the file.
    Missing,
    /// It is in the file more than once.
    Repeated,
    /// It has another shape.
    Shape {
        /// Its shape in the network, as a file would have it.
        expected: Dims,
        /// Its shape in the file.
        found: Dims,
    },
    /// Its numbers are no parameters, or have more bits than those of the network.
    Dtype {
        /// What they are.
        found: Dtype,
    },
    /// A number is infinite or NaN.
    NotFinite {
        /// Its place in the file's tensor.
        index: usize,
    },
}

pub(crate) const fn wrong(offset: usize, problem: &'static str) -> Problem {
    Problem::Malformed { offset, problem }
}

/// Of the whole file; what is wrong with a tensor is said with its name, which is not known here.
impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { offset, problem } => write!(f, "{problem} at byte {offset}"),
            Self::Other { what } => write!(f, "the file is {what}"),
            Self::Missing => f.write_str("not found"),
            Self::Repeated => f.write_str("there more than once"),
            Self::Shape { expected, found } => {
                write!(f, "{found} in the file, but {expected} in the network")?;
                if expected.is_transpose_of(found) { f.write_str("; it looks transposed") } else { Ok(()) }
            }
            Self::Dtype { found: Dtype::Other } => f.write_str("no floating-point numbers"),
            Self::Dtype { found } => write!(f, "{found:?}"),
            Self::NotFinite { index } => write!(f, "not finite at {index}"),
        }
    }
}
