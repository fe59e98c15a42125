//! Vectors of sixteen numbers, one register of AVX-512 or two of AVX2, so that a kernel can be written once for both.
//!
//! A token stands for an instruction set. It exists only where the processor has that set, which makes its methods safe.

use std::arch::x86_64::*;

/// Sixteen numbers in memory.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Block(pub [f32; 16]);

impl Block {
    pub const ZERO: Self = Self([0.0; 16]);

    /// The numbers of a row of blocks.
    #[inline(always)]
    pub fn flat(blocks: &[Self]) -> &[f32] {
        // SAFETY: a block is sixteen numbers without padding.
        unsafe { std::slice::from_raw_parts(blocks.as_ptr().cast(), blocks.len() * 16) }
    }

    /// The numbers of a row of blocks, to be changed.
    #[inline(always)]
    pub fn flat_mut(blocks: &mut [Self]) -> &mut [f32] {
        // SAFETY: a block is sixteen numbers without padding.
        unsafe { std::slice::from_raw_parts_mut(blocks.as_mut_ptr().cast(), blocks.len() * 16) }
    }
}

macro_rules! declare {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $T:ty),*) $(-> $R:ty)?;)*) => {
        /// An instruction set.
        pub trait Simd: Copy {
            /// Sixteen numbers in registers.
            type V: Copy;
            $($(#[$doc])* fn $name(self, $($arg: $T),*) $(-> $R)?;)*
        }
    };
}

declare! {
    fn load(from: &Block) -> Self::V;
    fn store(v: Self::V, to: &mut Block);
    fn splat(x: f32) -> Self::V;
    /// Four splats by one read and shuffles, since reads are what a single sample waits for.
    fn splats(x: &[f32; 4]) -> [Self::V; 4];
    fn add(a: Self::V, b: Self::V) -> Self::V;
    fn sub(a: Self::V, b: Self::V) -> Self::V;
    fn mul(a: Self::V, b: Self::V) -> Self::V;
    fn div(a: Self::V, b: Self::V) -> Self::V;
    fn max(a: Self::V, b: Self::V) -> Self::V;
    fn min(a: Self::V, b: Self::V) -> Self::V;
    /// `a * b + c`.
    fn fma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `c - a * b`.
    fn fnma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    fn sqrt(v: Self::V) -> Self::V;
    /// To the nearest whole number.
    fn round(v: Self::V) -> Self::V;
    /// `v * 2^n` for whole `n`.
    fn scale(v: Self::V, n: Self::V) -> Self::V;
    /// The exponent of a positive number, and what remains of it, from √½ to √2.
    fn split(v: Self::V) -> (Self::V, Self::V);
    /// `v` where `by` is positive, and zero elsewhere.
    fn where_positive(by: Self::V, v: Self::V) -> Self::V;
    fn sum(v: Self::V) -> f32;
    fn highest(v: Self::V) -> f32;
    /// Number `i` is the sum of vector `i`.
    fn sums(all: [Self::V; 16]) -> Self::V;
    /// The even and the odd numbers of two blocks.
    fn deinterleave(a: Self::V, b: Self::V) -> (Self::V, Self::V);
}

/// Implements methods whose only unsafety is that the processor must have the instructions.
macro_rules! by {
    ($($name:ident($self:ident $(, $arg:ident: $T:ty)*) $(-> $R:ty)? { $body:expr })*) => {$(
        #[inline(always)]
        fn $name($self, $($arg: $T),*) $(-> $R)? {
            // SAFETY: the token says that the processor has the instructions, and a block is aligned.
            unsafe { $body }
        }
    )*};
}

/// AVX2 and FMA.
#[derive(Clone, Copy)]
pub struct Avx2(());

/// AVX-512 F and DQ.
#[derive(Clone, Copy)]
pub struct Avx512(());

impl Avx2 {
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }

    /// # Safety
    /// The processor must have AVX2 and FMA.
    #[inline(always)]
    pub unsafe fn assume() -> Self {
        Self(())
    }
}

