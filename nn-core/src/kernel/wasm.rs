//! The vectors of WebAssembly, for modules that are compiled for them (`-C target-feature=+simd128`).
//!
//! **Why this is sound.** The intrinsics of a vector must run only where the machine has them. A module with instructions that the
//! machine lacks is refused as a whole, so that none of these runs there.
#![allow(unsafe_code)]
#![allow(unused_unsafe, reason = "these intrinsics are safe, those of other machines are not")]

use super::lanes::{Lanes, sealed::Sealed};
use super::math::{self, PowerOfTwo};
use super::one::One;
use core::arch::wasm32::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// The larger number of each lane; that of `b` if either is NaN.
#[inline]
fn max(a: v128, b: v128) -> v128 {
    f32x4_pmax(b, a)
}

/// The smaller number of each lane; that of `b` if either is NaN.
#[inline]
fn min(a: v128, b: v128) -> v128 {
    f32x4_pmin(b, a)
}

/// # Safety
/// As [`Lanes::read`].
#[inline]
unsafe fn read(at: *const f32) -> v128 {
    // SAFETY: the caller's promise.
    unsafe { v128_load(at.cast()) }
}

/// # Safety
/// Four numbers can be written from `at` on.
#[inline]
unsafe fn write(at: *mut f32, x: v128) {
    // SAFETY: the caller's promise.
    unsafe { v128_store(at.cast(), x) }
}

/// The first lanes of both vectors by turns.
#[inline]
fn low(a: v128, b: v128) -> v128 {
    i32x4_shuffle::<0, 4, 1, 5>(a, b)
}

/// The last lanes of both vectors by turns.
#[inline]
fn high(a: v128, b: v128) -> v128 {
    i32x4_shuffle::<2, 6, 3, 7>(a, b)
}

/// The first two lanes of both vectors (`0x44`), or the last two.
#[inline]
fn pairs<const WHICH: i32>(a: v128, b: v128) -> v128 {
    if WHICH == 0x44 { i64x2_shuffle::<0, 2>(a, b) } else { i64x2_shuffle::<1, 3>(a, b) }
}

vector! {
    /// Four `f32`, without fused operations.
    F32x4(v128), 4, One<f32>;
    f32x4_add f32x4_sub f32x4_mul f32x4_div max min f32x4_sqrt;
    f32x4_splat read write;
    mul_add(a, b, c) f32x4_add(f32x4_mul(a, b), c);
    largest(x, later) v128_bitselect(later, x, v128_or(f32x4_gt(later, x), f32x4_ne(later, later)));
    if_positive(x, yes, no) v128_bitselect(yes, no, f32x4_gt(x, f32x4_splat(0.0)));
    abs(x) f32x4_abs(x);
    neg(x) f32x4_neg(x);
    sum(x) cpu!({
        let pairs = f32x4_add(x, i32x4_shuffle::<2, 3, 0, 1>(x, x));
        f32x4_extract_lane::<0>(pairs) + f32x4_extract_lane::<1>(pairs)
    });
    shifted(x) i32x4_shl(x, 23);
    signed(x, signs) v128_or(x, v128_and(signs, f32x4_splat(-0.0)));
    split(x) {
        let bits = i32x4_add(x, i32x4_splat(math::ABOVE_ROOT as i32));
        let n = i32x4_sub(u32x4_shr(bits, 23), i32x4_splat(127));
        let m = i32x4_add(v128_and(bits, i32x4_splat(0x7f_ffff)), i32x4_splat(math::ROOT_OF_HALF as i32));
        (f32x4_convert_i32x4(n), m)
    };
    columns(row, step) low high pairs, read(row);
    rows(row, step, x) write(row, x);
}
