//! This library.

use super::{BLOCK, Net, Weights};
use crate::timing::Entry;
use nn_core::network::Learns;
use nn_core::prelude::*;
use std::hint::black_box;

network! { struct A1Standard: stream 1 => wavenet(a1_standard); }
network! { struct A1Nano: stream 1 => wavenet(a1_nano); }
network! { struct A2Full: stream 1 => wavenet(a2_full); }
network! { struct A2Lite: stream 1 => wavenet(a2_lite); }
network! { struct Lstm: stream 1 => lstm(16) => 1; }
network! { struct Gru: stream 1 => gru(20) => 1; }

/// In blocks of 64, and sample by sample.
fn of<N>(weights: &Weights, x: [f32; BLOCK]) -> Vec<Entry>
where
    N: Stream<Input = [f32; 1], Output = [f32; 1]> + Learns<Number = f32> + 'static,
{
    let both = || {
        let mut net = Box::new(N::ZERO);
        let mut tensors = weights.tensors.iter();
        net.parameters_mut(|_, values| values.copy_from_slice(&tensors.next().expect("as many tensors").values));
        (net, Box::new(State::<N>::NEW), x.map(|x| [x]), [[0.0; 1]; BLOCK])
    };
    let values =
        |(_, _, _, y): &mut (Box<N>, Box<State<N>>, [[f32; 1]; BLOCK], [[f32; 1]; BLOCK])| y.as_flattened().to_vec();
    let block = Entry::job(
        "nn-core",
        both(),
        |(net, state, x, y)| net.process(black_box(&x[..]), &mut y[..], state).expect("as many"),
        values,
    );
    let one = Entry::job(
        "nn-core, 1",
        both(),
        |(net, state, x, y)| {
            for (x, y) in x.iter().zip(y) {
                *y = net.step(black_box(x), state);
            }
        },
        values,
    );
    vec![block, one]
}

/// The library on a network.
pub fn contestants(net: Net, weights: &Weights, x: [f32; BLOCK]) -> Vec<Entry> {
    match net {
        Net::A1Standard => of::<A1Standard>(weights, x),
        Net::A1Nano => of::<A1Nano>(weights, x),
        Net::A2Full => of::<A2Full>(weights, x),
        Net::A2Lite => of::<A2Lite>(weights, x),
        Net::Lstm => of::<Lstm>(weights, x),
        Net::Gru => of::<Gru>(weights, x),
    }
}