impl Avx512 {
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq") && Avx2::detect().is_some())
            .then_some(Self(()))
    }

    /// # Safety
    /// The processor must have AVX-512 F and DQ, AVX2 and FMA.
    #[inline(always)]
    pub unsafe fn assume() -> Self {
        Self(())
    }
}

/// How numbers are rounded.
const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

type Y = [__m256; 2];

impl Simd for Avx2 {
    type V = Y;

    by! {
        load(self, from: &Block) -> Y { [_mm256_load_ps(from.0.as_ptr()), _mm256_load_ps(from.0[8..].as_ptr())] }
        store(self, v: Y, to: &mut Block) {{
            _mm256_store_ps(to.0.as_mut_ptr(), v[0]);
            _mm256_store_ps(to.0[8..].as_mut_ptr(), v[1]);
        }}
        splat(self, x: f32) -> Y { [_mm256_set1_ps(x); 2] }
        splats(self, x: &[f32; 4]) -> [Y; 4] {{
            let x = pairs::four_times(x);
            [
                [_mm256_permute_ps::<0x00>(x); 2],
                [_mm256_permute_ps::<0x55>(x); 2],
                [_mm256_permute_ps::<0xAA>(x); 2],
                [_mm256_permute_ps::<0xFF>(x); 2],
            ]
        }}
        add(self, a: Y, b: Y) -> Y { [_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])] }
        sub(self, a: Y, b: Y) -> Y { [_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])] }
        mul(self, a: Y, b: Y) -> Y { [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])] }
        div(self, a: Y, b: Y) -> Y { [_mm256_div_ps(a[0], b[0]), _mm256_div_ps(a[1], b[1])] }
        max(self, a: Y, b: Y) -> Y { [_mm256_max_ps(a[0], b[0]), _mm256_max_ps(a[1], b[1])] }
        min(self, a: Y, b: Y) -> Y { [_mm256_min_ps(a[0], b[0]), _mm256_min_ps(a[1], b[1])] }
        fma(self, a: Y, b: Y, c: Y) -> Y { [_mm256_fmadd_ps(a[0], b[0], c[0]), _mm256_fmadd_ps(a[1], b[1], c[1])] }
        fnma(self, a: Y, b: Y, c: Y) -> Y { [_mm256_fnmadd_ps(a[0], b[0], c[0]), _mm256_fnmadd_ps(a[1], b[1], c[1])] }
        sqrt(self, v: Y) -> Y { [_mm256_sqrt_ps(v[0]), _mm256_sqrt_ps(v[1])] }
        round(self, v: Y) -> Y { [_mm256_round_ps::<NEAREST>(v[0]), _mm256_round_ps::<NEAREST>(v[1])] }
        scale(self, v: Y, n: Y) -> Y { [pairs::scale(v[0], n[0]), pairs::scale(v[1], n[1])] }
        split(self, v: Y) -> (Y, Y) {{
            let (a, b) = (pairs::split(v[0]), pairs::split(v[1]));
            ([a.0, b.0], [a.1, b.1])
        }}
        where_positive(self, by: Y, v: Y) -> Y {{
            let zero = _mm256_setzero_ps();
            let (a, b) = (_mm256_cmp_ps::<_CMP_GT_OQ>(by[0], zero), _mm256_cmp_ps::<_CMP_GT_OQ>(by[1], zero));
            [_mm256_and_ps(a, v[0]), _mm256_and_ps(b, v[1])]
        }}
        sum(self, v: Y) -> f32 {{
            let v = _mm256_add_ps(v[0], v[1]);
            let v = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v));
            let v = _mm_add_ps(v, _mm_movehl_ps(v, v));
            _mm_cvtss_f32(_mm_add_ss(v, _mm_movehdup_ps(v)))
        }}
        highest(self, v: Y) -> f32 {{
            let v = _mm256_max_ps(v[0], v[1]);
            let v = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v));
            let v = _mm_max_ps(v, _mm_movehl_ps(v, v));
            _mm_cvtss_f32(_mm_max_ss(v, _mm_movehdup_ps(v)))
        }}
        sums(self, all: [Y; 16]) -> Y {{
            let mut halves = [_mm256_setzero_ps(); 16];
            for (half, v) in halves.iter_mut().zip(all) {
                *half = _mm256_add_ps(v[0], v[1]);
            }
            let [low, high] = halves.as_chunks::<8>().0 else { unreachable!("sixteen are twice eight") };
            [pairs::sums(low), pairs::sums(high)]
        }}
        deinterleave(self, a: Y, b: Y) -> (Y, Y) {{
            let (a, b) = (pairs::deinterleave(a[0], a[1]), pairs::deinterleave(b[0], b[1]));
            ([a.0, b.0], [a.1, b.1])
        }}
    }
}

