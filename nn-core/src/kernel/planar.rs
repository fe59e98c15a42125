//! Convolutions over a block of frames that lies channel by channel: a vector is frames of one channel, so that it is full however
//! few channels there are. A single frame, whose channels lie side by side, has its outputs in the lanes.
//!
//! A sum is one chain of additions, in both ways the same: what it starts with, then tap by tap, the oldest first, and of each the
//! inputs in order. So the bits do not depend on the block, nor on it that `plain` has the sums of a tap's frames at a time.
#![allow(unsafe_code)]

mod back;
mod layer;
mod plain;
mod window;

pub use back::{Channels, Products, Sums};
pub use layer::{Convolution, Frames, Function, Layer};
pub use window::{Block, Rings};

use super::lanes::{Lanes, MOST_LANES};
use super::scalar::Scalar;
use core::hint::black_box;

/// Several channels: channel `c` begins at `c * step`.
#[derive(Clone, Copy)]
pub struct Plane<T> {
    at: *const T,
    step: usize,
}

impl<T> Plane<T> {
    /// So many channels of `rows` frames each, from frame `from` on; nothing if they are not there.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn of(numbers: &[T], channels: usize, step: usize, from: usize, rows: usize) -> Option<Self> {
        fits(numbers.len(), channels, step, from, rows).then(|| Self { at: numbers.as_ptr().wrapping_add(from), step })
    }

    /// The same from a later frame on.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn later(self, frames: usize) -> Self {
        Self { at: self.at.wrapping_add(frames), ..self }
    }
}

/// [`Plane`], to be changed.
#[derive(Clone, Copy)]
struct PlaneMut<T> {
    at: *mut T,
    step: usize,
}

impl<T> PlaneMut<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn of(numbers: &mut [T], channels: usize, step: usize, from: usize, rows: usize) -> Option<Self> {
        fits(numbers.len(), channels, step, from, rows)
            .then(|| Self { at: numbers.as_mut_ptr().wrapping_add(from), step })
    }

    /// The same from a later frame on.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn later(self, frames: usize) -> Self {
        Self { at: self.at.wrapping_add(frames), ..self }
    }

    /// The same, to be read.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn read_only(self) -> Plane<T> {
        Plane { at: self.at.cast_const(), step: self.step }
    }
}

/// Whether so many numbers have those channels.
#[cfg_attr(not(debug_assertions), inline(always))]
fn fits(len: usize, channels: usize, step: usize, from: usize, rows: usize) -> bool {
    let fits = channels == 0 || (channels - 1) * step + from + rows <= len;
    debug_assert!(fits, "the memory plan is too small");
    fits
}

/// What sums start with, and what is made of them. `output` and `t` are the place of the first lane; the lanes are frames if `ALONG`, or
/// else outputs, of which `count` are there.
trait Ends<T: Scalar>: Copy {
    /// Whether [`end`](Self::end) takes many instructions.
    const IS_LONG: bool;
    /// # Safety
    /// There are those outputs and frames.
    unsafe fn start<V: Lanes<T>, const ALONG: bool>(self, output: usize, t: usize, count: usize) -> V;
    /// # Safety
    /// As [`start`](Self::start).
    unsafe fn end<V: Lanes<T>, const ALONG: bool>(self, output: usize, t: usize, count: usize, sum: V);
}

/// `count` numbers, the first lanes of a vector.
///
/// # Safety
/// They can be read, and there are as many lanes.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) unsafe fn read<T: Scalar, V: Lanes<T>>(at: *const T, count: usize) -> V {
    // SAFETY: the caller's promise.
    unsafe { if count == V::LEN { V::read(at) } else { V::read_first(at, count, V::splat(T::ZERO)) } }
}

/// The other way.
///
/// # Safety
/// They can be written, and there are as many lanes.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) unsafe fn write<T: Scalar, V: Lanes<T>>(vector: V, at: *mut T, count: usize) {
    // SAFETY: the caller's promise.
    unsafe { if count == V::LEN { vector.write(at) } else { vector.write_first(at, count) } }
}

