use nn_core::prelude::*;

fn main() {
    network! {
        #[weights("models/iris_mlp.safetensors")]
        #[golden("models/iris_mlp.expected.safetensors", tolerance = 1e-4)] //~ no `Iris_agrees_with_its_golden_samples` in the root
        pub struct Iris: 4 => 16 relu => 3;
    }
}
