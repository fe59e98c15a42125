//! A function of the numbers that lie at the same place of several slices.
#![allow(unsafe_code)]

use super::lanes::Lanes;
use super::scalar::Scalar;

/// A function of `R` numbers that are read and `W` that are changed, lane by lane.
pub trait Lanewise<T: Scalar, const R: usize, const W: usize>: Copy {
    /// The new values of those that are changed.
    fn apply<V: Lanes<T>>(self, read: [V; R], values: [V; W]) -> [V; W];
}

/// The numbers, with 0 in place of those that are subnormal. What a stream remembers would decay to the last of them and stay
/// there for ever, as nine tenths of four units are rounded to four, and processors take up to a hundred times as long for them.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn flush<T: Scalar, V: Lanes<T>>(x: V) -> V {
    // So large that no difference is subnormal itself; each is exact.
    let scale = T::from_f64(18_446_744_073_709_551_616.0);
    let is_subnormal = x.abs().mul_add(V::splat(-scale), V::splat(T::LEAST * scale));
    is_subnormal.if_positive(V::splat(T::ZERO), x)
}

/// Changes the numbers at each place, as far as all slices have them.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn lanewise<T: Scalar, V: Lanes<T>, F: Lanewise<T, R, W>, const R: usize, const W: usize>(
    f: F,
    read: [&[T]; R],
    values: [&mut [T]; W],
) {
    let mut len = usize::MAX;
    for slice in &read {
        len = len.min(slice.len());
    }
    for slice in &values {
        len = len.min(slice.len());
    }
    // SAFETY: every slice has `len` numbers; those that are written are borrowed exclusively.
    unsafe { pass::<T, V, F, R, W>(f, read.map(<[T]>::as_ptr), values.map(<[T]>::as_mut_ptr), 0, len) }
}

/// The numbers from `at` to `len`, by vectors and then by shorter ones.
///
/// # Safety
/// All pointers are to `len` numbers, the second ones to such as can be written and do not overlap with others.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn pass<T: Scalar, V: Lanes<T>, F: Lanewise<T, R, W>, const R: usize, const W: usize>(
    f: F,
    read: [*const T; R],
    values: [*mut T; W],
    mut at: usize,
    len: usize,
) {
    while at + V::LEN <= len {
        let (mut old, mut now) = ([V::splat(T::ZERO); R], [V::splat(T::ZERO); W]);
        // SAFETY: there is a vector from `at` on.
        unsafe {
            for (value, from) in old.iter_mut().zip(read) {
                *value = V::read(from.add(at));
            }
            for (value, from) in now.iter_mut().zip(values) {
                *value = V::read(from.add(at));
            }
            for (value, to) in f.apply(old, now).into_iter().zip(values) {
                value.write(to.add(at));
            }
        }
        at += V::LEN;
    }
    if const { V::LEN > 1 } && at < len {
        // SAFETY: the caller's promise.
        unsafe { pass::<T, V::Half, F, R, W>(f, read, values, at, len) }
    }
}
