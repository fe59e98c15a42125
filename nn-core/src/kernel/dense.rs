//! The loops of a dense layer.
//!
//! Weights are stored input-major, `weights[input][output]`, so that an input times its row of weights is added to many
//! outputs at once.
#![allow(unsafe_code)]

use super::lanes::Lanes;
use super::product::{Product, Start, parts};
use super::set::{Isa, Task};
use crate::layer::Dense;
use crate::scalar::Scalar;
use core::mem::MaybeUninit;
use generic_array::{ArrayLength, GenericArray};

/// From so many weights on, a layer's loop is the one that this crate was compiled with, for any sizes; below, it is
/// compiled for the layer. That takes the compiler longer, and what it saves no longer counts.
const MANY: usize = 4_096;

/// `y = bias + x · weights`, for every row.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<T: Scalar, K: Isa<T>, I: ArrayLength, O: ArrayLength>(
    _k: K,
    x: &[GenericArray<T, I>],
    weights: &GenericArray<GenericArray<T, O>, I>,
    bias: &GenericArray<T, O>,
    y: &mut [GenericArray<T, O>],
) {
    let (inputs, outputs) = (I::USIZE, O::USIZE);
    let product = Product {
        rows: x.len().min(y.len()),
        columns: outputs,
        terms: inputs,
        parts: const { parts(I::USIZE, O::USIZE) },
        a: (x.as_ptr().cast(), inputs, 1),
        b: (weights.as_ptr().cast(), outputs),
        c: (y.as_mut_ptr().cast(), outputs),
        start: Start::Row(bias.as_ptr()),
    };
    // SAFETY: the arrays have the lengths of their types, and `y` is borrowed exclusively.
    unsafe {
        if const { I::USIZE * O::USIZE < MANY } && product.rows == 1 {
            product.row_of::<K::V, I, O>();
        } else {
            T::product(K::SET, product.promise());
        }
    }
}

/// The gradient by the weights, `xᵀ · dy`, and by the bias, the sum of `dy`, each added to what `start` says; and
/// `dx = dy · weightsᵀ`, if it is wanted.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn backward<T: Scalar, K: Isa<T>, I: ArrayLength, O: ArrayLength>(
    _k: K,
    x: &[GenericArray<T, I>],
    dy: &[GenericArray<T, O>],
    weights: &GenericArray<GenericArray<T, O>, I>,
    dx: Option<&mut [GenericArray<T, I>]>,
    gradient: &mut Dense<T, I, O>,
    start: Start<T>,
) {
    let mut rows = x.len().min(dy.len());
    let dx = dx.map_or(core::ptr::null_mut(), |dx| {
        rows = rows.min(dx.len());
        dx.as_mut_ptr().cast()
    });
    let gradients = Gradients {
        rows,
        inputs: I::USIZE,
        outputs: O::USIZE,
        x: x.as_ptr().cast(),
        dy: dy.as_ptr().cast(),
        weights: weights.as_ptr().cast(),
        dx,
        to: (gradient.weights.as_mut_ptr().cast(), gradient.bias.as_mut_ptr()),
        start,
    };
    T::gradients(K::SET, gradients);
}

/// The backward pass of a layer of any sizes. Only [`backward`] makes one, which knows from the types that every pointer is
/// to as many numbers as `rows`, `inputs` and `outputs` say, and lives as long as the call.
#[derive(Clone, Copy, Debug)]
pub struct Gradients<T> {
    rows: usize,
    inputs: usize,
    outputs: usize,
    x: *const T,
    dy: *const T,
    weights: *const T,
    /// Null if it is not wanted.
    dx: *mut T,
    to: (*mut T, *mut T),
    /// [`Start::Zero`] or [`Start::Sum`].
    start: Start<T>,
}

