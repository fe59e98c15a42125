//! No network: what the other programs hold besides theirs.
#![no_std]
#![no_main]

use cortex_m_examples::{entry, finish, number};

#[entry]
fn main() -> ! {
    number("right", 0);
    finish(true)
}
