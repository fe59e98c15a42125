//! Attributes in every form that Rust has for them.
#![deny(warnings)]
use nn_core::prelude::*;

network! { #[allow(missing_activation, dead_code)] struct Allowed: 2 => 8 => unused: 1; }
network! { #[allow(missing_activation, reason = "a bottleneck")] struct Reason: 2 => 1 => 2; }
network! { #[allow(dead_code)] #[expect(missing_activation)] struct Expected: 2 => 8 => 1; }
network! { #[allow(deprecated, clippy::all)] struct Tool: 2 => 8 => 1; }
type Same = network!(#[allow(missing_activation,)] 2 => 8 => 1);

network! { #[budget(ram = 1_000)] #[allow(non_camel_case_types)] pub struct r#type: 2 => 1; }

network! {
    #[deprecated(note = "of last year")]
    #[budget(flash = 1_000)]
    #[weights("../../../../tests/models/xor_mlp.safetensors",)]
    pub struct Old: 2 => 8 relu => 4 sigmoid => 1;
}

network! {
    #[derive(Clone, Debug, PartialEq, Default)]
    pub struct Mlp<const H: usize>: 2 => {H} => layer_norm relu => [{H} tanh => {H}] => (3 | {H} tanh => 2) => 1;
}

network! { #[derive(core::default::Default, PartialEq, Debug)] #[allow(unused)] struct Zero: 2 => kept: 3; }

const W: usize = 8;
network! { pub struct Bits: 2 => { W | 4 } relu => 1; }

fn main() {
    let (_, _, _, _) = (Allowed::ZERO, Reason::ZERO, Expected::ZERO, Tool::ZERO);
    assert_eq!((Same::PARAMETERS, r#type::PARAMETERS), (33, 3));
    assert_eq!(Bits::PARAMETERS, 12 * 2 + 12 + 13);
    assert_eq!((Mlp::<3>::ZERO.clone(), Zero::default()), (Mlp::<3>::default(), Zero::ZERO));
    assert!(format!("{:?}", Mlp::<3>::ZERO).starts_with("Mlp("));
    #[allow(deprecated)]
    let y = Old::TRAINED.forward(&[0.0, 1.0]);
    assert!(y[0].is_finite());
}
