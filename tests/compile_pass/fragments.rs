//! What a macro passes on stands in groups, and in parentheses where other tools expand it.
#![deny(warnings)]
use nn_core::prelude::*;

const SIDE: usize = 8;
network! { pub struct Encoder: 8 => 8 relu; }

macro_rules! declare {
    ($name:ident, $low:expr, $width:expr, $block:block, $word:ident, $path:path, $of:ty, $attribute:meta) => {
        network! {
            #[$attribute]
            pub struct $name: $width => $width $word => hard: $block hard_tanh($low, 2) => dense($width) => $path $word
                => ($of | dropout(0.5) => $width) $word => [16] relu => 1;
        }
    };
}
declare!(Passed, -2.0, 8, { SIDE }, relu, Encoder, self::Encoder, budget(ram = 1_000));

network! {
    #[budget(ram = (1_000))]
    pub struct Parentheses: (8) => ((8)) relu => hard: ({ SIDE }) hard_tanh((-2.0), (2)) => dense((8)) => Encoder relu
        => (Encoder | dropout((0.5)) => (8)) relu => [(16)] relu => (1);
}

// Types by the name of a parameter, of a constant's form and of the library's words.
pub struct H;
network! { pub struct Mlp<const H: usize>: 2 => a: {H} relu => 1; }
network! { pub struct MLP: 8 => 4 relu; }
network! { pub struct Around: 8 => mlp: MLP => 1; }
network! { pub struct Typed: 2 => dense(U8) relu => dense(U1024, bias = false) relu => 1; }

fn main() {
    assert_eq!(format!("{}", Passed::summary()), format!("{}", Parentheses::summary()).replace("Parentheses", "Passed"));
    let _ = (H, Mlp::<3>::ZERO.a(), Around::ZERO.mlp());
    assert_eq!(Typed::PARAMETERS, 3 * 8 + 8 * 1_024 + 1_025);
}
