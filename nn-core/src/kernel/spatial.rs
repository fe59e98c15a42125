//! The passes of a convolution over the places of a signal or an image.
//!
//! Weights are stored `weights[tap][input][output]`, column by column of taps; of a convolution in groups `input` is one of the
//! group's, and `output` any. Taps that meet no place are left out, so that nothing is copied for the padding.
#![allow(unsafe_code)]

mod back;
mod bias;
mod pairs;
mod sizes;

use super::isa::{Isa, Task};
use super::lanes::Lanes;
use super::product::add;
use super::scalar::Scalar;
use super::sliding::{Run, Window};
use crate::number::shape::{Places, Row};
use crate::number::storage::Plain;
use core::marker::PhantomData;
use sizes::Sizes;

pub use bias::sum_places;
use typenum::Unsigned;

/// `y[place] = bias + Σ x[place · stride + tap · dilation - padding] · weights[tap]`, for every row of `x`.
///
/// Every sum begins with the bias. Then come the taps in order, and of each the inputs, in order. Where a tap has four inputs or
/// more, they are dealt out in turn to two or four parts, as [`parts`] says: each part is summed so, over all taps, and the
/// parts are added in order.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<T: Scalar, K: Isa, S: Places, R: Places, W: Plain<T>, G: Window>(
    k: K,
    x: &[Row<T, S>],
    weights: &[W],
    bias: &[T],
    y: &mut [Row<T, R>],
) {
    const { Sizes::<T, S, R, W, G>::FITS };
    assert!(weights.len() == G::TAPS[0] * G::TAPS[1] && (bias.is_empty() || bias.len() == R::Channels::USIZE));
    k.call(Forward::<T, S, R, W, G> { x, weights, bias, y, window: PhantomData });
}

struct Forward<'a, T: Scalar, S: Places, R: Places, W, G> {
    x: &'a [Row<T, S>],
    weights: &'a [W],
    bias: &'a [T],
    y: &'a mut [Row<T, R>],
    window: PhantomData<G>,
}

impl<T: Scalar, S: Places, R: Places, W: Plain<T>, G: Window> Task for Forward<'_, T, S, R, W, G> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        let sums = Sums::<T, S, R, R, W, G> { weights: self.weights, bias: self.bias, window: PhantomData };
        for (x, y) in self.x.iter().zip(self.y) {
            // SAFETY: the rows are those of both slices, with all places of their shapes.
            unsafe { sums.rows::<K::V<T>>((&raw const *x).cast(), (&raw mut *y).cast(), [0, R::SIZE[0]]) };
        }
    }
}

/// The rows `from..to` of the output alone, one after another, to `y`, which mostly are as many as a `B` has: all but the call of a
/// function compiled for the vectors. Nothing if they are not there.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn rows<T: Scalar, V: Lanes<T>, S: Places, R: Places, B: Places, W: Plain<T>, G: Window>(
    x: &Row<T, S>,
    weights: &[W],
    bias: &[T],
    [from, to]: [usize; 2],
    y: &mut [T],
) {
    const { Sizes::<T, S, R, W, G>::FITS };
    let is_right = weights.len() == G::TAPS[0] * G::TAPS[1] && (bias.is_empty() || bias.len() == R::Channels::USIZE);
    let has_rows = from <= to && to <= R::SIZE[0] && y.len() == (to - from) * R::SIZE[1] * R::Channels::USIZE;
    debug_assert!(is_right && has_rows, "there are the weights and the rows");
    if is_right && has_rows {
        let sums = Sums::<T, S, R, B, W, G> { weights, bias, window: PhantomData };
        // SAFETY: `x` has all places of its shape, and `y` those of so many rows, as was checked.
        unsafe { sums.rows::<V>((&raw const *x).cast(), y.as_mut_ptr(), [from, to]) };
    }
}

/// The numbers of a convolution, of which there are as many as its sizes say. As many rows as a `B` has are computed at a time.
struct Sums<'a, T: Scalar, S, R, B, W, G> {
    weights: &'a [W],
    bias: &'a [T],
    window: PhantomData<(S, R, B, G)>,
}

