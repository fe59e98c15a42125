use nn_core::prelude::*;

network! { pub struct Named: 8 => "hidden" => 1; } //~ expected a plain integer, found `"hidden"`

network! { pub struct Strange: 8 => @ => 1; } //~ expected a width, a block or the path of a network or layer, found `@`

network! { pub struct Misspelt: 8 => denze(U8) => 1; } //~ unknown layer `denze`; did you mean `dense`?
network! { pub struct Other: 8 => linear(8) => 1; } //~ unknown layer `linear`; did you mean `dense`?
network! { pub struct Unknown: 8 => attention(8) => 1; } //~ unknown layer `attention`

fn main() {}
