//! Networks C and D for a batch of 32: tiles of `M` rows by `N` blocks of outputs, kept in registers.

use super::dense::Dense;
use super::simd::{Avx2, Avx512, Block, Simd};
use super::single::Two;
use super::{By, Hand, kernels};
use crate::networks::{BATCH, Case, Net};
use crate::timing::Entry;

/// What is done with the sums of a layer before they are stored.
pub trait Finish<S: Simd, const P: usize>: Copy {
    /// The sums of a row's block, finished.
    fn finish(self, s: S, sums: S::V, row: usize, at: usize) -> S::V;
}

/// ReLU.
#[derive(Clone, Copy)]
pub struct Relu;

/// Nothing.
#[derive(Clone, Copy)]
pub struct Identity;

impl<S: Simd, const P: usize> Finish<S, P> for Relu {
    #[inline(always)]
    fn finish(self, s: S, sums: S::V, _: usize, _: usize) -> S::V {
        s.max(sums, s.splat(0.0))
    }
}

impl<S: Simd, const P: usize> Finish<S, P> for Identity {
    #[inline(always)]
    fn finish(self, _: S, sums: S::V, _: usize, _: usize) -> S::V {
        sums
    }
}

/// The rows `from..to`, `M` at a time, which must divide their number: `y = finish(b + x w)`.
#[inline(always)]
pub fn rows<
    S: Simd,
    F: Finish<S, P>,
    const X: usize,
    const I: usize,
    const P: usize,
    const M: usize,
    const N: usize,
>(
    s: S,
    (w, b): (&[[Block; P]; I], &[Block; P]),
    x: &[[f32; X]; BATCH],
    y: &mut [[Block; P]; BATCH],
    finish: F,
    rows: std::ops::Range<usize>,
) {
    for at in (0..P).step_by(N) {
        let (x, _) = x[rows.clone()].as_chunks::<M>();
        let (y, _) = y[rows.clone()].as_chunks_mut::<M>();
        for (tile, (x, y)) in x.iter().zip(y).enumerate() {
            let mut sums = [core::array::from_fn::<_, N, _>(|n| s.load(&b[at + n])); M];
            for (i, w) in w.iter().enumerate() {
                let w: [_; N] = core::array::from_fn(|n| s.load(&w[at + n]));
                for m in 0..M {
                    let x = s.splat(x[m][i]);
                    for n in 0..N {
                        sums[m][n] = s.fma(x, w[n], sums[m][n]);
                    }
                }
            }
            for m in 0..M {
                for n in 0..N {
                    s.store(finish.finish(s, sums[m][n], rows.start + tile * M + m, at + n), &mut y[m][at + n]);
                }
            }
        }
    }
}

/// A whole batch in tiles that fit the registers.
pub trait Tiles: Simd {
    fn layer<F: Finish<Self, P>, const X: usize, const I: usize, const P: usize>(
        self,
        parameters: (&[[Block; P]; I], &[Block; P]),
        x: &[[f32; X]; BATCH],
        y: &mut [[Block; P]; BATCH],
        finish: F,
    );
}

impl Tiles for Avx2 {
    #[inline(always)]
    fn layer<F: Finish<Self, P>, const X: usize, const I: usize, const P: usize>(
        self,
        parameters: (&[[Block; P]; I], &[Block; P]),
        x: &[[f32; X]; BATCH],
        y: &mut [[Block; P]; BATCH],
        finish: F,
    ) {
        rows::<_, _, X, I, P, 6, 1>(self, parameters, x, y, finish, 0..12);
        rows::<_, _, X, I, P, 5, 1>(self, parameters, x, y, finish, 12..BATCH);
    }
}

impl Tiles for Avx512 {
    #[inline(always)]
    fn layer<F: Finish<Self, P>, const X: usize, const I: usize, const P: usize>(
        self,
        parameters: (&[[Block; P]; I], &[Block; P]),
        x: &[[f32; X]; BATCH],
        y: &mut [[Block; P]; BATCH],
        finish: F,
    ) {
        rows::<_, _, X, I, P, 16, 1>(self, parameters, x, y, finish, 0..BATCH);
    }
}

/// The numbers of a batch of rows of `H = 16 * P`.
#[inline(always)]
pub fn numbers<const P: usize, const H: usize>(rows: &[[Block; P]; BATCH]) -> &[[f32; H]; BATCH] {
    const { assert!(H == 16 * P) };
    // SAFETY: a block is sixteen numbers without padding.
    unsafe { &*std::ptr::from_ref(rows).cast() }
}

#[inline(always)]
fn dense<S: Tiles, F: Finish<S, P>, const X: usize, const I: usize, const P: usize>(
    s: S,
    dense: &Dense<I, P>,
    x: &[[f32; X]; BATCH],
    y: &mut [[Block; P]; BATCH],
    finish: F,
) {
    s.layer((&dense.w, &dense.b), x, y, finish);
}

/// Both layers, with the hidden nodes left in `h`.
#[inline(always)]
pub fn two<S: Tiles, const I: usize, const P: usize, const H: usize>(
    s: S,
    net: &Two<I, P, H>,
    x: &[[f32; I]; BATCH],
    h: &mut [[Block; P]; BATCH],
    y: &mut [[Block; 1]; BATCH],
) {
    dense(s, &net.hidden, x, h, Relu);
    dense(s, &net.output, numbers::<P, H>(h), y, Identity);
}

/// The hidden nodes and the outputs.
type Out<const P: usize> = ([[Block; P]; BATCH], [[Block; 1]; BATCH]);

#[inline(always)]
fn forward<S: Tiles, const I: usize, const P: usize, const H: usize>(
    s: S,
    net: &Two<I, P, H>,
    x: &[[f32; I]; BATCH],
    (h, y): &mut Out<P>,
) {
    two(s, net, x, h, y);
}

kernels! {
    c_avx2(Avx2; net: &Two<64, 2, 32>, x: &[[f32; 64]; BATCH], y: &mut Out<2>) { forward }
    c_avx512(Avx512; net: &Two<64, 2, 32>, x: &[[f32; 64]; BATCH], y: &mut Out<2>) { forward }
    d_avx2(Avx2; net: &Two<784, 8, 128>, x: &[[f32; 784]; BATCH], y: &mut Out<8>) { forward }
    d_avx512(Avx512; net: &Two<784, 8, 128>, x: &[[f32; 784]; BATCH], y: &mut Out<8>) { forward }
}

fn entry<const I: usize, const P: usize, const H: usize>(
    by: By,
    case: &Case,
    kernel: unsafe fn(&Two<I, P, H>, &[[f32; I]; BATCH], &mut Out<P>),
) -> Entry {
    let x = case.x.as_chunks::<I>().0.to_vec().try_into().expect("as many rows");
    let y = Box::new(([[Block::ZERO; P]; BATCH], [[Block::ZERO; 1]; BATCH]));
    let hand = Hand { net: Two::boxed(case), x, y, kernel };
    hand.entry(by, |(_, y)| y.iter().flat_map(|y| &y[0].0[..10]).copied().collect())
}

pub fn contestant(case: &Case, by: By) -> Option<Entry> {
    Some(match (case.net, by) {
        (Net::C, By::Avx2) => entry(by, case, c_avx2),
        (Net::C, By::Avx512) => entry(by, case, c_avx512),
        (Net::D, By::Avx2) => entry(by, case, d_avx2),
        (Net::D, By::Avx512) => entry(by, case, d_avx512),
        _ => return None,
    })
}
