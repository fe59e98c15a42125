//! Networks that train from one seed, and a digest of what became of each: the same on every machine, on the portable
//! instruction set.
//!
//! The programs that compute them are `tests/same_answer.rs` on the host, `examples/bare-metal` and `examples/web`.
#![no_std]

mod streams;

pub use streams::STREAMS;

use nn_core::dataset::from_fn;
use nn_core::loss::LossOf;
use nn_core::prelude::*;
use nn_core::scalar::{Number, Scalar};

network! { struct Line: 1 => 1; }
network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct Smooth: 5 => 12 gelu => 9 tanh => dropout(0.25) => 8 silu => 7 softplus => 6 elu => 3 softmax; }
network! { struct Neck: 8 => 1 elu => 20 tanh => 3; }
network! { struct Blocks: 6 => 8 mish => [8 sigmoid => 8] => (4 selu | 3 tanh) => 18 relu => 1; }
network! { struct Wide: 20 => 17 leaky_relu(0.1) => 10; }
network! { struct Double: f64; 3 => 6 gelu => [6 tanh] => 2; }
network! { struct Norms: 5 => dense(9, bias = false) => layer_norm gelu => 19 => rms_norm tanh => 2; }
network! { #[approximate] struct Quick: 5 => 8 gelu => 7 tanh => 6 sigmoid => 3; }
network! {
    struct Seen: 1x4x4 => conv(3, 3x2, padding = 1, bias = false) => batch_norm relu => max_pool(2) => (depthwise(3, padding = 1) | avg_pool(2, stride = 1, padding = 1) => conv(2, 2))
        => global_avg_pool => 3;
}

/// A network, and what is left of it when it has trained.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The network's name.
    pub name: &'static str,
    /// The digest that every machine must get.
    pub digest: u32,
    /// Trains it, and returns the digest.
    pub compute: fn() -> u32,
}

/// Those that remember nothing. None takes more than 13 KiB of stack.
pub const CASES: [Case; 10] = [
    Case { name: Line::NAME, digest: 0x1148_7c9d, compute: line },
    Case { name: Xor::NAME, digest: 0x576b_a3c1, compute: xor },
    Case { name: Smooth::NAME, digest: 0xcc1e_7b48, compute: smooth },
    Case { name: Neck::NAME, digest: 0xe378_bcc1, compute: neck },
    Case { name: Blocks::NAME, digest: 0x1ae3_ad48, compute: blocks },
    Case { name: Wide::NAME, digest: 0xdb3e_8f59, compute: wide },
    Case { name: Double::NAME, digest: 0x9aa4_4b51, compute: double },
    Case { name: Norms::NAME, digest: 0x4dd3_639d, compute: norms },
    Case { name: Quick::NAME, digest: 0xc639_34c9, compute: quick },
    Case { name: Seen::NAME, digest: 0x3f1e_240e, compute: seen },
];

fn line() -> u32 {
    trained::<Line, _, _, 20, 1, 1>(Sgd::new(0.1), MeanAbsoluteError, |sample| [number(sample * 5 + 1)])
}

fn xor() -> u32 {
    trained::<Xor, _, _, 4, 2, 1>(Adam::new(0.02), BinaryCrossEntropyWithLogits, |sample| [(sample % 2) as f32])
}

fn smooth() -> u32 {
    trained::<Smooth, _, _, 7, 5, 3>(AdamW::new(0.02), CrossEntropyOfProbabilities, |sample| sample % 3)
}

fn neck() -> u32 {
    trained::<Neck, _, _, 6, 8, 3>(Momentum::new(0.05, 0.9), MeanSquaredError, |sample| [number(sample), 0.0, 1.0])
}

fn blocks() -> u32 {
    trained::<Blocks, _, _, 3, 6, 1>(Momentum::nesterov(0.01, 0.9), Huber { delta: 0.5 }, |sample| [number(sample)])
}

fn wide() -> u32 {
    trained::<Wide, _, _, 5, 20, 10>(RmsProp::new(0.01), CrossEntropy.smoothed(0.1), |sample| sample % 10)
}

fn double() -> u32 {
    trained::<Double, _, _, 4, 3, 2>(Adam::new(0.02), MeanSquaredError, |sample| [0.25, sample as f64])
}

fn norms() -> u32 {
    trained::<Norms, _, _, 6, 5, 2>(AdamW::new(0.02), MeanSquaredError, |sample| [number(sample), 0.5])
}

fn quick() -> u32 {
    trained::<Quick, _, _, 6, 5, 3>(Sgd::new(0.1), CrossEntropy, |sample| sample % 3)
}

fn seen() -> u32 {
    trained::<Seen, _, _, 3, 16, 3>(Adam::new(0.01), CrossEntropy, |sample| sample % 3)
}

const SAMPLES: usize = 20;

/// Some number from -1 to 1, which `f32` has exactly.
fn number<T: Scalar>(of: usize) -> T {
    T::from_f64((of * 7919 % 17) as f64 / 8.0 - 1.0)
}

/// Trains for some epochs, with a schedule and clipping, and digests the losses, the parameters and what the network answers.
#[inline(never)]
fn trained<N, O, L, const ROWS: usize, const IN: usize, const OUT: usize>(
    mut optimizer: O,
    loss: L,
    target: impl Fn(usize) -> L::Target,
) -> u32
where
    N: Trainable<Input = [<N as Network>::Number; IN], Output = [<N as Network>::Number; OUT]>,
    O: Optimizer<Network = N>,
    L: LossOf<N>,
{
    let input = |sample: usize, x: &mut N::Input| {
        for (i, x) in x.iter_mut().enumerate() {
            *x = number(sample * 5 + i * 3);
        }
    };
    let data = from_fn(SAMPLES, input, target);
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let rate = *optimizer.state().learning_rate;
    let mut memory = Training::<N, ROWS>::ZERO;
    let mut trainer = Trainer::new(&mut memory, &mut optimizer, loss)
        .seeded(1)
        .clipped(Clip::Norm(N::Number::ONE))
        .scheduled(Schedule::cosine(rate, N::Number::ZERO, 60).after_warm_up(5));
    let mut digest = Digest(0x811c_9dc5);
    let learnt = trainer.fit(&mut net, &data, &mut [0; SAMPLES], 20, |report| {
        digest.add(report.loss);
        Continue(())
    });
    if learnt.is_err() {
        return 0;
    }
    net.parameters(|_, values| values.iter().for_each(|value| digest.add(*value)));
    for sample in 0..SAMPLES {
        let mut x = [N::Number::ZERO; IN];
        input(sample, &mut x);
        net.forward(&x).into_iter().for_each(|y| digest.add(y));
    }
    digest.0
}

/// FNV-1a of the bits of numbers.
struct Digest(u32);

impl Digest {
    fn add<T: Scalar>(&mut self, number: T) {
        for byte in number.to_f64().to_bits().to_le_bytes() {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
}
