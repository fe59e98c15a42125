//! The shape of a tensor.

use core::fmt::{self, Debug, Display, Formatter};

/// The shape of a tensor in a file. Of more than eight dimensions the first eight are kept, and that there are more; a size
/// that no network has is kept as 4,294,967,295.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    sizes: [u32; Self::MOST],
    rank: u8,
}

impl Dims {
    /// The dimensions of a tensor of a network are at most so many.
    pub const MOST: usize = 8;
    pub(crate) const SCALAR: Self = Self { sizes: [0; Self::MOST], rank: 0 };

    /// Those sizes.
    pub(crate) fn of(sizes: &[usize]) -> Self {
        sizes.iter().fold(Self::SCALAR, |dims, size| dims.and(*size as u64))
    }

    /// With one dimension more.
    pub(crate) fn and(mut self, size: u64) -> Self {
        if let Some(place) = self.sizes.get_mut(usize::from(self.rank)) {
            *place = u32::try_from(size).unwrap_or(u32::MAX);
        }
        self.rank = self.rank.saturating_add(1);
        self
    }

    /// The sizes that are kept.
    pub fn sizes(&self) -> &[u32] {
        self.sizes.get(..self.rank.into()).unwrap_or(&self.sizes)
    }

    /// Whether all of it is kept.
    pub(crate) fn is_whole(&self) -> bool {
        usize::from(self.rank) <= Self::MOST
    }

    /// Whether a matrix of this shape would have the other if its rows were its columns, and only then.
    pub fn is_transpose_of(&self, other: &Self) -> bool {
        matches!((self.sizes(), other.sizes()), ([a, b], [c, d]) if a == d && b == c && a != b)
    }
}

impl Display for Dims {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (at, size) in self.sizes().iter().enumerate() {
            write!(f, "{}{size}", if at == 0 { "" } else { ", " })?;
        }
        f.write_str(if self.is_whole() { "]" } else { ", …]" })
    }
}

impl Debug for Dims {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
