//! Network F by hand, for one image.
//!
//! The first layer has columns in the lanes, those of even and of odd number in vectors of their own, so that the largest of two
//! neighbours is that of two vectors; the second has channels in the lanes. A sum begins with the bias, stays in registers until
//! the pool, and no place is computed that the pool leaves out.

use super::dense::{Dense, forward};
use super::simd::{Avx2, Avx512, Block, Simd};
use super::{By, Hand, kernels, zeroed};
use crate::images::graph::Graph;
use crate::networks::{Activation, Layer};
use crate::timing::Entry;

/// The parameters of the network.
#[repr(C)]
struct F {
    dense: Dense<400, 1>,
    /// `second[row][input][column]`, each of all outputs.
    second: [[[Block; 3]; 8]; 3],
    second_bias: Block,
    /// `first[output][row][column]`.
    first: [[[f32; 3]; 3]; 8],
    first_bias: [f32; 8],
}

/// The columns of a row of the image in the order in which taps meet them: even, odd, even from 2, odd from 3.
type Columns = [Block; 4];

/// Thirteen columns of each channel, row by row.
type Hidden = [[Block; 13]; 8];

/// The columns of the row from number `start` on; those after its last one are of the next, and meet no tap.
#[inline(always)]
fn columns<S: Simd>(s: S, x: &[f32; 784], start: usize, to: &mut Columns) {
    for (at, to) in to.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let (low, high) = (block(x, start + 2 * at), block(x, start + 2 * at + 16));
        let (even, odd) = s.deinterleave(s.load(&low), s.load(&high));
        s.store(even, &mut to[0]);
        s.store(odd, &mut to[1]);
    }
}

/// Sixteen numbers, or as many as there are.
#[inline(always)]
fn block(x: &[f32; 784], at: usize) -> Block {
    if let Some(all) = x[at..].first_chunk() {
        return Block(*all);
    }
    let mut block = Block::ZERO;
    block.0[..784 - at].copy_from_slice(&x[at..]);
    block
}

/// The outputs, and what is in between: as memory that is not cleared for each image.
struct Work {
    rows: [Columns; 28],
    hidden: Hidden,
    pooled: [Block; 25],
    y: [Block; 1],
}

/// The first convolution, ReLU, and the first pool.
#[inline(always)]
fn first<S: Simd>(s: S, net: &F, x: &[f32; 784], rows: &mut [Columns; 28], hidden: &mut Hidden) {
    for (row, to) in rows.iter_mut().enumerate() {
        columns(s, x, row * 28, to);
    }
    for row in 0..13 {
        for ((channel, w), bias) in hidden.iter_mut().zip(&net.first).zip(&net.first_bias) {
            // Of two rows of places those at even columns, and those at odd ones.
            let mut sums = [[s.splat(*bias); 2]; 2];
            for (down, sums) in sums.iter_mut().enumerate() {
                for (w, x) in w.iter().zip(&rows[2 * row + down..]) {
                    let (even, odd, even_after, odd_after) =
                        (s.load(&x[0]), s.load(&x[1]), s.load(&x[2]), s.load(&x[3]));
                    for (w, [a, b]) in w.iter().zip([[even, odd], [odd, even_after], [even_after, odd_after]]) {
                        let w = s.splat(*w);
                        sums[0] = s.fma(a, w, sums[0]);
                        sums[1] = s.fma(b, w, sums[1]);
                    }
                }
            }
            let [[a, b], [c, d]] = sums;
            let largest = s.max(s.max(a, b), s.max(c, d));
            s.store(s.max(largest, s.splat(0.0)), &mut channel[row]);
        }
    }
}

/// The second convolution, ReLU, and the second pool, in tiles of `R` rows and `M` columns.
#[inline(always)]
fn second<S: Simd, const R: usize, const M: usize>(s: S, net: &F, hidden: &Hidden, pooled: &mut [Block; 25]) {
    for (row, pooled) in pooled.as_chunks_mut::<5>().0.iter_mut().enumerate() {
        let mut places = [[Block::ZERO; 10]; 2];
        for (down, col) in (0..2).step_by(R).flat_map(|down| (0..10).step_by(M).map(move |col| (down, col))) {
            let sums = tile::<S, R, M>(s, net, hidden, 2 * row + down, col);
            for (sums, places) in sums.iter().zip(&mut places[down..]) {
                for (sum, place) in sums.iter().zip(&mut places[col..]) {
                    s.store(*sum, place);
                }
            }
        }
        for (col, pooled) in pooled.iter_mut().enumerate() {
            let [a, b] = &places;
            let a = s.max(s.load(&a[2 * col]), s.load(&a[2 * col + 1]));
            let b = s.max(s.load(&b[2 * col]), s.load(&b[2 * col + 1]));
            let largest = s.max(a, b);
            s.store(s.max(largest, s.splat(0.0)), pooled);
        }
    }
}

