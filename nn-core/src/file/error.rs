//! What can be wrong with a file of weights.

use super::Dtype;
use core::fmt::{self, Debug, Display, Formatter, Write};

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

impl Display for WeightsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Buffer { needed, found } => {
                write!(f, "the weights take {needed} bytes, but there is room for {found}")
            }
            Self::Malformed { offset, problem } => write!(f, "{problem} at byte {offset}"),
            Self::Other { what } => write!(f, "the file is {what}"),
            Self::Missing { name } => write!(f, "the file has no tensor `{name}`"),
            Self::Repeated { name } => write!(f, "the file has more than one tensor `{name}`"),
            Self::Shape { name, expected, found } => {
                write!(f, "`{name}` is {found} in the file, but {expected} in the network")?;
                if expected.is_transpose_of(found) { f.write_str("; it looks transposed") } else { Ok(()) }
            }
            Self::Dtype { name, found: Dtype::Other } => {
                write!(f, "the numbers of `{name}` are no floating-point numbers")
            }
            Self::Dtype { name, found } => write!(f, "the numbers of `{name}`, {found:?}, do not fit the network's"),
            Self::NotFinite { name, index } => write!(f, "number {index} of `{name}` is not finite"),
        }
    }
}

impl core::error::Error for WeightsError {}

/// The name of a tensor, of at most 64 bytes; what is longer is cut off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TensorName {
    bytes: [u8; 64],
    len: u8,
}

impl TensorName {
    pub(super) const EMPTY: Self = Self { bytes: [0; 64], len: 0 };

    /// The name.
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len.into()).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl Write for TensorName {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let (start, mut buffer) = (usize::from(self.len), [0; 4]);
            let encoded = character.encode_utf8(&mut buffer).as_bytes();
            let room = self.bytes.get_mut(start..start + encoded.len()).ok_or(fmt::Error)?;
            room.iter_mut().zip(encoded).for_each(|(to, byte)| *to = *byte);
            self.len += encoded.len() as u8;
        }
        Ok(())
    }
}

impl Display for TensorName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Debug for TensorName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(self.as_str(), f)
    }
}

/// The shape of a tensor in a file, of at most four dimensions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    sizes: [u32; 4],
    rank: u8,
}

impl Dims {
    pub(super) const SCALAR: Self = Self { sizes: [0; 4], rank: 0 };

    /// Those sizes; what can be no size of a tensor here is larger than all that can.
    pub(super) fn of(sizes: &[usize]) -> Self {
        sizes.iter().fold(Self::SCALAR, |dims, size| dims.and(*size as u64))
    }

    /// With one dimension more.
    pub(super) fn and(mut self, size: u64) -> Self {
        if let Some(place) = self.sizes.get_mut(usize::from(self.rank)) {
            *place = u32::try_from(size).unwrap_or(u32::MAX);
        }
        self.rank = self.rank.saturating_add(1);
        self
    }

    fn sizes(&self) -> &[u32] {
        self.sizes.get(..self.rank.into()).unwrap_or(&self.sizes)
    }

    fn is_transpose_of(&self, other: &Self) -> bool {
        matches!((self.sizes(), other.sizes()), ([a, b], [c, d]) if a == d && b == c && a != b)
    }
}

impl Display for Dims {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (at, size) in self.sizes().iter().enumerate() {
            write!(f, "{}{size}", if at == 0 { "" } else { ", " })?;
        }
        f.write_str(if usize::from(self.rank) > self.sizes.len() { ", …]" } else { "]" })
    }
}

impl Debug for Dims {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
