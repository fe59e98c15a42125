#![allow(unsafe_code)]

extern crate std;
use super::*;
use crate::kernel::set::WithoutVectors;
use crate::kernel::{InstructionSet, One, on};
use std::vec::Vec;

fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|i| ((i + seed) * 7919 % 1009) as f32 / 504.0 - 1.0).collect()
}

/// Every set gives the sums within rounding, those with fused operations the same bits, and the portable one those of a
/// machine without vectors; a batch gives the bits of
/// its rows, one by one.
#[test]
fn sums_are_right_and_do_not_depend_on_vectors() {
    for (terms, columns) in
        [(2, 8), (5, 3), (8, 4), (9, 10), (5, 15), (16, 2), (35, 1), (7, 20), (33, 42), (9, 64), (64, 131)]
    {
        for parts in [1, 2, 4] {
            for rows in [1, 2, 5, 7, 13] {
                if cfg!(miri) && rows * columns * terms > 200 {
                    continue;
                }
                check(rows, columns, terms, parts);
            }
        }
    }
}

fn check(rows: usize, columns: usize, terms: usize, parts: usize) {
    let (a, b, bias) = (numbers(rows * terms, 1), numbers(terms * columns, 2), numbers(columns, 3));
    let mut fused: Option<Vec<f32>> = None;
    for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
        let product = |row: usize, rows: usize, start: Start<f32>, c: &mut [f32]| {
            let product = Product {
                rows,
                columns,
                terms,
                parts: if let Start::Sum = start { 1 } else { parts },
                a: (a[row * terms..].as_ptr(), terms, 1),
                b: (b.as_ptr(), columns),
                c: (c.as_mut_ptr(), columns),
                start,
            };
            // SAFETY: the vectors have as many numbers.
            unsafe { product.promise() }
        };
        let compute = |row, rows, start, c: &mut [f32]| on(set, &product(row, rows, start, c));
        let mut c = std::vec![0.0; rows * columns];
        compute(0, rows, Start::Row(bias.as_ptr()), &mut c);
        let mut one_by_one = c.clone();
        for (row, c) in one_by_one.chunks_exact_mut(columns).enumerate() {
            compute(row, 1, Start::Row(bias.as_ptr()), c);
        }
        assert_eq!(c, one_by_one, "{set:?}, {rows} rows, {columns} columns, {terms} terms, {parts} parts");
        let (mut zero, mut none) = (std::vec![1.0; rows * columns], c.clone());
        compute(0, rows, Start::Row(std::vec![0.0; columns].as_ptr()), &mut zero);
        compute(0, rows, Start::Zero, &mut none);
        assert_eq!(zero, none, "{set:?}, {rows} rows, {columns} columns, {terms} terms, {parts} parts");
        let mut sums = c.clone();
        compute(0, rows, Start::Sum, &mut sums);
        for (at, (c, sum)) in c.iter().zip(&sums).enumerate() {
            let (row, column) = (at / columns, at % columns);
            let of = |k: usize| f64::from(a[row * terms + k]) * f64::from(b[k * columns + column]);
            let exact: f64 = (0..terms).map(of).sum();
            assert!((f64::from(*c) - exact - f64::from(bias[column])).abs() < 2e-5);
            assert!((f64::from(*sum) - f64::from(*c) - exact).abs() < 2e-5);
        }
        if set == InstructionSet::Portable {
            let (mut c1, mut sums1) = (std::vec![0.0; rows * columns], c.clone());
            product(0, rows, Start::Row(bias.as_ptr()), &mut c1).run(WithoutVectors);
            product(0, rows, Start::Sum, &mut sums1).run(WithoutVectors);
            assert_eq!((&c, &sums), (&c1, &sums1), "without vectors, {columns} columns, {terms} terms");
        } else {
            assert_eq!(*fused.get_or_insert_with(|| c.clone()), c, "{set:?}, {columns} columns, {terms} terms");
        }
    }
}

