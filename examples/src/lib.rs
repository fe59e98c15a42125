//! The data sets of the examples and tests, and the lessons that they teach; `data/README.md` says where the data come from.

pub mod amplifier;
pub mod diabetes;
pub mod digits;
pub mod flight;
pub mod lessons;
pub mod mnist;
pub mod networks;
pub mod plot;
pub mod quadrotor;
pub mod vowels;
pub mod wav;

/// Whether a row, counted from 0, is for testing: every fifth.
const fn is_test(row: usize) -> bool {
    row % 5 == 4
}
