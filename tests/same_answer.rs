//! Inference and training give the same bits on every machine: here, those that the programs in `examples/bare-metal` and
//! `examples/web` assert too.

use nn_core::kernel::InstructionSet;
use same_answer::{CASES, STREAMS};

#[test]
fn the_portable_set_gives_the_same_bits_everywhere() {
    assert!(InstructionSet::Portable.select());
    let cases = || CASES.into_iter().chain(STREAMS);
    let found: Vec<_> = cases().map(|case| (case.name, format!("{:#010x}", (case.compute)()))).collect();
    let expected: Vec<_> = cases().map(|case| (case.name, format!("{:#010x}", case.digest))).collect();
    assert_eq!(found, expected);
}
