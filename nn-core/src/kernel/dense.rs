//! The loops of a dense layer.
//!
//! Weights are stored input-major, `weights[input][output]`, so that an input times its row of weights is added to many
//! outputs at once.
#![allow(unsafe_code)]

mod few;

use super::isa::{Isa, Task};
use super::jobs::{Gradients, Product, Start};
use super::lanes::Lanes;
use super::product::parts;
use super::scalar::Scalar;
use super::turned;
use crate::number::storage::Plain;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use few::Few;

/// From so many weights on, a layer's loop is the one that this crate was compiled with, for any sizes; below, it is
/// compiled for the layer. That takes the compiler longer, and what it saves no longer counts.
const MANY: usize = 4_096;

/// Below so many weights, so are the loops over many rows, as functions of their own.
const FEW: usize = 512;

/// The gradient by the weights, and by the bias if there is one.
type OfParameters<'a, W, Y> = (&'a mut W, Option<&'a mut Y>);

/// What the sums of a row begin with: a bias, or nothing, `()`. It is a type, so that no program looks for it.
pub trait Bias<T, Y>: Copy {
    /// As a kernel has it.
    fn start(self) -> Start<T>;
}

impl<T: Scalar, Y: Plain<T>> Bias<T, Y> for &Y {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn start(self) -> Start<T> {
        Start::Row(T::hidden(self.values().as_ptr()))
    }
}

impl<T, Y> Bias<T, Y> for () {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn start(self) -> Start<T> {
        Start::Zero
    }
}

/// `y = bias + x · weights`, for every row.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<T: Scalar, K: Isa, X: Plain<T>, W: Plain<T>, Y: Plain<T>>(
    k: K,
    x: &[X],
    weights: &W,
    bias: impl Bias<T, Y>,
    y: &mut [Y],
) {
    const { assert!(W::LEN == X::LEN * Y::LEN) };
    if const { K::TURNED } {
        return turned::forward::<T, K::V<T>, X, W, Y>(x, weights, bias.start(), y);
    }
    let mut forward = Forward { x, weights, bias, y, number: PhantomData::<T> };
    let product = forward.product();
    // SAFETY: the arrays have the lengths of their types, and `y` is borrowed exclusively.
    unsafe {
        if const { X::LEN * Y::LEN < if K::IS_PLAIN { T::STRAIGHT } else { MANY } } && product.rows == 1 {
            product.row_of::<K::V<T>, X, Y>();
        } else if const { cfg!(nn_fast) && K::IS_PLAIN } && product.rows == 1 {
            product.plain_of::<X, Y>();
        } else if const { !K::IS_PLAIN && X::LEN * Y::LEN < FEW } {
            k.call(forward);
        } else {
            T::product(K::SET, &product.promise());
        }
    }
}

/// The forward pass of a layer with fewer than [`FEW`] weights.
struct Forward<'a, T, X, W, Y, B> {
    x: &'a [X],
    weights: &'a W,
    bias: B,
    y: &'a mut [Y],
    number: PhantomData<T>,
}

impl<T: Scalar, X: Plain<T>, W: Plain<T>, Y: Plain<T>, B: Bias<T, Y>> Forward<'_, T, X, W, Y, B> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn product(&mut self) -> Product<T> {
        let (inputs, outputs) = (X::LEN, Y::LEN);
        Product {
            rows: self.x.len().min(self.y.len()),
            columns: outputs,
            terms: inputs,
            parts: const { parts(X::LEN, Y::LEN) },
            a: (self.x.as_ptr().cast(), inputs, 1),
            b: (T::hidden((&raw const *self.weights).cast()), outputs),
            c: (self.y.as_mut_ptr().cast(), outputs),
            start: self.bias.start(),
        }
    }
}

impl<T: Scalar, X: Plain<T>, W: Plain<T>, Y: Plain<T>, B: Bias<T, Y>> Task for Forward<'_, T, X, W, Y, B> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(mut self, _k: K) {
        // SAFETY: as in `forward`.
        unsafe { self.product().small::<K::V<T>, Y>() }
    }
}

