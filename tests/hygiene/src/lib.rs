//! Expanded code depends on nothing around it: no prelude, `core` and the primitive types shadowed, the crate renamed or
//! re-exported, and every lint denied.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, unused, nonstandard_style, future_incompatible, clippy::all, clippy::pedantic)]

/// Shadows what expanded code might name.
pub mod core {}

/// Shadows a primitive type and a crate.
#[allow(non_camel_case_types, dead_code)]
pub mod shadowed {
    /// Not the number type.
    pub struct f32;
    /// Not the number type.
    pub struct usize;
    /// Not the crate.
    pub mod std {}
    /// Not the crate.
    pub mod nn_core {}

    ::renamed::network! {
        /// Documented.
        pub struct Net: 2 => hidden: 4 relu => [4 tanh => 4] => (2 | 3 gelu) softmax => Other => 1;
    }
    ::renamed::network! { #[budget(ram = 100)] pub struct Other: 5 => { 1 + 1 } elu(0.5); }
    ::renamed::network! { #[approximate] pub struct Fast: 2 => 5 tanh => Other sigmoid; }
    ::renamed::network! { #[budget(state = 200)] pub struct Amp: f64; stream 1 => cell: lstm(4, start = learned) => gru(3) tanh => 1; }
    ::renamed::network! { pub struct Cells<const H: usize>: stream 2 => first: rnn({H}) => gru(3) => Heard => 1; }
    ::renamed::network! { pub struct Heard: stream 3 => [gru(3, bias = false)] => (1 | rnn(1, activation = relu)); }
    ::renamed::network! { pub struct Mlp<const H: usize>: 2 => first: {H} relu => dropout(0.5) => 1; }
}

::renamed::network! {
    /// Around a network of another crate, which knows the library by another name.
    pub struct Across: 3 => 4 relu => ::facade::Shared => 1;
}

/// As a type.
pub type Typed = ::facade::nn_core::network!(2 => 5 relu => shadowed::Other => dropout(0.1) => 1);

/// As a type that remembers.
pub type Remembering = ::facade::nn_core::network!(stream 3 => shadowed::Heard => lstm(2) => 1);

/// Generic parameters of the library have other names than these networks.
pub mod names {
    ::renamed::network! { pub struct K: 2 => 3 tanh => 1; }
    ::renamed::network! { pub struct N: 2 => K; }
    ::renamed::network! { pub struct T: 2 => x: N; }
    ::renamed::network! { pub struct R: 2 => T relu => 1; }
    ::renamed::network! { pub struct Inside: 2 => R; }
    ::renamed::network! { pub struct Wanted: 2 => Inside; }
    ::renamed::network! { pub struct G: stream 2 => lstm(2); }
    ::renamed::network! { pub struct C: stream 2 => G; }
    ::renamed::network! { pub struct S: stream 2 => C; }
    ::renamed::network! { pub struct Self_: 2 => Wanted; }
}

#[test]
#[allow(clippy::float_cmp, reason = "these are exact")]
fn expanded_code_stands_alone() {
    use ::renamed::network::Network;
    ::renamed::network! { struct Local: f64; 2 => 3 relu => 2; }
    let block = {
        ::renamed::network! { struct Local: 2 => 1 sigmoid; }
        Local::ZERO.forward(&[0.0, 1.0])
    };
    ::std::assert_eq!(block, [0.5]);
    ::std::assert_eq!(Local::ZERO.forward(&[0.0, 1.0]), [0.0, 0.0]);
    ::std::assert_eq!(shadowed::Net::ZERO.forward(&[0.0, 1.0]), [0.0]);
    ::std::assert_eq!(shadowed::Net::ZERO.hidden().bias, [0.0; 4]);
    ::std::assert_eq!(shadowed::Mlp::<3>::ZERO.first().weights, [[0.0; 3]; 2]);
    ::std::assert_eq!(Across::MACS, 12 + ::facade::Shared::MACS + 2);
    ::std::assert_eq!(shadowed::Amp::ZERO.step(&[1.0], &mut shadowed::Amp::ZERO.start()), [0.0]);
    ::std::assert_eq!(shadowed::Cells::<3>::ZERO.step(&[0.0; 2], &mut shadowed::Cells::ZERO.start()), [0.0]);
    ::std::assert_eq!(Remembering::ZERO.step(&[0.0; 3], &mut Remembering::ZERO.start()), [0.0]);
    ::std::assert_eq!(names::S::STATE, 16);
    ::std::assert_eq!(Typed::ZERO.forward(&[0.0, 1.0]), [0.0]);
    ::std::assert_eq!(names::Self_::ZERO.forward(&[0.0, 1.0]), [0.0]);
}
