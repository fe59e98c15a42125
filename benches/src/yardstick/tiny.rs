//! Networks A and B for one sample: a few registers, where every instruction counts.

use super::math::EXP2;
use super::{By, Hand};
use crate::networks::{Case, Net};
use crate::timing::Entry;
use std::arch::x86_64::*;

/// 2-8-4-1. The biases of the second layer are followed by as many zeros as a register has room for.
#[repr(C, align(64))]
struct A {
    w2: [[f32; 4]; 8],
    b2: [f32; 16],
    w1: [[f32; 8]; 2],
    b1: [f32; 8],
    w3: [f32; 4],
    b3: f32,
}

/// 4-16-3, its outputs padded to four.
#[repr(C, align(64))]
struct B {
    w1: [[f32; 16]; 4],
    b1: [f32; 16],
    w2: [[f32; 4]; 16],
    b2: [f32; 16],
}

/// Four numbers that stand side by side in memory.
#[repr(C, align(16))]
#[derive(Clone, Copy)]
struct Four([f32; 4]);

/// `2^t` for four numbers of moderate size, with an error of 1e-7.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn exp2(t: __m128) -> __m128 {
    let n = _mm_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(t);
    let f = _mm_sub_ps(t, n);
    let c = EXP2.map(|c| _mm_set1_ps(c));
    let f2 = _mm_mul_ps(f, f);
    let (low, middle, high) = (_mm_fmadd_ps(c[1], f, c[0]), _mm_fmadd_ps(c[3], f, c[2]), _mm_fmadd_ps(c[5], f, c[4]));
    let p = _mm_fmadd_ps(_mm_fmadd_ps(high, f2, middle), f2, low);
    let bits = _mm_slli_epi32::<23>(_mm_cvtps_epi32(n));
    _mm_castsi128_ps(_mm_add_epi32(_mm_castps_si128(p), bits))
}

/// The last two layers' work after the sums `z` of the second: sigmoid, and the sum of four products.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn finish(net: &A, z: __m128) -> f32 {
    let t = _mm_mul_ps(z, _mm_set1_ps(-std::f32::consts::LOG2_E));
    let t = _mm_min_ps(_mm_max_ps(t, _mm_set1_ps(-126.0)), _mm_set1_ps(126.0));
    let one = _mm_set1_ps(1.0);
    // SAFETY: four numbers are read from where there are four.
    let w3 = unsafe { _mm_loadu_ps(net.w3.as_ptr()) };
    let y = _mm_div_ps(w3, _mm_add_ps(one, exp2(t)));
    let y = _mm_add_ps(y, _mm_movehl_ps(y, y));
    _mm_cvtss_f32(_mm_add_ss(y, _mm_movehdup_ps(y))) + net.b3
}

/// The eight hidden nodes of A.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn hidden(net: &A, x: &[f32; 2]) -> __m256 {
    // SAFETY: eight numbers are read from where there are eight.
    let [w0, w1, b] = unsafe { [&net.w1[0], &net.w1[1], &net.b1].map(|at| _mm256_loadu_ps(at.as_ptr())) };
    let h = _mm256_fmadd_ps(_mm256_set1_ps(x[0]), w0, b);
    _mm256_max_ps(_mm256_fmadd_ps(_mm256_set1_ps(x[1]), w1, h), _mm256_setzero_ps())
}

#[target_feature(enable = "avx2,fma")]
fn a_avx2(net: &A, x: &[f32; 2], y: &mut f32) {
    let h = hidden(net, x);
    let first = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    let pair = |at| _mm256_permutevar8x32_ps(h, _mm256_add_epi32(first, _mm256_set1_epi32(at)));
    // SAFETY: two rows of weights are eight numbers, and so is half of the padded biases.
    let (w, b) = unsafe {
        ([0, 2, 4, 6].map(|at| _mm256_load_ps(net.w2[at..].as_ptr().cast())), _mm256_load_ps(net.b2.as_ptr()))
    };
    let even = _mm256_fmadd_ps(pair(4), w[2], _mm256_fmadd_ps(pair(0), w[0], b));
    let odd = _mm256_fmadd_ps(pair(6), w[3], _mm256_mul_ps(pair(2), w[1]));
    let z = _mm256_add_ps(even, odd);
    *y = finish(net, _mm_add_ps(_mm256_castps256_ps128(z), _mm256_extractf128_ps::<1>(z)));
}

/// The sum of the four quarters.
#[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
#[inline]
fn quarters(z: __m512) -> __m128 {
    let z = _mm256_add_ps(_mm512_castps512_ps256(z), _mm512_extractf32x8_ps::<1>(z));
    _mm_add_ps(_mm256_castps256_ps128(z), _mm256_extractf128_ps::<1>(z))
}

/// Four numbers from number `at` on, each four times.
#[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
#[inline]
fn each_four_times(h: __m512, at: i32) -> __m512 {
    let index = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    _mm512_permutexvar_ps(_mm512_add_epi32(index, _mm512_set1_epi32(at)), h)
}

