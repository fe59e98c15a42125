//! The loops of a dense layer.
//!
//! Weights are stored input-major, `weights[input][output]`, so that an input times its row of weights is added to many
//! outputs at once.
#![allow(unsafe_code)]

use super::isa::{Isa, Task};
use super::jobs::{Gradients, Product, Start};
use super::lanes::Lanes;
use super::product::parts;
use super::scalar::Scalar;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use generic_array::{ArrayLength, GenericArray};

/// From so many weights on, a layer's loop is the one that this crate was compiled with, for any sizes; below, it is
/// compiled for the layer. That takes the compiler longer, and what it saves no longer counts.
const MANY: usize = 4_096;

/// Below so many weights, so are the loops over many rows, as functions of their own.
const FEW: usize = 512;

/// The weights of a layer, a row for each input.
type Weights<T, I, O> = GenericArray<GenericArray<T, O>, I>;

/// The gradient by the weights, and by the bias if there is one.
type OfParameters<'a, T, I, O> = (&'a mut Weights<T, I, O>, Option<&'a mut GenericArray<T, O>>);

/// What the sums of a row begin with: a bias, or nothing, `()`. It is a type, so that no program looks for it.
pub trait Bias<T, O>: Copy {
    /// As a kernel has it.
    fn start(self) -> Start<T>;
}

impl<T, O: ArrayLength> Bias<T, O> for &GenericArray<T, O> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn start(self) -> Start<T> {
        Start::Row(self.as_ptr())
    }
}

impl<T, O> Bias<T, O> for () {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn start(self) -> Start<T> {
        Start::Zero
    }
}

/// `y = bias + x · weights`, for every row.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<T: Scalar, K: Isa, I: ArrayLength, O: ArrayLength>(
    k: K,
    x: &[GenericArray<T, I>],
    weights: &Weights<T, I, O>,
    bias: impl Bias<T, O>,
    y: &mut [GenericArray<T, O>],
) {
    let mut forward = Forward { x, weights, bias, y };
    let product = forward.product();
    // SAFETY: the arrays have the lengths of their types, and `y` is borrowed exclusively.
    unsafe {
        if const { !K::IS_PLAIN && I::USIZE * O::USIZE < MANY } && product.rows == 1 {
            product.row_of::<K::V<T>, I, O>();
        } else if const { !K::IS_PLAIN && I::USIZE * O::USIZE < FEW } {
            k.call(forward);
        } else {
            T::product(K::SET, product.promise());
        }
    }
}

/// The forward pass of a layer with fewer than [`FEW`] weights.
struct Forward<'a, T: Scalar, I: ArrayLength, O: ArrayLength, B> {
    x: &'a [GenericArray<T, I>],
    weights: &'a Weights<T, I, O>,
    bias: B,
    y: &'a mut [GenericArray<T, O>],
}

impl<T: Scalar, I: ArrayLength, O: ArrayLength, B: Bias<T, O>> Forward<'_, T, I, O, B> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn product(&mut self) -> Product<T> {
        let (inputs, outputs) = (I::USIZE, O::USIZE);
        Product {
            rows: self.x.len().min(self.y.len()),
            columns: outputs,
            terms: inputs,
            parts: const { parts(I::USIZE, O::USIZE) },
            a: (self.x.as_ptr().cast(), inputs, 1),
            b: (self.weights.as_ptr().cast(), outputs),
            c: (self.y.as_mut_ptr().cast(), outputs),
            start: self.bias.start(),
        }
    }
}

impl<T: Scalar, I: ArrayLength, O: ArrayLength, B: Bias<T, O>> Task for Forward<'_, T, I, O, B> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(mut self, _k: K) {
        // SAFETY: as in `forward`.
        unsafe { self.product().small::<K::V<T>, O>() }
    }
}

