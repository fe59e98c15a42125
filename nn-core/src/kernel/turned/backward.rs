//! The gradients of a dense layer of turned rows.
//!
//! A gradient by a weight is a sum over the rows. It is summed in [`ROWS`] parts, of the rows that have the same lane in every
//! tile, which are then added half to half.
#![allow(unsafe_code)]

use super::{ROWS, vectors};
use crate::kernel::jobs::Start;
use crate::kernel::lanes::{Lanes, sum_by_halves};
use crate::kernel::scalar::Scalar;
use crate::number::storage::Plain;

/// The gradient by the weights, `xᵀ · dy`, and by the bias, the sum of `dy`, if there is one, each added to what `start` says;
/// and `dx = dy · weightsᵀ`, if it is wanted. All rows are turned.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn backward<T: Scalar, V: Lanes<T>, X: Plain<T>, W: Plain<T>, Y: Plain<T>>(
    x: &[X],
    dy: &[Y],
    weights: &W,
    dx: Option<&mut [X]>,
    gradient: (&mut W, Option<&mut Y>),
    start: Start<T>,
) {
    const { assert!(W::LEN == X::LEN * Y::LEN && ROWS.is_multiple_of(V::LEN)) };
    let mut rows = x.len().min(dy.len());
    let dx = dx.map_or(core::ptr::null_mut(), |dx| {
        rows = rows.min(dx.len());
        dx.as_mut_ptr().cast()
    });
    debug_assert!(rows.is_multiple_of(ROWS));
    let slopes = Slopes {
        tiles: rows / ROWS,
        x: x.as_ptr().cast(),
        dy: dy.as_ptr().cast(),
        weights: (&raw const *weights).cast(),
        dx,
        to: (
            (&raw mut *gradient.0).cast(),
            gradient.1.map_or(core::ptr::null_mut(), |bias| bias.values_mut().as_mut_ptr()),
        ),
        adds: matches!(start, Start::Sum),
    };
    // SAFETY: the matrices have the lengths of their types, and as many rows; what is written is borrowed exclusively.
    unsafe {
        match const { V::LEN } {
            16 => slopes.all::<V, X, Y, 1, 4>(),
            8 => slopes.all::<V, X, Y, 2, 2>(),
            4 => slopes.all::<V, X, Y, 4, 1>(),
            _ => slopes.all::<V, X, Y, ROWS, 1>(),
        }
    }
}

/// The backward pass of turned rows in memory, `tiles` times [`ROWS`] of them. Of each value there are `J` vectors in a tile.
struct Slopes<T> {
    tiles: usize,
    x: *const T,
    dy: *const T,
    weights: *const T,
    /// Null if it is not wanted.
    dx: *mut T,
    /// The gradients by the weights and by the bias, null if there is none.
    to: (*mut T, *mut T),
    /// Whether they are added to what is there.
    adds: bool,
}

impl<T: Scalar> Slopes<T> {
    /// All gradients, those by the weights in blocks of `B` inputs and `B` outputs.
    ///
    /// # Safety
    /// The matrices are as large as `backward` says; `J` vectors are [`ROWS`] numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn all<V: Lanes<T>, X: Plain<T>, Y: Plain<T>, const J: usize, const B: usize>(&self) {
        // SAFETY: the caller's promise; blocks end at the last input and output.
        unsafe {
            let mut output = 0;
            while output + B <= Y::LEN {
                self.of_outputs::<V, X, Y, J, B, B>(output);
                output += B;
            }
            while output < Y::LEN {
                self.of_outputs::<V, X, Y, J, B, 1>(output);
                output += 1;
            }
            if !self.dx.is_null() {
                for tile in 0..self.tiles {
                    let mut input = 0;
                    while input + B <= X::LEN {
                        self.of_inputs::<V, X, Y, J, B>(tile, input);
                        input += B;
                    }
                    while input < X::LEN {
                        self.of_inputs::<V, X, Y, J, 1>(tile, input);
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
    unsafe fn of_outputs<V: Lanes<T>, X: Plain<T>, Y: Plain<T>, const J: usize, const B: usize, const O: usize>(
        &self,
        output: usize,
    ) {
        // SAFETY: the caller's promise; blocks end at the last input.
        unsafe {
            if !self.to.1.is_null() {
                let mut sums = [[V::splat(T::ZERO); J]; O];
                for tile in 0..self.tiles {
                    for (o, sums) in sums.iter_mut().enumerate() {
                        let dy = vectors::<T, V, J>(self.dy.add((tile * Y::LEN + output + o) * ROWS));
                        for (sum, dy) in sums.iter_mut().zip(dy) {
                            *sum = *sum + dy;
                        }
                    }
                }
                for (o, sums) in sums.iter_mut().enumerate() {
                    self.put(self.to.1.add(output + o), sums);
                }
            }
            let mut input = 0;
            while input + B <= X::LEN {
                self.of_weights::<V, X, Y, J, B, O>(input, output);
                input += B;
            }
            while input < X::LEN {
                self.of_weights::<V, X, Y, J, 1, O>(input, output);
                input += 1;
            }
        }
    }

    /// The gradients by the weights from the `I` inputs from `input` on to the `O` outputs from `output` on.
    ///
    /// # Safety
    /// As `all`; there are so many inputs and outputs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn of_weights<V: Lanes<T>, X: Plain<T>, Y: Plain<T>, const J: usize, const I: usize, const O: usize>(
        &self,
        input: usize,
        output: usize,
    ) {
        let mut sums = [[[V::splat(T::ZERO); J]; O]; I];
        // SAFETY: the caller's promise.
        unsafe {
            for tile in 0..self.tiles {
                let (x, dy) = (self.x.add(tile * X::LEN * ROWS), self.dy.add(tile * Y::LEN * ROWS));
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
            for (i, sums) in sums.iter_mut().enumerate() {
                for (o, sums) in sums.iter_mut().enumerate() {
                    self.put(self.to.0.add((input + i) * Y::LEN + output + o), sums);
                }
            }
        }
    }

    /// Writes the sum of the lanes of some vectors, or adds it.
    ///
    /// # Safety
    /// `to` can be read and written.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn put<V: Lanes<T>>(&self, to: *mut T, sums: &mut [V]) {
        let sum = sum_by_halves(sums);
        // SAFETY: the caller's promise.
        unsafe { *to = if self.adds { *to + sum } else { sum } }
    }

    /// The gradient by the `I` inputs from `input` on, of a tile of rows.
    ///
    /// # Safety
    /// As `all`; there are so many tiles and inputs, and the gradient is wanted.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn of_inputs<V: Lanes<T>, X: Plain<T>, Y: Plain<T>, const J: usize, const I: usize>(
        &self,
        tile: usize,
        input: usize,
    ) {
        let mut sums = [[V::splat(T::ZERO); J]; I];
        // SAFETY: the caller's promise.
        unsafe {
            for output in 0..Y::LEN {
                let dy = vectors::<T, V, J>(self.dy.add((tile * Y::LEN + output) * ROWS));
                for (i, sums) in sums.iter_mut().enumerate() {
                    let weight = V::splat(*self.weights.add((input + i) * Y::LEN + output));
                    for (sum, dy) in sums.iter_mut().zip(dy) {
                        *sum = dy.mul_add(weight, *sum);
                    }
                }
            }
            for (i, sums) in sums.into_iter().enumerate() {
                for (j, sum) in sums.into_iter().enumerate() {
                    sum.write(self.dx.add((tile * X::LEN + input + i) * ROWS + j * V::LEN));
                }
            }
        }
    }
}
