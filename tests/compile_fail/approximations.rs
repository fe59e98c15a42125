use nn_core::prelude::*;

network! { #[approximate(fast)] pub struct Argument: 2 => 8 tanh => 1; } //~ `#[approximate]` takes no arguments
network! { #[approximate = 1e-4] pub struct Value: 2 => 8 tanh => 1; } //~ `#[approximate]` takes no arguments
network! { #[approximate] #[approximate] pub struct Twice: 2 => 8 tanh => 1; } //~ `#[approximate]` is written twice
network! { #[aproximate] pub struct Misspelt: 2 => 8 tanh => 1; } //~ unknown attribute `aproximate`; did you mean `approximate`?
type MisspeltToo = network!(#[approximated] 2 => 8 tanh => 1); //~ unknown attribute `approximated`; did you mean `approximate`?
network! { #[budgets(ram = 100)] pub struct Other: 2 => 8 tanh => 1; } //~ unknown attribute `budgets`; did you mean `budget`?
network! { #[approximate] pub struct Precise: f64; 2 => 8 tanh => 1; } //~ there are no approximations in `f64`; leave `#[approximate]` out, or compute in `f32`
type PreciseToo = network!(#[approximate] f64; 2 => 8 tanh => 1); //~ there are no approximations in `f64`

fn main() {
    let _: [f32; 1] = Misspelt::ZERO.forward(&[0.0; 2]);
}
