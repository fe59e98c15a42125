#![deny(deprecated)]
use nn_core::prelude::*;

network! { pub struct Collapses: 8 => 6 => 4 relu => 1; } //~ two dense layers with nothing non-linear between them are one
type AlsoCollapses = network!(8 => 6 identity => 4 relu => 1); //~ two dense layers with nothing non-linear between them are one
network! { pub struct Inside: 8 => [6 => 8] => (4 relu => 3 => 2 | 5) => 1; } //~ two dense layers with nothing non-linear between them are one
//~^ two dense layers with nothing non-linear between them are one
network! { pub struct Vanishes: 8 => 8 tanh => 8 sigmoid => 8 tanh => 8 tanh => 8 sigmoid => 8 tanh => 1; } //~ the gradient vanishes

network! { pub struct AlsoVanishes: 8 => 8 tanh => 8 sigmoid => dropout(0.1) => 8 tanh => 8 tanh => 8 sigmoid => 1; } //~ the gradient vanishes

network! { #[allow(missing_activation)] pub struct Allowed: 8 => 6 => 4 relu => 1; }
network! { #[allow(vanishing_gradient)] pub struct Deep: 8 => 8 tanh => 8 tanh => 8 tanh => 8 tanh => 8 tanh => 1; }
type AllowedToo = network!(#[allow(deprecated)] 8 => 6 => 4 relu => 1);
network! { #[approximate] pub struct Precise: 8 => 8 relu => [8 elu(0.5)] => Four => 1; } //~ no activation of this network has an approximation
network! { #[approximate] #[allow(nothing_to_approximate)] pub struct Same: 8 => 6 relu => 1; }
network! { #[approximate] pub struct Branch: 8 => (6 relu | 2 gelu(tanh)) => 1; }
network! { pub struct Four: 8 => 8 tanh => 8 tanh => 8 tanh => 8 tanh => 8 relu => 8 tanh => 1; }

fn main() {}
