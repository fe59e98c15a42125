//! The loops of a convolution over the frames of a stream.
//!
//! Weights are stored `weights[tap][input][output]`, the oldest tap first. The frames before the block lie in a ring, where they
//! are read as they are: a frame costs the same in a block of any length.
#![allow(unsafe_code)]

use super::isa::{Isa, Task};
use super::jobs::{Gradients, Start};
use super::lanes::{Lanes, MOST_LANES};
use super::product::{add, parts};
use super::scalar::Scalar;
use crate::number::ring::Ring;
use crate::number::storage::Plain;
use core::marker::PhantomData;

/// The frames of a block, and those before it.
pub struct Frames<'a, X> {
    /// The block.
    pub x: &'a [X],
    /// As many frames as the oldest tap looks back, if there was a past; else it counts as zeros.
    pub past: Option<Ring<'a, X>>,
    /// How many frames lie between two taps that are neighbours, and one.
    pub dilation: usize,
}

impl<X> Clone for Frames<'_, X> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<X> Copy for Frames<'_, X> {}

/// `y[t] = bias + Σ x[t - back(tap)] · weights[tap]`, where `back(tap) = (taps - 1 - tap) · dilation`, for every frame `t` of a
/// block. Without a past nothing is computed.
///
/// Every sum begins with the bias. Then come the taps, the oldest first, and of each the inputs, in order. Where a tap has
/// four inputs or more, they are dealt out in turn to two or four parts, as [`parts`] says: each part is summed so, over all taps,
/// and the parts are added in order.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<T: Scalar, K: Isa, X: Plain<T>, W: Plain<T>, Y: Plain<T>>(
    k: K,
    frames: Frames<'_, X>,
    weights: &[W],
    bias: Option<&Y>,
    y: &mut [Y],
) {
    const { assert!(W::LEN == X::LEN * Y::LEN && Y::LEN > 0) };
    k.call(Forward { frames, weights, bias, y, number: PhantomData::<T> });
}

struct Forward<'a, T, X, W, Y> {
    frames: Frames<'a, X>,
    weights: &'a [W],
    bias: Option<&'a Y>,
    y: &'a mut [Y],
    number: PhantomData<T>,
}

impl<T: Scalar, X: Plain<T>, W: Plain<T>, Y: Plain<T>> Task for Forward<'_, T, X, W, Y> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(mut self, _k: K) {
        self.compute::<K::V<T>>();
    }
}

impl<X> Frames<'_, X> {
    /// The frames that a tap meets from frame `t` on, as far as they lie side by side, at most to the end of the block.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&self, t: usize, back: usize) -> &[X] {
        match (t.checked_sub(back), self.past) {
            (Some(t), _) => self.x.get(t..).unwrap_or_default(),
            (None, Some(past)) => past.from(back - t),
            (None, None) => &[],
        }
    }
}

impl<T: Scalar, X: Plain<T>, W: Plain<T>, Y: Plain<T>> Forward<'_, T, X, W, Y> {
    const PARTS: usize = parts(X::LEN, Y::LEN);

    /// The taps, and how many frames each looks back.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn taps(&self) -> impl Iterator<Item = (&W, usize)> {
        let (mut tap, dilation) = (self.weights.len(), self.frames.dilation);
        self.weights.iter().map(move |weights| {
            tap -= 1;
            (weights, tap * dilation)
        })
    }

    /// All frames, in the shortest vectors that have lanes for all outputs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<V: Lanes<T>>(&mut self) {
        if const { V::LEN > 1 && Y::LEN <= V::LEN / 2 && <V::Half as Lanes<T>>::LEN > 1 } {
            return self.compute::<V::Half>();
        }
        let (mut t, rows) = (0, self.y.len().min(self.frames.x.len()));
        while t < rows {
            // So many frames of every tap lie side by side.
            let mut left = rows - t;
            for (_, back) in self.taps() {
                left = left.min(self.frames.at(t, back).len());
            }
            if left == 0 {
                return;
            }
            // SAFETY: there are so many frames from `t` on, and of every tap as many lie side by side.
            unsafe {
                if const { V::LEN > 1 && (Y::LEN <= V::LEN || V::LEN == MOST_LANES) } {
                    while left >= 8 {
                        self.frames_of::<V, 8>(t);
                        (t, left) = (t + 8, left - 8);
                    }
                }
                while left >= 4 {
                    self.frames_of::<V, 4>(t);
                    (t, left) = (t + 4, left - 4);
                }
                while left > 0 {
                    self.frames_of::<V, 1>(t);
                    (t, left) = (t + 1, left - 1);
                }
            }
        }
    }

    /// The `M` frames from frame `t` on.
    ///
    /// # Safety
    /// There are so many, and of every tap as many lie side by side.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn frames_of<V: Lanes<T>, const M: usize>(&mut self, t: usize) {
        let vectors = const { Y::LEN.div_ceil(V::LEN) };
        let mut at = 0;
        // SAFETY: the caller's promise; there are so many vectors.
        unsafe {
            if const { V::LEN == 1 } {
                while at + 3 <= vectors {
                    self.tile::<V, M, 3>(t, at);
                    at += 3;
                }
            }
            while at + 2 <= vectors {
                self.tile::<V, M, 2>(t, at);
                at += 2;
            }
            if at < vectors {
                self.tile::<V, M, 1>(t, at);
            }
        }
    }

    /// The `J` vectors of outputs from vector `at` on, of the `M` frames from frame `t` on: their sums stay in registers.
    ///
    /// # Safety
    /// As [`frames_of`](Self::frames_of); there are so many vectors.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn tile<V: Lanes<T>, const M: usize, const J: usize>(&mut self, t: usize, at: usize) {
        let column = at * V::LEN;
        let last = V::LEN.min(Y::LEN - (column + (J - 1) * V::LEN));
        let mut total = [[V::splat(T::ZERO); J]; M];
        // SAFETY: rows of weights, biases and outputs have `Y::LEN` numbers, of which those of the vectors from `column` on are
        // read and written, `last` of the last one. Frames have `X::LEN` numbers, and the caller promises `M` of them.
        unsafe {
            for part in 0..Self::PARTS {
                let mut sums = [[V::splat(T::ZERO); J]; M];
                if let (Some(bias), 0) = (self.bias, part) {
                    sums = [vectors::<T, V, J>(bias.values().as_ptr().add(column), last); M];
                }
                for (weights, back) in self.taps() {
                    let x: *const T = self.frames.at(t, back).as_ptr().cast();
                    let weights = weights.values().as_ptr().add(column);
                    let mut input = part;
                    while input < X::LEN {
                        let weights = vectors::<T, V, J>(weights.add(input * Y::LEN), last);
                        for (m, sums) in sums.iter_mut().enumerate() {
                            add(sums, V::splat(*x.add(m * X::LEN + input)), weights);
                        }
                        input += Self::PARTS;
                    }
                }
                if part == 0 {
                    total = sums;
                } else {
                    for (total, sum) in total.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
                        *total = *total + *sum;
                    }
                }
            }
            let y: *mut T = self.y.as_mut_ptr().add(t).cast();
            for (m, total) in total.iter().enumerate() {
                for (j, vector) in total.iter().enumerate() {
                    let to = y.add(m * Y::LEN + column + j * V::LEN);
                    if j + 1 < J || last == V::LEN { vector.write(to) } else { vector.write_first(to, last) }
                }
            }
        }
    }
}