/// What takes several instructions of AVX2. They are functions, since closures would not be inlined.
mod pairs {
    use std::arch::x86_64::*;

    /// Four numbers in both halves, of which the compiler knows nothing: it would make four reads of them.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn four_times(x: &[f32; 4]) -> __m256 {
        let mut v;
        // SAFETY: four numbers are read from where there are four.
        unsafe {
            std::arch::asm!(
                "vbroadcastf128 {v}, xmmword ptr [{x}]",
                v = out(ymm_reg) v,
                x = in(reg) x,
                options(pure, readonly, nostack, preserves_flags)
            );
        }
        v
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn scale(v: __m256, n: __m256) -> __m256 {
        let bits = _mm256_slli_epi32::<23>(_mm256_cvtps_epi32(n));
        _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(v), bits))
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn split(v: __m256) -> (__m256, __m256) {
        let above = _mm256_sub_epi32(_mm256_castps_si256(v), _mm256_set1_epi32(0x3f35_04f3));
        let n = _mm256_cvtepi32_ps(_mm256_srai_epi32::<23>(above));
        (n, scale(v, _mm256_sub_ps(_mm256_setzero_ps(), n)))
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn deinterleave(a: __m256, b: __m256) -> (__m256, __m256) {
        let (low, high) = (_mm256_permute2f128_ps::<0x20>(a, b), _mm256_permute2f128_ps::<0x31>(a, b));
        (_mm256_shuffle_ps::<0b10_00_10_00>(low, high), _mm256_shuffle_ps::<0b11_01_11_01>(low, high))
    }

    /// Each step adds two vectors into one: neighbours, then pairs of them, then halves.
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub fn sums(v: &[__m256; 8]) -> __m256 {
        let a = four(v[0], v[1], v[2], v[3]);
        let b = four(v[4], v[5], v[6], v[7]);
        let (low, high) = (_mm256_permute2f128_ps::<0x20>(a, b), _mm256_permute2f128_ps::<0x31>(a, b));
        _mm256_add_ps(low, high)
    }

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn four(a: __m256, b: __m256, c: __m256, d: __m256) -> __m256 {
        let ab = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let cd = _mm256_add_ps(_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        let (ab, cd) = (_mm256_castps_pd(ab), _mm256_castps_pd(cd));
        let (low, high) = (_mm256_unpacklo_pd(ab, cd), _mm256_unpackhi_pd(ab, cd));
        _mm256_add_ps(_mm256_castpd_ps(low), _mm256_castpd_ps(high))
    }
}

type Z = __m512;

impl Simd for Avx512 {
    type V = Z;

    by! {
        load(self, from: &Block) -> Z { _mm512_load_ps(from.0.as_ptr()) }
        store(self, v: Z, to: &mut Block) { _mm512_store_ps(to.0.as_mut_ptr(), v) }
        splat(self, x: f32) -> Z { _mm512_set1_ps(x) }
        splats(self, x: &[f32; 4]) -> [Z; 4] {{
            let x = quarters::four_times(x);
            [
                _mm512_permute_ps::<0x00>(x),
                _mm512_permute_ps::<0x55>(x),
                _mm512_permute_ps::<0xAA>(x),
                _mm512_permute_ps::<0xFF>(x),
            ]
        }}
        add(self, a: Z, b: Z) -> Z { _mm512_add_ps(a, b) }
        sub(self, a: Z, b: Z) -> Z { _mm512_sub_ps(a, b) }
        mul(self, a: Z, b: Z) -> Z { _mm512_mul_ps(a, b) }
        div(self, a: Z, b: Z) -> Z { _mm512_div_ps(a, b) }
        max(self, a: Z, b: Z) -> Z { _mm512_max_ps(a, b) }
        min(self, a: Z, b: Z) -> Z { _mm512_min_ps(a, b) }
        fma(self, a: Z, b: Z, c: Z) -> Z { _mm512_fmadd_ps(a, b, c) }
        fnma(self, a: Z, b: Z, c: Z) -> Z { _mm512_fnmadd_ps(a, b, c) }
        sqrt(self, v: Z) -> Z { _mm512_sqrt_ps(v) }
        round(self, v: Z) -> Z { _mm512_roundscale_ps::<NEAREST>(v) }
        scale(self, v: Z, n: Z) -> Z { _mm512_scalef_ps(v, n) }
        split(self, v: Z) -> (Z, Z) {{
            let above = _mm512_sub_epi32(_mm512_castps_si512(v), _mm512_set1_epi32(0x3f35_04f3));
            let n = _mm512_cvtepi32_ps(_mm512_srai_epi32::<23>(above));
            (n, _mm512_scalef_ps(v, _mm512_sub_ps(_mm512_setzero_ps(), n)))
        }}
        where_positive(self, by: Z, v: Z) -> Z {
            _mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(by, _mm512_setzero_ps()), v)
        }
        sum(self, v: Z) -> f32 {{
            let v = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps::<1>(v));
            let v = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v));
            let v = _mm_add_ps(v, _mm_movehl_ps(v, v));
            _mm_cvtss_f32(_mm_add_ss(v, _mm_movehdup_ps(v)))
        }}
        highest(self, v: Z) -> f32 {{
            let v = _mm256_max_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps::<1>(v));
            let v = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v));
            let v = _mm_max_ps(v, _mm_movehl_ps(v, v));
            _mm_cvtss_f32(_mm_max_ss(v, _mm_movehdup_ps(v)))
        }}
        sums(self, all: [Z; 16]) -> Z {{
            // Each quarter of these has a part of the sums of four vectors.
            let a = quarters::four(all[0], all[1], all[2], all[3]);
            let b = quarters::four(all[4], all[5], all[6], all[7]);
            let c = quarters::four(all[8], all[9], all[10], all[11]);
            let d = quarters::four(all[12], all[13], all[14], all[15]);
            quarters::fold(quarters::fold(a, b), quarters::fold(c, d))
        }}
        deinterleave(self, a: Z, b: Z) -> (Z, Z) {{
            let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            let odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
            (_mm512_permutex2var_ps(a, even, b), _mm512_permutex2var_ps(a, odd, b))
        }}
    }
}

