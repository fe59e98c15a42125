//! The gradients of a dense layer of turned rows.
//!
//! A gradient by a weight is a sum over the rows. It is summed in [`ROWS`] parts, of the rows that have the same lane in every
//! tile, which are then added half to half.
#![allow(unsafe_code)]

use super::{ROWS, vectors};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::jobs::{Gradients, Start};
use crate::kernel::lanes::{Lanes, halves, sum_by_halves};
use crate::kernel::scalar::Scalar;

/// [`Gradients`] of turned rows, whole tiles of them, compiled with this crate, for any sizes. Compiled for each layer a step of
/// 2-8-4-1 took 0.9 of the time, but a program of ten small networks took 1.4 times as long to compile.
#[derive(Clone, Copy, Debug)]
pub struct Slopes<'a, T>(pub &'a Gradients<T>);

impl<T: Scalar> Task for Slopes<'_, T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        const { assert!(ROWS.is_multiple_of(K::V::<T>::LEN)) };
        debug_assert!(self.0.rows.is_multiple_of(ROWS));
        // SAFETY: the matrices are as large as `Gradients` says.
        unsafe {
            match const { K::V::<T>::LEN } {
                16 => self.all::<K::V<T>, 1, 4>(),
                8 => self.all::<K::V<T>, 2, 2>(),
                4 => self.all::<K::V<T>, 4, 1>(),
                _ => self.all::<K::V<T>, ROWS, 1>(),
            }
        }
    }
}

impl<T: Scalar> Slopes<'_, T> {
    /// All gradients, those by the weights in blocks of `B` inputs and `B` outputs. Of each value there are `J` vectors in a tile.
    ///
    /// # Safety
    /// The matrices are as large as [`Gradients`] says; `J` vectors are [`ROWS`] numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn all<V: Lanes<T>, const J: usize, const B: usize>(&self) {
        // SAFETY: the caller's promise; blocks end at the last input and output.
        unsafe {
            let mut output = 0;
            while output + B <= self.0.outputs {
                self.of_outputs::<V, J, B, B>(output);
                output += B;
            }
            while output < self.0.outputs {
                self.of_outputs::<V, J, B, 1>(output);
                output += 1;
            }
            if !self.0.dx.is_null() {
                for tile in 0..self.0.rows / ROWS {
                    let mut input = 0;
                    while input + B <= self.0.inputs {
                        self.of_inputs::<V, J, B>(tile, input);
                        input += B;
                    }
                    while input < self.0.inputs {
                        self.of_inputs::<V, J, 1>(tile, input);
                        input += 1;
                    }
                }
            }
        }
    }

    /// The gradients by the bias and the weights of the `O` outputs from `output` on.
    ///
    /// # Safety
    /// As `all`; there are so many outputs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn of_outputs<V: Lanes<T>, const J: usize, const B: usize, const O: usize>(&self, output: usize) {
        // SAFETY: the caller's promise; blocks end at the last input.
        unsafe {
            if !self.0.to.1.is_null() {
                let mut sums = [[V::splat(T::ZERO); J]; O];
                for tile in 0..self.0.rows / ROWS {
                    for (o, sums) in sums.iter_mut().enumerate() {
                        let dy = vectors::<T, V, J>(self.0.dy.add((tile * self.0.outputs + output + o) * ROWS));
                        for (sum, dy) in sums.iter_mut().zip(dy) {
                            *sum = *sum + dy;
                        }
                    }
                }
                self.put(&mut sums, |o| self.0.to.1.add(output + o));
            }
            let mut input = 0;
            while input + B <= self.0.inputs {
                self.of_weights::<V, J, B, O>(input, output);
                input += B;
            }
            while input < self.0.inputs {
                self.of_weights::<V, J, 1, O>(input, output);
                input += 1;
            }
        }
    }

    /// The gradients by the weights from the `I` inputs from `input` on to the `O` outputs from `output` on.
    ///
    /// # Safety
    /// As `all`; there are so many inputs and outputs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn of_weights<V: Lanes<T>, const J: usize, const I: usize, const O: usize>(
        &self,
        input: usize,
        output: usize,
    ) {
        let mut sums = [[[V::splat(T::ZERO); J]; O]; I];
        // SAFETY: the caller's promise.
        unsafe {
            for tile in 0..self.0.rows / ROWS {
                let (x, dy) = (self.0.x.add(tile * self.0.inputs * ROWS), self.0.dy.add(tile * self.0.outputs * ROWS));
                let mut slopes = [[V::splat(T::ZERO); J]; O];
                for (o, slopes) in slopes.iter_mut().enumerate() {
                    *slopes = vectors(dy.add((output + o) * ROWS));
                }
                for (i, sums) in sums.iter_mut().enumerate() {
                    let x = vectors::<T, V, J>(x.add((input + i) * ROWS));
                    for (sums, slopes) in sums.iter_mut().zip(slopes) {
                        for ((sum, x), slope) in sums.iter_mut().zip(x).zip(slopes) {
                            *sum = x.mul_add(slope, *sum);
                        }
                    }
                }
            }
            self.put(sums.as_flattened_mut(), |at| {
                self.0.to.0.add((input + at / O) * self.0.outputs + output + at % O)
            });
        }
    }

    /// Writes the sums of the lanes of some values where `to` says, or adds them.
    ///
    /// # Safety
    /// What `to` says can be read and written.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn put<V: Lanes<T>, const J: usize>(&self, sums: &mut [[V; J]], to: impl Fn(usize) -> *mut T) {
        let adds = matches!(self.0.start, Start::Sum);
        // SAFETY: the caller's promise.
        let write = |at: usize, sum: T| unsafe {
            let to = to(at);
            *to = if adds { *to + sum } else { sum };
        };
        let (fours, rest) = sums.as_chunks_mut();
        for (four, vectors) in fours.iter_mut().enumerate() {
            for (at, sum) in V::sums(vectors.each_mut().map(|vectors| halves(vectors))).into_iter().enumerate() {
                write(4 * four + at, sum);
            }
        }
        for (at, vectors) in rest.iter_mut().enumerate() {
            write(4 * fours.len() + at, sum_by_halves(vectors));
        }
    }

    /// The gradient by the `I` inputs from `input` on, of a tile of rows.
    ///
    /// # Safety
    /// As `all`; there are so many tiles and inputs, and the gradient is wanted.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn of_inputs<V: Lanes<T>, const J: usize, const I: usize>(&self, tile: usize, input: usize) {
        let mut sums = [[V::splat(T::ZERO); J]; I];
        // SAFETY: the caller's promise.
        unsafe {
            for output in 0..self.0.outputs {
                let dy = vectors::<T, V, J>(self.0.dy.add((tile * self.0.outputs + output) * ROWS));
                for (i, sums) in sums.iter_mut().enumerate() {
                    let weight = V::splat(*self.0.weights.add((input + i) * self.0.outputs + output));
                    for (sum, dy) in sums.iter_mut().zip(dy) {
                        *sum = dy.mul_add(weight, *sum);
                    }
                }
            }
            for (i, sums) in sums.into_iter().enumerate() {
                for (j, sum) in sums.into_iter().enumerate() {
                    sum.write(self.0.dx.add((tile * self.0.inputs + input + i) * ROWS + j * V::LEN));
                }
            }
        }
    }
}
