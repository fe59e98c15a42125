//! Cells by hand, a sample at a time: LSTM 1x16 and GRU 20, each with a dense layer of one output.

use super::hand::{avx2, avx512};
use super::{BLOCK, Weights};
use std::arch::x86_64::*;

/// An LSTM of sixteen nodes: a row of its four gates for the input, for each node and for the bias.
#[repr(C, align(64))]
pub struct Lstm {
    x: [[f32; 16]; 4],
    h: [[[f32; 16]; 4]; 16],
    bias: [[f32; 16]; 4],
    dense: [f32; 16],
    state: [[f32; 16]; 2],
    last: f32,
}

impl Lstm {
    pub fn new(weights: &Weights) -> Self {
        let of = |tensor: usize| &weights.tensors[tensor].values;
        let gates = |row: &[f32]| std::array::from_fn(|gate| std::array::from_fn(|node| row[gate * 16 + node]));
        let both: Vec<f32> = of(2).iter().zip(of(3)).map(|(a, b)| a + b).collect();
        Self {
            x: gates(of(0)),
            h: std::array::from_fn(|node| gates(&of(1)[node * 64..])),
            bias: gates(&both),
            dense: of(4)[..].try_into().expect("sixteen"),
            last: of(5)[0],
            state: [[0.0; 16]; 2],
        }
    }

    /// A block.
    #[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
    pub fn avx512(&mut self, x: &[f32; BLOCK], y: &mut [f32; BLOCK]) {
        // SAFETY: every row has sixteen numbers.
        unsafe {
            let load = |row: &[f32; 16]| _mm512_load_ps(row.as_ptr());
            let ([mut h, mut c], dense) = (self.state.each_ref().map(load), load(&self.dense));
            let (of_x, bias) = (self.x.each_ref().map(load), self.bias.each_ref().map(load));
            for (x, y) in x.iter().zip(y) {
                let x = _mm512_set1_ps(*x);
                let mut even: [__m512; 4] = std::array::from_fn(|gate| _mm512_fmadd_ps(x, of_x[gate], bias[gate]));
                let mut odd = [_mm512_setzero_ps(); 4];
                for node in 0..8 {
                    let [a, b] =
                        [2 * node, 2 * node + 1].map(|node| _mm512_permutexvar_ps(_mm512_set1_epi32(node as i32), h));
                    for gate in 0..4 {
                        even[gate] = _mm512_fmadd_ps(a, load(&self.h[2 * node][gate]), even[gate]);
                        odd[gate] = _mm512_fmadd_ps(b, load(&self.h[2 * node + 1][gate]), odd[gate]);
                    }
                }
                let [i, f, g, o] = std::array::from_fn(|gate| _mm512_add_ps(even[gate], odd[gate]));
                let i = _mm512_mul_ps(avx512::sigmoid(i), avx512::tanh(g));
                c = _mm512_fmadd_ps(avx512::sigmoid(f), c, i);
                h = _mm512_mul_ps(avx512::sigmoid(o), avx512::tanh(c));
                *y = _mm512_reduce_add_ps(_mm512_mul_ps(h, dense)) + self.last;
            }
            for (row, now) in self.state.iter_mut().zip([h, c]) {
                _mm512_store_ps(row.as_mut_ptr(), now);
            }
        }
    }

