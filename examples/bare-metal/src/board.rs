//! What safe Rust has no words for: where a program begins, marks in it, and the stack.
#![allow(unsafe_code)]

use core::arch::asm;

unsafe extern "C" {
    // The ends of the stack, by the linker script. What lies between is painted before `main`.
    static _stack_start: u32;
    static _stack_end: u32;
}
/// As `cortex-m-rt` paints it.
pub const PAINT: u32 = 0xcccc_cccc;

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

/// The function that a program begins with: `main`, which is given static variables of its own.
#[macro_export]
macro_rules! program {
    ($main:ident($($Type:ty = $value:expr),*)) => {
        const _: () = {
            // SAFETY: nothing else has this name, which is that of the function that a runtime calls.
            #[unsafe(export_name = "main")]
            extern "C" fn begin() -> ! {
                // SAFETY: this function can't be named, and the runtime calls it once: nobody else has the variable.
                $main($({
                    static mut VARIABLE: $Type = $value;
                    unsafe { &mut *(&raw mut VARIABLE) }
                }),*)
            }
        };
    };
}
