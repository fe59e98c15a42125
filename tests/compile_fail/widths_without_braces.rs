use nn_core::prelude::*;

pub const HIDDEN: usize = 8;
pub mod sizes {
    pub const H: usize = 8;
}

network! { pub struct MLP: 8 => 8 relu; } // a type may be written so, too
network! { pub struct Constant: 2 => HIDDEN relu => 1; } //~ `HIDDEN` is a constant; write `{HIDDEN}`
network! { pub struct Of: 8 => MLP => sizes::H relu => 1; } //~ `sizes::H` is a constant; write `{sizes::H}`
network! { pub struct Parameter<const H: usize>: 2 => H relu => 1; } //~ `H` is a parameter; write `{H}`
network! { pub struct Argument<const H: usize>: 2 => dense(H, bias = false) relu => 1; } //~ `H` is a parameter; write `{H}`
network! { pub struct Dense: 2 => dense(HIDDEN) relu => 1; } //~ a constant stands in braces, `{HIDDEN}`; a type of that name is `self::HIDDEN`
network! { pub struct Number: 2 => U8 relu => 1; } //~ `U8` is a number; write `8`; a type of your own is `self::U8`
network! { pub struct Unknown: 2 => HIDEN relu => 1; } //~ unresolved import `HIDEN`

fn main() {
    const INSIDE: usize = 8;
    network! { struct Inside: 2 => INSIDE relu => 1; } //~ `INSIDE` is a constant; write `{INSIDE}`
}
