//! Softmax of a row.

use super::exp::{LN_2_HIGH, LN_2_LOW, exponential};
use super::{BIASED, PowerOfTwo, fast};
use crate::kernel::lanes::{Lanes, MOST_LANES, sum_by_halves};
use crate::number::arena::{split, split_mut};
use core::f32::consts::LOG2_E;

/// How many partial sums there are, whatever the length of the vectors: no vector is longer.
const SUMS: usize = MOST_LANES;

/// `exp(x_i) / Σ exp(x_j)` over a row, by [`fast`] approximations or not. Returns the largest number, and the sum of
/// `exp(x_j - largest)`.
///
/// The error of every result above `f32::MIN_POSITIVE` is below 1e-6 of it, for any width (`FAST`: 2e-4, up to 4,096
/// numbers); where the exact result is below, it may be zero. If a number is NaN, or infinite and positive, all results
/// are NaN. The number at `i` goes to the partial sum `i % 16`, so that vectors of any length give the same bits.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn softmax<V: PowerOfTwo, const FAST: bool>(row: &mut [f32]) -> [f32; 2] {
    if row.len() <= SUMS {
        return one_block::<V, FAST>(row);
    }
    let largest = largest::<V>(row);
    let mut sums = Sums { sum: [1.0; SUMS], lost: [0.0; SUMS] };
    let (blocks, tail) = row.as_chunks_mut();
    for block in blocks {
        sums.block::<V, FAST>(block, largest, SUMS);
    }
    if !tail.is_empty() {
        // What stands for nothing adds zero, which changes no bit.
        let mut block = [f32::NEG_INFINITY; SUMS];
        for (to, from) in block.iter_mut().zip(&*tail) {
            *to = *from;
        }
        sums.block::<V, FAST>(&mut block, largest, tail.len());
        for (to, from) in tail.iter_mut().zip(block) {
            *to = from;
        }
    }
    let total = sums.total::<V>();
    let scale = 1.0 / total;
    let (chunks, tail) = V::chunks_mut(row);
    for chunk in chunks {
        (V::load(chunk) * V::splat(scale)).store(chunk);
    }
    for x in tail {
        *x *= scale;
    }
    [largest, total]
}

/// [`softmax`] of a row that is no longer than there are partial sums.
#[cfg_attr(not(debug_assertions), inline(always))]
fn one_block<V: PowerOfTwo, const FAST: bool>(row: &mut [f32]) -> [f32; 2] {
    let nothing = V::splat(f32::NEG_INFINITY);
    let mut lanes = [nothing; SUMS];
    let (lanes, _) = split_mut(&mut lanes, const { SUMS / V::LEN });
    for (vector, lanes) in lanes.iter_mut().enumerate() {
        *lanes = V::load_first(split(row, row.len().min(vector * V::LEN)).1, nothing);
    }
    let result = softmax_of_lanes::<V, FAST>(lanes);
    let len = row.len();
    for (vector, lanes) in lanes.iter().enumerate() {
        lanes.store_first(split_mut(row, len.min(vector * V::LEN)).1);
    }
    result
}

/// [`softmax`] of a row in at most sixteen lanes, so that each partial sum is a single number. The lanes that are minus infinity
/// stand for nothing.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn softmax_of_lanes<V: PowerOfTwo, const FAST: bool>(lanes: &mut [V]) -> [f32; 2] {
    let largest = largest_lane(lanes);
    let mut sums = [V::splat(0.0); SUMS];
    for (lanes, sum) in lanes.iter_mut().zip(&mut sums) {
        *lanes = exp_below::<V, FAST>(*lanes, V::splat(largest));
        *sum = *lanes;
    }
    let total = sum_by_halves(split_mut(&mut sums, lanes.len()).0);
    for lanes in lanes {
        *lanes = *lanes * V::splat(1.0 / total);
    }
    [largest, total]
}

/// The largest number that is not NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn largest<V: PowerOfTwo>(row: &[f32]) -> f32 {
    let (chunks, tail) = V::chunks(row);
    let mut largest = V::load_first(tail, V::splat(f32::NEG_INFINITY));
    for chunk in chunks {
        largest = V::load(chunk).max(largest);
    }
    largest_lane(&[largest])
}

