//! Rows across lanes: a vector has one value of several rows, for networks whose layers are narrower than vectors.
//!
//! [`ROWS`] rows are turned, so that of each value those of all rows are side by side. A part works on them as it does
//! on rows if it takes value by value, and otherwise asks [`Isa::TURNED`]; the products of a dense layer are here. Their sums
//! have the order that [`Product`](super::jobs::Product) states, lane by lane.
#![allow(unsafe_code)]

mod backward;
mod entropy;

pub use backward::Slopes;
pub use entropy::{CLASSES, Entropies};

use super::isa::{Direct, InstructionSet, Isa, Task, sealed};
use super::jobs::Start;
use super::lanes::{Lanes, MOST_LANES, halves, sum_by_halves};
use super::product::{LONG, parts};
use super::scalar::Scalar;
use crate::number::Number;
use crate::number::arena::split_mut;
use crate::number::storage::Plain;

/// The rows that are turned together, on every instruction set: as many as the longest vector has lanes.
pub const ROWS: usize = MOST_LANES;

/// Whether a network of so many multiplications is faster with its rows turned.
///
/// What it saves are the lanes that narrow layers leave empty. A thousand rows took, of the time that they take otherwise
/// (Intel Xeon of 2023, November 2026):
///
/// | | 2-8-4-1 | 4-16-3 | 4-8-8-2 | 2-32-2 | 8-16-4 | 8-16-16-4 |
/// |---|---|---|---|---|---|---|
/// | multiplications | 52 | 112 | 112 | 128 | 192 | 448 |
/// | vectors of 16 | 0.56 | 0.42 | 0.48 | 0.20 | 0.73 | 0.81 |
/// | of 8 | 0.69 | 0.59 | 0.92 | 0.60 | 1.04 | 1.14 |
/// | of 4 | 0.98 | 0.62 | 0.94 | 0.89 | 0.97 | 0.93 |
///
/// Fewer rows than a tile take as long as one: of the last network four would take almost twice as long as otherwise.
pub const fn pays<K: Isa>(multiplications: usize) -> bool {
    multiplications
        <= match K::F32::LEN {
            16 => 256,
            8 => 128,
            _ => 0,
        }
}

/// Whether a network of so many multiplications, which runs turned, learns faster so: 2-8-4-1 in two thirds of the time, 5-12-12-3
/// in 0.6, but 8-16-16-4 in 1.2 times as much (Intel Xeon of 2023, November 2026). On the portable set gradients are summed row by
/// row, as everywhere.
pub const fn learns<K: Isa>(turns: bool, multiplications: usize) -> bool {
    turns && !K::IS_PLAIN && !matches!(K::SET, InstructionSet::Portable) && multiplications <= 256
}

/// The token of an instruction set for parts that find their rows turned.
#[derive(Clone, Copy, Debug)]
pub struct Turned<K>(pub K);

impl<K: Isa> sealed::Sealed for Turned<K> {}

impl<K: Isa> Isa for Turned<K> {
    type V<T: Scalar> = K::V<T>;
    type F32 = K::F32;
    const SET: InstructionSet = K::SET;
    const IS_PLAIN: bool = K::IS_PLAIN;
    const TURNED: bool = true;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn call<W: Task>(self, task: W) -> W::Output {
        self.0.call(task)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn call_direct<W: Direct>(self, a: W::A, b: W::B, c: W::C) {
        self.0.call_direct::<W>(a, b, c);
    }
}

/// [`ROWS`] rows as columns: of each value, those of all rows side by side.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn to_columns<K: Isa, T: Number, R: Plain<T>>(rows: &[R; ROWS], columns: &mut [T]) {
    debug_assert_eq!(columns.len(), ROWS * R::LEN);
    if const { R::LEN >= 4 && size_of::<T>() == size_of::<f32>() } && columns.len() >= ROWS * R::LEN {
        // SAFETY: of the types that are numbers `f32` is the one of four bytes.
        return unsafe { columns_of::<K::F32>(rows.as_ptr().cast(), R::LEN, columns.as_mut_ptr().cast()) };
    }
    let rows = rows.values();
    for (at, column) in columns.as_chunks_mut().0.iter_mut().enumerate() {
        // All are read before any is written, so that the compiler may do both by vectors.
        let mut numbers = [T::ZERO; ROWS];
        for (row, number) in numbers.iter_mut().enumerate() {
            *number = rows.get(row * R::LEN + at).copied().unwrap_or(T::ZERO);
        }
        *column = numbers;
    }
}

