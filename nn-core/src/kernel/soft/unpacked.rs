//! Sums that stay unpacked from one product to the next, for machines that multiply to 64 bits.
#![allow(unsafe_code)]

use super::bits::opaque;
use super::{ONE, SIGN, by_library};

/// The sum of a column in so many parts, `terms` of which the numbers are so far from one another; the bits of a loop of
/// [`plus_product`](super::plus_product), and of additions of the parts. None if numbers are so large or small that it is not
/// worth it.
///
/// # Safety
/// So many numbers can be read of both.
#[cfg_attr(not(debug_assertions), inline(always))]
pub unsafe fn sum(
    start: f32,
    a: (*const f32, usize),
    b: (*const f32, usize),
    terms: usize,
    parts: usize,
) -> Option<f32> {
    // SAFETY: the caller's promise.
    unsafe { of_parts(start.to_bits(), (a.0.cast(), a.1), (b.0.cast(), b.1), terms, parts) }.map(f32::from_bits)
}

/// As bits, and a function of its own, in which sums stay unpacked.
///
/// # Safety
/// As [`sum`].
#[inline(never)]
unsafe fn of_parts(
    start: u32,
    a: (*const u32, usize),
    b: (*const u32, usize),
    terms: usize,
    parts: usize,
) -> Option<u32> {
    if terms == 0 {
        return Some(start);
    }
    let mut sum = Unpacked::of(start)?;
    let mut total = Unpacked::ZERO;
    let steps = (a.1 * parts, b.1 * parts);
    let ((mut a, a_step), (mut b, b_step)) = (a, b);
    for part in 0..parts.min(terms) {
        // SAFETY: the caller's promise; this part has a term.
        unsafe { sum.add_terms((a, steps.0), (b, steps.1), terms - part, parts)? };
        total = if total.significand == 0 { sum } else { total.plus(sum)? };
        sum = Unpacked::zero();
        (a, b) = (a.wrapping_add(a_step), b.wrapping_add(b_step));
    }
    Some(total.packed())
}

/// As bits, and a function of its own.
#[inline(never)]
pub fn of_term(sum: u32, a: u32, b: u32) -> u32 {
    if let Some(mut unpacked) = Unpacked::of(sum)
        && unpacked.add(a, b)
    {
        return unpacked.packed();
    }
    by_library(sum, a, b)
}

/// Whether the machine has an instruction that counts zeros, which RISC-V does not. By a loop it takes few steps if a sum has so
/// many bits more that it has to be shifted by one place or none, mostly. By the instruction, it must not be one too long.
const COUNTS_ZEROS: bool = cfg!(target_arch = "arm");
/// Bits that a sum has more than a significand, before it is rounded.
const MORE: i32 = if COUNTS_ZEROS { 4 } else { 5 };

/// A sum: a whole number of 24 bits, or -2^24 or 2^24, times a power of two, whose exponent is 126 more than in a number. 0 is +0.
#[derive(Clone, Copy)]
struct Unpacked {
    significand: i32,
    exponent: i32,
}

