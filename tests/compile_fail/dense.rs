use nn_core::prelude::*;

network! { pub struct Nothing: 2 => dense() => 1; } //~ expected a width, as in `dense(8)`, `dense(U8)` or `dense(8, bias = false)`
network! { pub struct Two: 2 => dense(8, 4) => 1; } //~ expected a width, as in `dense(8)`, `dense(U8)` or `dense(8, bias = false)`
network! { pub struct Text: 2 => dense("8") => 1; } //~ expected a plain integer, found `"8"`
network! { pub struct Zero: 2 => dense(0) => 1; } //~ a layer must have at least one node
network! { pub struct Sum: 2 => dense(4 + 4) => 1; } //~ expected a width, as in `dense(8)` or `dense(U8)`
network! { pub struct Number: 2 => dense(8, bias = 0) => 1; } //~ expected `bias = true` or `bias = false`
network! { pub struct First: 2 => dense(bias = false, 8) => 1; } //~ expected a width, as in `dense(8)`, `dense(U8)` or `dense(8, bias = false)`
network! { pub struct Other: 2 => dense(8, biased = false) => 1; } //~ expected a width, as in `dense(8)`, `dense(U8)` or `dense(8, bias = false)`
network! { pub struct Twice: 2 => dense(8, bias = false, bias = true) => 1; } //~ expected a width, as in `dense(8)`, `dense(U8)` or `dense(8, bias = false)`

fn main() {}
