//! Networks C, D and E for one sample.

use super::dense::{Dense, forward};
use super::simd::{Avx2, Avx512, Block, Simd};
use super::{By, Hand, kernels};
use crate::networks::{Case, Net};
use crate::timing::Entry;

/// A hidden layer of `H = 16 * P` nodes, and an output layer of at most sixteen.
#[repr(C)]
pub struct Two<const I: usize, const P: usize, const H: usize> {
    pub hidden: Dense<I, P>,
    pub output: Dense<H, 1>,
}

#[inline(always)]
fn two<S: Simd, const I: usize, const P: usize, const H: usize, const N: usize, const PARTS: usize>(
    s: S,
    net: &Two<I, P, H>,
    x: &[f32; I],
    y: &mut [Block; 1],
) {
    let mut h = [Block::ZERO; P];
    forward::<S, I, P, N, PARTS>(s, &net.hidden, x, &mut h, true);
    forward::<S, H, 1, 1, 4>(s, &net.output, Block::flat(&h), y, false);
}

type C = Two<64, 2, 32>;
type D = Two<784, 8, 128>;

kernels! {
    c_avx2(Avx2; net: &C, x: &[f32; 64], y: &mut [Block; 1]) { two::<_, 64, 2, 32, 2, 2> }
    c_avx512(Avx512; net: &C, x: &[f32; 64], y: &mut [Block; 1]) { two::<_, 64, 2, 32, 2, 4> }
    d_avx2(Avx2; net: &D, x: &[f32; 784], y: &mut [Block; 1]) { two::<_, 784, 8, 128, 4, 1> }
    d_avx512(Avx512; net: &D, x: &[f32; 784], y: &mut [Block; 1]) { two::<_, 784, 8, 128, 8, 1> }
    e_avx2(Avx2; net: &E, x: &[f32; 640], y: &mut [Block; 40]) { auto_encoder::<_, 4> }
    e_avx512(Avx512; net: &E, x: &[f32; 640], y: &mut [Block; 40]) { auto_encoder::<_, 8> }
}

/// The auto-encoder.
#[repr(C)]
struct E {
    first: Dense<640, 8>,
    down: [Dense<128, 8>; 3],
    narrow: Dense<128, 1>,
    wide: Dense<8, 8>,
    up: [Dense<128, 8>; 3],
    last: Dense<128, 40>,
}

#[inline(always)]
fn auto_encoder<S: Simd, const N: usize>(s: S, net: &E, x: &[f32; 640], y: &mut [Block; 40]) {
    let (mut a, mut b, mut code) = ([Block::ZERO; 8], [Block::ZERO; 8], [Block::ZERO; 1]);
    forward::<S, 640, 8, N, 1>(s, &net.first, x, &mut a, true);
    for layer in &net.down {
        forward::<S, 128, 8, N, 1>(s, layer, Block::flat(&a), &mut b, true);
        (a, b) = (b, a);
    }
    forward::<S, 128, 1, 1, 4>(s, &net.narrow, Block::flat(&a), &mut code, true);
    forward::<S, 8, 8, N, 1>(s, &net.wide, Block::flat(&code), &mut a, true);
    for layer in &net.up {
        forward::<S, 128, 8, N, 1>(s, layer, Block::flat(&a), &mut b, true);
        (a, b) = (b, a);
    }
    forward::<S, 128, 40, N, 1>(s, &net.last, Block::flat(&a), y, false);
}

impl<const I: usize, const P: usize, const H: usize> Two<I, P, H> {
    pub fn boxed(case: &Case) -> Box<Self> {
        // SAFETY: it is numbers, of which all bytes zero are valid.
        let mut net: Box<Self> = unsafe { super::zeroed() };
        net.hidden.fill(&case.layers[0]);
        net.output.fill(&case.layers[1]);
        net
    }
}

impl E {
    fn boxed(case: &Case) -> Box<Self> {
        // SAFETY: it is numbers, of which all bytes zero are valid.
        let mut net: Box<Self> = unsafe { super::zeroed() };
        let layers = &case.layers;
        net.first.fill(&layers[0]);
        net.narrow.fill(&layers[4]);
        net.wide.fill(&layers[5]);
        net.last.fill(&layers[9]);
        for at in 0..3 {
            net.down[at].fill(&layers[1 + at]);
            net.up[at].fill(&layers[6 + at]);
        }
        net
    }
}

/// The entry of one kernel, whose outputs are padded to blocks.
fn entry<N: 'static, const I: usize, const P: usize>(
    by: By,
    case: &Case,
    net: Box<N>,
    kernel: unsafe fn(&N, &[f32; I], &mut [Block; P]),
) -> Entry {
    let outputs = case.outputs();
    let x: Box<[f32; I]> = case.x.clone().try_into().expect("one row");
    let hand = Hand { net, x, y: Box::new([Block::ZERO; P]), kernel };
    hand.entry(by, move |y| Block::flat(y)[..outputs].to_vec())
}

pub fn contestant(case: &Case, by: By) -> Option<Entry> {
    Some(match (case.net, by) {
        (Net::C, By::Avx2) => entry(by, case, C::boxed(case), c_avx2),
        (Net::C, By::Avx512) => entry(by, case, C::boxed(case), c_avx512),
        (Net::D, By::Avx2) => entry(by, case, D::boxed(case), d_avx2),
        (Net::D, By::Avx512) => entry(by, case, D::boxed(case), d_avx512),
        (Net::E, By::Avx2) => entry(by, case, E::boxed(case), e_avx2),
        (Net::E, By::Avx512) => entry(by, case, E::boxed(case), e_avx512),
        (Net::A | Net::B, _) => return None,
    })
}