/// [`to_columns`] of rows of four numbers or more, four at a time. The last four overlap with those before them.
///
/// # Safety
/// [`ROWS`] rows of `width` numbers can be read, and as many columns written.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn columns_of<V: Lanes<f32>>(rows: *const f32, width: usize, columns: *mut f32) {
    for at in (0..width).step_by(4) {
        let at = at.min(width - 4);
        for row in (0..ROWS).step_by(V::LEN) {
            // SAFETY: the caller's promise; there are four numbers from `at` on.
            unsafe {
                for (column, numbers) in V::read_columns(rows.add(row * width + at), width).into_iter().enumerate() {
                    numbers.write(columns.add((at + column) * ROWS + row));
                }
            }
        }
    }
}

/// [`to_rows`] of rows of four numbers or more, as [`columns_of`] the other way round.
///
/// # Safety
/// [`ROWS`] rows of `width` numbers can be written, and as many columns read.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn rows_of<V: Lanes<f32>>(columns: *const f32, width: usize, rows: *mut f32) {
    for at in (0..width).step_by(4) {
        let at = at.min(width - 4);
        for row in (0..ROWS).step_by(V::LEN) {
            let mut numbers = [V::splat(0.0); 4];
            // SAFETY: the caller's promise; there are four numbers from `at` on.
            unsafe {
                for (column, numbers) in numbers.iter_mut().enumerate() {
                    *numbers = V::read(columns.add((at + column) * ROWS + row));
                }
                V::write_columns(numbers, rows.add(row * width + at), width);
            }
        }
    }
}

/// [`ROWS`] rows from their columns, one column after the other: as they were written, they are read at once.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn to_rows<K: Isa, T: Number, R: Plain<T>>(columns: &[T], rows: &mut [R; ROWS]) {
    debug_assert_eq!(columns.len(), ROWS * R::LEN);
    if const { R::LEN >= 4 && size_of::<T>() == size_of::<f32>() } && columns.len() >= ROWS * R::LEN {
        // SAFETY: of the types that are numbers `f32` is the one of four bytes.
        return unsafe { rows_of::<K::F32>(columns.as_ptr().cast(), R::LEN, rows.as_mut_ptr().cast()) };
    }
    let rows = rows.values_mut();
    for (at, column) in columns.as_chunks::<ROWS>().0.iter().enumerate() {
        for (row, number) in column.iter().enumerate() {
            if let Some(to) = rows.get_mut(row * R::LEN + at) {
                *to = *number;
            }
        }
    }
}

/// The sum of a number of each row, half to half.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sum<K: Isa, T: Scalar>(numbers: &[T; ROWS]) -> T {
    let mut vectors = [K::V::<T>::splat(T::ZERO); ROWS];
    let (vectors, _) = split_mut(&mut vectors, const { ROWS / K::V::<T>::LEN });
    for (vector, chunk) in vectors.iter_mut().zip(K::V::<T>::chunks(numbers).0) {
        *vector = K::V::<T>::load(chunk);
    }
    sum_by_halves(vectors)
}

/// `y = start + x · weights`, for tiles of [`ROWS`] rows of `X` and `Y`, both turned.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<T: Scalar, V: Lanes<T>, X: Plain<T>, W: Plain<T>, Y: Plain<T>>(
    x: &[X],
    weights: &W,
    start: Start<T>,
    y: &mut [Y],
) {
    const { assert!(W::LEN == X::LEN * Y::LEN && ROWS.is_multiple_of(V::LEN)) };
    debug_assert!(x.len() == y.len() && x.len().is_multiple_of(ROWS));
    for (x, y) in x.chunks_exact(ROWS).zip(y.chunks_exact_mut(ROWS)) {
        let columns = Columns {
            x: x.as_ptr().cast(),
            terms: X::LEN,
            weights: (&raw const *weights).cast(),
            width: Y::LEN,
            start,
            y: y.as_mut_ptr().cast(),
        };
        // SAFETY: the matrices have the lengths of their types and as many rows as vectors of a value have lanes; `y` is
        // borrowed exclusively.
        unsafe {
            match const { V::LEN } {
                16 => columns.forward::<V, 1, Y>(),
                8 => columns.forward::<V, 2, Y>(),
                4 => columns.forward::<V, 4, Y>(),
                _ => columns.forward::<V, ROWS, Y>(),
            }
        }
    }
}

