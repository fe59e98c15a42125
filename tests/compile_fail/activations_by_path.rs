use nn_core::activation::{Activation, Before, Lanes};
use nn_core::prelude::*;
use nn_core::scalar::Scalar;

pub struct Nothing;
pub struct Square;

impl Activation for Square {
    type Keeps = Before;
    const NAME: &'static str = "square";
    fn value<T: Scalar, V: Lanes<T>>(x: V) -> V {
        x * x
    }
    fn slope<T: Scalar, V: Lanes<T>>(x: V, dy: V) -> V {
        dy * (x + x)
    }
}

network! { pub struct Encoder: 8 => 8 relu; }
network! { pub struct Layer: 2 => 8 Encoder => 1; } //~ `Encoder` is not an activation; did you mean `=> Encoder`?
network! { pub struct Type: 2 => 8 Nothing => [8 Square => 8 self::Nothing] => 1; } //~ `Nothing` is not an activation
//~^ `self::Nothing` is not an activation
network! { #[approximate] pub struct Fast: 8 => Encoder Option<u8> => 1; } //~ `Option<u8>` is not an activation
network! { pub struct First: 8 => Square => 1; } //~ `Square` is an activation; write the layer before it, as in `8 Square`
type Unnamed = network!(2 => 8 Encoder => 1); //~ `Encoder` is not an activation; did you mean `=> Encoder`?

fn main() {
    Layer::ZERO.forward(&[0.0; 2]);
}
