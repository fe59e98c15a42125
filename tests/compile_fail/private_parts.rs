mod nets {
    use nn_core::prelude::*;

    network! { struct Encoder: 2 => 3; }
    network! { pub struct Auto: 2 => Encoder relu => 1; } //~ private type `Encoder` in public interface
}

fn main() {}