    /// A block.
    #[target_feature(enable = "avx2,fma")]
    pub fn avx2(&mut self, x: &[f32; BLOCK], y: &mut [f32; BLOCK]) {
        // SAFETY: every row has sixteen numbers.
        unsafe {
            let load = |row: &[f32; 16]| [_mm256_load_ps(row.as_ptr()), _mm256_load_ps(row.as_ptr().add(8))];
            let dense = load(&self.dense);
            for (x, y) in x.iter().zip(y) {
                let x = _mm256_set1_ps(*x);
                let mut sums: [[__m256; 2]; 4] = std::array::from_fn(|gate| {
                    let (bias, of_x) = (load(&self.bias[gate]), load(&self.x[gate]));
                    std::array::from_fn(|half| _mm256_fmadd_ps(x, of_x[half], bias[half]))
                });
                let [h, c] = &mut self.state;
                for node in 0..16 {
                    let h = _mm256_set1_ps(h[node]);
                    for gate in 0..4 {
                        let weights = load(&self.h[node][gate]);
                        for half in 0..2 {
                            sums[gate][half] = _mm256_fmadd_ps(h, weights[half], sums[gate][half]);
                        }
                    }
                }
                let mut total = _mm256_setzero_ps();
                for half in 0..2 {
                    let [i, f, g, o] = sums.map(|gate| gate[half]);
                    let old = _mm256_load_ps(c.as_ptr().add(8 * half));
                    let i = _mm256_mul_ps(avx2::sigmoid(i), avx2::tanh(g));
                    let now = _mm256_fmadd_ps(avx2::sigmoid(f), old, i);
                    let out = _mm256_mul_ps(avx2::sigmoid(o), avx2::tanh(now));
                    _mm256_store_ps(c.as_mut_ptr().add(8 * half), now);
                    _mm256_store_ps(h.as_mut_ptr().add(8 * half), out);
                    total = _mm256_fmadd_ps(out, dense[half], total);
                }
                *y = sum(total) + self.last;
            }
        }
    }
}

/// The sum of eight numbers.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn sum(v: __m256) -> f32 {
    let v = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v));
    let v = _mm_add_ps(v, _mm_movehl_ps(v, v));
    _mm_cvtss_f32(_mm_add_ss(v, _mm_movehdup_ps(v)))
}

/// A GRU of twenty nodes, which are padded to thirty-two: a row of its three gates for the input, for each node and for both biases.
#[repr(C, align(64))]
pub struct Gru {
    x: [[f32; 32]; 3],
    h: [[[f32; 32]; 3]; 20],
    bias: [[[f32; 32]; 3]; 2],
    dense: [f32; 32],
    state: [f32; 32],
    last: f32,
}

impl Gru {
    pub fn new(weights: &Weights) -> Self {
        let of = |tensor: usize| &weights.tensors[tensor].values;
        let pad = |row: &[f32]| std::array::from_fn(|node| if node < 20 { row[node] } else { 0.0 });
        let gates = |row: &[f32]| std::array::from_fn(|gate| pad(&row[gate * 20..]));
        Self {
            x: gates(of(0)),
            h: std::array::from_fn(|node| gates(&of(1)[node * 60..])),
            bias: [gates(of(2)), gates(of(3))],
            dense: pad(of(4)),
            state: [0.0; 32],
            last: of(5)[0],
        }
    }

