#![allow(unreachable_code)]
use nn_core::prelude::*;
use nn_core::train::Sequence;

network! { pub struct Xor: 2 => 8 relu => 1; }

pub fn start(net: &Xor) {
    net.start(); //~ expected a stream, found `Xor`
}
pub struct Voice {
    pub state: State<Xor>, //~ expected a stream, found `Xor`
}
pub struct Memory {
    pub memory: Box<Sequence<Xor, 8>>, //~ expected a stream, found `Xor`
}
pub fn step(net: &Xor, input: &[f32; 2]) -> [f32; 1] {
    net.step(input, loop {}) //~ expected a stream, found `Xor`
}
pub fn process(net: &Xor, sound: &[[f32; 2]], outputs: &mut [[f32; 1]]) {
    net.process(sound, outputs, loop {}).ok(); //~ expected a stream, found `Xor`
}
pub fn generic<N: Network>(net: &N, input: &N::Input) -> N::Output {
    net.step(input, loop {}) //~ expected a stream, found `N`
}

fn main() {}
