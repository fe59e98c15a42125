extern crate std;
use super::super::sliding::Sliding;
use super::*;
use crate::kernel::set::WithoutVectors;
use crate::kernel::{InstructionSet, on};
use crate::number::shape::Signal;
use core::marker::PhantomData;
use generic_array::ArrayLength;
use std::vec::Vec;
use typenum::{U1, U2, U3, U4, U6, U8, U9, U17, U20};

fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|at| ((at + seed) * 7919 % 1009) as f32 / 504.0 - 1.0).collect()
}

/// The definition, in double precision: every input, output and weight of every tap that meets a place.
fn each(
    [inputs, outputs, of_inputs]: [usize; 3],
    [frames, to]: [usize; 2],
    [taps, stride, dilation, padding]: [usize; 4],
    mut see: impl FnMut(usize, usize, usize),
) {
    let (groups, of_outputs) = (inputs / of_inputs, outputs / (inputs / of_inputs));
    assert_eq!(groups * of_outputs, outputs);
    for (at, tap) in (0..to).flat_map(|at| (0..taps).map(move |tap| (at, tap))) {
        let Some(place) = (at * stride + tap * dilation).checked_sub(padding).filter(|place| *place < frames) else {
            continue;
        };
        for (output, input) in (0..outputs).flat_map(|output| (0..of_inputs).map(move |input| (output, input))) {
            let from = output / of_outputs * of_inputs + input;
            see(place * inputs + from, at * outputs + output, (tap * of_inputs + input) * outputs + output);
        }
    }
}

struct Back<'a, S: Places, R: Places, W, G> {
    x: &'a [Row<f32, S>],
    weights: &'a [W],
    dy: &'a [Row<f32, R>],
    dx: &'a mut [Row<f32, S>],
    gradient: &'a mut [W],
    window: PhantomData<G>,
}

impl<S: Places, R: Places, W: Plain<f32>, G: Window> Task for Back<'_, S, R, W, G> {
    type Output = ();
    fn run<K: Isa>(self, k: K) {
        backward::<f32, K, S, R, W, G>(k, self.x, self.weights, self.dy, Some(self.dx), self.gradient);
    }
}

#[track_caller]
fn near(found: &[f32], exact: &[f64]) {
    for (found, exact) in found.iter().zip(exact) {
        assert!((f64::from(*found) - exact).abs() < 1e-4, "{found} for {exact}");
    }
}

/// Every set gives the sums and the gradients of the definition within rounding, those with fused operations the same bits, and
/// the portable one those of a machine without vectors.
fn check<
    I: ArrayLength,
    O: ArrayLength,
    const FRAMES: usize,
    const TO: usize,
    const W: usize,
    const TAPS: usize,
    const STRIDE: usize,
    const DILATION: usize,
    const PADDING: usize,
>()
where
    Sliding<1, TAPS, 1, STRIDE, 1, DILATION, 0, PADDING>: Window,
{
    type Of<const T: usize, const S: usize, const D: usize, const P: usize> = Sliding<1, T, 1, S, 1, D, 0, P>;
    let (x, weights) = (numbers(2 * FRAMES * I::USIZE, 1), numbers(TAPS * W, 5));
    let (bias, dy) = (numbers(O::USIZE, 9), numbers(2 * TO * O::USIZE, 11));
    let sizes = [I::USIZE, O::USIZE, W / O::USIZE];
    let (mut exact_y, mut exact_dx) = (std::vec![0.0; dy.len()], std::vec![0.0; x.len()]);
    let mut exact_gradient = std::vec![0.0; weights.len()];
    for (at, y) in exact_y.iter_mut().enumerate() {
        *y = f64::from(bias[at % O::USIZE]);
    }
    for row in 0..2 {
        let (x_at, y_at) = (row * FRAMES * I::USIZE, row * TO * O::USIZE);
        each(sizes, [FRAMES, TO], [TAPS, STRIDE, DILATION, PADDING], |from, to, weight| {
            let [x, w, dy] = [x[x_at + from], weights[weight], dy[y_at + to]].map(f64::from);
            exact_y[y_at + to] += x * w;
            exact_dx[x_at + from] += dy * w;
            exact_gradient[weight] += dy * x;
        });
    }
    let (x, dy) = (<Row<f32, Signal<I, FRAMES>>>::blocks(&x), <Row<f32, Signal<O, TO>>>::blocks(&dy));
    let weights = <[f32; W]>::blocks(&weights);
    let run = |set: Option<InstructionSet>| {
        let (mut y, mut dx) = (std::vec![0.0; exact_y.len()], std::vec![9.0; exact_dx.len()]);
        let mut gradient = std::vec![0.0; exact_gradient.len()];
        let forward = Forward::<f32, Signal<I, FRAMES>, Signal<O, TO>, _, Of<TAPS, STRIDE, DILATION, PADDING>> {
            x,
            weights,
            bias: &bias,
            y: Plain::blocks_mut(&mut y),
            window: PhantomData,
        };
        let back = Back::<Signal<I, FRAMES>, Signal<O, TO>, [f32; W], Of<TAPS, STRIDE, DILATION, PADDING>> {
            x,
            weights,
            dy,
            dx: Plain::blocks_mut(&mut dx),
            gradient: Plain::blocks_mut(&mut gradient),
            window: PhantomData,
        };
        match set {
            Some(set) => {
                on(set, forward);
                on(set, back);
            }
            None => {
                forward.run(WithoutVectors);
                back.run(WithoutVectors);
            }
        }
        (y, dx, gradient)
    };
    let mut fused = None;
    for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
        let found = run(Some(set));
        near(&found.0, &exact_y);
        near(&found.1, &exact_dx);
        near(&found.2, &exact_gradient);
        if set == InstructionSet::Portable {
            assert_eq!(found.0, run(None).0, "without vectors");
        } else {
            assert_eq!(*fused.get_or_insert_with(|| found.0.clone()), found.0, "{set:?}");
        }
    }
}

#[test]
fn sums_are_those_of_the_definition() {
    check::<U1, U1, 7, 7, 1, 3, 1, 1, 1>();
    check::<U1, U8, 23, 23, 8, 3, 1, 1, 1>(); // two places in a vector of sixteen lanes
    check::<U1, U4, 2, 3, 4, 2, 1, 1, 1>(); // of eight lanes
    check::<U1, U3, 9, 6, 3, 2, 1, 3, 0>();
    check::<U2, U3, 11, 11, 6, 3, 1, 1, 1>();
    check::<U3, U20, 19, 10, 60, 3, 2, 1, 1>();
    check::<U6, U9, 13, 6, 18, 3, 2, 2, 1>(); // three groups
    check::<U17, U17, 9, 9, 17, 5, 1, 1, 2>(); // depthwise
    check::<U2, U4, 9, 3, 4, 2, 3, 1, 0>(); // each channel twice
    check::<U9, U4, 3, 11, 36, 3, 1, 1, 5>(); // windows in the padding alone
}