/// The `gradient` by the weights, `xᵀ · dy`, and by the bias, the sum of `dy`, if there is one, each added to what `start`
/// says; and `dx = dy · weightsᵀ`, if it is wanted.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn backward<T: Scalar, K: Isa, I: ArrayLength, O: ArrayLength>(
    k: K,
    x: &[GenericArray<T, I>],
    dy: &[GenericArray<T, O>],
    weights: &Weights<T, I, O>,
    dx: Option<&mut [GenericArray<T, I>]>,
    gradient: OfParameters<'_, T, I, O>,
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
        to: (gradient.0.as_mut_ptr().cast(), gradient.1.map_or(core::ptr::null_mut(), |bias| bias.as_mut_ptr())),
        start,
    };
    if const { !K::IS_PLAIN && I::USIZE * O::USIZE < FEW } {
        k.call(Small::<_, I, O>(gradients, PhantomData));
    } else {
        T::gradients(K::SET, gradients);
    }
}

impl<T: Scalar> Gradients<T> {
    /// The product that is the gradient by the bias.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn of_bias(&self, one: *const T) -> Product<T> {
        Product {
            rows: 1,
            columns: self.outputs,
            terms: self.rows,
            parts: 1,
            a: (one, 0, 0),
            b: (self.dy, self.outputs),
            c: (self.to.1, self.outputs),
            start: self.start,
        }
    }

    /// The product that is the gradient by the weights. A single column is a row just as well, which is as long as vectors are.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn of_weights(&self) -> Product<T> {
        let Self { rows: terms, inputs, outputs, x, dy, start, .. } = *self;
        if outputs == 1 {
            let (a, b, c) = ((dy, 0, 1), (x, inputs), (self.to.0, inputs));
            Product { rows: 1, columns: inputs, terms, parts: 1, a, b, c, start }
        } else {
            let (a, b, c) = ((x, 1, inputs), (dy, outputs), (self.to.0, outputs));
            Product { rows: inputs, columns: outputs, terms, parts: 1, a, b, c, start }
        }
    }

    /// The product that is the gradient by the input, but that its `b` is to be transposed.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn of_input(&self) -> Product<T> {
        Product {
            rows: self.rows,
            columns: self.inputs,
            terms: self.outputs,
            parts: 1,
            a: (self.dy, self.outputs, 1),
            b: (self.weights, self.outputs),
            c: (self.dx, self.inputs),
            start: Start::Zero,
        }
    }
}

/// [`Gradients`] of a layer with fewer than [`FEW`] weights.
struct Small<G, I, O>(G, PhantomData<(I, O)>);

impl<T: Scalar, I: ArrayLength, O: ArrayLength> Task for Small<Gradients<T>, I, O> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        let gradients = Gradients { inputs: I::USIZE, outputs: O::USIZE, ..self.0 };
        let one = T::ONE;
        // SAFETY: the matrices are as long as `backward` says; of `turned`, what is read was written before.
        unsafe {
            if const { O::USIZE == 1 } {
                gradients.of_weights().small::<K::V<T>, I>();
            } else {
                gradients.of_weights().small::<K::V<T>, O>();
            }
            if !gradients.to.1.is_null() {
                gradients.of_bias(&raw const one).small::<K::V<T>, O>();
            }
            if !gradients.dx.is_null() {
                let mut turned = [const { MaybeUninit::<T>::uninit() }; FEW];
                let turned: *mut T = turned.as_mut_ptr().cast();
                for input in 0..I::USIZE {
                    for output in 0..O::USIZE {
                        *turned.add(output * I::USIZE + input) = *gradients.weights.add(input * O::USIZE + output);
                    }
                }
                Product { b: (turned, I::USIZE), ..gradients.of_input() }.small::<K::V<T>, I>();
            }
        }
    }
}

impl<T: Scalar> Task for Gradients<T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, k: K) {
        let one = T::ONE;
        // SAFETY: the matrices are as long as `backward` says.
        unsafe {
            k.call(self.of_weights().promise());
            if !self.to.1.is_null() {
                k.call(self.of_bias(&raw const one).promise());
            }
            if !self.dx.is_null() {
                transposed(k, self.of_input());
            }
        }
    }
}

