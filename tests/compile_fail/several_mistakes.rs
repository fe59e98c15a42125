use nn_core::prelude::*;

network! {
    pub struct Several: 2
        => 0 relu //~ a layer must have at least one node
        => 8 rleu //~ unknown activation `rleu`; did you mean `relu`?
        => 4 tanh sigmoid //~ a layer has one activation, found a second, `sigmoid`
        => 1;
}

// The network's ends are known, so its uses add no error.
network! { pub struct Around: 2 => Several => 1; }

fn main() {
    let mut net = Several::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let _: [f32; 1] = net.forward(&[0.0; 2]);
}