/// The sums of places: an input is read once for the three columns of taps that meet it in a row of them.
#[inline(always)]
fn tile<S: Simd, const R: usize, const M: usize>(
    s: S,
    net: &F,
    hidden: &Hidden,
    row: usize,
    col: usize,
) -> [[S::V; M]; R] {
    let mut sums = [[s.load(&net.second_bias); M]; R];
    for (down, w) in net.second.iter().enumerate() {
        for (w, hidden) in w.iter().zip(hidden) {
            let w = [s.load(&w[0]), s.load(&w[1]), s.load(&w[2])];
            for (r, sums) in sums.iter_mut().enumerate() {
                let x = &hidden[row + down + r].0[col..col + M + 2];
                for (at, x) in x.iter().enumerate() {
                    let x = s.splat(*x);
                    for (tap, w) in w.iter().enumerate() {
                        if at >= tap && at - tap < M {
                            sums[at - tap] = s.fma(x, *w, sums[at - tap]);
                        }
                    }
                }
            }
        }
    }
    sums
}

#[inline(always)]
fn network<S: Simd, const R: usize, const M: usize>(s: S, net: &F, x: &[f32; 784], work: &mut Work) {
    let Work { rows, hidden, pooled, y } = work;
    first(s, net, x, rows, hidden);
    second::<S, R, M>(s, net, hidden, pooled);
    forward::<S, 400, 1, 1, 4>(s, &net.dense, Block::flat(pooled), y, false);
}

kernels! {
    f_avx2(Avx2; net: &F, x: &[f32; 784], work: &mut Work) { network::<_, 1, 5> }
    f_avx512(Avx512; net: &F, x: &[f32; 784], work: &mut Work) { network::<_, 2, 10> }
}

impl F {
    fn boxed(graph: &Graph) -> Box<Self> {
        // SAFETY: it is numbers, of which all bytes zero are valid.
        let mut net: Box<Self> = unsafe { zeroed() };
        let mut tensors = graph.tensors().map(|tensor| &tensor.values[..]);
        let mut next = || tensors.next().expect("six tensors");
        for (to, from) in net.first.as_flattened_mut().as_flattened_mut().iter_mut().zip(next()) {
            *to = *from;
        }
        net.first_bias.copy_from_slice(next());
        for (at, weight) in next().iter().enumerate() {
            // [output][input][row][column]
            net.second[at / 3 % 3][at / 9 % 8][at % 3].0[at / 72] = *weight;
        }
        net.second_bias.0.copy_from_slice(next());
        let (rows, bias) = (next(), next().to_vec());
        // Inputs place by place, of which those of a row come channel by channel.
        let input = |place: usize, channel: usize| (0..10).map(move |output| rows[output * 400 + channel * 25 + place]);
        let weights = (0..25).flat_map(|place| (0..16).flat_map(move |channel| input(place, channel))).collect();
        net.dense.fill(&Layer { inputs: 400, outputs: 10, weights, bias, activation: Activation::Identity });
        net
    }
}

/// The kernels for network F that this processor can run, on an image.
pub fn contestants(graph: &Graph, x: &[f32]) -> Vec<Entry> {
    let entry = |by: By| {
        let kernel: unsafe fn(&F, &[f32; 784], &mut Work) = match by {
            By::Avx2 => f_avx2,
            By::Avx512 => f_avx512,
        };
        let x = Box::new(x.try_into().expect("an image"));
        // SAFETY: it is numbers, of which all bytes zero are valid.
        let hand = Hand { net: F::boxed(graph), x, y: unsafe { zeroed() }, kernel };
        hand.entry(by, |work: &Work| Block::flat(&work.y)[..10].to_vec())
    };
    By::detected().into_iter().map(entry).collect()
}
