use super::*;
use crate::kernel::dense;
use crate::kernel::set::on;
use core::hint::black_box;

/// The same rows through a dense layer, turned and not, and with a bias and without.
struct Both<'a, const I: usize, const O: usize> {
    x: &'a [[f32; I]; ROWS],
    weights: &'a [[f32; O]; I],
    bias: &'a [f32; O],
}

impl<const I: usize, const O: usize> Task for Both<'_, I, O> {
    type Output = [[[[f32; O]; ROWS]; 2]; 2];

    fn run<K: Isa>(self, k: K) -> Self::Output {
        let Self { x, weights, bias } = self;
        let (mut columns, mut found) = ([[0.0; ROWS]; I], Self::Output::ZEROED);
        to_columns::<K, f32, _>(x, columns.as_flattened_mut());
        let columns = <[f32; I]>::blocks(columns.as_flattened());
        let mut y = [[f32::NAN; O]; ROWS];
        dense::forward(Turned(k), columns, weights, bias, &mut y);
        to_rows::<K, _, _>(y.as_flattened(), &mut found[0][0]);
        dense::forward(k, x, weights, bias, &mut found[0][1]);
        dense::forward(Turned(k), columns, weights, (), &mut y);
        to_rows::<K, _, _>(y.as_flattened(), &mut found[1][0]);
        dense::forward(k, x, weights, (), &mut found[1][1]);
        found
    }
}

fn check<const I: usize, const O: usize>() {
    let number = |at: usize| (at * 7919 % 1009) as f32 / 504.0 - 1.0;
    let x: [[f32; I]; ROWS] = core::array::from_fn(|row| core::array::from_fn(|i| number(row * 31 + i)));
    let weights: [[f32; O]; I] = core::array::from_fn(|i| core::array::from_fn(|o| number(7 + i * O + o)));
    let bias: [f32; O] = core::array::from_fn(|o| number(o + 3));
    for set in InstructionSet::ALL {
        if set.is_available() {
            for [turned, rows] in on(set, Both { x: black_box(&x), weights: &weights, bias: &bias }) {
                assert_eq!(
                    turned.map(|y| y.map(f32::to_bits)),
                    rows.map(|y| y.map(f32::to_bits)),
                    "{I} to {O} on {set:?}"
                );
            }
        }
    }
}

/// Widths around those of vectors, of blocks of columns, and from which sums have more parts.
#[test]
fn turned_rows_have_the_bits_of_rows() {
    check::<1, 1>();
    check::<2, 8>();
    check::<3, 5>();
    check::<4, 16>();
    check::<7, 3>();
    check::<16, 1>();
    if cfg!(not(miri)) {
        check::<5, 2>();
        check::<8, 4>();
        check::<8, 9>();
        check::<9, 7>();
        check::<13, 13>();
        check::<15, 1>();
        check::<17, 15>();
        check::<24, 31>();
        check::<37, 1>();
        check::<6, 32>();
        check::<11, 33>();
        check::<5, 64>();
        check::<8, 70>();
    }
}

/// Rows as columns, and rows again.
struct Turn<const N: usize>([[f32; N]; ROWS]);

impl<const N: usize> Task for Turn<N> {
    type Output = ();

    fn run<K: Isa>(self, _k: K) {
        let (mut columns, mut again) = ([[f32::NAN; ROWS]; N], [[f32::NAN; N]; ROWS]);
        to_columns::<K, _, _>(&self.0, columns.as_flattened_mut());
        assert!((0..N).all(|at| (0..ROWS).all(|row| columns[at][row] == self.0[row][at])), "{N} on {:?}", K::SET);
        to_rows::<K, _, _>(columns.as_flattened(), &mut again);
        assert_eq!(again, self.0, "{N} on {:?}", K::SET);
    }
}

#[test]
fn columns_are_turned_back() {
    fn check<const N: usize>() {
        for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
            on(set, Turn::<N>(core::array::from_fn(|row| core::array::from_fn(|at| (row * N + at) as f32))));
        }
    }
    check::<1>();
    check::<3>();
    check::<4>();
    check::<5>();
    check::<10>();
    check::<16>();
}