/// One number for each output: the same in all lanes if these are frames.
///
/// # Safety
/// Those of `count` outputs can be read, or that of one.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn each<T: Scalar, V: Lanes<T>, const ALONG: bool>(of: *const T, output: usize, count: usize) -> V {
    // SAFETY: the caller's promise.
    unsafe { if ALONG { V::splat(*of.add(output)) } else { read(of.add(output), count) } }
}

/// `y[o][t] = start + Σ x[tap][i][t] · weights[tap][i][o]`, to be ended by `ends`.
#[derive(Clone, Copy)]
struct Conv<'a, T, E> {
    /// The frames that each tap meets.
    taps: &'a [Plane<T>],
    inputs: usize,
    outputs: usize,
    weights: *const T,
    /// From the weight of an input and of an output to the next.
    steps: [usize; 2],
    ends: E,
}

impl<T: Scalar, E: Ends<T>> Conv<'_, T, E> {
    /// The frames `from..to`, with frames in the lanes.
    ///
    /// # Safety
    /// The taps and the ends have those frames, and there are the weights.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn along<V: Lanes<T>>(self, from: usize, to: usize) {
        let mut t = from;
        // SAFETY: the caller's promise; each call has the frames that are left.
        unsafe {
            while t + 4 * V::LEN <= to {
                // Sixteen registers hold the sums of twelve vectors, with what they are made of, and thirty-two those of sixteen.
                if V::LEN == MOST_LANES || !self.outputs.is_multiple_of(4) {
                    self.all::<V, 4, true>(t, V::LEN);
                } else {
                    self.all::<V, 2, true>(t, V::LEN);
                    self.all::<V, 2, true>(t + 2 * V::LEN, V::LEN);
                }
                t += 4 * V::LEN;
            }
            // What is left, the last vector in part. Of fewer vectors at a time, as each number of them is code of its own.
            if to - t > 2 * V::LEN {
                self.all::<V, 2, true>(t, V::LEN);
                t += 2 * V::LEN;
            }
            let left = to - t;
            if left > V::LEN {
                self.all::<V, 2, false>(t, left - V::LEN);
            } else if left > 0 {
                self.all::<V, 1, false>(t, left);
            }
        }
    }

    /// All outputs of `Q` vectors of frames; of the last vector `count`, which are all its lanes if it is `FULL`.
    ///
    /// # Safety
    /// As [`along`](Self::along).
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn all<V: Lanes<T>, const Q: usize, const FULL: bool>(self, t: usize, count: usize) {
        let mut output = 0;
        // SAFETY: the caller's promise; each call has the outputs that are left.
        unsafe {
            if self.outputs.is_multiple_of(4) {
                while output + 4 <= self.outputs {
                    self.tile::<V, 4, Q, FULL>(output, t, count);
                    output += 4;
                }
                return;
            }
            while output + 3 <= self.outputs {
                self.tile::<V, 3, Q, FULL>(output, t, count);
                output += 3;
            }
            match self.outputs - output {
                2 => self.tile::<V, 2, Q, FULL>(output, t, count),
                1 => self.tile::<V, 1, Q, FULL>(output, t, count),
                _ => {}
            }
        }
    }

    /// `R` outputs of `Q` vectors of frames, whose sums stay in registers.
    ///
    /// # Safety
    /// As [`along`](Self::along).
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn tile<V: Lanes<T>, const R: usize, const Q: usize, const FULL: bool>(
        self,
        output: usize,
        t: usize,
        count: usize,
    ) {
        let of = |q: usize| if FULL || q + 1 < Q { V::LEN } else { count };
        let mut sums = [[V::splat(T::ZERO); Q]; R];
        // SAFETY: the caller's promise; weights follow one another by `steps`, tap by tap.
        unsafe {
            for (r, sums) in sums.iter_mut().enumerate() {
                for (q, sum) in sums.iter_mut().enumerate() {
                    *sum = self.ends.start::<V, true>(output + r, t + q * V::LEN, of(q));
                }
            }
            let mut weights = self.weights.add(output * self.steps[1]);
            for tap in self.taps {
                let mut x = tap.at.wrapping_add(t);
                for _ in 0..self.inputs {
                    let mut now = [V::splat(T::ZERO); Q];
                    for (q, now) in now.iter_mut().enumerate() {
                        let x = x.add(q * V::LEN);
                        // Without a comparison in the loop.
                        *now = if FULL || q + 1 < Q { V::read(x) } else { V::read_first(x, count, *now) };
                    }
                    for (r, sums) in sums.iter_mut().enumerate() {
                        let weight = V::splat(*weights.add(r * self.steps[1]));
                        for (sum, x) in sums.iter_mut().zip(now) {
                            *sum = x.mul_add(weight, *sum);
                        }
                    }
                    (x, weights) = (x.wrapping_add(tap.step), weights.wrapping_add(self.steps[0]));
                }
            }
            // A loop that is not unrolled reads them from memory, where they would else be written after every term.
            let sums = if E::IS_LONG { black_box(sums) } else { sums };
            for (r, sums) in sums.iter().enumerate() {
                for (q, sum) in sums.iter().enumerate() {
                    self.ends.end::<V, true>(output + r, t + q * V::LEN, of(q), *sum);
                }
            }
        }
    }

    /// A single frame, with outputs in the lanes: in the shortest vectors that have lanes for all of them.
    ///
    /// # Safety
    /// As [`along`](Self::along), and the weights of the outputs follow one another.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn across<V: Lanes<T>>(self) {
        // SAFETY: the caller's promise.
        unsafe {
            if const { V::LEN == 1 } {
                return self.along::<V>(0, 1);
            }
            if const { V::LEN > 4 } && self.outputs <= V::LEN / 2 {
                return self.across::<V::Half>();
            }
            let mut output = 0;
            while output + 2 * V::LEN <= self.outputs {
                self.row::<V, 2>(output, V::LEN);
                output += 2 * V::LEN;
            }
            while output < self.outputs {
                self.row::<V, 1>(output, V::LEN.min(self.outputs - output));
                output += V::LEN;
            }
        }
    }

    /// `J` vectors of outputs; of the last vector `count`.
    ///
    /// # Safety
    /// As [`across`](Self::across).
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn row<V: Lanes<T>, const J: usize>(self, output: usize, count: usize) {
        let mut sums = [V::splat(T::ZERO); J];
        // SAFETY: the caller's promise.
        unsafe {
            for (j, sum) in sums.iter_mut().enumerate() {
                *sum = self.ends.start::<V, false>(output + j * V::LEN, 0, count);
            }
            let mut weights = self.weights.add(output);
            // Lanes beyond the outputs have the weights of the next term, as long as there is one, and are not written.
            let overlaps = output + J * V::LEN <= 2 * self.outputs && self.steps[0] == self.outputs;
            let mut left = self.taps.len() * self.inputs;
            for tap in self.taps {
                let mut x = tap.at;
                for _ in 0..self.inputs {
                    left -= 1;
                    for (j, sum) in sums.iter_mut().enumerate() {
                        let weights = weights.add(j * V::LEN);
                        let weights = if overlaps && left > 0 { V::read(weights) } else { read(weights, count) };
                        *sum = V::splat(*x).mul_add(weights, *sum);
                    }
                    (x, weights) = (x.wrapping_add(tap.step), weights.wrapping_add(self.steps[0]));
                }
            }
            for (j, sum) in sums.iter().enumerate() {
                self.ends.end::<V, false>(output + j * V::LEN, 0, count, *sum);
            }
        }
    }
}

/// Sums that are written: they start with what is there, or with zero, and a bias.
#[derive(Clone, Copy)]
struct Into<T> {
    y: PlaneMut<T>,
    adds: bool,
    bias: Option<*const T>,
}

impl<T: Scalar> Ends<T> for Into<T> {
    const IS_LONG: bool = false;

    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn start<V: Lanes<T>, const ALONG: bool>(self, output: usize, t: usize, count: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let y = self.y.at.add(output * self.y.step + t);
            match (self.adds, self.bias) {
                (true, Some(bias)) => read::<T, V>(y, count) + each::<T, V, ALONG>(bias, output, count),
                (true, None) => read(y, count),
                (false, Some(bias)) => each::<T, V, ALONG>(bias, output, count),
                (false, None) => V::splat(T::ZERO),
            }
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn end<V: Lanes<T>, const ALONG: bool>(self, output: usize, t: usize, count: usize, sum: V) {
        // SAFETY: the caller's promise.
        unsafe { write(sum, self.y.at.add(output * self.y.step + t), count) }
    }
}
