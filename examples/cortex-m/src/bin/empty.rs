//! No network: what the other programs hold besides theirs.
#![no_std]
#![no_main]

use cortex_m_examples::{counted, entry, finish, number};

#[entry]
fn main() -> ! {
    counted(|| ());
    number("promised", 0);
    finish(true)
}