/// The gradients of a layer of turned rows, and those of its rows: by the weights, by the bias, and by the inputs.
struct Gradients<'a, const I: usize, const O: usize>(
    &'a [[f32; I]; 2 * ROWS],
    &'a [[f32; O]; 2 * ROWS],
    &'a [[f32; O]; I],
);

impl<const I: usize, const O: usize> Task for Gradients<'_, I, O> {
    type Output = [([[f32; O]; I], [f32; O], [[f32; I]; 2 * ROWS]); 2];

    fn run<K: Isa>(self, k: K) -> Self::Output {
        let Self(x, dy, weights) = self;
        let (mut xs, mut dys, mut dxs) = ([[0.0; I]; 2 * ROWS], [[0.0; O]; 2 * ROWS], [[f32::NAN; I]; 2 * ROWS]);
        for (from, to) in x.as_chunks::<ROWS>().0.iter().zip(xs.as_chunks_mut::<ROWS>().0) {
            to_columns::<K, f32, _>(from, to.as_flattened_mut());
        }
        for (from, to) in dy.as_chunks::<ROWS>().0.iter().zip(dys.as_chunks_mut::<ROWS>().0) {
            to_columns::<K, f32, _>(from, to.as_flattened_mut());
        }
        [true, false].map(|turned| {
            let (mut by_weights, mut by_bias, mut dx) = ([[1.0; O]; I], [f32::NAN; O], [[f32::NAN; I]; 2 * ROWS]);
            let of = (&mut by_weights, None);
            if turned {
                dense::backward(Turned(k), &xs, &dys, weights, Some(&mut dxs), of, Start::Sum);
                let of = (&mut [[f32::NAN; O]; I], Some(&mut by_bias));
                dense::backward(Turned(k), &xs, &dys, weights, None, of, Start::Zero);
                for (from, to) in dxs.as_chunks::<ROWS>().0.iter().zip(dx.as_chunks_mut::<ROWS>().0) {
                    to_rows::<K, _, _>(from.as_flattened(), to);
                }
            } else {
                dense::backward(k, x, dy, weights, Some(&mut dx), of, Start::Sum);
                let of = (&mut [[f32::NAN; O]; I], Some(&mut by_bias));
                dense::backward(k, x, dy, weights, None, of, Start::Zero);
            }
            (by_weights, by_bias, dx)
        })
    }
}

fn check_gradients<const I: usize, const O: usize>() {
    let number = |at: usize| (at * 7919 % 1009) as f32 / 504.0 - 1.0;
    let x = core::array::from_fn(|row| core::array::from_fn(|i| number(row * 31 + i)));
    let dy = core::array::from_fn(|row| core::array::from_fn(|o| number(row * 17 + o + 5)));
    let weights = core::array::from_fn(|i| core::array::from_fn(|o| number(7 + i * O + o)));
    for set in InstructionSet::ALL {
        if set.is_available() {
            let [turned, rows] = on(set, Gradients::<I, O>(black_box(&x), &dy, &weights));
            let numbers = |(by_weights, by_bias, dx): &([[f32; O]; I], [f32; O], [[f32; I]; 2 * ROWS])| {
                [by_weights.as_flattened(), by_bias, dx.as_flattened()].concat()
            };
            for (turned, row) in numbers(&turned).into_iter().zip(numbers(&rows)) {
                assert!((turned - row).abs() < 1e-5, "{turned}, not {row}: {I} to {O} on {set:?}");
            }
        }
    }
}

/// Widths around those of blocks. They are summed in another order than those of rows.
#[test]
fn gradients_of_turned_rows_are_those_of_rows() {
    check_gradients::<1, 1>();
    check_gradients::<2, 8>();
    check_gradients::<7, 5>();
    if cfg!(not(miri)) {
        check_gradients::<4, 1>();
        check_gradients::<8, 4>();
        check_gradients::<13, 6>();
        check_gradients::<5, 19>();
    }
}
