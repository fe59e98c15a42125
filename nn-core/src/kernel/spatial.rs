//! The passes of a convolution over the places of a signal or an image.
//!
//! Weights are stored `weights[tap][input][output]`, column by column of taps; of a convolution in groups `input` is one of the
//! group's, and `output` any. Taps that meet no place are left out, so that nothing is copied for the padding.
#![allow(unsafe_code)]

mod back;
mod pairs;

use super::isa::{Isa, Task};
use super::lanes::{Lanes, MOST_LANES};
use super::product::{add, parts};
use super::scalar::Scalar;
use super::sliding::{Axis, Run, Window};
use crate::number::shape::{Places, Row};
use crate::number::storage::Plain;
use core::marker::PhantomData;
use typenum::Unsigned;

/// What the sizes of a convolution follow from: its input, its output, the weights of a tap, the window.
struct Sizes<T, S, R, W, G>(PhantomData<(T, S, R, W, G)>);

impl<T, S: Places, R: Places, W: Plain<T>, G: Window> Sizes<T, S, R, W, G> {
    /// Channels in and out.
    const INPUTS: usize = S::Channels::USIZE;
    const OUTPUTS: usize = R::Channels::USIZE;
    /// Those of one group.
    const OF_INPUTS: usize = W::LEN / Self::OUTPUTS;
    const GROUPS: usize = Self::INPUTS / Self::OF_INPUTS;
    const OF_OUTPUTS: usize = Self::OUTPUTS / Self::GROUPS;
    /// Whether each channel is for itself, so that a vector is of several groups.
    const IS_DEPTHWISE: bool = Self::OF_INPUTS == 1 && Self::OF_OUTPUTS == 1;
    /// Columns that are computed together, and in how many parts their sums.
    const COLUMNS: usize = if Self::IS_DEPTHWISE { Self::OUTPUTS } else { Self::OF_OUTPUTS };
    const PARTS: usize = if Self::IS_DEPTHWISE { 1 } else { parts(Self::OF_INPUTS, Self::OF_OUTPUTS) };
    /// The rows and the columns of places.
    const ROWS: Axis = Axis::of::<G>(0, S::SIZE, R::SIZE);
    const COLS: Axis = Axis::of::<G>(1, S::SIZE, R::SIZE);
    /// Numbers from a tap to the next, down and to the right.
    const DOWN: usize = G::DILATION[0] * S::SIZE[1] * Self::INPUTS;
    const RIGHT: usize = G::DILATION[1] * Self::INPUTS;

    /// Whether windows at an edge meet fewer taps.
    const HAS_EDGES: bool = match Self::COLS.run(0) {
        Some(run) => run.len < R::SIZE[1],
        None => false,
    };

    /// Whether each place makes one, so that the rows are as one.
    const IS_EACH: bool =
        matches!((G::TAPS, G::STRIDE), ([1, 1], [1, 1])) && S::SIZE[0] == R::SIZE[0] && S::SIZE[1] == R::SIZE[1];

    /// How many places of a row, or of a column if it goes down, are computed together: as many as there are registers for, and then as few as
    /// take no longer, so that little is computed again.
    const fn tile(lanes: usize, down: bool) -> usize {
        let most = Self::most(lanes, if Self::COLUMNS > lanes { 2 } else { 1 });
        let len = match down {
            _ if Self::IS_EACH => R::SIZE[0] * R::SIZE[1],
            true => longest(Self::ROWS),
            false => longest(Self::COLS),
        };
        len.div_ceil(len.div_ceil(most))
    }

    /// The most places, of so many vectors each. Sixteen registers hold the sums of twelve vectors, with what they are made of, and thirty-two
    /// of twenty-four.
    const fn most(lanes: usize, vectors: usize) -> usize {
        match (lanes == MOST_LANES, vectors) {
            (true, 1) => 14,
            (true, _) | (false, 1) => 12,
            (false, _) => 6,
        }
    }

    /// Numbers from a place to the next, of the input and of the output: down, or to the right.
    const fn steps(down: bool) -> [usize; 2] {
        let (across, y_across) = (S::SIZE[1] * Self::INPUTS, R::SIZE[1] * Self::OUTPUTS);
        if down { [G::STRIDE[0] * across, y_across] } else { [G::STRIDE[1] * Self::INPUTS, Self::OUTPUTS] }
    }

