//! `forward` against loops written by hand for the same network, in the same run.
//!
//! `cargo bench` prints nanoseconds a call (the best of all rounds, taken in turn so that a busy machine hits all
//! alike) and their ratio. The yardstick is input-major, `y[o] += x[i] * w[i][o]`, which the compiler vectorises without
//! reordering a sum; "by rows" is the dot product of each output that one would write first.
//!
//! `cargo bench -- --check` fails if a ratio is above what the project promises.

#![allow(clippy::needless_range_loop, reason = "the loops are as one writes them by hand")]

use nn_core::prelude::*;
use std::hint::black_box;
use std::time::Instant;

network! { struct A: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct C: 64 => 32 relu => 10; }
network! { struct D: 784 => 128 relu => 10; }

/// A dense layer as one writes it by hand.
struct Loop<const I: usize, const O: usize> {
    weights: [[f32; O]; I],
    bias: [f32; O],
}

impl<const I: usize, const O: usize> Loop<I, O> {
    fn boxed() -> Box<Self> {
        let number = |i: usize| (i * 7919 % 1009) as f32 / 1009.0 - 0.5;
        Box::new(Self {
            weights: core::array::from_fn(|i| core::array::from_fn(|o| number(i * O + o))),
            bias: core::array::from_fn(number),
        })
    }

    #[inline(always)]
    fn forward(&self, x: &[f32; I]) -> [f32; O] {
        let mut y = self.bias;
        for i in 0..I {
            for o in 0..O {
                y[o] += x[i] * self.weights[i][o];
            }
        }
        y
    }
}

/// A dense layer by rows: `weights[output][input]`.
struct ByRows<const I: usize, const O: usize> {
    weights: [[f32; I]; O],
    bias: [f32; O],
}

impl<const I: usize, const O: usize> ByRows<I, O> {
    fn of(other: &Loop<I, O>) -> Box<Self> {
        let weights = core::array::from_fn(|o| core::array::from_fn(|i| other.weights[i][o]));
        Box::new(Self { weights, bias: other.bias })
    }

    #[inline(always)]
    fn forward(&self, x: &[f32; I]) -> [f32; O] {
        core::array::from_fn(|o| {
            let mut sum = self.bias[o];
            for i in 0..I {
                sum += x[i] * self.weights[o][i];
            }
            sum
        })
    }
}

fn relu<const N: usize>(x: [f32; N]) -> [f32; N] {
    x.map(|x| x.max(0.0))
}

fn sigmoid<const N: usize>(x: [f32; N]) -> [f32; N] {
    x.map(|x| 1.0 / (1.0 + (-x).exp()))
}

/// Gives a network the parameters of the loops, layer by layer.
fn load<N: Trainable<Number = f32>>(net: &mut N, layers: &[(&[f32], &[f32])]) {
    let mut layers = layers.iter();
    let mut bias: &[f32] = &[];
    net.parameters_mut(|kind, values| {
        if kind == Kind::Weight {
            let (weights, next) = layers.next().expect("as many layers");
            values.copy_from_slice(weights);
            bias = next;
        } else {
            values.copy_from_slice(bias);
        }
    });
}

/// The best nanoseconds a call of each function, in turns of about a fifth of a millisecond.
fn best<const N: usize>(mut calls: [&mut dyn FnMut(u32); N]) -> [f64; N] {
    let mut best = [f64::INFINITY; N];
    let time = |call: &mut dyn FnMut(u32), count: u32| {
        let start = Instant::now();
        call(count);
        start.elapsed().as_nanos() as f64 / f64::from(count)
    };
    let counts: [u32; N] = core::array::from_fn(|at| (200_000.0 / time(calls[at], 100)).max(3.0) as u32);
    for _ in 0..400 {
        for at in 0..N {
            best[at] = best[at].min(time(calls[at], counts[at]));
        }
    }
    best
}

fn main() {
    let check = std::env::args().any(|argument| argument == "--check");
    let mut failed = false;
    let mut row = |name: &str, ours: f64, loops: f64, by_rows: f64, most: f64, least: f64| {
        println!("{name:<12}{ours:>10.1}{loops:>12.1}{:>8.2}{by_rows:>12.1}{:>8.1}", ours / loops, by_rows / loops);
        failed |= ours / loops > most || by_rows / loops < least;
    };
    println!("{:<12}{:>10}{:>12}{:>8}{:>12}{:>8}", "ns a call", "nn-core", "by hand", "ratio", "by rows", "ratio");

    /// Calls a function again and again with an input that the compiler can't know.
    macro_rules! call {
        ($x:ident, $call:expr) => {
            &mut |count| {
                for _ in 0..count {
                    let $x = black_box(&$x);
                    black_box($call);
                }
            }
        };
    }

    {
        let (a, b, c) = (Loop::<2, 8>::boxed(), Loop::<8, 4>::boxed(), Loop::<4, 1>::boxed());
        let (ra, rb, rc) = (ByRows::of(&a), ByRows::of(&b), ByRows::of(&c));
        let mut net = A::ZERO;
        load(
            &mut net,
            &[
                (a.weights.as_flattened(), &a.bias),
                (b.weights.as_flattened(), &b.bias),
                (c.weights.as_flattened(), &c.bias),
            ],
        );
        let x = [0.3, -0.7];
        let by_hand = |x: &[f32; 2]| c.forward(&sigmoid(b.forward(&relu(a.forward(x)))));
        assert!((net.forward(&x)[0] - by_hand(&x)[0]).abs() < 1e-6);
        let [ours, loops, by_rows] = best([
            call!(x, net.forward(x)),
            call!(x, by_hand(x)),
            call!(x, rc.forward(&sigmoid(rb.forward(&relu(ra.forward(x)))))),
        ]);
        row("2-8-4-1", ours, loops, by_rows, 1.5, 0.0);
    }

    macro_rules! two_layers {
        ($Net:ident, $name:literal, $i:literal, $h:literal, $o:literal, $least:literal) => {{
            let (a, b) = (Loop::<$i, $h>::boxed(), Loop::<$h, $o>::boxed());
            let (ra, rb) = (ByRows::of(&a), ByRows::of(&b));
            let mut net = $Net::ZERO;
            load(&mut net, &[(a.weights.as_flattened(), &a.bias), (b.weights.as_flattened(), &b.bias)]);
            let x: [f32; $i] = core::array::from_fn(|i| (i * 31 % 17) as f32 / 17.0);
            for (ours, loops) in net.forward(&x).iter().zip(b.forward(&relu(a.forward(&x)))) {
                assert!((ours - loops).abs() < 1e-4);
            }
            let [ours, loops, by_rows] = best([
                call!(x, net.forward(x)),
                call!(x, b.forward(&relu(a.forward(x)))),
                call!(x, rb.forward(&relu(ra.forward(x)))),
            ]);
            row($name, ours, loops, by_rows, 1.3, $least);
        }};
    }
    two_layers!(C, "64-32-10", 64, 32, 10, 0.0);
    two_layers!(D, "784-128-10", 784, 128, 10, 5.0);

    if check && failed {
        println!(
            "a ratio is above what the project promises (1.5, 1.3, 1.3), or the yardstick is not five times the rows"
        );
        std::process::exit(1);
    }
}