/// The steps of sixteen sums at once by AVX-512.
mod quarters {
    use std::arch::x86_64::*;

    /// Four numbers in all quarters, of which the compiler knows nothing: it would make four reads of them.
    #[target_feature(enable = "avx512f")]
    #[inline]
    pub fn four_times(x: &[f32; 4]) -> __m512 {
        let mut v;
        // SAFETY: four numbers are read from where there are four.
        unsafe {
            std::arch::asm!(
                "vbroadcastf32x4 {v}, xmmword ptr [{x}]",
                v = out(zmm_reg) v,
                x = in(reg) x,
                options(pure, readonly, nostack, preserves_flags)
            );
        }
        v
    }

    #[target_feature(enable = "avx512f")]
    #[inline]
    pub fn four(a: __m512, b: __m512, c: __m512, d: __m512) -> __m512 {
        let ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
        let cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
        let (ab, cd) = (_mm512_castps_pd(ab), _mm512_castps_pd(cd));
        let (low, high) = (_mm512_unpacklo_pd(ab, cd), _mm512_unpackhi_pd(ab, cd));
        _mm512_add_ps(_mm512_castpd_ps(low), _mm512_castpd_ps(high))
    }

    #[target_feature(enable = "avx512f")]
    #[inline]
    pub fn fold(a: __m512, b: __m512) -> __m512 {
        let low = _mm512_shuffle_f32x4::<0b10_00_10_00>(a, b);
        let high = _mm512_shuffle_f32x4::<0b11_01_11_01>(a, b);
        _mm512_add_ps(low, high)
    }
}