/// The `gradient` by the weights, `xᵀ · dy`, and by the bias, the sum of `dy`, if there is one, each added to what `start`
/// says; and `dx = dy · weightsᵀ`, if it is wanted.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn backward<T: Scalar, K: Isa, X: Plain<T>, W: Plain<T>, Y: Plain<T>>(
    k: K,
    x: &[X],
    dy: &[Y],
    weights: &W,
    dx: Option<&mut [X]>,
    gradient: OfParameters<'_, W, Y>,
    start: Start<T>,
) {
    const { assert!(W::LEN == X::LEN * Y::LEN) };
    let mut rows = x.len().min(dy.len());
    let dx = dx.map_or(core::ptr::null_mut(), |dx| {
        rows = rows.min(dx.len());
        dx.as_mut_ptr().cast()
    });
    let gradients = Gradients {
        rows,
        inputs: X::LEN,
        outputs: Y::LEN,
        steps: [X::LEN, Y::LEN, Y::LEN],
        x: x.as_ptr().cast(),
        dy: dy.as_ptr().cast(),
        weights: (&raw const *weights).cast(),
        dx,
        to: (
            (&raw mut *gradient.0).cast(),
            gradient.1.map_or(core::ptr::null_mut(), |bias| bias.values_mut().as_mut_ptr()),
        ),
        start,
        dx_start: Start::Zero,
    };
    if const { K::TURNED } {
        T::slopes(K::SET, &gradients);
    } else if const { !K::IS_PLAIN && X::LEN * Y::LEN < FEW } {
        k.call(Few::<_, X, Y>(gradients, PhantomData));
    } else {
        T::gradients(K::SET, &gradients);
    }
}

/// The gradient by one input, `dx = dy · weightsᵀ`: a dot product for each value, in order for few outputs and in sixteen parts for
/// many.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn back<T: Scalar, K: Isa, X: Plain<T>, W: Plain<T>, Y: Plain<T>>(_k: K, dy: &Y, weights: &W, dx: &mut X) {
    const { assert!(W::LEN == X::LEN * Y::LEN) };
    let product = Product {
        rows: X::LEN,
        columns: 1,
        terms: Y::LEN,
        parts: 1,
        a: ((&raw const *weights).cast(), Y::LEN, 1),
        b: ((&raw const *dy).cast(), 1),
        c: ((&raw mut *dx).cast(), 1),
        start: Start::Zero,
    };
    // SAFETY: the arrays have the lengths of their types, and `dx` is borrowed exclusively.
    T::product(K::SET, &unsafe { product.promise() });
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
            b: (self.dy, self.steps[1]),
            c: (self.to.1, self.outputs),
            start: self.start,
        }
    }

    /// The product that is the gradient by the weights. A single column is a row just as well, which is as long as vectors are.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn of_weights(&self) -> Product<T> {
        let Self { rows: terms, inputs, outputs, steps: [of_x, of_dy, of_weights], x, dy, start, .. } = *self;
        if outputs == 1 && of_weights == 1 {
            let (a, b, c) = ((dy, 0, of_dy), (x, of_x), (self.to.0, inputs));
            Product { rows: 1, columns: inputs, terms, parts: 1, a, b, c, start }
        } else {
            let (a, b, c) = ((x, 1, of_x), (dy, of_dy), (self.to.0, of_weights));
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
            a: (self.dy, self.steps[1], 1),
            b: (self.weights, self.steps[2]),
            c: (self.dx, self.steps[0]),
            start: self.dx_start,
        }
    }
}

impl<T: Scalar> Task for &Gradients<T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, k: K) {
        let one = T::ONE;
        // SAFETY: the matrices are as long as `backward` says.
        unsafe {
            k.call(&self.of_weights().promise());
            if !self.to.1.is_null() {
                k.call(&self.of_bias(&raw const one).promise());
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
        return k.call(&unsafe { Product { b: (product.b.0, 1), ..product }.promise() });
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
                    k.call(&Product { b: (to, width), ..part }.promise());
                }
            }
            term += terms;
        }
        column += columns;
    }
}

#[cfg(test)]
mod tests;
