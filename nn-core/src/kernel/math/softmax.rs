//! Softmax of a row.

use super::exp::{LN_2_HIGH, LN_2_LOW, exponential};
use super::{BIASED, PowerOfTwo};
use crate::storage::split_mut;
use core::f32::consts::LOG2_E;

/// How many partial sums there are, whatever the length of the vectors: no vector is longer.
const SUMS: usize = 16;

/// `exp(x_i) / Σ exp(x_j)` over a row.
///
/// The error of every result above `f32::MIN_POSITIVE` is below 1e-6 of it, for any width; where the exact result is below,
/// it may be zero. If a number is NaN, or infinite and positive, all results are NaN. The number at `i` goes to the partial
/// sum `i % 16`, so that vectors of any length give the same bits.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn softmax<V: PowerOfTwo>(row: &mut [f32]) {
    let largest = largest::<V>(row);
    let mut sums = Sums { sum: [1.0; SUMS], lost: [0.0; SUMS] };
    let (blocks, tail) = row.as_chunks_mut();
    for block in blocks {
        sums.block::<V>(block, largest, SUMS);
    }
    if !tail.is_empty() {
        // What stands for nothing adds zero, which changes no bit.
        let mut block = [f32::NEG_INFINITY; SUMS];
        for (to, from) in block.iter_mut().zip(&*tail) {
            *to = *from;
        }
        sums.block::<V>(&mut block, largest, tail.len());
        for (to, from) in tail.iter_mut().zip(block) {
            *to = from;
        }
    }
    let scale = 1.0 / sums.total();
    let (chunks, tail) = V::chunks_mut(row);
    for chunk in chunks {
        (V::load(chunk) * V::splat(scale)).store(chunk);
    }
    for x in tail {
        *x *= scale;
    }
}

/// The largest number that is not NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn largest<V: PowerOfTwo>(row: &[f32]) -> f32 {
    let (chunks, tail) = V::chunks(row);
    let mut largest = V::splat(f32::NEG_INFINITY);
    for chunk in chunks {
        largest = V::load(chunk).max(largest);
    }
    let mut lanes = [f32::NEG_INFINITY; SUMS];
    if let Some(chunk) = V::chunks_mut(&mut lanes).0.first_mut() {
        largest.store(chunk);
    }
    lanes.iter().chain(tail).fold(f32::NEG_INFINITY, |largest, x| if *x > largest { *x } else { largest })
}

/// `exp(x - largest)` for `x` not above `largest`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn exp_of_difference<V: PowerOfTwo>(x: V, largest: V) -> V {
    let y = x - largest;
    // What the difference lost in rounding (Knuth's two-sum): it reaches 4e-6, and so the relative error would. Where it is
    // NaN or more than that, the result is zero whatever it is.
    let back = y - x;
    let lost = (x - (y - back)) - (largest + back);
    let lost = lost.min(V::splat(4e-6)).max(V::splat(-4e-6));
    let y = V::splat(-88.0).max(y);
    let whole = y.mul_add(V::splat(LOG2_E), V::splat(BIASED));
    let n = whole - V::splat(BIASED);
    let r = n.mul_add(V::splat(-LN_2_HIGH), y) + n.mul_add(V::splat(-LN_2_LOW), lost);
    exponential(r) * whole.low_bits_to_exponent()
}

/// Compensated partial sums. Each starts at 1, so that it is never below what is added, and then what an addition loses
/// is known exactly from two more (Dekker's fast two-sum).
struct Sums {
    sum: [f32; SUMS],
    lost: [f32; SUMS],
}

impl Sums {
    /// Puts the exponentials of the first `count` numbers in their place, and adds them.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn block<V: PowerOfTwo>(&mut self, block: &mut [f32; SUMS], largest: f32, count: usize) {
        const { assert!(SUMS.is_multiple_of(V::LEN)) };
        let sums = V::chunks_mut(&mut self.sum).0.iter_mut().zip(V::chunks_mut(&mut self.lost).0);
        for (chunk, (sum, lost)) in V::chunks_mut(block).0.iter_mut().zip(sums).take(count.div_ceil(V::LEN)) {
            let e = exp_of_difference(V::load(chunk), V::splat(largest));
            e.store(chunk);
            let before = V::load(sum);
            let after = before + e;
            (V::load(lost) + (e - (after - before))).store(lost);
            after.store(sum);
        }
    }

    /// The sum, by halves.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn total(&self) -> f32 {
        // Exact: every partial sum is at least 1.
        let mut sums = [0.0; SUMS];
        for ((total, sum), lost) in sums.iter_mut().zip(self.sum).zip(self.lost) {
            *total = (sum - 1.0) + lost;
        }
        for half in [8, 4, 2, 1] {
            let (low, high) = split_mut(&mut sums, half);
            for (low, high) in low.iter_mut().zip(high) {
                *low += *high;
            }
        }
        sums[0]
    }
}