impl Unpacked {
    /// None if it is -0, subnormal, no number, or so large that it might overflow.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn of(sum: u32) -> Option<Self> {
        let exponent = (sum >> 23 & 255) as i32;
        let size = (sum & (ONE - 1) | ONE) as i32;
        match exponent {
            1..=200 => Some(Self { significand: signed(size, sum), exponent: exponent + 126 }),
            _ if sum == 0 => Some(Self::ZERO),
            _ => None,
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn packed(self) -> u32 {
        // If it is 2^24, this carries to the exponent.
        let size = self.significand.unsigned_abs();
        (self.significand as u32 & SIGN) + (((self.exponent - 127) as u32) << 23) + size
    }

    /// Its exponent is below all others.
    const ZERO: Self = Self { significand: 0, exponent: 127 };

    /// Adds every so many-th of so many products. None if one of them can't be added.
    ///
    /// # Safety
    /// As [`sum`]; there is a term.
    #[cfg(not(all(nn_unpacked, target_arch = "arm")))]
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn add_terms(
        &mut self,
        (mut a, a_step): (*const u32, usize),
        (mut b, b_step): (*const u32, usize),
        terms: usize,
        every: usize,
    ) -> Option<()> {
        let mut left = terms as isize;
        while left > 0 {
            // SAFETY: the caller's promise.
            if !self.add(unsafe { *a }, unsafe { *b }) {
                return None;
            }
            (a, b) = (a.wrapping_add(a_step), b.wrapping_add(b_step));
            left -= every as isize;
        }
        Some(())
    }

    /// The same in fewer instructions than the compiler finds, and without memory for what is between them.
    ///
    /// # Safety
    /// As the other.
    #[cfg(all(nn_unpacked, target_arch = "arm"))]
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn add_terms(
        &mut self,
        (a, a_step): (*const u32, usize),
        (b, b_step): (*const u32, usize),
        terms: usize,
        every: usize,
    ) -> Option<()> {
        let mut left = terms as isize;
        // SAFETY: the caller's promise.
        unsafe {
            addition!(
                self, ["2:" "ldr {x}, [{a}]" "ldr {y}, [{b}]"]
                ["add {a}, {a}, {a_step}" "add {b}, {b}, {b_step}" "subs {left}, {left}, {every}" "bgt 2b"]
                a = inout(reg) a => _,
                b = inout(reg) b => _,
                a_step = in(reg) 4 * a_step,
                b_step = in(reg) 4 * b_step,
                left = inout(reg) left,
                every = in(reg) every,
                x = out(reg) _,
                y = out(reg) _,
            );
        }
        if left > 0 { None } else { Some(()) }
    }

    /// A zero that the compiler knows nothing of, or it has the loop of the first part twice.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zero() -> Self {
        let significand = opaque(0) as i32;
        Self { significand, exponent: significand + Self::ZERO.exponent }
    }

    /// The sum of both. None if so much of small ones may cancel that it is no normal number.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn plus(self, other: Self) -> Option<Self> {
        let (large, small) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        if large.exponent < 159 && large.significand != 0 && small.significand != 0 {
            return None;
        }
        let total =
            (large.significand << MORE) + shifted(small.significand << MORE, (large.exponent - small.exponent).min(31));
        Some(Self::normalized(total, large.exponent))
    }

    /// A sum with [`MORE`] bits more.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn normalized(mut total: i32, mut exponent: i32) -> Self {
        if total == 0 {
            return Self::ZERO;
        }
        let mut size = total ^ total >> 31;
        if COUNTS_ZEROS {
            let by = size.leading_zeros() - 2;
            (total, exponent) = (total << by, exponent - by as i32);
        } else {
            size |= 1;
            while size < 1 << 29 {
                (size, total, exponent) = (size << 1, total << 1, exponent - 1);
            }
        }
        Self { significand: rounded(total), exponent: exponent + 6 - MORE }
    }

    /// As the other.
    #[cfg(all(nn_unpacked, target_arch = "arm"))]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, a: u32, b: u32) -> bool {
        let mut left = 1;
        // SAFETY: it touches no memory.
        unsafe {
            addition!(self, [] ["movs {left}, #0"] x = inout(reg) a => _, y = inout(reg) b => _, left = inout(reg) left,);
        }
        left == 0
    }

    /// Adds a product, or returns false and changes nothing: if it or a factor is not of a usual size. The exponents of products
    /// are such that no sum overflows or becomes subnormal.
    #[cfg(not(all(nn_unpacked, target_arch = "arm")))]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, a: u32, b: u32) -> bool {
        let is_normal = |exponent: u32| exponent.wrapping_sub(1) < 254;
        let (exponent_a, exponent_b) = (a >> 23 & 255, b >> 23 & 255);
        if !is_normal(exponent_a) || !is_normal(exponent_b) {
            return exponent_a != 255 && exponent_b != 255 && (a << 1 == 0 || b << 1 == 0);
        }

        // The product, rounded to 24 bits. That its lower half is not zero is all that counts of it.
        let bits = u64::from(a << 8 | SIGN) * u64::from((b & (ONE - 1) | ONE) << 6);
        let mut product = (bits >> 32) as i32 | i32::from(bits as u32 != 0);
        let mut exponent = (exponent_a + exponent_b) as i32;
        if product < 1 << 29 {
            product <<= 1;
            exponent -= 1;
        }
        if !(159..=326).contains(&exponent) {
            return false;
        }
        let product = signed(rounded(product), a ^ b) << MORE;

        // The sum: the smaller is shifted to the place of the larger, with so many bits more.
        let by = self.exponent - exponent;
        if by <= 28 {
            let sum = self.significand << MORE;
            *self = if by >= 0 {
                Self::normalized(sum + shifted(product, by), self.exponent)
            } else {
                Self::normalized(product + shifted(sum, (-by).min(31)), exponent)
            };
        }
        true
    }
}

