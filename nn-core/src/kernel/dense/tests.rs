//! The passes of a dense layer on every set.

extern crate std;
use super::*;
use crate::kernel::set::WithoutVectors;
use crate::kernel::{InstructionSet, on};
use std::vec::Vec;

/// What is computed on a set, or without vectors: the gradients by the input, the weights and the bias.
fn gradients(set: Option<InstructionSet>, start: Start<f32>, [rows, inputs, outputs]: [usize; 3]) -> [Vec<f32>; 3] {
    let number = |i: usize| (i * 7919 % 1009) as f32 / 504.0 - 1.0;
    let numbers = |count: usize, from: usize| (from..from + count).map(number).collect::<Vec<_>>();
    let (x, dy, weights) = (numbers(rows * inputs, 1), numbers(rows * outputs, 2), numbers(inputs * outputs, 3));
    let mut results = [numbers(rows * inputs, 4), numbers(inputs * outputs, 5), numbers(outputs, 6)];
    let before = results.clone();
    let [dx, of_weights, of_bias] = &mut results;
    let task = Gradients {
        rows,
        inputs,
        outputs,
        steps: [inputs, outputs, outputs],
        x: x.as_ptr(),
        dy: dy.as_ptr(),
        weights: weights.as_ptr(),
        dx: dx.as_mut_ptr(),
        to: (of_weights.as_mut_ptr(), of_bias.as_mut_ptr()),
        start,
        dx_start: Start::Zero,
    };
    match set {
        Some(set) => on(set, &task),
        None => (&task).run(WithoutVectors),
    }
    let exact = |at: usize, count: usize, term: &dyn Fn(usize) -> f32| {
        (0..count).map(term).map(f64::from).sum::<f64>()
            + if at < 1 || matches!(start, Start::Zero) { 0.0 } else { f64::from(before[at][0]) }
    };
    let first = [
        exact(0, outputs, &|o| dy[o] * weights[o]),
        exact(1, rows, &|r| x[r * inputs] * dy[r * outputs]),
        exact(2, rows, &|r| dy[r * outputs]),
    ];
    for (result, first) in results.iter().zip(first) {
        assert!((f64::from(result[0]) - first).abs() < 2e-5, "{set:?}: {} and {first}", result[0]);
    }
    results
}

#[test]
fn gradients_do_not_depend_on_vectors() {
    for (inputs, outputs) in
        [(2, 8), (8, 4), (4, 1), (33, 10), (20, 42), (64, 131), (5, 3), (1, 1), (1, 2), (1, 3), (1, 20), (2, 1), (3, 1)]
    {
        for (rows, start) in [1, 2, 7, 32].map(|rows| [(rows, Start::Zero), (rows, Start::Sum)]).into_iter().flatten() {
            let sizes = [rows, inputs, outputs];
            if cfg!(miri) && sizes.iter().product::<usize>() > 200 {
                continue;
            }
            let portable = gradients(Some(InstructionSet::Portable), start, sizes);
            assert_eq!(portable, gradients(None, start, sizes), "{sizes:?}");
            let fused = InstructionSet::ALL.into_iter().skip(1).filter(|set| set.is_available());
            let all: Vec<_> = fused.map(|set| gradients(Some(set), start, sizes)).collect();
            assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{sizes:?}");
        }
    }
}

/// The backward pass of a layer of a known size, set or added to what is there: the gradients by the input, the weights and the
/// bias.
struct Back<const I: usize, const O: usize>(usize, bool);

impl<const I: usize, const O: usize> Task for Back<I, O> {
    type Output = [Vec<f32>; 3];

    fn run<K: Isa>(self, k: K) -> Self::Output {
        let number = |i: usize| (i * 7919 % 1009) as f32 / 504.0 - 1.0;
        let x: Vec<[f32; I]> = (0..self.0).map(|row| core::array::from_fn(|i| number(row * I + i + 1))).collect();
        let dy: Vec<[f32; O]> = (0..self.0).map(|row| core::array::from_fn(|o| number(row * O + o + 2))).collect();
        let weights: [[f32; O]; I] = core::array::from_fn(|i| core::array::from_fn(|o| number(i * O + o + 3)));
        let (mut dx, mut of_bias) = (std::vec![[7.0; I]; self.0], core::array::from_fn(|o| number(o + 6)));
        let mut of_weights = core::array::from_fn(|i| core::array::from_fn(|o| number(i * O + o + 5)));
        let start = if self.1 { Start::Sum } else { Start::Zero };
        let to: OfParameters<'_, [[f32; O]; I], [f32; O]> = (&mut of_weights, Some(&mut of_bias));
        backward(k, &x, &dy, &weights, Some(&mut dx), to, start);
        [dx.concat(), of_weights.concat(), of_bias.to_vec()]
    }
}

