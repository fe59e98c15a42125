use nn_core::prelude::*;

network! { pub struct Twice: 2 => a: 8 relu => a: 4 relu => 1; } //~ the name `a` is used twice
network! { pub struct Inside: 8 => a: [a: 8] relu => 1; } //~ the name `a` is used twice
network! { pub struct Keyword: 2 => type: 8 relu => 1; } //~ `type` is a keyword and can't be the name of a layer
network! { pub struct Method: 2 => forward: 8 relu => 1; } //~ `forward` is a method of every network and can't be the name of a layer
network! { pub struct Long: 2 => a_name_that_is_longer_than_any_name_needs_to_be: 8 => 1; } //~ the name of a layer has at most 32 bytes
network! { pub struct Changes: 2 => gate: 8 relu => gate_mut: 4 relu => 1; } //~ `gate_mut` is the method that changes the layer `gate`; choose another name
network! { pub struct Changed: 2 => gate_mut: 8 relu => gate: 4 relu => 1; } //~ `gate_mut`, which would change this layer, is the name of another; choose another name
network! { pub struct Test: 2 => self_test: 8 relu => 1; } //~ `self_test` is a method of every network and can't be the name of a layer
network! { pub struct Layer: 2 => a: => 1; } //~ expected a layer after the name

fn main() {}
