//! The vectors of x86-64.
//!
//! **Why this is sound.** The intrinsics of a vector must run only where the CPU has them. `F32x4` needs SSE2, which this
//! module asks for when it is compiled. The others are private to this crate, and generic code meets them in one way
//! alone: as the vectors of a token (`Avx2`, `Avx512`), which is made after the CPU was asked ([`set`](super::set)).
#![allow(unsafe_code)]

use super::lanes::{Lanes, sealed::Sealed};
use super::math::{self, PowerOfTwo};
use super::one::One;
use super::scalar::Scalar;
use core::arch::x86_64::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// A vector of four: with or without fused operations.
macro_rules! four {
    ($(#[$doc:meta])* $Vector:ident, $Half:ty, mul_add($a:ident, $b:ident, $c:ident) $mul_add:expr) => {
        vector! {
            $(#[$doc])*
            $Vector(__m128), 4, $Half;
            _mm_add_ps _mm_sub_ps _mm_mul_ps _mm_div_ps _mm_max_ps _mm_min_ps _mm_sqrt_ps;
            _mm_set1_ps _mm_loadu_ps _mm_storeu_ps;
            mul_add($a, $b, $c) $mul_add;
            largest(x, later) {
                let is_nan = _mm_cmpunord_ps(later, later);
                _mm_or_ps(is_nan, _mm_max_ps(later, x))
            };
            if_positive(x, yes, no) {
                let positive = _mm_cmpgt_ps(x, _mm_setzero_ps());
                _mm_or_ps(_mm_and_ps(positive, yes), _mm_andnot_ps(positive, no))
            };
            abs(x) _mm_andnot_ps(_mm_set1_ps(-0.0), x);
            neg(x) _mm_xor_ps(x, _mm_set1_ps(-0.0));
            sum(x) cpu!({
                let pairs = _mm_add_ps(x, _mm_movehl_ps(x, x));
                _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps::<1>(pairs, pairs)))
            });
            shifted(x) _mm_castsi128_ps(_mm_slli_epi32::<23>(_mm_castps_si128(x)));
            signed(x, signs) _mm_or_ps(x, _mm_and_ps(signs, _mm_set1_ps(-0.0)));
            split(x) {
                let bits = _mm_add_epi32(_mm_castps_si128(x), _mm_set1_epi32(math::ABOVE_ROOT as i32));
                let n = _mm_sub_epi32(_mm_srli_epi32::<23>(bits), _mm_set1_epi32(127));
                let m = _mm_and_si128(bits, _mm_set1_epi32(0x7f_ffff));
                let m = _mm_add_epi32(m, _mm_set1_epi32(math::ROOT_OF_HALF as i32));
                (_mm_cvtepi32_ps(n), _mm_castsi128_ps(m))
            };
            first(at, count, others) {
                let x = match count {
                    0 => _mm_setzero_ps(),
                    1 => _mm_load_ss(at),
                    2 => _mm_castsi128_ps(_mm_loadl_epi64(at.cast())),
                    3 => _mm_movelh_ps(_mm_castsi128_ps(_mm_loadl_epi64(at.cast())), _mm_load_ss(at.add(2))),
                    _ => _mm_loadu_ps(at),
                };
                let read = _mm_cmplt_epi32(_mm_setr_epi32(0, 1, 2, 3), _mm_set1_epi32(count as i32));
                _mm_or_ps(x, _mm_andnot_ps(_mm_castsi128_ps(read), others))
            };
            write_first(to, count, x) match count {
                0 => {}
                1 => _mm_store_ss(to, x),
                2 => _mm_storel_epi64(to.cast(), _mm_castps_si128(x)),
                3 => {
                    _mm_storel_epi64(to.cast(), _mm_castps_si128(x));
                    _mm_store_ss(to.add(2), _mm_movehl_ps(x, x));
                }
                _ => _mm_storeu_ps(to, x),
            };
            columns(row, step) _mm_unpacklo_ps _mm_unpackhi_ps _mm_shuffle_ps, _mm_loadu_ps(row);
            rows(row, step, x) _mm_storeu_ps(row, x);
        }
    };
}