/// A wide row has the same bits wherever its weights lie, and neither uses nor changes what lies around it.
#[test]
fn wide_rows_do_not_depend_on_where_weights_lie() {
    for (terms, columns) in [(3, 64), (9, 80), (5, 128), (6, 144), (4, 208), (7, 240), (5, 272)] {
        if cfg!(miri) && columns > 64 {
            continue;
        }
        let (a, weights, bias) = (numbers(terms, 1), numbers(terms * columns, 2), numbers(columns, 3));
        for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
            for start in [Start::Zero, Start::Row(bias.as_ptr())] {
                let row = |at: usize| {
                    let mut b = std::vec![f32::NAN; weights.len() + 32];
                    b[at..][..weights.len()].copy_from_slice(&weights);
                    let mut c = std::vec![7.0; columns + 32];
                    let (a, b, to) =
                        ((a.as_ptr(), terms, 1), (b[at..].as_ptr(), columns), (c[16..].as_mut_ptr(), columns));
                    let product = Product { rows: 1, columns, terms, parts: 1, a, b, c: to, start };
                    // SAFETY: the vectors have as many numbers.
                    on(set, &unsafe { product.promise() });
                    c
                };
                let first = row(0);
                assert!(first[..16].iter().chain(&first[16 + columns..]).all(|x| *x == 7.0));
                for at in 1..16 {
                    assert_eq!(row(at), first, "{set:?}, {columns} columns, {terms} terms, from {at}");
                }
            }
        }
    }
}

/// A row compiled for its sizes, straight or of the loops that they need, has the bits of the loops for any sizes.
#[test]
fn rows_compiled_for_their_sizes_have_the_same_bits() {
    fn check<const I: usize, const O: usize>() {
        if cfg!(miri) && I * O > 40 {
            return;
        }
        // Every fifth number is a zero, of either sign.
        let signed = |(i, x): (usize, f32)| if i % 5 == 0 { x * 0.0 } else { x };
        let numbers = |count, seed| -> Vec<f32> { numbers(count, seed).into_iter().enumerate().map(signed).collect() };
        let (a, b, bias) = (numbers(I, 1), numbers(I * O, 2), numbers(O, 3));
        let (ones, minus_zeros) = (std::vec![1.0; I * O], std::vec![-0.0; I.max(O)]);
        let ways = [
            (&a, &b, Start::Row(bias.as_ptr())),
            (&a, &b, Start::Zero),
            (&minus_zeros, &ones, Start::Row(minus_zeros.as_ptr())),
        ];
        for (a, b, start) in ways {
            let row = |compute: fn(Product<f32>)| {
                let mut c = [7.0; O];
                let (a, b, c_row) = ((a.as_ptr(), I, 1), (b.as_ptr(), O), (c.as_mut_ptr(), O));
                compute(Product { rows: 1, columns: O, terms: I, parts: parts(I, O), a, b, c: c_row, start });
                c.map(f32::to_bits)
            };
            // SAFETY: the vectors have as many numbers as the sizes say.
            let loops = row(|product| unsafe { product.plain(1) });
            // SAFETY: as above.
            let straight = row(|product| unsafe { product.row_of::<One<f32>, [f32; I], [f32; O]>() });
            // SAFETY: as above.
            let of_sizes = row(|product| unsafe { product.plain_of::<[f32; I], [f32; O]>() });
            assert_eq!((loops, loops), (straight, of_sizes), "{I} terms, {O} columns, {start:?}");
        }
    }
    macro_rules! sizes {
        ($($terms:literal)*; $columns:tt) => { $(sizes!(@ $terms $columns);)* };
        (@ $terms:literal [$($columns:literal)*]) => { $(check::<$terms, $columns>();)* };
    }
    sizes! { 1 2 3 4 5 6 7 8 9 15 16 17 20 31 32 33 48; [1 2 3 4 5 7 8 9 10 12 16 17 24] }
    sizes! { 1 2 5 8 10; [31 32 33 40 63 64 65 72] }
}