/// The largest lane that is not NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn largest_lane<V: PowerOfTwo>(vectors: &[V]) -> f32 {
    let mut largest = V::splat(f32::NEG_INFINITY);
    for vector in vectors {
        largest = vector.max(largest);
    }
    let mut lanes = [f32::NEG_INFINITY; SUMS];
    largest.store_first(&mut lanes);
    larger_half::<V, 8>(&mut lanes);
    larger_half::<V, 4>(&mut lanes);
    larger_half::<V, 2>(&mut lanes);
    larger_half::<V, 1>(&mut lanes);
    lanes[0]
}

/// Replaces the first `HALF` lanes by the larger of each and of that `HALF` lanes further.
#[cfg_attr(not(debug_assertions), inline(always))]
fn larger_half<V: Lanes<f32>, const HALF: usize>(lanes: &mut [f32; SUMS]) {
    if const { V::LEN > HALF } {
        return larger_half::<V::Half, HALF>(lanes);
    }
    let (low, high) = split_mut(lanes, HALF);
    for (low, high) in V::chunks_mut(low).0.iter_mut().zip(V::chunks(high).0) {
        V::load(high).max(V::load(low)).store(low);
    }
}

/// `exp(x - largest)` for `x` not above `largest`, by an approximation or not.
#[cfg_attr(not(debug_assertions), inline(always))]
fn exp_below<V: PowerOfTwo, const FAST: bool>(x: V, largest: V) -> V {
    if FAST { fast::exp_below_zero(x - largest) } else { exp_of_difference(x, largest) }
}

/// `exp(x - largest)` for `x` not above `largest`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn exp_of_difference<V: PowerOfTwo>(x: V, largest: V) -> V {
    // From finite bounds, so that no infinity is taken from another, which would raise the flag of invalid operations. The
    // exponential of the lower bound is zero.
    let x = V::splat(f32::MIN).max(x);
    let y = V::splat(-88.0).max(x - largest);
    // What the difference lost in rounding (Knuth's two-sum): it reaches 4e-6, and so the relative error would. Where it is
    // more than that, the result is zero whatever it is.
    let back = y - x;
    let lost = (x - (y - back)) - (largest + back);
    let lost = lost.min(V::splat(4e-6)).max(V::splat(-4e-6));
    let whole = y.mul_add(V::splat(LOG2_E), V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    let r = n.mul_add(V::splat(-LN_2_HIGH), y) + n.mul_add(V::splat(-LN_2_LOW), lost);
    exponential(r) * whole.low_bits_to_exponent()
}

/// Partial sums, compensated unless they are `FAST`. Each starts at 1, so that it is never below what is added, and then what an addition loses
/// is known exactly from two more (Dekker's fast two-sum).
struct Sums {
    sum: [f32; SUMS],
    lost: [f32; SUMS],
}

impl Sums {
    /// Puts the exponentials of the first `count` numbers in their place, and adds them.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn block<V: PowerOfTwo, const FAST: bool>(&mut self, block: &mut [f32; SUMS], largest: f32, count: usize) {
        const { assert!(SUMS.is_multiple_of(V::LEN)) };
        let sums = V::chunks_mut(&mut self.sum).0.iter_mut().zip(V::chunks_mut(&mut self.lost).0);
        for (chunk, (sum, lost)) in V::chunks_mut(block).0.iter_mut().zip(sums).take(count.div_ceil(V::LEN)) {
            let (x, largest, before) = (V::load(chunk), V::splat(largest), V::load(sum));
            let e = exp_below::<V, FAST>(x, largest);
            e.store(chunk);
            let after = before + e;
            after.store(sum);
            if !FAST {
                (V::load(lost) + (e - (after - before))).store(lost);
            }
        }
    }

    /// The sum, by halves.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn total<V: PowerOfTwo>(&self) -> f32 {
        // Exact: every partial sum is at least 1.
        let mut totals = [V::splat(0.0); SUMS];
        let sums = V::chunks(&self.sum).0.iter().zip(V::chunks(&self.lost).0);
        for (total, (sum, lost)) in totals.iter_mut().zip(sums) {
            *total = (V::load(sum) - V::splat(1.0)) + V::load(lost);
        }
        sum_by_halves(split_mut(&mut totals, const { SUMS / V::LEN }).0)
    }
}
