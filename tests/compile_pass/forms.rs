//! Both forms of a declaration, and where they may stand.
use nn_core::prelude::*;

network! {
    /// Predicts the exclusive or of two inputs.
    #[derive(Clone, Debug)]
    pub struct Xor: 2 => 8 relu => 4 sigmoid => 1;
}
network! { struct Brackets: 2 => 1; }
type Angle = network!(< 2 => 8 relu => 4 sigmoid => 1 >);
static NET: network![64 => 32 relu => 10] = <network!(64 => 32 relu => 10)>::ZERO;

// Dropout: first, last, after a path, with a name and an activation, in blocks and branches.
network! { pub struct Dropped: 6 => dropout(0.1) => Encoder => dropout(0) => half: dropout(0.5) tanh => 3 => dropout(0.999); }
type Drops = network!(6 => Encoder relu => dropout(0.1) => 6 => Encoder => dropout(0.25) relu => dropout(0.5) => 2);
network! { pub struct Blocks: 6 => [dropout(0.1) => 6 => dropout(0.2)] => (dropout(0.3) | 2 => dropout(0.4)) => 1; }
network! { pub struct Parameter<const H: usize>: 2 => {H} relu => dropout(0.5) => {H} => dropout(0.5) => 1; }

// Approximations: in both forms, with other attributes, after a path and with parameters.
network! {
    /// Documented.
    #[approximate]
    #[budget(ram = 100)]
    struct Fast: f32; 6 => Encoder tanh => (2 gelu | 3 silu) softmax => last: 2 sigmoid;
}
type AlsoFast = network!(< #[allow(vanishing_gradient)] #[approximate] 6 => 6 tanh => Encoded sigmoid => 2 mish >);
network! { #[approximate] struct FastParameter<const H: usize>: 2 => {H} softplus => 1; }

// A type that ends in a path, inside an item.
network! { pub struct Encoder: 6 => 4; }
type Encoded = network!(6 => 6 => Encoder);
network! { pub struct Around: 6 => Encoded relu => 3; }

// What is switched off leaves nothing behind: no implementation, no budget, no warning.
network! {
    #[cfg(any())]
    #[budget(ram = 1)]
    pub struct Absent: 8 => 6 => hidden: 4 relu => NoSuchLayer;
}
// What is deprecated warns where it is used, not in its own expansion.
network! { #[deprecated] pub struct Old: 2 => 3 relu => 1; }

fn inside() {
    network! { struct Inside: f64; 1 => 1_000 hard_tanh(-2, 2.5) => Identity => 3 softmax; }
    network! { struct Identity: f64; 1_000 => 3; }
    assert_eq!(Inside::OUT_OF_THREE, Inside::ZERO.forward(&[0.0])[0]);
    impl Inside {
        const OUT_OF_THREE: f64 = 1.0 / 3.0;
    }
}

fn main() {
    inside();
    assert_eq!(format!("{:?}", Xor::ZERO.clone()).len() > 3, true);
    assert_eq!(Xor::PARAMETERS, Angle::PARAMETERS);
    assert_eq!(NET.forward(&[0.0; 64]), [0.0; 10]);
    assert_eq!((Fast::ZERO.last().bias, AlsoFast::MACS, FastParameter::<4>::PARAMETERS), ([0.0; 2], 104, 17));
    assert_eq!(Brackets::NAME, "Brackets");
    assert_eq!((Dropped::PARAMETERS, Drops::PARAMETERS), (28 + 15, 28 + 30 + 28 + 10));
    assert_eq!((Blocks::PARAMETERS, Parameter::<4>::PARAMETERS), (42 + 14 + 9, 12 + 20 + 5));
}
