use nn_core::prelude::*;

network! { pub struct Encoder: 784 => 128 relu => 32; }
network! { pub struct Decoder: 16 => 128 relu => 784; }

network! {
    pub struct AutoEncoder: 784
        => Encoder
        => Decoder; //~ `Decoder` takes 16 values, but `Encoder` gives 32
}

fn main() {
    let net = AutoEncoder::ZERO;
    let _: [f32; 784] = net.forward(&[0.0; 784]);
}