/// The input under the first tap, the taps that meet places, and where they begin.
#[derive(Clone, Copy)]
struct Taps<T> {
    x: *const T,
    rows: Run,
    cols: Run,
}

impl<T: Scalar, S: Places, R: Places, B: Places, W: Plain<T>, G: Window> Sums<'_, T, S, R, B, W, G> {
    /// The rows `from..to` of places, in the shortest vectors that have lanes for all columns.
    ///
    /// # Safety
    /// `x` has the places of its shape; there are the rows, and `y` has their places.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn rows<V: Lanes<T>>(&self, x: *const T, y: *mut T, [from, to]: [usize; 2]) {
        type Of<T, S, R, W, G> = Sizes<T, S, R, W, G>;
        let (columns, are_pairs) = const { (Of::<T, S, R, W, G>::COLUMNS, Of::<T, S, R, W, G>::are_pairs::<V>()) };
        if const { V::LEN > 1 && <V::Half as Lanes<T>>::LEN > 1 } && columns <= V::LEN / 2 && !are_pairs {
            // SAFETY: the caller's promise.
            return unsafe { self.rows::<V::Half>(x, y, [from, to]) };
        }
        let mut row = from;
        while row < to
            && let Some(mut rows) = Of::<T, S, R, W, G>::run(0, row)
        {
            (rows.at, rows.len) = (row - from, rows.len.min(to - row));
            let mut col = 0;
            while let Some(cols) = Of::<T, S, R, W, G>::run(1, col) {
                // SAFETY: the caller's promise, and runs are of places that the shapes have.
                unsafe { self.region::<V>(x, y, rows, cols) };
                col += cols.len;
            }
            row += rows.len;
        }
    }

    /// The places of a run of rows and one of columns, row by row; or column by column, if there are few of these, as at an edge.
    ///
    /// # Safety
    /// The runs are of the places of `x` and, from the first one of `y` on, of `y`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn region<V: Lanes<T>>(&self, x: *const T, y: *mut T, rows: Run, cols: Run) {
        let (inputs, outputs) = const { (Sizes::<T, S, R, W, G>::INPUTS, Sizes::<T, S, R, W, G>::OUTPUTS) };
        // SAFETY: the caller's promise.
        unsafe {
            let x = x.add((rows.place * S::SIZE[1] + cols.place) * inputs);
            let y = y.add((rows.at * R::SIZE[1] + cols.at) * outputs);
            if const { Sizes::<T, S, R, W, G>::IS_EACH } {
                self.line::<V, false>(Taps { x, rows, cols }, y, rows.len * cols.len);
            } else if const { Sizes::<T, S, R, W, G>::HAS_EDGES } && cols.len < 4 && cols.len < rows.len {
                let [step, y_step] = const { Sizes::<T, S, R, W, G>::steps(false) };
                for at in 0..cols.len {
                    let taps = Taps { x: x.add(at * step), rows, cols };
                    self.line::<V, true>(taps, y.add(at * y_step), rows.len);
                }
            } else {
                let [step, y_step] = const { Sizes::<T, S, R, W, G>::steps(true) };
                for at in 0..rows.len {
                    let taps = Taps { x: x.add(at * step), rows, cols };
                    self.line::<V, false>(taps, y.add(at * y_step), cols.len);
                }
            }
        }
    }

    /// So many places of a row, or of a column if it goes `DOWN`.
    ///
    /// # Safety
    /// The taps meet places for all of them; `y` has as many.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn line<V: Lanes<T>, const DOWN: bool>(&self, taps: Taps<T>, y: *mut T, len: usize) {
        if const { Sizes::<T, S, R, W, G>::are_pairs::<V>() } {
            // SAFETY: the caller's promise.
            return unsafe {
                if DOWN { self.line::<V::Half, DOWN>(taps, y, len) } else { self.line_of_pairs::<V>(taps, y, len) }
            };
        }
        /// The number of places that suits the length; the others are not compiled.
        macro_rules! tiles {
            ($($M:literal)+) => {$(
                if const { Sizes::<T, S, R, W, G>::tile(V::LEN, DOWN, B::SIZE[0]) == $M } {
                    // SAFETY: the caller's promise.
                    return unsafe { self.tiles::<V, $M, DOWN>(taps, y, len) };
                }
            )+};
        }
        tiles!(1 2 3 4 5 6 7 8 9 10 11 12 13 14);
    }

    /// The same, `M` places at a time. What is left over is computed with some of those before it again: it would take as long alone.
    ///
    /// # Safety
    /// As [`line`](Self::line).
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn tiles<V: Lanes<T>, const M: usize, const DOWN: bool>(&self, taps: Taps<T>, y: *mut T, len: usize) {
        let [step, y_step] = const { Sizes::<T, S, R, W, G>::steps(DOWN) };
        let each = if len >= M { M } else { 1 };
        let mut at = 0;
        while at < len {
            let first = at.min(len - each);
            let taps = Taps { x: taps.x.wrapping_add(first * step), ..taps };
            let y = y.wrapping_add(first * y_step);
            // SAFETY: the caller's promise; so many places are from the first on.
            unsafe {
                if len >= M {
                    self.places::<V, M, DOWN>(taps, y);
                } else {
                    self.places::<V, 1, DOWN>(taps, y);
                }
            }
            at += each;
        }
    }

    /// `M` places, group by group.
    ///
    /// # Safety
    /// The taps meet places for all of them; `y` has as many.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn places<V: Lanes<T>, const M: usize, const DOWN: bool>(&self, taps: Taps<T>, y: *mut T) {
        let (of_inputs, columns) = const { (Sizes::<T, S, R, W, G>::OF_INPUTS, Sizes::<T, S, R, W, G>::COLUMNS) };
        let mut group = 0;
        while group * columns < const { Sizes::<T, S, R, W, G>::OUTPUTS } {
            let taps = Taps { x: taps.x.wrapping_add(group * of_inputs), ..taps };
            let mut at = 0;
            // SAFETY: the caller's promise; there are so many vectors of columns in a group.
            unsafe {
                while at + 2 <= const { Sizes::<T, S, R, W, G>::COLUMNS.div_ceil(V::LEN) } {
                    self.tile::<V, M, 2, DOWN>(taps, [group * columns, at], y);
                    at += 2;
                }
                if at < const { Sizes::<T, S, R, W, G>::COLUMNS.div_ceil(V::LEN) } {
                    self.tile::<V, M, 1, DOWN>(taps, [group * columns, at], y);
                }
            }
            group += 1;
        }
    }

    /// The `J` vectors of columns from vector `at` of a group on, of `M` places. The parts of few sums are computed side by side, as each
    /// waits for itself.
    ///
    /// # Safety
    /// As [`places`](Self::places); there are so many vectors.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn tile<V: Lanes<T>, const M: usize, const J: usize, const DOWN: bool>(
        &self,
        taps: Taps<T>,
        at: [usize; 2],
        y: *mut T,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            match const { if M * J <= 4 { Sizes::<T, S, R, W, G>::PARTS } else { 1 } } {
                4 => self.sums::<V, M, J, 4, DOWN>(taps, at, y),
                2 => self.sums::<V, M, J, 2, DOWN>(taps, at, y),
                _ => self.sums::<V, M, J, 1, DOWN>(taps, at, y),
            }
        }
    }

    /// The same, `P` parts at a time: their sums stay in registers.
    ///
    /// # Safety
    /// As [`tile`](Self::tile).
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn sums<V: Lanes<T>, const M: usize, const J: usize, const P: usize, const DOWN: bool>(
        &self,
        taps: Taps<T>,
        [start, at]: [usize; 2],
        y: *mut T,
    ) {
        let (outputs, inputs) = const { (Sizes::<T, S, R, W, G>::OUTPUTS, Sizes::<T, S, R, W, G>::OF_INPUTS) };
        let [step, y_step] = const { Sizes::<T, S, R, W, G>::steps(DOWN) };
        let column = at * V::LEN;
        let last = V::LEN.min(const { Sizes::<T, S, R, W, G>::COLUMNS } - (column + (J - 1) * V::LEN));
        let column = start + column;
        let mut total = [[V::splat(T::ZERO); J]; M];
        // SAFETY: rows of weights, biases and outputs have `outputs` numbers, of which those of the vectors from `column` on are
        // read and written, `last` of the last one; places have as many inputs as their shape says, and the caller promises
        // that the taps meet some.
        unsafe {
            let mut part = 0;
            while part < const { Sizes::<T, S, R, W, G>::PARTS } {
                let mut parts = [[[V::splat(T::ZERO); J]; M]; P];
                if !self.bias.is_empty() && part == 0 {
                    parts[0] = [vectors::<T, V, J>(self.bias.as_ptr().add(column), last); M];
                }
                for row in 0..taps.rows.taps {
                    for col in 0..taps.cols.taps {
                        let tap = (taps.cols.tap + col) * G::TAPS[0] + taps.rows.tap + row;
                        let weights: *const T = self.weights.as_ptr().add(tap).cast();
                        let weights = weights.add(column);
                        let x = taps.x.add(
                            row * const { Sizes::<T, S, R, W, G>::DOWN }
                                + col * const { Sizes::<T, S, R, W, G>::RIGHT },
                        );
                        if const { Sizes::<T, S, R, W, G>::IS_DEPTHWISE } {
                            let weights = vectors::<T, V, J>(weights, last);
                            for (m, sums) in parts[0].iter_mut().enumerate() {
                                let x = vectors::<T, V, J>(x.add(m * step + column), last);
                                for ((sum, x), weight) in sums.iter_mut().zip(x).zip(weights) {
                                    *sum = x.mul_add(weight, *sum);
                                }
                            }
                            continue;
                        }
                        let mut first = part;
                        while first < inputs {
                            for (input, sums) in (first..inputs).zip(&mut parts) {
                                let weights = vectors::<T, V, J>(weights.add(input * outputs), last);
                                for (m, sums) in sums.iter_mut().enumerate() {
                                    add(sums, V::splat(*x.add(m * step + input)), weights);
                                }
                            }
                            first += const { Sizes::<T, S, R, W, G>::PARTS };
                        }
                    }
                }
                for (at, sums) in parts.iter().enumerate() {
                    if part + at == 0 {
                        total = *sums;
                        continue;
                    }
                    for (total, sum) in total.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
                        *total = *total + *sum;
                    }
                }
                part += P;
            }
            for (m, total) in total.iter().enumerate() {
                for (j, vector) in total.iter().enumerate() {
                    let to = y.add(m * y_step + column + j * V::LEN);
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

/// Adds to the `gradient` by the weights, `Σ x[place · stride + tap · dilation - padding]ᵀ · dy[place]`, and sets `dx` to that by
/// the input, if it is wanted.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn backward<T: Scalar, K: Isa, S: Places, R: Places, W: Plain<T>, G: Window>(
    k: K,
    x: &[Row<T, S>],
    weights: &[W],
    dy: &[Row<T, R>],
    dx: Option<&mut [Row<T, S>]>,
    gradient: &mut [W],
) {
    const { Sizes::<T, S, R, W, G>::FITS };
    let taps = G::TAPS[0] * G::TAPS[1];
    assert!(weights.len() == taps && gradient.len() == taps);
    k.call(back::Backward::<T, S, R, W, G> { x, weights, dy, dx, gradient, window: PhantomData });
}

/// The transposed convolution: `y = bias + Σ x[place] · weights[tap]ᵀ` at `place · stride + tap · dilation - padding`, of a window that
/// slides over `y`. Tap by tap, in each region of places whose windows meet the same ones; of a tap the inputs in order.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn transposed<T: Scalar, K: Isa, S: Places, R: Places, W: Plain<T>, G: Window>(
    k: K,
    x: &[Row<T, S>],
    weights: &[W],
    bias: &[T],
    y: &mut [Row<T, R>],
) {
    const { Sizes::<T, R, S, W, G>::FITS };
    assert!(weights.len() == G::TAPS[0] * G::TAPS[1] && (bias.is_empty() || bias.len() == R::Channels::USIZE));
    k.call(back::Transposed::<T, R, S, W, G> { x, weights, bias, y, window: PhantomData });
}

#[cfg(test)]
mod tests;
