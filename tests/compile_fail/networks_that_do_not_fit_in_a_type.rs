use nn_core::prelude::*;

mod nets {
    nn_core::network! { pub struct Encoder: 784 => 128 relu => 32; }
    nn_core::network! { pub struct Decoder: 16 => 128 relu => 1_784; }
}

type Unused = network!(784 => nets::Encoder tanh => nets::Decoder); //~ `nets::Decoder` takes 16 values, but `nets::Encoder` gives 32
type Input = network!(1_785 => nets::Encoder); //~ `nets::Encoder` takes 784 values, but the input has 1,785

type Used = network!(784 => nets::Encoder => nets::Decoder => 10); //~ `nets::Decoder` takes 16 values, but `nets::Encoder` gives 32
network! { pub struct Around: 784 => Used => 5; }

fn main() {
    let _: [f32; 10] = Used::ZERO.forward(&[0.0; 784]);
    let _: [f32; 5] = Around::ZERO.forward(&[0.0; 784]);
}
