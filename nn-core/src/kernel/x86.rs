//! The vectors of x86-64.
//!
//! **Why this is sound.** The intrinsics of a vector must run only where the CPU has them. `F32x4` needs SSE2, which this
//! module asks for when it is compiled. The others are private to this crate, and generic code meets them in one way
//! alone: as the vectors of a token ([`Avx2`](super::Avx2), [`Avx512`](super::Avx512)), which is made after the CPU was
//! asked ([`set`](super::set)).
#![allow(unsafe_code)]

use super::lanes::{Lanes, sealed::Sealed};
use super::math::{self, PowerOfTwo};
use super::one::{One, one_number, operators};
use crate::scalar::Scalar;
use core::arch::x86_64::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// An expression of intrinsics that touch no memory.
macro_rules! cpu {
    ($($expression:tt)*) => {
        // SAFETY: the CPU has them, as the head of this module says.
        unsafe { $($expression)* }
    };
}

/// A vector of `f32`: its register, its half, its intrinsics, and what differs from one to the other.
macro_rules! vector {
    (
        $(#[$doc:meta])* $Vector:ident($Register:ty), $LEN:literal, $Half:ty;
        $add:ident $sub:ident $mul:ident $div:ident $max:ident $min:ident $sqrt:ident;
        $splat:ident $load:ident $store:ident;
        mul_add($a:ident, $b:ident, $c:ident) $mul_add:expr;
        if_positive($x:ident, $yes:ident, $no:ident) $if_positive:expr;
        abs($abs_x:ident) $abs:expr;
        neg($neg_x:ident) $neg:expr;
        sum($sum_x:ident) $sum:expr;
        shifted($bits:ident) $shifted:expr;
        signed($size:ident, $signs:ident) $signed:expr;
        $(first($first_at:ident, $count:ident, $others:ident) $first:expr;)?
        $(write_first($to:ident, $to_count:ident, $what:ident) $write_first:expr;)?
        $(four($at:ident) $four:expr;)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $Vector($Register);

        vector!(@operators $Vector: Add add $add, Sub sub $sub, Mul mul $mul, Div div $div);

        impl Neg for $Vector {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn neg(self) -> Self {
                let $neg_x = self.0;
                Self(cpu!($neg))
            }
        }

        impl Sealed for $Vector {}

        impl Lanes<f32> for $Vector {
            type Chunk = [f32; $LEN];
            type Half = $Half;
            const LEN: usize = $LEN;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn splat(x: f32) -> Self {
                Self(cpu!($splat(x)))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn load(chunk: &Self::Chunk) -> Self {
                // SAFETY: a chunk is as many readable floats as the vector has; the load asks for no alignment.
                Self(unsafe { $load(chunk.as_ptr()) })
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn store(self, chunk: &mut Self::Chunk) {
                // SAFETY: a chunk is as many writable floats as the vector has; the store asks for no alignment.
                unsafe { $store(chunk.as_mut_ptr(), self.0) }
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn chunks(numbers: &[f32]) -> (&[Self::Chunk], &[f32]) {
                numbers.as_chunks()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn chunks_mut(numbers: &mut [f32]) -> (&mut [Self::Chunk], &mut [f32]) {
                numbers.as_chunks_mut()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn mul_add(self, by: Self, plus: Self) -> Self {
                let ($a, $b, $c) = (self.0, by.0, plus.0);
                Self(cpu!($mul_add))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn max(self, other: Self) -> Self {
                Self(cpu!($max(self.0, other.0)))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn min(self, other: Self) -> Self {
                Self(cpu!($min(self.0, other.0)))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn if_positive(self, yes: Self, no: Self) -> Self {
                let ($x, $yes, $no) = (self.0, yes.0, no.0);
                Self(cpu!($if_positive))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn abs(self) -> Self {
                let $abs_x = self.0;
                Self(cpu!($abs))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn sqrt(self) -> Self {
                Self(cpu!($sqrt(self.0)))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn sum(self) -> f32 {
                let $sum_x = self.0;
                $sum
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn map(self, f: impl Fn(f32) -> f32) -> Self {
                let mut lanes = [0.0; $LEN];
                self.store(&mut lanes);
                Self::load(&lanes.map(f))
            }
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn read_first($first_at: *const f32, $count: usize, others: Self) -> Self {
                    let $others = others.0;
                    // SAFETY: the caller's promise; lanes that are masked out are not read.
                    Self(unsafe { $first })
                }
            )?
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn write_first(self, $to: *mut f32, $to_count: usize) {
                    let $what = self.0;
                    // SAFETY: the caller's promise; lanes that are masked out are not written.
                    unsafe { $write_first }
                }
            )?
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                unsafe fn read_four($at: *const f32) -> [Self; 4] {
                    // SAFETY: the caller's promise.
                    unsafe { $four }
                }
            )?
            math::functions!();
        }

        impl PowerOfTwo for $Vector {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn low_bits_to_exponent(self) -> Self {
                let $bits = self.0;
                Self(cpu!($shifted))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn or_sign_of(self, x: Self) -> Self {
                let ($size, $signs) = (self.0, x.0);
                Self(cpu!($signed))
            }
        }
    };
    (@operators $Vector:ident: $($Trait:ident $method:ident $intrinsic:ident),*) => {$(
        impl $Trait for $Vector {
            type Output = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $method(self, other: Self) -> Self {
                Self(cpu!($intrinsic(self.0, other.0)))
            }
        }
    )*};
}

/// A vector of four: with or without fused operations.
macro_rules! four {
    ($(#[$doc:meta])* $Vector:ident, $Half:ty, mul_add($a:ident, $b:ident, $c:ident) $mul_add:expr) => {
        vector! {
            $(#[$doc])*
            $Vector(__m128), 4, $Half;
            _mm_add_ps _mm_sub_ps _mm_mul_ps _mm_div_ps _mm_max_ps _mm_min_ps _mm_sqrt_ps;
            _mm_set1_ps _mm_loadu_ps _mm_storeu_ps;
            mul_add($a, $b, $c) $mul_add;
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
    if_positive(x, yes, no) _mm256_blendv_ps(no, yes, _mm256_cmp_ps::<_CMP_GT_OQ>(x, _mm256_setzero_ps()));
    abs(x) _mm256_andnot_ps(_mm256_set1_ps(-0.0), x);
    neg(x) _mm256_xor_ps(x, _mm256_set1_ps(-0.0));
    sum(x) F32x4Fused(cpu!(_mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x)))).sum();
    shifted(x) _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(x)));
    signed(x, signs) _mm256_or_ps(x, _mm256_and_ps(signs, _mm256_set1_ps(-0.0)));
    first(at, count, others) {
        let mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
        _mm256_blendv_ps(others, _mm256_maskload_ps(at, mask), _mm256_castsi256_ps(mask))
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
}

vector! {
    /// Sixteen `f32` of AVX-512.
    F32x16(__m512), 16, F32x8;
    _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_div_ps _mm512_max_ps _mm512_min_ps _mm512_sqrt_ps;
    _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps;
    mul_add(a, b, c) _mm512_fmadd_ps(a, b, c);
    if_positive(x, yes, no) _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(x, _mm512_setzero_ps()), no, yes);
    abs(x) _mm512_andnot_ps(_mm512_set1_ps(-0.0), x);
    neg(x) _mm512_xor_ps(x, _mm512_set1_ps(-0.0));
    sum(x) F32x8(cpu!(_mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x)))).sum();
    shifted(x) _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_castps_si512(x)));
    signed(x, signs) _mm512_or_ps(x, _mm512_and_ps(signs, _mm512_set1_ps(-0.0)));
    first(at, count, others) _mm512_mask_loadu_ps(others, !(!0 << count) as u16, at);
    write_first(at, count, x) _mm512_mask_storeu_ps(at, !(!0 << count) as u16, x);
    four(at) {
        let x = _mm512_broadcast_f32x4(_mm_loadu_ps(at));
        [
            Self(_mm512_permute_ps::<0x00>(x)),
            Self(_mm512_permute_ps::<0x55>(x)),
            Self(_mm512_permute_ps::<0xaa>(x)),
            Self(_mm512_permute_ps::<0xff>(x)),
        ]
    };
}

/// One `f32` with fused operations.
#[derive(Clone, Copy, Debug)]
pub struct F32x1Fused(f32);

operators!([] F32x1Fused);

impl Sealed for F32x1Fused {}

impl Lanes<f32> for F32x1Fused {
    one_number!(f32);

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        let [a, b, c] = [self, by, plus].map(|x| cpu!(_mm_set_ss(x.0)));
        Self(cpu!(_mm_cvtss_f32(_mm_fmadd_ss(a, b, c))))
    }
    math::functions!();
}

impl PowerOfTwo for F32x1Fused {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn low_bits_to_exponent(self) -> Self {
        Self(One(self.0).low_bits_to_exponent().0)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn or_sign_of(self, x: Self) -> Self {
        Self(One(self.0).or_sign_of(One(x.0)).0)
    }
}

#[cfg(test)]
mod tests;
