use nn_core::prelude::*;

network! {
    #[approximate]
    #[approximate] //~ `#[approximate]` is written twice
    pub struct Twice: 2 => 8 tanh => 1;
}
network! {
    #[weights("../../../../tests/models/xor_mlp.safetensors")]
    #[weights("../../../../tests/models/iris_mlp.safetensors")] //~ `#[weights]` is written twice
    pub struct Files: 2 => 8 relu => 4 sigmoid => 1;
}
network! {
    #[golden("a", tolerance = 1e-4)]
    #[golden("b", tolerance = 1e-4)] //~ `#[golden]` is written twice
    pub struct Samples: 2 => 8 relu => 4 sigmoid => 1;
}

fn main() {}