/// What is compiled for the sizes of a layer gives the bits of the loops for any sizes, where it adds to a gradient, too.
#[test]
fn few_weights_have_the_gradients_of_many() {
    fn check<const I: usize, const O: usize>() {
        for (rows, adds) in [(1, false), (1, true), (7, true), (32, false), (32, true)] {
            if cfg!(miri) && rows > 7 {
                continue;
            }
            let start = if adds { Start::Sum } else { Start::Zero };
            for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
                let few = on(set, Back::<I, O>(rows, adds));
                assert_eq!(few, gradients(Some(set), start, [rows, I, O]), "{set:?}, {rows} rows, {I} => {O}");
            }
        }
    }
    check::<2, 8>();
    check::<8, 4>();
    check::<4, 1>();
    check::<20, 1>();
    check::<2, 20>();
    check::<3, 37>();
    check::<5, 3>();
    check::<1, 1>();
    check::<1, 2>();
    if cfg!(not(miri)) {
        check::<16, 9>();
        check::<7, 42>();
        check::<33, 10>();
        check::<41, 1>();
    }
}

/// The forward pass of some rows, with a bias or without.
struct Pass<const I: usize, const O: usize, B>(usize, B);

impl<const I: usize, const O: usize, B: Bias<f32, [f32; O]>> Task for Pass<I, O, B> {
    type Output = Vec<[f32; O]>;

    fn run<K: Isa>(self, k: K) -> Self::Output {
        let number = |i: usize| (i * 7919 % 1009) as f32 / 504.0 - 1.0;
        let x: Vec<[f32; I]> = (0..self.0).map(|row| core::array::from_fn(|i| number(row + i))).collect();
        let weights: [[f32; O]; I] = core::array::from_fn(|i| core::array::from_fn(|o| number(3 * i + o)));
        let mut y = std::vec![[7.0; O]; self.0];
        forward(k, &x, &weights, self.1, &mut y);
        y
    }
}

#[test]
fn no_bias_is_a_bias_of_zero() {
    fn check<const I: usize, const O: usize>() {
        for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
            for rows in [1, 2, 9] {
                let with = on(set, Pass::<I, O, _>(rows, &[0.0; O]));
                let without = on(set, Pass::<I, O, _>(rows, ()));
                assert_eq!(with, without, "{set:?}, {rows} rows, {I} => {O}");
            }
        }
    }
    check::<2, 8>();
    check::<5, 3>();
    check::<20, 1>();
    check::<10, 2>();
    check::<30, 71>();
    check::<5, 64>();
    if cfg!(not(miri)) {
        check::<64, 80>();
    }
}

/// A single row, which few columns are computed for in a way of their own, has the bits of one of several, and the sets with fused
/// operations those of each other.
#[test]
fn one_row_is_one_of_several() {
    fn check<const I: usize, const O: usize>() {
        let bias = core::array::from_fn(|at| at as f32 / 7.0 - 0.3);
        let mut fused = None;
        for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
            let (one, several) = (on(set, Pass::<I, O, _>(1, &bias)), on(set, Pass::<I, O, _>(13, &bias)));
            assert_eq!(one[0], several[0], "{set:?}, {I} => {O}");
            assert_eq!(on(set, Pass::<I, O, _>(1, ())), on(set, Pass::<I, O, _>(5, ()))[..1], "{set:?}, {I} => {O}");
            if set != InstructionSet::Portable {
                assert_eq!(*fused.get_or_insert_with(|| one.clone()), one, "{set:?}, {I} => {O}");
            }
        }
    }
    check::<8, 2>();
    check::<8, 3>();
    check::<8, 4>();
    check::<12, 3>();
    check::<16, 2>();
    check::<10, 4>();
    check::<9, 3>();
    check::<8, 5>();
    if cfg!(not(miri)) {
        check::<16, 3>();
        check::<40, 4>();
        check::<32, 10>();
        check::<7, 9>();
        check::<64, 10>();
        check::<5, 15>();
        check::<8, 128>();
        check::<12, 136>();
    }
}