/// Computes a product with the transpose of `b`. With vectors it gets its columns two vectors at a time, turned into rows.
///
/// # Safety
/// As [`Product::compute`], but that the step of `b` is from one column to the next; its terms are side by side.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn transposed<T: Scalar, K: Isa>(k: K, product: Product<T>) {
    if product.columns == 1 {
        // The only column lies side by side as it is.
        // SAFETY: the caller's promise.
        return k.call(unsafe { Product { b: (product.b.0, 1), ..product }.promise() });
    }
    const TERMS: usize = 64;
    let mut turned = [const { MaybeUninit::<[K::V<T>; 2]>::uninit() }; TERMS];
    let (b, step) = product.b;
    let ((a, a_row, a_step), (c, c_row)) = (product.a, product.c);
    let width = if const { K::IS_PLAIN } { product.columns } else { 2 * K::V::<T>::LEN };
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
                let b = b.add(column * step + term);
                let part = Product {
                    columns,
                    terms,
                    a: (a.add(term * a_step), a_row, a_step),
                    b: (b, 1),
                    c: (c.add(column), c_row),
                    start: if term == 0 { product.start } else { Start::Sum },
                    ..product
                };
                if const { K::IS_PLAIN } {
                    part.plain(step);
                } else {
                    for term in 0..terms {
                        for column in 0..columns {
                            *to.add(term * width + column) = *b.add(column * step + term);
                        }
                    }
                    k.call(Product { b: (to, width), ..part }.promise());
                }
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
        for (inputs, outputs) in [
            (2, 8),
            (8, 4),
            (4, 1),
            (33, 10),
            (20, 42),
            (64, 131),
            (5, 3),
            (1, 1),
            (1, 2),
            (1, 3),
            (1, 20),
            (2, 1),
            (3, 1),
        ] {
            for (rows, start) in
                [1, 2, 7, 32].map(|rows| [(rows, Start::Zero), (rows, Start::Sum)]).into_iter().flatten()
            {
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

    /// The forward pass of some rows, with a bias or without.
    struct Pass<I: ArrayLength, O: ArrayLength, B>(usize, B, PhantomData<(I, O)>);

    impl<I: ArrayLength, O: ArrayLength, B: Bias<f32, O>> Task for Pass<I, O, B> {
        type Output = Vec<GenericArray<f32, O>>;

        fn run<K: Isa>(self, k: K) -> Self::Output {
            let number = |i: usize| (i * 7919 % 1009) as f32 / 504.0 - 1.0;
            let x: Vec<GenericArray<f32, I>> = (0..self.0)
                .map(|row| generic_array::GenericArray::from_iter((0..I::USIZE).map(|i| number(row + i))))
                .collect();
            let weights = GenericArray::from_iter(
                (0..I::USIZE).map(|i| GenericArray::from_iter((0..O::USIZE).map(|o| number(3 * i + o)))),
            );
            let mut y = std::vec![GenericArray::from_iter(core::iter::repeat_n(7.0, O::USIZE)); self.0];
            forward(k, &x, &weights, self.1, &mut y);
            y
        }
    }

    #[test]
    fn no_bias_is_a_bias_of_zero() {
        fn check<I: ArrayLength, O: ArrayLength>() {
            let zeros = GenericArray::<f32, O>::from_iter(core::iter::repeat_n(0.0, O::USIZE));
            for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
                for rows in [1, 2, 9] {
                    let with = on(set, Pass::<I, O, _>(rows, &zeros, PhantomData));
                    let without = on(set, Pass::<I, O, _>(rows, (), PhantomData));
                    assert_eq!(with, without, "{set:?}, {rows} rows, {} => {}", I::USIZE, O::USIZE);
                }
            }
        }
        use typenum::{U1, U2, U3, U5, U8, U10, U20, U30, U64, U71, U80};
        check::<U2, U8>();
        check::<U5, U3>();
        check::<U20, U1>();
        check::<U10, U2>();
        check::<U30, U71>();
        check::<U5, U64>();
        if cfg!(not(miri)) {
            check::<U64, U80>();
        }
    }
}