#[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
fn a_avx512(net: &A, x: &[f32; 2], y: &mut f32) {
    let h = _mm512_castps256_ps512(hidden(net, x));
    // SAFETY: four rows of weights are sixteen numbers, and so are the padded biases.
    let (w, b) =
        unsafe { ([0, 4].map(|at| _mm512_load_ps(net.w2[at..].as_ptr().cast())), _mm512_load_ps(net.b2.as_ptr())) };
    let z = _mm512_fmadd_ps(each_four_times(h, 4), w[1], _mm512_fmadd_ps(each_four_times(h, 0), w[0], b));
    *y = finish(net, quarters(z));
}

#[target_feature(enable = "avx2,fma")]
fn b_avx2(net: &B, x: &[f32; 4], y: &mut Four) {
    let zero = _mm256_setzero_ps();
    // SAFETY: eight numbers are read from where there are eight, aligned as the network is.
    let load = |from: &[f32]| unsafe { _mm256_load_ps(from.as_ptr()) };
    let mut h = [load(&net.b1), load(&net.b1[8..])];
    for (x, w) in x.iter().zip(&net.w1) {
        let x = _mm256_set1_ps(*x);
        h = [_mm256_fmadd_ps(x, load(w), h[0]), _mm256_fmadd_ps(x, load(&w[8..]), h[1])];
    }
    let h = h.map(|h| _mm256_max_ps(h, zero));
    let first = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    let mut z = [load(&net.b2), zero];
    for half in 0..2 {
        for at in 0..4 {
            let h = _mm256_permutevar8x32_ps(h[half], _mm256_add_epi32(first, _mm256_set1_epi32(2 * at as i32)));
            z[half] = _mm256_fmadd_ps(h, load(net.w2[8 * half + 2 * at..].as_flattened()), z[half]);
        }
    }
    let z = _mm256_add_ps(z[0], z[1]);
    let z = _mm_add_ps(_mm256_castps256_ps128(z), _mm256_extractf128_ps::<1>(z));
    // SAFETY: there is room for four numbers, aligned.
    unsafe { _mm_store_ps(y.0.as_mut_ptr(), z) };
}

#[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
fn b_avx512(net: &B, x: &[f32; 4], y: &mut Four) {
    // SAFETY: sixteen numbers are read from where there are sixteen, aligned as the network is.
    let load = |from: &[f32]| unsafe { _mm512_load_ps(from.as_ptr()) };
    let mut h = load(&net.b1);
    for (x, w) in x.iter().zip(&net.w1) {
        h = _mm512_fmadd_ps(_mm512_set1_ps(*x), load(w), h);
    }
    let h = _mm512_max_ps(h, _mm512_setzero_ps());
    let mut z = [load(&net.b2), _mm512_setzero_ps()];
    for at in 0..4 {
        let w = load(net.w2[4 * at..].as_flattened());
        z[at % 2] = _mm512_fmadd_ps(each_four_times(h, 4 * at as i32), w, z[at % 2]);
    }
    // SAFETY: there is room for four numbers, aligned.
    unsafe { _mm_store_ps(y.0.as_mut_ptr(), quarters(_mm512_add_ps(z[0], z[1]))) };
}

/// The first numbers of a row that is padded with zeros.
fn padded<const N: usize>(from: &[f32]) -> [f32; N] {
    core::array::from_fn(|at| from.get(at).copied().unwrap_or(0.0))
}

/// The rows of weights, each padded with zeros.
fn rows<const I: usize, const O: usize>(layer: &crate::networks::Layer) -> [[f32; O]; I] {
    core::array::from_fn(|i| padded(&layer.weights[i * layer.outputs..][..layer.outputs]))
}

pub fn contestant(case: &Case, by: By) -> Option<Entry> {
    let l = &case.layers;
    let (b1, b2) = (&l[0].bias, &l[1].bias);
    if case.net == Net::A {
        let (w3, b3) = (padded(&l[2].weights), l[2].bias[0]);
        let net = A { w2: rows(&l[1]), b2: padded(b2), w1: rows(&l[0]), b1: padded(b1), w3, b3 };
        let x = Box::new(padded::<2>(&case.x));
        let kernel = if by == By::Avx2 { a_avx2 } else { a_avx512 as unsafe fn(&A, &[f32; 2], &mut f32) };
        return Some(Hand { net: Box::new(net), x, y: Box::new(0.0), kernel }.entry(by, |y| vec![*y]));
    }
    let net = B { w1: rows(&l[0]), b1: padded(b1), w2: rows(&l[1]), b2: padded(b2) };
    let (x, y) = (Box::new(padded::<4>(&case.x)), Box::new(Four([0.0; 4])));
    let kernel = if by == By::Avx2 { b_avx2 } else { b_avx512 as unsafe fn(&B, &[f32; 4], &mut Four) };
    Some(Hand { net: Box::new(net), x, y, kernel }.entry(by, |y| y.0[..3].to_vec()))
}