    /// That the groups divide the channels, and that the blocks are as long as their shapes say.
    const FITS: () = {
        assert!(Self::OF_INPUTS > 0 && Self::INPUTS == Self::GROUPS * Self::OF_INPUTS, "groups divide the inputs");
        assert!(Self::OUTPUTS == Self::GROUPS * Self::OF_OUTPUTS, "groups divide the outputs");
        assert!(S::LEN == S::SIZE[0] * S::SIZE[1] * Self::INPUTS, "an input is its places");
        assert!(R::LEN == R::SIZE[0] * R::SIZE[1] * Self::OUTPUTS, "an output is its places");
    };
}

/// The most outputs side by side that meet the same taps.
const fn longest(axis: Axis) -> usize {
    let (mut at, mut longest) = (0, 1);
    while let Some(run) = axis.run(at) {
        longest = if run.len > longest { run.len } else { longest };
        at += run.len;
    }
    longest
}

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
    fn run<K: Isa>(mut self, _k: K) {
        self.compute::<K::V<T>>();
    }
}

/// The input under the first tap, the taps that meet places, and where they begin.
#[derive(Clone, Copy)]
struct Taps<T> {
    x: *const T,
    rows: Run,
    cols: Run,
}

impl<T: Scalar, S: Places, R: Places, W: Plain<T>, G: Window> Forward<'_, T, S, R, W, G> {
    /// All rows, in the shortest vectors that have lanes for all columns.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<V: Lanes<T>>(&mut self) {
        type Of<T, S, R, W, G> = Sizes<T, S, R, W, G>;
        let columns = const { Of::<T, S, R, W, G>::COLUMNS };
        let are_pairs = const { Of::<T, S, R, W, G>::are_pairs::<V>() };
        if const { V::LEN > 1 && <V::Half as Lanes<T>>::LEN > 1 } && columns <= V::LEN / 2 && !are_pairs {
            return self.compute::<V::Half>();
        }
        for row in 0..self.x.len().min(self.y.len()) {
            let x: *const T = self.x.as_ptr().wrapping_add(row).cast();
            let y: *mut T = self.y.as_mut_ptr().wrapping_add(row).cast();
            let mut rows_at = 0;
            while let Some(rows) = Of::<T, S, R, W, G>::ROWS.run(rows_at) {
                let mut cols_at = 0;
                while let Some(cols) = Of::<T, S, R, W, G>::COLS.run(cols_at) {
                    // SAFETY: the rows are those of both slices, and runs are of places that their shapes have.
                    unsafe { self.region::<V>(x, y, rows, cols) };
                    cols_at += cols.len;
                }
                rows_at += rows.len;
            }
        }
    }

    /// The places of a run of rows and one of columns, row by row; or column by column, if there are few of these, as at an edge.
    ///
    /// # Safety
    /// The runs are of the places of `x` and `y`.
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
                if const { Sizes::<T, S, R, W, G>::tile(V::LEN, DOWN) == $M } {
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
        let each = if len >= M {
            M
        } else if len >= 4 {
            4
        } else {
            1
        };
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

    /// The `J` vectors of columns from vector `at` of a group on, of `M` places: their sums stay in registers.
    ///
    /// # Safety
    /// As [`places`](Self::places); there are so many vectors.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn tile<V: Lanes<T>, const M: usize, const J: usize, const DOWN: bool>(
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
            for part in 0..const { Sizes::<T, S, R, W, G>::PARTS } {
                let mut sums = [[V::splat(T::ZERO); J]; M];
                if !self.bias.is_empty() && part == 0 {
                    sums = [vectors::<T, V, J>(self.bias.as_ptr().add(column), last); M];
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
                            for (m, sums) in sums.iter_mut().enumerate() {
                                let x = vectors::<T, V, J>(x.add(m * step + column), last);
                                for ((sum, x), weight) in sums.iter_mut().zip(x).zip(weights) {
                                    *sum = x.mul_add(weight, *sum);
                                }
                            }
                            continue;
                        }
                        let mut input = part;
                        while input < inputs {
                            let weights = vectors::<T, V, J>(weights.add(input * outputs), last);
                            for (m, sums) in sums.iter_mut().enumerate() {
                                add(sums, V::splat(*x.add(m * step + input)), weights);
                            }
                            input += const { Sizes::<T, S, R, W, G>::PARTS };
                        }
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

#[cfg(test)]
mod tests;
