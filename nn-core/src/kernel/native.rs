//! What is written by hand for a kind of processor without vectors, in the bits of the loops that it stands for. Programs that
//! are to be small (`opt-level = "s"` or `"z"`) have the loops.
#![allow(unsafe_code)]

use super::jobs::Product;
use crate::number::arena::copy;
use crate::number::storage::Plain;

/// What a number type has on this machine.
pub trait Native: Sized {
    /// Whether columns are best summed one by one, by [`sum`](Self::sum).
    const ONE_BY_ONE: bool = false;
    /// Below so many weights, a row of products is compiled for its sizes as straight code.
    const STRAIGHT: usize = 0;

    /// Computes some columns of a row of `I` terms and `O` columns: the first ones. Says how many.
    ///
    /// # Safety
    /// As [`Product::compute`]; there is one row, the terms of both lie side by side in as many [`parts`](super::product::parts)
    /// as they are for these sizes, and `start` is not [`Start::Sum`](super::jobs::Start).
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn columns<I: Plain<Self>, O: Plain<Self>>(_product: &Product<Self>) -> usize {
        0
    }

    /// A sum of so many products, `a` times `b`, in parts, whose numbers are so far from one another, if there is a function for it.
    ///
    /// # Safety
    /// So many numbers can be read of both.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn sum(
        _start: Self,
        _a: (*const Self, usize),
        _b: (*const Self, usize),
        _terms: usize,
        _parts: usize,
    ) -> Option<Self> {
        None
    }

    /// Whether there is [`three_channels`](Self::three_channels).
    const THREE_CHANNELS: bool = false;

    /// `y[o][t] += Σ x[i][t] · weights[i][o]` of three channels each, `x` and `y` being so far from channel to channel. Nothing if there is
    /// no such function.
    ///
    /// # Safety
    /// So many frames of three channels can be read of `x` and changed of `y`, and there are nine weights.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn three_channels(_x: (*const Self, usize), _weights: *const Self, _y: (*mut Self, usize), _frames: usize) {}

    /// Where numbers are, which the compiler is not to look up: it would have them in the code and in the network.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn hidden(at: *const Self) -> *const Self {
        at
    }

    /// Copies as many numbers as both have.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn copy(from: &[Self], to: &mut [Self])
    where
        Self: Copy,
    {
        copy(from, to);
    }

    /// In a loop that is not to be unrolled.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn once() {}

    /// Numbers about which the compiler knows nothing, if code for each of them would be too large.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn many(numbers: &mut [Self]) -> &mut [Self] {
        numbers
    }

    /// Replaces some numbers by the larger of each and 0, and leaves NaN: the first ones. Says how many.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rectify(_numbers: &mut [Self]) -> usize {
        0
    }
}

impl Native for f64 {}

/// What planes have on a Cortex-M with a floating-point unit.
#[cfg(nn_vfp)]
macro_rules! planes {
    () => {
        const THREE_CHANNELS: bool = true;

        #[cfg_attr(not(debug_assertions), inline(always))]
        unsafe fn three_channels(x: (*const Self, usize), weights: *const Self, y: (*mut Self, usize), frames: usize) {
            // SAFETY: the caller's promise.
            unsafe { super::arm::planar::three_channels(x, weights, y, frames) }
        }

        #[cfg_attr(not(debug_assertions), inline(always))]
        fn copy(from: &[Self], to: &mut [Self]) {
            super::arm::planar::copy(from, to);
        }
    };
}

cfg_select! {
    all(nn_vfp, nn_fast) => {
        use super::arm;

        impl Native for f32 {
            const STRAIGHT: usize = 64;

            planes!();

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn hidden(at: *const Self) -> *const Self {
                arm::hidden(at)
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn once() {
                arm::once();
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            unsafe fn columns<I: Plain<Self>, O: Plain<Self>>(product: &Product<Self>) -> usize {
                // SAFETY: the caller's promise.
                unsafe { arm::columns::<I, O>(product) }
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn rectify(numbers: &mut [Self]) -> usize {
                arm::rectify(numbers)
            }
        }
    }
    // What makes programs no larger.
    nn_vfp => {
        impl Native for f32 {
            planes!();
        }
    }
    nn_unpacked => {
        impl Native for f32 {
            const ONE_BY_ONE: bool = true;

            #[cfg_attr(not(debug_assertions), inline(always))]
            unsafe fn sum(
                start: Self,
                a: (*const Self, usize),
                b: (*const Self, usize),
                terms: usize,
                parts: usize,
            ) -> Option<Self> {
                // SAFETY: the caller's promise.
                unsafe { super::soft::unpacked::sum(start, a, b, terms, parts) }
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn many(numbers: &mut [Self]) -> &mut [Self] {
                core::hint::black_box(numbers)
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn rectify(numbers: &mut [Self]) -> usize {
                // SAFETY: as many bits as numbers, of the same size and alignment.
                super::soft::bits::rectify(unsafe { core::slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), numbers.len()) });
                numbers.len()
            }
        }
    }
    _ => {
        impl Native for f32 {
            const STRAIGHT: usize = if cfg!(all(nn_fast, target_family = "wasm")) { 64 } else { 0 };
        }
    }
}
