//! The table of a network's layers.

pub use crate::network::summary::Summary;
pub use crate::part::place::{Module, Place};
