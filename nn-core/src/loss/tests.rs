use super::*;
use crate::kernel::{InstructionSet, Portable, Task, on};

extern crate std;
use std::vec::Vec;

/// The bits of `number`, the same for all that are not a number: what an operation leaves in those is not specified.
fn bits(number: f32) -> u32 {
    if number.is_nan() { f32::NAN.to_bits() } else { number.to_bits() }
}

/// The losses and the slopes of [`ROWS`] rows, by columns and row by row.
struct Both<'a, L, T, const N: usize> {
    loss: &'a L,
    outputs: &'a [[f32; N]; ROWS],
    targets: &'a [T; ROWS],
}

impl<T: Clone, L: Loss<f32, [f32; N], Target = T>, const N: usize> Task for Both<'_, L, T, N> {
    type Output = [Vec<u32>; 2];

    fn run<K: Isa>(self, _k: K) -> Self::Output {
        let Self { loss, outputs, targets } = self;
        let (mut columns, mut slopes) = ([[0.0; ROWS]; N], [[f32::NAN; ROWS]; N]);
        for (row, output) in outputs.iter().enumerate() {
            columns.iter_mut().zip(output).for_each(|(column, number)| column[row] = *number);
        }
        let mut given = targets.iter().cloned();
        let target = || given.next().ok_or(());
        let losses = loss.by_columns::<K, ()>(&columns, &mut slopes, 0.25, target).expect("as many targets as rows");
        let (mut by_columns, mut by_rows) = (Vec::new(), Vec::new());
        for (row, (output, target)) in outputs.iter().zip(targets).enumerate() {
            by_columns.push(bits(losses[row]));
            by_columns.extend(slopes.iter().map(|column| bits(column[row])));
            let mut slope = [f32::NAN; N];
            by_rows.push(bits(loss.by_lanes::<K::V<f32>>(output, target, &mut slope, 0.25)));
            by_rows.extend(slope.map(bits));
        }
        [by_columns, by_rows]
    }
}

fn check<T: Clone, L: Loss<f32, [f32; N], Target = T>, const N: usize>(loss: &L, target: impl Fn(usize) -> T) {
    let number = |at: usize| (at * 7919 % 1009) as f32 / 60.0 - 8.0;
    let mut outputs: [[f32; N]; ROWS] = core::array::from_fn(|row| core::array::from_fn(|at| number(row * 31 + at)));
    outputs[3] = [0.0; N];
    outputs[4][0] = f32::NEG_INFINITY;
    let targets = core::array::from_fn(target);
    for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
        let [columns, rows] = on(set, Both { loss, outputs: &outputs, targets: &targets });
        assert_eq!(columns, rows, "{N} outputs on {set:?}");
    }
}

fn check_all<const N: usize>() {
    let class = |row: usize| row * 5 % N;
    let shares = |row: usize| core::array::from_fn(|at| ((row + at) % 3) as f32 / 4.0);
    check::<_, _, N>(&CrossEntropy, class);
    check::<_, _, N>(&DistributionCrossEntropy, shares);
    check::<_, _, N>(&CrossEntropy.smoothed(0.1), class);
    check::<_, _, N>(&DistributionCrossEntropy.smoothed(0.1), shares);
    check::<_, _, N>(&MeanSquaredError, shares);
    check::<_, _, N>(&Huber { delta: 1.0 }, shares);
    check::<_, _, N>(&BinaryCrossEntropyWithLogits, shares);
    check::<_, _, N>(&Hinge, shares);
}

/// Widths around those of vectors, and more classes than there are partial sums.
#[test]
fn losses_by_columns_have_the_bits_of_rows() {
    check_all::<1>();
    check_all::<3>();
    check_all::<10>();
    if cfg!(not(miri)) {
        check_all::<2>();
        check_all::<4>();
        check_all::<5>();
        check_all::<8>();
        check_all::<9>();
        check_all::<16>();
        check_all::<17>();
        check_all::<33>();
    }
}

#[test]
fn an_error_of_a_target_is_handed_on() {
    let (mut given, mut slopes) = (0, [[0.0_f32; ROWS]; 2]);
    let target = || {
        given += 1;
        if given < 5 { Ok(1) } else { Err("no target") }
    };
    let result =
        Loss::<f32, [f32; 2]>::by_columns::<Portable, _>(&CrossEntropy, &[[0.0; ROWS]; 2], &mut slopes, 1.0, target);
    assert_eq!(result, Err("no target"));
    assert_eq!(given, 5);
}
