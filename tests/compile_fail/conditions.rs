use nn_core::prelude::*;

network! { #[cfg(all())] pub struct There: 2 => 8 rleu => 1; } //~ unknown activation `rleu`; did you mean `relu`?
network! { #[cfg(any())] pub struct Gone: 2 => 8 rleu => 1; }
network! {
    #[cfg_attr(all(), cfg_attr(not(any()), budget(rom = 1), weights("there.safetensors")))] //~ unknown budget `rom`
    #[cfg_attr(any(), weights("gone.safetensors"), approximate)]
    pub struct Attribute: 2 => 8 relu => 1;
}
network! { #[cfg_attr(all(), golden("a"))] #[cfg(not(any()))] struct Both: 2 => 8 relu => 1; } //~ expected `#[golden("path", tolerance = 1e-4)]`

fn main() {
    There::ZERO.forward(&[0.0; 2]);
}
