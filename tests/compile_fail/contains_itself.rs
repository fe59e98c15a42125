use nn_core::prelude::*;

network! { pub struct A: 8 => A => 1; } //~ `A` contains itself
network! { pub struct B: 8 => (4 | [8 => self::B]) => 1; } //~ `B` contains itself
network! { pub struct r#loop: 8 => r#loop => 1; } //~ `loop` contains itself
network! { pub struct C<const H: usize>: 8 => 8 relu => C::<8> => {H}; } //~ `C` contains itself
network! { pub struct D: 8 => 8 D => 1; } //~ `D` contains itself

fn main() {
    A::ZERO.forward(&[0.0; 8]);
}