four! {
    /// Four `f32` of SSE2, without fused operations.
    F32x4, One<f32>, mul_add(a, b, c) _mm_add_ps(_mm_mul_ps(a, b), c)
}
four! {
    /// Four `f32` of AVX and FMA.
    F32x4Fused, F32x1Fused, mul_add(a, b, c) _mm_fmadd_ps(a, b, c)
}

vector! {
    /// Eight `f32` of AVX2 and FMA.
    F32x8(__m256), 8, F32x4Fused;
    _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_div_ps _mm256_max_ps _mm256_min_ps _mm256_sqrt_ps;
    _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps;
    mul_add(a, b, c) _mm256_fmadd_ps(a, b, c);
    largest(x, later) _mm256_or_ps(_mm256_max_ps(later, x), _mm256_cmp_ps::<_CMP_UNORD_Q>(later, later));
    if_positive(x, yes, no) _mm256_blendv_ps(no, yes, _mm256_cmp_ps::<_CMP_GT_OQ>(x, _mm256_setzero_ps()));
    abs(x) _mm256_andnot_ps(_mm256_set1_ps(-0.0), x);
    neg(x) _mm256_xor_ps(x, _mm256_set1_ps(-0.0));
    sum(x) F32x4Fused(cpu!(_mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x)))).sum();
    sums(four) {
        let [a, b, c, d] = four;
        let halves = |a, b| cpu!(_mm256_add_ps(_mm256_permute2f128_ps::<0x20>(a, b), _mm256_permute2f128_ps::<0x31>(a, b)));
        sums_of_quarters(halves(a, c), halves(b, d))
    };
    shifted(x) _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(x)));
    signed(x, signs) _mm256_or_ps(x, _mm256_and_ps(signs, _mm256_set1_ps(-0.0)));
    split(x) {
        let bits = _mm256_add_epi32(_mm256_castps_si256(x), _mm256_set1_epi32(math::ABOVE_ROOT as i32));
        let n = _mm256_sub_epi32(_mm256_srli_epi32::<23>(bits), _mm256_set1_epi32(127));
        let m = _mm256_and_si256(bits, _mm256_set1_epi32(0x7f_ffff));
        let m = _mm256_add_epi32(m, _mm256_set1_epi32(math::ROOT_OF_HALF as i32));
        (_mm256_cvtepi32_ps(n), _mm256_castsi256_ps(m))
    };
    first(at, count, others) {
        let mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
        _mm256_blendv_ps(others, _mm256_maskload_ps(at, mask), _mm256_castsi256_ps(mask))
    };
    write_first(at, count, x) {
        let mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
        _mm256_maskstore_ps(at, mask, x)
    };
    four(at) {
        let x = _mm_loadu_ps(at);
        let x = _mm256_set_m128(x, x);
        [
            Self(_mm256_permute_ps::<0x00>(x)),
            Self(_mm256_permute_ps::<0x55>(x)),
            Self(_mm256_permute_ps::<0xaa>(x)),
            Self(_mm256_permute_ps::<0xff>(x)),
        ]
    };
    columns(row, step) _mm256_unpacklo_ps _mm256_unpackhi_ps _mm256_shuffle_ps,
        _mm256_set_m128(_mm_loadu_ps(row.add(4 * step)), _mm_loadu_ps(row));
    rows(row, step, x) {
        _mm_storeu_ps(row, _mm256_castps256_ps128(x));
        _mm_storeu_ps(row.add(4 * step), _mm256_extractf128_ps::<1>(x));
    };
    two(at) _mm256_castpd_ps(_mm256_set1_pd(at.cast::<f64>().read_unaligned()));
    twice(at, count) {
        let x = F32x4Fused::read_first(at, count, F32x4Fused::splat(0.0)).0;
        _mm256_set_m128(_mm_unpackhi_ps(x, x), _mm_unpacklo_ps(x, x))
    };
    by_turns(to, count, x) {
        let turns: [i32; 8] = core::array::from_fn(|lane| turn(lane, count));
        Self(_mm256_permutevar8x32_ps(x, _mm256_loadu_si256(turns.as_ptr().cast()))).write_first(to, 2 * count);
    };
}