/// A dense layer of turned rows in memory. Of each value there are `J` vectors.
struct Columns<T> {
    /// The inputs, `terms` times [`ROWS`].
    x: *const T,
    terms: usize,
    /// `terms` times `width`.
    weights: *const T,
    width: usize,
    start: Start<T>,
    /// The outputs, `width` times [`ROWS`].
    y: *mut T,
}

impl<T: Scalar> Columns<T> {
    /// All columns, as many at a time as there are registers for their sums.
    ///
    /// # Safety
    /// All can be read, and `y` written, which overlaps with none of them; `J` vectors are [`ROWS`] numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn forward<V: Lanes<T>, const J: usize, Y: Plain<T>>(&self) {
        // SAFETY: the caller's promise; there are so many columns from `at` on.
        unsafe {
            if const { Y::LEN == 1 } && self.terms >= LONG {
                return self.dot::<V, J>();
            }
            let mut at = 0;
            while const { J == 1 } && at + 8 <= Y::LEN {
                self.block::<V, J, 8>(at);
                at += 8;
            }
            while const { J == 1 } && at + 4 <= Y::LEN {
                self.block::<V, J, 4>(at);
                at += 4;
            }
            while const { J <= 2 } && at + 2 <= Y::LEN {
                self.block::<V, J, 2>(at);
                at += 2;
            }
            while at < Y::LEN {
                self.block::<V, J, 1>(at);
                at += 1;
            }
        }
    }

    /// The `O` columns from `at` on.
    ///
    /// # Safety
    /// As [`forward`](Self::forward); there are so many columns.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn block<V: Lanes<T>, const J: usize, const O: usize>(&self, at: usize) {
        let parts = parts(self.terms, self.width);
        let mut total = [[V::splat(T::ZERO); J]; O];
        // SAFETY: the caller's promise.
        unsafe {
            for part in 0..parts {
                let mut sums = [[V::splat(T::ZERO); J]; O];
                if let (Start::Row(start), 0) = (self.start, part) {
                    for (o, sums) in sums.iter_mut().enumerate() {
                        *sums = [V::splat(*start.add(at + o)); J];
                    }
                }
                let mut k = part;
                while k < self.terms {
                    let x = vectors::<T, V, J>(self.x.add(k * ROWS));
                    for (o, sums) in sums.iter_mut().enumerate() {
                        let weight = V::splat(*self.weights.add(k * self.width + at + o));
                        for (sum, x) in sums.iter_mut().zip(x) {
                            *sum = x.mul_add(weight, *sum);
                        }
                    }
                    k += parts;
                }
                for (total, sum) in total.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
                    *total = if part == 0 { *sum } else { *total + *sum };
                }
            }
            for (j, total) in total.as_flattened().iter().enumerate() {
                total.write(self.y.add(at * ROWS + j * V::LEN));
            }
        }
    }

    /// The only column, of many terms, in sixteen parts.
    ///
    /// # Safety
    /// As [`forward`](Self::forward); there is one column.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn dot<V: Lanes<T>, const J: usize>(&self) {
        let whole = self.terms / LONG * LONG;
        for j in 0..J {
            // SAFETY: the caller's promise.
            unsafe {
                let x = self.x.add(j * V::LEN);
                let term = |k: usize, sum: V| V::read(x.add(k * ROWS)).mul_add(V::splat(*self.weights.add(k)), sum);
                let mut sums = [V::splat(T::ZERO); LONG];
                for k in 0..whole {
                    let sum = &mut sums[k % LONG];
                    *sum = term(k, *sum);
                }
                let mut sum = halves(&mut sums);
                for k in whole..self.terms {
                    sum = term(k, sum);
                }
                if let Start::Row(start) = self.start {
                    sum = sum + V::splat(*start);
                }
                sum.write(self.y.add(j * V::LEN));
            }
        }
    }
}

/// The `J` vectors of a value.
///
/// # Safety
/// They can be read.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn vectors<T: Scalar, V: Lanes<T>, const J: usize>(at: *const T) -> [V; J] {
    let mut vectors = [V::splat(T::ZERO); J];
    for (j, vector) in vectors.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        *vector = unsafe { V::read(at.add(j * V::LEN)) };
    }
    vectors
}

#[cfg(test)]
mod tests;
