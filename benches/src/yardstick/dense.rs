//! A dense layer for one sample: `y[o] = b[o] + Σ x[i] * w[i][o]`.

use super::simd::{Block, Simd};
use crate::networks::Layer;

/// The parameters of a layer of `I` inputs, its outputs padded to blocks of sixteen.
#[repr(C)]
pub struct Dense<const I: usize, const P: usize> {
    pub w: [[Block; P]; I],
    pub b: [Block; P],
}

impl<const I: usize, const P: usize> Dense<I, P> {
    /// Takes over the parameters, and leaves the padding.
    pub fn fill(&mut self, layer: &Layer) {
        assert!(layer.inputs == I && layer.outputs.div_ceil(16) == P);
        for (w, from) in self.w.iter_mut().zip(layer.weights.chunks_exact(layer.outputs)) {
            Block::flat_mut(w)[..layer.outputs].copy_from_slice(from);
        }
        Block::flat_mut(&mut self.b)[..layer.outputs].copy_from_slice(&layer.bias);
    }

    /// The parameters without the padding.
    pub fn flat(&self, outputs: usize) -> impl Iterator<Item = f32> + '_ {
        let rows = self.w.iter().chain([&self.b]);
        rows.flat_map(move |row| &Block::flat(row)[..outputs]).copied()
    }
}

/// The sums of `N` blocks of outputs from block `at`, kept in registers in `PARTS` parts each, every one of which takes
/// its share of the inputs: a chain of additions is as long as it takes, so there must be several.
#[inline(always)]
fn block<S: Simd, const I: usize, const P: usize, const N: usize, const PARTS: usize>(
    s: S,
    dense: &Dense<I, P>,
    x: &[f32],
    at: usize,
) -> [S::V; N] {
    const { assert!(I.is_multiple_of(4) && 4_usize.is_multiple_of(PARTS) && P.is_multiple_of(N)) };
    let mut sums = [[s.splat(0.0); N]; PARTS];
    for (sum, b) in sums[0].iter_mut().zip(&dense.b[at..]) {
        *sum = s.load(b);
    }
    let (x, _) = x[..I].as_chunks::<4>();
    let (w, _) = dense.w.as_chunks::<4>();
    for (x, w) in x.iter().zip(w) {
        let x = s.splats(x);
        for i in 0..4 {
            for n in 0..N {
                sums[i % PARTS][n] = s.fma(x[i], s.load(&w[i][at + n]), sums[i % PARTS][n]);
            }
        }
    }
    let mut sum = sums[0];
    for part in &sums[1..] {
        for n in 0..N {
            sum[n] = s.add(sum[n], part[n]);
        }
    }
    sum
}

/// The outputs, `N` blocks at a time, after ReLU if asked for.
#[inline(always)]
pub fn forward<S: Simd, const I: usize, const P: usize, const N: usize, const PARTS: usize>(
    s: S,
    dense: &Dense<I, P>,
    x: &[f32],
    y: &mut [Block; P],
    relu: bool,
) {
    for at in (0..P).step_by(N) {
        let sums = block::<S, I, P, N, PARTS>(s, dense, x, at);
        for n in 0..N {
            let y_n = if relu { s.max(sums[n], s.splat(0.0)) } else { sums[n] };
            s.store(y_n, &mut y[at + n]);
        }
    }
}