vector! {
    /// Sixteen `f32` of AVX-512.
    F32x16(__m512), 16, F32x8;
    _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_div_ps _mm512_max_ps _mm512_min_ps _mm512_sqrt_ps;
    _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps;
    mul_add(a, b, c) _mm512_fmadd_ps(a, b, c);
    largest(x, later) _mm512_mask_max_ps(later, _mm512_cmp_ps_mask::<_CMP_ORD_Q>(later, later), later, x);
    if_positive(x, yes, no) _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(x, _mm512_setzero_ps()), no, yes);
    abs(x) _mm512_andnot_ps(_mm512_set1_ps(-0.0), x);
    neg(x) _mm512_xor_ps(x, _mm512_set1_ps(-0.0));
    sum(x) F32x8(cpu!(_mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x)))).sum();
    sums(four) {
        let [a, b, c, d] = four;
        let halves = |a, b| cpu!(_mm512_add_ps(_mm512_shuffle_f32x4::<0x44>(a, b), _mm512_shuffle_f32x4::<0xee>(a, b)));
        cpu!({
            let [ac, bd] = [halves(a, c), halves(b, d)];
            let quarters = _mm512_add_ps(_mm512_shuffle_f32x4::<0x88>(ac, bd), _mm512_shuffle_f32x4::<0xdd>(ac, bd));
            sums_of_quarters(_mm512_castps512_ps256(quarters), _mm512_extractf32x8_ps::<1>(quarters))
        })
    };
    shifted(x) _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_castps_si512(x)));
    signed(x, signs) _mm512_or_ps(x, _mm512_and_ps(signs, _mm512_set1_ps(-0.0)));
    split(x) {
        let bits = _mm512_add_epi32(_mm512_castps_si512(x), _mm512_set1_epi32(math::ABOVE_ROOT as i32));
        let n = _mm512_sub_epi32(_mm512_srli_epi32::<23>(bits), _mm512_set1_epi32(127));
        let m = _mm512_and_si512(bits, _mm512_set1_epi32(0x7f_ffff));
        let m = _mm512_add_epi32(m, _mm512_set1_epi32(math::ROOT_OF_HALF as i32));
        (_mm512_cvtepi32_ps(n), _mm512_castsi512_ps(m))
    };
    first(at, count, others) _mm512_mask_loadu_ps(others, !(!0 << count) as u16, at);
    write_first(at, count, x) _mm512_mask_storeu_ps(at, !(!0 << count) as u16, x);
    last(at, count) _mm512_maskz_loadu_ps(!(0xffff >> count) as u16, at.wrapping_sub(16 - count));
    write_last(at, count, x) _mm512_mask_storeu_ps(at.wrapping_sub(16 - count), !(0xffff >> count) as u16, x);
    four(at) {
        let x = _mm512_broadcast_f32x4(_mm_loadu_ps(at));
        [
            Self(_mm512_permute_ps::<0x00>(x)),
            Self(_mm512_permute_ps::<0x55>(x)),
            Self(_mm512_permute_ps::<0xaa>(x)),
            Self(_mm512_permute_ps::<0xff>(x)),
        ]
    };
    columns(row, step) _mm512_unpacklo_ps _mm512_unpackhi_ps _mm512_shuffle_ps, {
        let low = _mm256_set_m128(_mm_loadu_ps(row.add(4 * step)), _mm_loadu_ps(row));
        let high = _mm256_set_m128(_mm_loadu_ps(row.add(12 * step)), _mm_loadu_ps(row.add(8 * step)));
        _mm512_insertf32x8::<1>(_mm512_castps256_ps512(low), high)
    };
    rows(row, step, x) {
        _mm_storeu_ps(row, _mm512_castps512_ps128(x));
        _mm_storeu_ps(row.add(4 * step), _mm512_extractf32x4_ps::<1>(x));
        _mm_storeu_ps(row.add(8 * step), _mm512_extractf32x4_ps::<2>(x));
        _mm_storeu_ps(row.add(12 * step), _mm512_extractf32x4_ps::<3>(x));
    };
    two(at) _mm512_castpd_ps(_mm512_set1_pd(at.cast::<f64>().read_unaligned()));
    twice(at, count) {
        let x = _mm512_castps256_ps512(F32x8::read_first(at, count, F32x8::splat(0.0)).0);
        _mm512_permutexvar_ps(_mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7), x)
    };
    by_turns(to, count, x) {
        let turns: [i32; 16] = core::array::from_fn(|lane| turn(lane, count));
        Self(_mm512_permutexvar_ps(_mm512_loadu_epi32(turns.as_ptr()), x)).write_first(to, 2 * count);
    };
    quads(a, b, start, sizes) {
        let [terms, columns] = sizes;
        let lanes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        let index = |lanes: [usize; 16]| _mm512_loadu_epi32(lanes.map(|lane| lane as i32).as_ptr());
        // Four rows lie side by side as they are in memory, and so do their sums.
        let each = index(lanes.map(|lane| (lane / columns).min(3)));
        let mut sums = match start {
            Some(start) => _mm512_maskz_loadu_ps(!(!0 << columns) as u16, start),
            None => _mm512_setzero_ps(),
        };
        for term in (0..terms).step_by(4) {
            let x = _mm512_permutexvar_ps(each, _mm512_castps128_ps512(_mm_loadu_ps(a.add(term))));
            let b = b.add(columns * term);
            // What follows four rows is read, too, if there is enough; no use is made of the lanes.
            let w = match columns {
                _ if columns * (terms - term) >= 16 => _mm512_loadu_ps(b),
                3 => _mm512_insertf32x4::<2>(_mm512_castps256_ps512(_mm256_loadu_ps(b)), _mm_loadu_ps(b.add(8))),
                _ => _mm512_castps256_ps512(_mm256_loadu_ps(b)),
            };
            sums = _mm512_fmadd_ps(x, w, sums);
        }
        let part = |part: usize| {
            let lanes = index(lanes.map(|lane| (lane + part * columns) % 16));
            _mm512_castps512_ps128(_mm512_permutexvar_ps(lanes, sums))
        };
        let sum = _mm_add_ps(_mm_add_ps(_mm_add_ps(_mm512_castps512_ps128(sums), part(1)), part(2)), part(3));
        let mut four = [0.0; 4];
        _mm_storeu_ps(four.as_mut_ptr(), sum);
        four
    };
}

