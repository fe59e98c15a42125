//! No network: what the other programs hold besides theirs.
#![no_std]
#![no_main]

use bare_metal_examples::{counted, finish, number, program};

program!(main());

fn main() -> ! {
    counted(|| ());
    number("promised", 0);
    finish(true)
}