impl<T: Scalar> Task<T> for Gradients<T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa<T>>(self, k: K) {
        let one = T::ONE;
        let Self { rows, inputs, outputs, x, dy, weights, dx, to, start } = self;
        let of_bias = Product {
            rows: 1,
            columns: outputs,
            terms: rows,
            parts: 1,
            a: (&raw const one, 0, 0),
            b: (dy, outputs),
            c: (to.1, outputs),
            start,
        };
        let of_weights = if outputs == 1 {
            // A single column is a row just as well, which is as long as vectors are.
            Product { columns: inputs, a: (dy, 0, 1), b: (x, inputs), c: (to.0, inputs), ..of_bias }
        } else {
            Product { rows: inputs, a: (x, 1, inputs), c: (to.0, outputs), ..of_bias }
        };
        // SAFETY: the matrices are as long as `backward` says.
        unsafe {
            k.call(of_weights.promise());
            k.call(of_bias.promise());
            if !dx.is_null() {
                let of_input = Product {
                    rows,
                    columns: inputs,
                    terms: outputs,
                    parts: 1,
                    a: (dy, outputs, 1),
                    b: (weights, outputs),
                    c: (dx, inputs),
                    start: Start::Zero,
                };
                transposed(k, of_input);
            }
        }
    }
}

/// Computes a product with the transpose of `b`, which gets its columns two vectors at a time, turned into rows.
///
/// # Safety
/// As [`Product::compute`], but that the step of `b` is from one column to the next; its terms are side by side.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn transposed<T: Scalar, K: Isa<T>>(k: K, product: Product<T>) {
    const TERMS: usize = 64;
    let mut turned = [const { MaybeUninit::<[K::V; 2]>::uninit() }; TERMS];
    let (b, step) = product.b;
    let ((a, a_row, a_step), (c, c_row)) = (product.a, product.c);
    let width = 2 * K::V::LEN;
    let to: *mut T = turned.as_mut_ptr().cast();
    let mut column = 0;
    while column < product.columns {
        let columns = width.min(product.columns - column);
        let mut term = 0;
        while term < product.terms {
            let terms = TERMS.min(product.terms - term);
            // SAFETY: `turned` has `TERMS` rows of `width` numbers, of which the product reads those that are written here; the
            // rest is the caller's promise.
            unsafe {
                for term_here in 0..terms {
                    let from = b.add(column * step + term + term_here);
                    for column_here in 0..columns {
                        *to.add(term_here * width + column_here) = *from.add(column_here * step);
                    }
                }
                let part = Product {
                    columns,
                    terms,
                    a: (a.add(term * a_step), a_row, a_step),
                    b: (to, width),
                    c: (c.add(column), c_row),
                    start: if term == 0 { product.start } else { Start::Sum },
                    ..product
                };
                k.call(part.promise());
            }
            term += terms;
        }
        column += columns;
    }
}

#[cfg(test)]
mod tests {
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
            x: x.as_ptr(),
            dy: dy.as_ptr(),
            weights: weights.as_ptr(),
            dx: dx.as_mut_ptr(),
            to: (of_weights.as_mut_ptr(), of_bias.as_mut_ptr()),
            start,
        };
        match set {
            Some(set) => on(set, task),
            None => task.run(WithoutVectors),
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
        for (inputs, outputs) in [(2, 8), (8, 4), (4, 1), (33, 10), (20, 42), (64, 131), (5, 3)] {
            for (rows, start) in
                [1, 2, 7, 32].map(|rows| [(rows, Start::Zero), (rows, Start::Sum)]).into_iter().flatten()
            {
                let sizes = [rows, inputs, outputs];
                let portable = gradients(Some(InstructionSet::Portable), start, sizes);
                assert_eq!(portable, gradients(None, start, sizes), "{sizes:?}");
                let fused = InstructionSet::ALL.into_iter().skip(1).filter(|set| set.is_available());
                let all: Vec<_> = fused.map(|set| gradients(Some(set), start, sizes)).collect();
                assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{sizes:?}");
            }
        }
    }
}