/// The lane that is written as number `at` where `count` lanes of even number come before as many of odd number.
#[cfg_attr(not(debug_assertions), inline(always))]
fn turn(at: usize, count: usize) -> i32 {
    (if at < count { 2 * at } else { 2 * (at - count) + 1 }) as i32
}

/// The sums of four vectors of four: `a` and `c` in one, `b` and `d` in the other.
#[cfg_attr(not(debug_assertions), inline(always))]
fn sums_of_quarters(ac: __m256, bd: __m256) -> [f32; 4] {
    let mut sums = [0.0; 4];
    // SAFETY: only vectors of AVX call it; there is room for four numbers.
    unsafe {
        let even = _mm256_add_ps(_mm256_unpacklo_ps(ac, bd), _mm256_unpackhi_ps(ac, bd));
        // Of each half: the sums of lanes 0 and 2 of both vectors, then those of lanes 1 and 3.
        let all = _mm256_add_ps(even, _mm256_permute_ps::<0x4e>(even));
        _mm_storeu_ps(sums.as_mut_ptr(), _mm_movelh_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps::<1>(all)));
    }
    sums
}

fused_one!(mul_add(a, b, c) _mm_cvtss_f32(_mm_fmadd_ss(_mm_set_ss(a), _mm_set_ss(b), _mm_set_ss(c))));

/// The square root. That of `libm` is an instruction of SSE written by hand, which costs two hundred cycles between those of AVX.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sqrtf(x: f32) -> f32 {
    cpu!(_mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x))))
}

/// [`sqrtf`] in double precision.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sqrt(x: f64) -> f64 {
    cpu!({
        let x = _mm_set_sd(x);
        _mm_cvtsd_f64(_mm_sqrt_sd(x, x))
    })
}