/// A number of this size with the sign of `sign`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn signed(size: i32, sign: u32) -> i32 {
    let mask = sign as i32 >> 31;
    (size ^ mask) - mask
}

/// `x >> by`, whose lowest bit says whether anything was lost.
#[cfg_attr(not(debug_assertions), inline(always))]
fn shifted(x: i32, by: i32) -> i32 {
    let shifted = x >> by;
    shifted | i32::from(shifted << by != x)
}

/// Without the lowest six bits: to the nearest, ties to even.
#[cfg_attr(not(debug_assertions), inline(always))]
fn rounded(x: i32) -> i32 {
    (x + 31 + (x >> 6 & 1)) >> 6
}

#[cfg(test)]
mod tests {
    use super::super::INFINITY;
    use super::*;

    /// Sums of many terms, of which some are zero, small, large or no numbers.
    #[test]
    #[cfg_attr(miri, ignore = "too many numbers for Miri")]
    fn rows_are_so_many_terms() {
        let mut state = 7_u64;
        let mut random = || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (state >> 32) as u32
        };
        let mut count = 0;
        for round in 0..200_000 {
            let mut number = || match random() % if round % 2 == 0 { 8 } else { 64 } {
                0 => random() & SIGN,
                1 if round % 16 == 0 => random(),
                _ => random() & !INFINITY | (random() % 12 + 120) << 23,
            };
            let (start, a, b): (_, [u32; 12], [u32; 12]) =
                (number(), core::array::from_fn(|_| number()), core::array::from_fn(|_| number()));
            for parts in [1, 2, 4] {
                let mut expected = 0.0;
                for part in 0..parts {
                    let first = if part == 0 { f32::from_bits(start) } else { 0.0 };
                    let term = |sum: f32, at: usize| sum + f32::from_bits(a[2 * at]) * f32::from_bits(b[at]);
                    let of_part = (part..6).step_by(parts).fold(first, term);
                    expected = if part == 0 { of_part } else { expected + of_part };
                }
                // SAFETY: so many numbers can be read.
                let found =
                    unsafe { sum(f32::from_bits(start), (a.as_ptr().cast(), 2), (b.as_ptr().cast(), 1), 6, parts) };
                count += usize::from(found.is_some());
                if let Some(found) = found {
                    assert_eq!(found.to_bits(), expected.to_bits(), "{start:#x} + {a:#x?} * {b:#x?} in {parts}");
                }
            }
        }
        assert!(count > 100_000, "{count}");
        // SAFETY: there is none.
        let none = unsafe { sum(-0.0, (core::ptr::null(), 1), (core::ptr::null(), 1), 0, 1) };
        assert_eq!(none.map(f32::to_bits), Some(SIGN));
    }
}
