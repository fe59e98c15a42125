use nn_core::prelude::*;

network! { #[derive(Clone, Copy)] pub struct Copied: 2 => 8 relu => 1; } //~ a network can't derive `Copy`; it may be large: derive `Clone`
network! { #[derive(PartialEq, Eq)] pub struct Equal: 2 => 8 relu => 1; } //~ a network can't derive `Eq`; its parameters are floating-point numbers
network! { #[derive(std::hash::Hash)] pub struct Hashed: 2 => 8 relu => 1; } //~ a network can't derive `Hash`
network! { #[derive(serde::Serialize)] pub struct Saved: 2 => 8 relu => 1; } //~ a network can't derive `Serialize`; its method `save` writes the parameters
network! { #[derive(serde::Deserialize)] pub struct Loaded: 2 => 8 relu => 1; } //~ a network can't derive `Deserialize`; its method `load` reads the parameters

fn main() {}
