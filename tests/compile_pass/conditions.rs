//! What is compiled out is not looked at, and attributes under a condition are like others.
#![deny(warnings)]
use nn_core::prelude::*;

network! { #[cfg(any())] #[weights("missing.safetensors")] pub struct Gone: 2 => 8 rleu => 1; }
network! { #[cfg(any())] pub struct Xor: 3 => 1; }
network! {
    #[cfg(all())]
    #[cfg_attr(any(), weights("missing.safetensors"), budget(ram = 1))]
    #[cfg_attr(all(), cfg_attr(all(), weights("../../../../tests/models/xor_mlp.safetensors")), budget(ram = 1_000),)]
    #[cfg_attr(all(), derive(Clone, Default, PartialEq, Debug), allow(dead_code), doc = "documented")]
    pub struct Xor: 2 => 8 relu => 4 sigmoid => 1;
}
network! { #[cfg_attr(all(), allow(missing_activation))] pub struct Linear: 2 => 8 => 1; }

/// A network within a function has its conditions, too.
fn inside() -> usize {
    network! { #[cfg(any())] struct Local: 2 => nothing; }
    network! { #[cfg(not(any()))] #[cfg_attr(all(), approximate)] struct Local: 2 => 8 tanh => 1; }
    Local::PARAMETERS
}

fn main() {
    assert_eq!((Xor::TRAINED.forward(&[0.0; 2]).len(), Linear::PARAMETERS, inside()), (1, 33, 33));
    assert_eq!(Xor::default(), Xor::ZERO.clone());
}
