//! What a part remembers from one call to the next.

use crate::number::storage::Both;

/// The state of a part, for one stream. That of a part which remembers nothing is `()`.
pub trait Memory: Sized {
    /// Nothing remembered yet.
    const NEW: Self;
}

impl Memory for () {
    const NEW: Self = ();
}

impl<A: Memory, B: Memory> Memory for Both<A, B> {
    const NEW: Self = Self(A::NEW, B::NEW);
}