    /// A block: sixteen nodes in one register, four in another.
    #[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
    pub fn avx512(&mut self, x: &[f32; BLOCK], y: &mut [f32; BLOCK]) {
        // SAFETY: every row has 32 numbers.
        unsafe {
            let wide = |row: &[f32; 32]| _mm512_load_ps(row.as_ptr());
            let tail = |row: &[f32; 32]| _mm_load_ps(row.as_ptr().add(16));
            for (x, y) in x.iter().zip(y) {
                let mut sums = self.bias[1].each_ref().map(wide);
                let mut tails = self.bias[1].each_ref().map(tail);
                let (mut odd, mut odd_tails) = ([_mm512_setzero_ps(); 3], [_mm_setzero_ps(); 3]);
                for node in (0..20).step_by(2) {
                    for gate in 0..3 {
                        let (a, b) = (_mm512_set1_ps(self.state[node]), _mm512_set1_ps(self.state[node + 1]));
                        let (s, t) = (_mm512_castps512_ps128(a), _mm512_castps512_ps128(b));
                        sums[gate] = _mm512_fmadd_ps(a, wide(&self.h[node][gate]), sums[gate]);
                        odd[gate] = _mm512_fmadd_ps(b, wide(&self.h[node + 1][gate]), odd[gate]);
                        tails[gate] = _mm_fmadd_ps(s, tail(&self.h[node][gate]), tails[gate]);
                        odd_tails[gate] = _mm_fmadd_ps(t, tail(&self.h[node + 1][gate]), odd_tails[gate]);
                    }
                }
                let x = _mm512_set1_ps(*x);
                let low = _mm512_castps512_ps128(x);
                let xs: [__m512; 3] =
                    std::array::from_fn(|gate| _mm512_fmadd_ps(x, wide(&self.x[gate]), wide(&self.bias[0][gate])));
                let x_tails: [__m128; 3] =
                    std::array::from_fn(|gate| _mm_fmadd_ps(low, tail(&self.x[gate]), tail(&self.bias[0][gate])));
                let [r, z, n] = std::array::from_fn(|gate| _mm512_add_ps(sums[gate], odd[gate]));
                let [s, w, m] = std::array::from_fn(|gate| _mm_add_ps(tails[gate], odd_tails[gate]));
                // The tails of both gates are one register.
                let both = _mm512_insertf32x4::<1>(
                    _mm512_castps128_ps512(_mm_add_ps(x_tails[0], s)),
                    _mm_add_ps(x_tails[1], w),
                );
                let both = avx512::sigmoid(both);
                let (s, w) = (_mm512_castps512_ps128(both), _mm512_extractf32x4_ps::<1>(both));
                let (r, z) = (avx512::sigmoid(_mm512_add_ps(xs[0], r)), avx512::sigmoid(_mm512_add_ps(xs[1], z)));
                let n = avx512::tanh(_mm512_fmadd_ps(r, n, xs[2]));
                let m = _mm512_castps512_ps128(avx512::tanh(_mm512_castps128_ps512(_mm_fmadd_ps(s, m, x_tails[2]))));
                let h = _mm512_fmadd_ps(z, _mm512_sub_ps(wide(&self.state), n), n);
                let t = _mm_fmadd_ps(w, _mm_sub_ps(tail(&self.state), m), m);
                _mm512_store_ps(self.state.as_mut_ptr(), h);
                _mm_store_ps(self.state.as_mut_ptr().add(16), t);
                let last = _mm512_zextps128_ps512(_mm_mul_ps(t, tail(&self.dense)));
                *y = _mm512_reduce_add_ps(_mm512_fmadd_ps(h, wide(&self.dense), last)) + self.last;
            }
        }
    }

    /// A block: three registers of eight nodes.
    #[target_feature(enable = "avx2,fma")]
    pub fn avx2(&mut self, x: &[f32; BLOCK], y: &mut [f32; BLOCK]) {
        // SAFETY: every row has 32 numbers.
        unsafe {
            let part = |row: &[f32; 32], part: usize| _mm256_load_ps(row.as_ptr().add(8 * part));
            for (x, y) in x.iter().zip(y) {
                let x = _mm256_set1_ps(*x);
                let mut sums: [[__m256; 3]; 3] =
                    std::array::from_fn(|gate| std::array::from_fn(|at| part(&self.bias[1][gate], at)));
                for node in 0..20 {
                    let h = _mm256_set1_ps(self.state[node]);
                    for gate in 0..3 {
                        for at in 0..3 {
                            sums[gate][at] = _mm256_fmadd_ps(h, part(&self.h[node][gate], at), sums[gate][at]);
                        }
                    }
                }
                let mut total = _mm256_setzero_ps();
                for at in 0..3 {
                    let of_x = |gate: usize| _mm256_fmadd_ps(x, part(&self.x[gate], at), part(&self.bias[0][gate], at));
                    let r = avx2::sigmoid(_mm256_add_ps(of_x(0), sums[0][at]));
                    let z = avx2::sigmoid(_mm256_add_ps(of_x(1), sums[1][at]));
                    let n = avx2::tanh(_mm256_fmadd_ps(r, sums[2][at], of_x(2)));
                    let h = _mm256_fmadd_ps(z, _mm256_sub_ps(part(&self.state, at), n), n);
                    _mm256_store_ps(self.state.as_mut_ptr().add(8 * at), h);
                    total = _mm256_fmadd_ps(h, part(&self.dense, at), total);
                }
                *y = sum(total) + self.last;
            }
        }
    }
}