/// The `J` vectors from `at` on, of which the last has so many numbers.
///
/// # Safety
/// They can be read.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn vectors<T: Scalar, V: Lanes<T>, const J: usize>(at: *const T, last: usize) -> [V; J] {
    let mut vectors = [V::splat(T::ZERO); J];
    for (j, vector) in vectors.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        *vector = unsafe {
            let at = at.add(j * V::LEN);
            if j + 1 < J || last == V::LEN { V::read(at) } else { V::read_first(at, last, *vector) }
        };
    }
    vectors
}

/// Adds to the `gradient` by the weights, `Σ x[t - back(tap)]ᵀ · dy[t]`, and by the bias, `Σ dy[t]`; and sets `dx[t - back(tap)] = Σ
/// dy[t] · weights[tap]ᵀ`, if it is wanted, of the frames of the block.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn backward<T: Scalar, K: Isa, X: Plain<T>, W: Plain<T>, Y: Plain<T>>(
    _k: K,
    frames: Frames<'_, X>,
    weights: &[W],
    dy: &[Y],
    mut dx: Option<&mut [X]>,
    gradient: (&mut [W], Option<&mut Y>),
) {
    const { assert!(W::LEN == X::LEN * Y::LEN) };
    let rows = frames.x.len().min(dy.len()).min(dx.as_ref().map_or(usize::MAX, |dx| dx.len()));
    let mut bias = gradient.1.map_or(core::ptr::null_mut(), |bias| bias.values_mut().as_mut_ptr());
    // The newest tap first, which meets all frames, so that it sets what the others add to.
    for (tap, (weights, to)) in weights.iter().zip(gradient.0).rev().enumerate() {
        let back = tap * frames.dilation;
        let mut t = 0;
        while t < rows {
            let x = frames.at(t, back);
            // Of the past there are the weights alone, and none of them without one.
            let (len, is_past) = (x.len().min(rows - t), t < back);
            if len == 0 {
                t = back;
                continue;
            }
            let dx = match &mut dx {
                Some(dx) if !is_past => dx.as_mut_ptr().wrapping_add(t - back).cast(),
                _ => core::ptr::null_mut(),
            };
            let dx_start = if tap == 0 { Start::Zero } else { Start::Sum };
            let gradients = Gradients {
                rows: len,
                inputs: X::LEN,
                outputs: Y::LEN,
                steps: [X::LEN, Y::LEN, Y::LEN],
                x: x.as_ptr().cast(),
                dy: dy.as_ptr().wrapping_add(t).cast(),
                weights: (&raw const *weights).cast(),
                dx,
                to: ((&raw mut *to).cast(), bias),
                start: Start::Sum,
                dx_start,
            };
            T::gradients(K::SET, &gradients);
            t += len;
        }
        // The first tap met every frame.
        bias = core::ptr::null_mut();
    }
}

#[cfg(test)]
mod tests;
