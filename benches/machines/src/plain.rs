//! What one writes first: a loop over the outputs, and one over the inputs, with the sizes as constants.

use std::hint::black_box;
use std::sync::LazyLock;

/// The weights of an output each, and its bias.
struct Dense<const I: usize, const O: usize>([[f32; I]; O], [f32; O]);

impl<const I: usize, const O: usize> Dense<I, O> {
    fn new() -> Self {
        let weight = |at: usize| (at * 31 % 19) as f32 / 19.0 - 0.5;
        Self(std::array::from_fn(|o| std::array::from_fn(|i| weight(o * I + i))), std::array::from_fn(weight))
    }

    fn forward(&self, x: &[f32; I], activation: impl Fn(f32) -> f32) -> [f32; O] {
        std::array::from_fn(|o| {
            activation(self.0[o].iter().zip(x).fold(self.1[o], |sum, (weight, x)| sum + weight * x))
        })
    }
}

fn relu(x: f32) -> f32 {
    x.max(0.0)
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn repeat<const I: usize, T>(calls: usize, network: impl Fn(&[f32; I]) -> T) {
    for _ in 0..calls {
        black_box(network(black_box(&[0.5; I])));
    }
}

/// 2-8-4-1.
pub fn a(calls: usize) {
    static NET: LazyLock<(Dense<2, 8>, Dense<8, 4>, Dense<4, 1>)> =
        LazyLock::new(|| (Dense::new(), Dense::new(), Dense::new()));
    let (first, second, third) = &*NET;
    repeat(calls, |x| third.forward(&second.forward(&first.forward(x, relu), sigmoid), |x| x));
}

/// 4-16-3.
pub fn b(calls: usize) {
    static NET: LazyLock<(Dense<4, 16>, Dense<16, 3>)> = LazyLock::new(|| (Dense::new(), Dense::new()));
    repeat(calls, |x| NET.1.forward(&NET.0.forward(x, relu), |x| x));
}

/// 64-32-10.
pub fn c(calls: usize) {
    static NET: LazyLock<(Dense<64, 32>, Dense<32, 10>)> = LazyLock::new(|| (Dense::new(), Dense::new()));
    repeat(calls, |x| NET.1.forward(&NET.0.forward(x, relu), |x| x));
}

/// 784-128-10.
pub fn d(calls: usize) {
    static NET: LazyLock<Box<(Dense<784, 128>, Dense<128, 10>)>> =
        LazyLock::new(|| Box::new((Dense::new(), Dense::new())));
    repeat(calls, |x| NET.1.forward(&NET.0.forward(x, relu), |x| x));
}
