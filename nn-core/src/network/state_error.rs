//! Why the state of a stream could not be saved or loaded.

use crate::saved::Fault;
use core::fmt::{self, Display, Formatter};

/// Why a [`State`](super::State) could not be written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// The buffer is too short to write to.
    Buffer {
        /// The bytes that are needed.
        needed: usize,
        /// The length of the buffer.
        found: usize,
    },
    /// The bytes are not a state that this library saved.
    Unknown,
    /// The bytes are not those that were written: some are missing or changed.
    Damaged,
    /// It is the state of another network or number type.
    Foreign,
}

impl Display for StateError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Buffer { needed, found } => write!(f, "a state takes {needed} bytes, but there is room for {found}"),
            Self::Unknown => f.write_str("this is not the state of a stream"),
            Self::Damaged => f.write_str("the state is damaged: bytes are missing or changed"),
            Self::Foreign => f.write_str("the state is of another network"),
        }
    }
}

impl core::error::Error for StateError {}

impl From<Fault> for StateError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Buffer { needed, found } => Self::Buffer { needed, found },
            Fault::Unknown => Self::Unknown,
            Fault::Damaged => Self::Damaged,
            Fault::Foreign => Self::Foreign,
        }
    }
}
