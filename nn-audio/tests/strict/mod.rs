//! Aborts where the audio thread allocates or frees.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Strict;

thread_local! {
    pub static IS_AUDIO: Cell<bool> = const { Cell::new(false) };
}

// SAFETY: the system's allocator does it; the flag is a cell without a destructor.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Strict {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if IS_AUDIO.get() {
            std::process::abort();
        }
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if IS_AUDIO.get() {
            std::process::abort();
        }
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static STRICT: Strict = Strict;
