use nn_core::prelude::*;

network! { pub struct Amp: stream 1 => lstm(8) => 1; }

pub fn forward(net: &Amp) -> [f32; 1] {
    net.forward(&[0.0]) //~ expected a network that remembers nothing, found `Amp`
}
pub fn batch(net: &Amp, outputs: &mut [[f32; 1]; 2]) {
    net.forward_batch(&[[0.0], [1.0]], outputs); //~ expected a network that remembers nothing, found `Amp`
}
pub fn all(net: &Amp, outputs: &mut [[f32; 1]]) {
    net.forward_all(&[[0.0], [1.0]], outputs).ok(); //~ expected a network that remembers nothing, found `Amp`
}
pub fn loss(net: &Amp) {
    evaluate(net, &MeanSquaredError, &[([0.0], [0.0])]).ok(); //~ expected a network that remembers nothing, found `Amp`
}
pub struct Memory {
    pub memory: Training<Amp, 4>, //~ is trained as `Sequence<Amp, STEPS>`
}
pub fn generic<N: Network>(net: &N, input: &N::Input) -> N::Output {
    net.forward(input) //~ a function that is generic over the network asks for `N: Stateless`
}

fn main() {}
