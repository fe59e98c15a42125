//! The data sets of the examples and tests; `data/README.md` says where they come from.

pub mod diabetes;
pub mod digits;
pub mod mnist;

/// Whether a row, counted from 0, is for testing: every fifth.
const fn is_test(row: usize) -> bool {
    row % 5 == 4
}
