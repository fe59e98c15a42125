//! What safe Rust has no words for: marks in the program, and the stack.
#![allow(unsafe_code)]

use core::arch::asm;

unsafe extern "C" {
    // The ends of the stack, by the linker script of `cortex-m-rt`, which paints what lies between before `main`.
    static _stack_start: u32;
    static _stack_end: u32;
}
const PAINT: u32 = 0xcccc_cccc;

/// The largest number of bytes that the stack has held.
pub fn stack() -> usize {
    let (end, start) = (&raw const _stack_end, &raw const _stack_start);
    let mut at = end;
    // SAFETY: both are aligned to words, and the RAM between them belongs to the stack. What is in use is written by nobody
    // else while it is read.
    while at < start && unsafe { at.read_volatile() } == PAINT {
        at = at.wrapping_add(1);
    }
    start as usize - at as usize
}

/// Runs what is to be counted: a program that runs the emulator counts the instructions between the two marks.
#[inline(always)]
pub fn counted<T>(work: impl FnOnce() -> T) -> T {
    count_begin();
    let result = work();
    count_end();
    result
}

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn count_begin() {
    // SAFETY: does nothing. The two marks differ, or they would be one function. As neither says that it spares memory, no
    // work is moved across it.
    unsafe { asm!("nop") }
}

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn count_end() {
    // SAFETY: as above.
    unsafe { asm!("nop", "nop") }
}
