use nn_core::prelude::*;

/// What is left of a network that another copy of the library declared.
pub struct Old;

impl Old {
    #[doc(hidden)]
    pub const __NN_CORE: &'static str = "0.0.9";
}

network! { pub struct New: 2 => Old => 1; } //~ `Old` is a network of `nn-core` 0.0.9, this one is of 0.1.0; both have to be of one copy

fn main() {}
