//! Two networks in a module of WebAssembly: one that reads digits, trained elsewhere, and one that learns the exclusive or.
//!
//! The module has no allocator, imports nothing, and its memory is one page that never grows. What it can do is in
//! [`exports`]; the page is only one of its possible users.
#![no_std]

mod digits;
mod drawing;
pub mod exports;
mod pixels;
mod xor;

/// What the module remembers from one call to the next. All bytes are zero at first, so it costs nothing in the file.
struct State {
    drawing: drawing::Drawing,
    digits: digits::Reader,
    xor: Option<xor::Learner>,
    map: xor::Map,
}

impl State {
    const NEW: Self = Self {
        drawing: drawing::Drawing::EMPTY,
        digits: digits::Reader::NEW,
        xor: None,
        map: [0; xor::SIDE * xor::SIDE],
    };
}
