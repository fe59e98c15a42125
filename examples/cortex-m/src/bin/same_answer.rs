//! Trains the networks of `tests/same-answer` and compares their digests: the bits of every machine.
#![no_std]
#![no_main]

use cortex_m_examples::{entry, finish, text};
use same_answer::CASES;

#[entry]
fn main() -> ! {
    let mut right = true;
    for case in &CASES {
        let same = (case.compute)() == case.digest;
        text(case.name, if same { "the same bits" } else { "other bits" });
        right &= same;
    }
    finish(right)
}
