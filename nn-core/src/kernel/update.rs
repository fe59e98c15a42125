//! One pass over all parameters: the step of an optimiser, and the length of a gradient.
#![allow(unsafe_code)]

use super::isa::{InstructionSet, Isa, Task};
use super::lanes::{Lanes, sum_by_halves};
use super::scalar::Scalar;
use super::set::run;
use crate::number::arena::split_mut;

/// How parameters change, lane by lane.
pub trait Rule<T: Scalar, const N: usize>: Copy {
    /// The new values of a parameter, its gradient, and what is kept for it. That of the gradient is not written.
    fn apply<V: Lanes<T>>(self, values: [V; N]) -> [V; N];
}

/// The place of the gradient among the values of a rule.
const GRADIENT: usize = 1;

/// Applies a rule to each parameter: the parameters, their gradient, and what is kept for them, as far as all have numbers.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn update<T: Scalar, R: Rule<T, N>, const N: usize>(rule: R, values: [&mut [T]; N]) {
    run(Update { rule, values });
}

struct Update<'a, R, T, const N: usize> {
    rule: R,
    values: [&'a mut [T]; N],
}

impl<R: Rule<T, N>, T: Scalar, const N: usize> Task for Update<'_, R, T, N> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        const { assert!(N > GRADIENT, "parameters and their gradient") };
        let mut len = usize::MAX;
        for values in &self.values {
            len = len.min(values.len());
        }
        // SAFETY: every slice has `len` numbers, and is borrowed exclusively.
        unsafe { pass::<T, K::V<T>, R, N>(self.rule, self.values.map(<[T]>::as_mut_ptr), 0, len) }
    }
}

/// Applies a rule to the numbers from `at` to `len`, by vectors and then by shorter ones.
///
/// # Safety
/// All pointers are to `len` numbers that can be read and written, and that do not overlap.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn pass<T: Scalar, V: Lanes<T>, R: Rule<T, N>, const N: usize>(
    rule: R,
    pointers: [*mut T; N],
    mut at: usize,
    len: usize,
) {
    while at + V::LEN <= len {
        let mut values = [V::splat(T::ZERO); N];
        // SAFETY: there is a vector from `at` on.
        unsafe {
            for (value, from) in values.iter_mut().zip(pointers) {
                *value = V::read(from.add(at));
            }
            for (place, (value, to)) in rule.apply(values).into_iter().zip(pointers).enumerate() {
                if place != GRADIENT {
                    value.write(to.add(at));
                }
            }
        }
        at += V::LEN;
    }
    if const { V::LEN > 1 } && at < len {
        // SAFETY: the caller's promise.
        unsafe { pass::<T, V::Half, R, N>(rule, pointers, at, len) }
    }
}

/// In so many parts squares are summed, whatever the length of the vectors.
const SUMS: usize = 32;

/// The sum of the squares of numbers that come in several slices.
#[derive(Clone, Copy, Debug)]
pub struct Squares<T>([T; SUMS]);

impl<T: Scalar> Squares<T> {
    /// Of nothing.
    pub const ZERO: Self = Self([T::ZERO; SUMS]);

    /// Adds the squares of some numbers.
    pub fn add(&mut self, numbers: &[T]) {
        run(Add { sums: self, numbers });
    }

    /// All of them.
    pub fn total(&self) -> T {
        run(self)
    }
}

impl<T: Scalar> Task for &Squares<T> {
    type Output = T;

    /// In order on the portable set, and half to half by vectors of the others: in order, each addition waits for the one before it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) -> T {
        if const { matches!(K::SET, InstructionSet::Portable) || K::V::<T>::LEN == 1 } {
            let mut total = T::ZERO;
            for sum in &self.0 {
                total += *sum;
            }
            return total;
        }
        let mut sums = [K::V::<T>::splat(T::ZERO); SUMS];
        let (sums, _) = split_mut(&mut sums, const { SUMS / K::V::<T>::LEN });
        for (sum, chunk) in sums.iter_mut().zip(K::V::<T>::chunks(&self.0).0) {
            *sum = K::V::<T>::load(chunk);
        }
        sum_by_halves(sums)
    }
}

struct Add<'a, T> {
    sums: &'a mut Squares<T>,
    numbers: &'a [T],
}

impl<T: Scalar> Task for Add<'_, T> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        if const { K::IS_PLAIN } {
            for block in self.numbers.chunks(SUMS) {
                for (sum, x) in self.sums.0.iter_mut().zip(block) {
                    *sum += *x * *x;
                }
            }
            return;
        }
        let (blocks, rest) = self.numbers.as_chunks::<SUMS>();
        let mut sums = [K::V::<T>::splat(T::ZERO); SUMS];
        for (sum, chunk) in sums.iter_mut().zip(K::V::<T>::chunks(&self.sums.0).0) {
            *sum = K::V::<T>::load(chunk);
        }
        for block in blocks {
            for (sum, chunk) in sums.iter_mut().zip(K::V::<T>::chunks(block).0) {
                let x = K::V::<T>::load(chunk);
                *sum = x.mul_add(x, *sum);
            }
        }
        for (sum, chunk) in sums.into_iter().zip(K::V::<T>::chunks_mut(&mut self.sums.0).0) {
            sum.store(chunk);
        }
        for (sum, x) in self.sums.0.iter_mut().zip(rest) {
            *sum += *x * *x;
        }
    }
}
