use nn_core::prelude::*;

network! { pub struct Xor: 2 => 8 relu => 1; }

fn main() {
    let mut net = Xor::ZERO;
    net.save("xor.safetensors").unwrap(); //~ `weights::save_file` takes a path
    net.load("xor.safetensors").unwrap(); //~ of bytes; `weights::load_file` takes a path
}
