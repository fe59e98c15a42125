#![allow(deprecated)]
use nn_core::prelude::*;

const THREE: usize = 3;
network! { pub struct Inner: 3 => { THREE } relu => 2; }
network! { pub struct Wider: 3 => 5 relu => 2; }
network! { pub struct Named: 3 => hidden: 3 relu => 2; }
network! { #[weights("../../../../tests/models/wrong/extra.safetensors")] pub struct Constant: 4 => { THREE + 2 } relu => dense(nn_core::typenum::U2); } //~ `0.weight` is [3, 4] in the file, but [5, 4] here
//~^ `2.weight` is [2, 3] in the file, but [2, 5] here
network! { #[weights("../../../../tests/models/wrong/transposed.safetensors")] pub struct Turned: 4 => { THREE } relu => 2; } //~ `0.weight` is [4, 3] in the file, but [3, 4] here; it looks transposed
//~^ `2.bias` is [5] in the file, but [2] here
network! { #[weights("../../../../tests/models/wrong/extra.safetensors")] pub struct Longer: 4 => 3 relu => 2 relu => { 1 + 1 }; } //~ `4.bias` not found in the file
network! { #[weights("../../../../tests/models/wrong/nested.safetensors")] pub struct Doubles: 4 => { THREE } => Inner => 2; } //~ the numbers of `1.2.bias` are F64, which `f32` can't hold; write `f64;` before the input
network! { #[weights("../../../../tests/models/wrong/nested.safetensors")] pub struct Inside: 4 => 3 => Wider => 2; } //~ `1.0.weight` is [3, 3] in the file, but [5, 3] here
network! { #[weights("../../../../tests/models/wrong/nested.safetensors")] pub struct Lost: 4 => 3 => Named => 2; } //~ `1.hidden.weight` not found in the file
network! { #[weights("../../../../tests/models/wrong/nested.safetensors", names("1.hidden" = "1.0"))] pub struct Found: 4 => 3 => Named => { 1 + 1 }; } //~ the numbers of `1.2.bias` are F64

fn main() {
    let _ = Constant::TRAINED.forward(&[0.0; 4]);
}
