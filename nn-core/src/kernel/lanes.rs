//! What a vector of numbers can do.
#![allow(unsafe_code)]

use super::scalar::Scalar;
use crate::number::arena::{split, split_mut};
use core::ops::{Add, Div, Mul, Neg, Sub};

/// The kernels rely on it that a vector is its lanes and nothing else, so that nobody else may make one.
pub(super) mod sealed {
    pub trait Sealed {}
}

/// No vector has more lanes, and every number of lanes divides it.
pub const MOST_LANES: usize = 16;

/// A vector of [`LEN`](Self::LEN) numbers, computed with lane by lane.
///
/// An [activation](crate::activation::Activation) is written once for any `V: Lanes<T>`:
///
/// ```
/// use nn_core::activation::Lanes;
/// use nn_core::scalar::Scalar;
///
/// fn square_plus_one<T: Scalar, V: Lanes<T>>(x: V) -> V {
///     x * x + V::splat(T::ONE)
/// }
/// # use nn_core::kernel::One;
/// # assert_eq!(square_plus_one(One(3.0_f32)).0, 10.0);
/// ```
///
/// In a network with `#[approximate]`, `exp`, `sigmoid`, `tanh` and `gelu` are
/// [approximations](crate::activation::Approximate).
pub trait Lanes<T: Scalar>:
    sealed::Sealed
    + Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The vector in memory, an array of [`LEN`](Self::LEN) numbers.
    type Chunk;
    /// The next shorter vector, for what is left; that of one number is the last, and its own half.
    type Half: Lanes<T>;
    /// The same vector, whose functions are approximations, if there are any of this number type.
    #[doc(hidden)]
    type Fast: Lanes<T>;
    /// How many numbers the vector has.
    const LEN: usize;

    /// `x` in every lane.
    fn splat(x: T) -> Self;
    /// Reads a vector.
    fn load(chunk: &Self::Chunk) -> Self;
    /// Writes a vector.
    fn store(self, chunk: &mut Self::Chunk);
    /// Reads a vector.
    ///
    /// # Safety
    /// [`LEN`](Self::LEN) numbers can be read from `at` on.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read(at: *const T) -> Self {
        // SAFETY: the caller's promise; a chunk is an array of so many numbers.
        Self::load(unsafe { &*at.cast() })
    }
    /// Reads four numbers, each to all lanes of a vector of its own.
    ///
    /// # Safety
    /// They can be read from `at` on.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read_four(at: *const T) -> [Self; 4] {
        // SAFETY: the caller's promise.
        let [a, b, c, d] = unsafe { at.cast::<[T; 4]>().read() };
        [Self::splat(a), Self::splat(b), Self::splat(c), Self::splat(d)]
    }
    /// Reads four numbers of each of [`LEN`](Self::LEN) rows, which are `step` apart: of each number a vector of all rows.
    ///
    /// # Safety
    /// They can be read from `at` on.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read_columns(at: *const T, step: usize) -> [Self; 4] {
        let mut columns = [Self::splat(T::ZERO); 4];
        for (number, column) in columns.iter_mut().enumerate() {
            let mut lanes = [T::ZERO; MOST_LANES];
            for (row, lane) in lanes.iter_mut().take(Self::LEN).enumerate() {
                // SAFETY: the caller's promise.
                *lane = unsafe { *at.add(row * step + number) };
            }
            *column = Self::load_first(&lanes, *column);
        }
        columns
    }
    /// Writes four numbers of each of [`LEN`](Self::LEN) rows, which are `step` apart, from a vector of each number.
    ///
    /// # Safety
    /// They can be written from `at` on.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn write_columns(columns: [Self; 4], at: *mut T, step: usize) {
        for (number, column) in columns.into_iter().enumerate() {
            let mut lanes = [T::ZERO; MOST_LANES];
            column.store_first(&mut lanes);
            for (row, lane) in lanes.iter().take(Self::LEN).enumerate() {
                // SAFETY: the caller's promise.
                unsafe { *at.add(row * step + number) = *lane };
            }
        }
    }
    /// Whether [`read_two`](Self::read_two) and the two after it are few instructions.
    #[doc(hidden)]
    const HAS_TURNS: bool = false;
    /// Reads two numbers, to the lanes by turns.
    ///
    /// # Safety
    /// They can be read from `at` on.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read_two(at: *const T) -> Self {
        // SAFETY: the caller's promise.
        let two = unsafe { at.cast::<[T; 2]>().read() };
        Self::load_first([two; MOST_LANES / 2].as_flattened(), Self::splat(T::ZERO))
    }
    /// Reads `count` numbers, each to two lanes; the other lanes are of no meaning.
    ///
    /// # Safety
    /// They can be read from `at` on, and there are twice as many lanes.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read_twice(at: *const T, count: usize) -> Self {
        let mut lanes = [[T::ZERO; 2]; MOST_LANES / 2];
        for (place, lanes) in lanes.iter_mut().take(count).enumerate() {
            // SAFETY: the caller's promise.
            *lanes = [unsafe { *at.add(place) }; 2];
        }
        Self::load_first(lanes.as_flattened(), Self::splat(T::ZERO))
    }
    /// Writes `count` lanes of even number, and then as many of odd number.
    ///
    /// # Safety
    /// Twice as many numbers can be written from `at` on, and there are as many lanes.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn write_by_turns(self, at: *mut T, count: usize) {
        let mut lanes = [[T::ZERO; 2]; MOST_LANES / 2];
        self.store_first(lanes.as_flattened_mut());
        for (place, [even, odd]) in lanes.iter().take(count).enumerate() {
            // SAFETY: the caller's promise.
            unsafe { (*at.add(place), *at.add(count + place)) = (*even, *odd) };
        }
    }
    /// One row of two to four columns in four parts, where a vector has lanes for all of them: four terms at a time, each in
    /// lanes of its own, and then their sums, in order. The rows of `b` follow one another. `sizes` are terms, a multiple of four,
    /// and columns.
    ///
    /// # Safety
    /// So many numbers can be read from `a`, `b` and `start` on.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn quads(_a: *const T, _b: *const T, _start: Option<*const T>, _sizes: [usize; 2]) -> Option<[T; 4]> {
        None
    }
    /// Reads the first `count` lanes; the others are those of `others`.
    ///
    /// # Safety
    /// `count` numbers can be read from `at` on, and there are as many lanes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read_first(at: *const T, count: usize, others: Self) -> Self {
        let mut lanes = others;
        // SAFETY: the caller's promise; a vector is its lanes, in order.
        unsafe { core::ptr::copy_nonoverlapping(at, (&raw mut lanes).cast(), count) };
        lanes
    }
    /// Writes the first `count` lanes.
    ///
    /// # Safety
    /// `count` numbers can be written from `at` on, and there are as many lanes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn write_first(self, at: *mut T, count: usize) {
        // SAFETY: the caller's promise; a vector is its lanes, in order.
        unsafe { core::ptr::copy_nonoverlapping((&raw const self).cast(), at, count) };
    }
    /// Reads the last `count` lanes; the others are 0.
    ///
    /// # Safety
    /// `count` numbers can be read from `at` on, and there are as many lanes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn read_last(at: *const T, count: usize) -> Self {
        let mut lanes = Self::splat(T::ZERO);
        let to = (&raw mut lanes).cast::<T>().wrapping_add(Self::LEN - count);
        // SAFETY: the caller's promise; a vector is its lanes, in order.
        unsafe { core::ptr::copy_nonoverlapping(at, to, count) };
        lanes
    }
    /// Writes the last `count` lanes.
    ///
    /// # Safety
    /// `count` numbers can be written from `at` on, and there are as many lanes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn write_last(self, at: *mut T, count: usize) {
        let from = (&raw const self).cast::<T>().wrapping_add(Self::LEN - count);
        // SAFETY: the caller's promise; a vector is its lanes, in order.
        unsafe { core::ptr::copy_nonoverlapping(from, at, count) };
    }
    /// Reads as many lanes as there are numbers; the others are those of `others`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn load_first(numbers: &[T], others: Self) -> Self {
        // SAFETY: a slice can be read.
        unsafe { Self::read_first(numbers.as_ptr(), numbers.len().min(Self::LEN), others) }
    }
    /// Writes as many lanes as there are numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn store_first(self, numbers: &mut [T]) {
        // SAFETY: a slice can be written.
        unsafe { self.write_first(numbers.as_mut_ptr(), numbers.len().min(Self::LEN)) }
    }
    /// Writes a vector.
    ///
    /// # Safety
    /// [`LEN`](Self::LEN) numbers can be written from `at` on.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn write(self, at: *mut T) {
        // SAFETY: the caller's promise; a chunk is an array of so many numbers.
        self.store(unsafe { &mut *at.cast() });
    }
    /// Numbers as vectors, and what is left at the end.
    fn chunks(numbers: &[T]) -> (&[Self::Chunk], &[T]);
    /// Numbers as vectors to be changed, and what is left at the end.
    fn chunks_mut(numbers: &mut [T]) -> (&mut [Self::Chunk], &mut [T]);

    /// Replaces as many numbers as it can by the larger of each and 0, the first ones, and says how many.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rectify(_numbers: &mut [T]) -> usize {
        0
    }
    /// `self * by + plus`, fused where the instruction set says so.
    fn mul_add(self, by: Self, plus: Self) -> Self;
    /// The larger; `other` if either is NaN. Put a constant first, and a NaN stays one.
    fn max(self, other: Self) -> Self;
    /// The smaller; `other` if either is NaN. Put a constant first, and a NaN stays one.
    fn min(self, other: Self) -> Self;
    /// The larger, or that which is NaN; `self` if they are equal, `later` if both are NaN.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn largest(self, later: Self) -> Self {
        (later.abs() + Self::splat(T::ONE)).if_positive(later.max(self), later)
    }
    /// `yes` where the lane is above zero, `no` where it is not or is NaN.
    fn if_positive(self, yes: Self, no: Self) -> Self;
    /// The magnitude.
    fn abs(self) -> Self;
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// The sum of the lanes, the first half added to the second until one is left: `(0 + 2) + (1 + 3)`.
    fn sum(self) -> T;
    /// The [`sum`](Self::sum) of each of four vectors.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sums(four: [Self; 4]) -> [T; 4] {
        four.map(Self::sum)
    }
    /// e to the power of each lane.
    fn exp(self) -> Self;
    /// The logistic function.
    fn sigmoid(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// Any function, number by number.
    fn map(self, f: impl Fn(T) -> T) -> Self;

    /// `exp(x) - 1`, precise near zero.
    #[inline]
    fn exp_m1(self) -> Self {
        self.map(T::exp_m1)
    }
    /// `ln(1 + x)`, precise near zero.
    #[inline]
    fn ln_1p(self) -> Self {
        self.map(T::ln_1p)
    }
    /// The natural logarithm of a positive number that is neither subnormal nor infinite. NaN stays NaN.
    #[doc(hidden)]
    #[inline]
    fn ln_normal(self) -> Self {
        self.map(T::ln)
    }
    /// `exp(self - largest)` of a number that is not above the largest: no more than 1.
    #[doc(hidden)]
    #[inline]
    fn exp_of_difference(self, largest: Self) -> Self {
        (self - largest).exp()
    }
    /// `x · Φ(x)`, Φ being the normal distribution function.
    #[inline]
    fn gelu(self) -> Self {
        self.map(T::gelu)
    }
    /// The slope of [`gelu`](Self::gelu).
    #[inline]
    fn gelu_slope(self) -> Self {
        self.map(T::gelu_slope)
    }
    /// Replaces sixteen numbers, as the lanes of vectors or the first of them, by `exp(x_i) / Σ exp(x_j)`, where what is
    /// minus infinity counts as nothing. Returns the largest, and the sum of `exp(x_j - largest)`.
    #[doc(hidden)]
    fn softmax_of_lanes(lanes: &mut [Self]) -> [T; 2];
    /// Replaces a row of numbers by `exp(x_i) / Σ exp(x_j)`. Returns the largest, and the sum of `exp(x_j - largest)`.
    fn softmax(row: &mut [T]) -> [T; 2];
    /// The error function.
    #[inline]
    fn erf(self) -> Self {
        self.map(T::erf)
    }
}

/// The sum of the lanes of as many vectors as a power of two: the first half added to the second until one number is left.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sum_by_halves<T: Scalar, V: Lanes<T>>(vectors: &mut [V]) -> T {
    halves(vectors).sum()
}

/// [`sum_by_halves`] as far as one vector.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn halves<T: Scalar, V: Lanes<T>>(mut vectors: &mut [V]) -> V {
    while vectors.len() > 1 {
        let half = vectors.len() / 2;
        let (low, high) = split_mut(vectors, half);
        for (low, high) in low.iter_mut().zip(high) {
            *low = *low + *high;
        }
        vectors = low;
    }
    vectors.first().copied().unwrap_or(V::splat(T::ZERO))
}

/// A vector that is 1 in the first `count` lanes and 0 in the others.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn first_lanes<T: Scalar, V: Lanes<T>>(count: usize) -> V {
    V::load_first(split(&[T::ONE; MOST_LANES], count).0, V::splat(T::ZERO))
}

#[cfg(test)]
mod tests;
