//! What the programs share: how they begin and end, lines for the host, marks around what is counted, and how deep the stack was.
#![no_std]

mod board;
pub mod digits;
pub mod recorded;
mod report;
#[cfg(target_arch = "riscv32")]
mod riscv;

#[cfg(target_arch = "arm")]
use cortex_m_rt as _;

pub use board::{counted, stack};
pub use report::{finish, number, text};

nn_core::no_panic_handler!();
