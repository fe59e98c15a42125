//! A batch of 32 of network A, its values and a training step by the mean squared error: a register holds one node of sixteen samples.

use super::math::sigmoid;
use super::simd::{Avx2, Avx512, Block, Simd};
use super::update::{Adam, Sgd, Update};
use super::{By, Hand, kernels};
use crate::networks::{BATCH, Case, Targets, Task};
use crate::timing::Entry;
use std::hint::black_box;

/// Registers for the samples of a batch.
const R: usize = BATCH / 16;

/// The parameters and their optimiser's state, in the order in which the sums of the gradient are made: the first layer's
/// weights; the second's, in two blocks; the biases of both, and the third's weights; its bias.
struct Learner<U: Update> {
    parameters: [Block; 5],
    slots: [U::Slot; 5],
}

/// The inputs of a batch, sample by sample, and the targets.
type Data = ([Block; 2 * R], [Block; R]);

/// A node of every sample.
type Node<S> = [<S as Simd>::V; R];

/// The halves of the sum over the samples of the products of two nodes.
#[inline(always)]
fn product<S: Simd>(s: S, a: Node<S>, b: Node<S>) -> S::V {
    s.fma(a[1], b[1], s.mul(a[0], b[0]))
}

/// `a * w + b` for every sample.
#[inline(always)]
fn fma<S: Simd>(s: S, a: Node<S>, w: f32, b: Node<S>) -> Node<S> {
    let w = s.splat(w);
    [s.fma(a[0], w, b[0]), s.fma(a[1], w, b[1])]
}

/// Where the tensors of the parameters begin.
const AT: [usize; 6] = [0, 16, 48, 56, 60, 64];

/// The inputs, both hidden layers and the output.
type Values<S> = ([Node<S>; 2], [Node<S>; 8], [Node<S>; 4], Node<S>);

// Loops over arrays, since the closures of `array::from_fn` are functions of their own, without the instructions.
#[inline(always)]
fn values<S: Simd>(s: S, p: &[f32; 80], x: &[Block; 2 * R]) -> Values<S> {
    let [w1, w2, b1, b2, w3, b3] = AT;
    let zero = s.splat(0.0);
    let low = s.deinterleave(s.load(&x[0]), s.load(&x[1]));
    let high = s.deinterleave(s.load(&x[2]), s.load(&x[3]));
    let x: [Node<S>; 2] = [[low.0, high.0], [low.1, high.1]];
    let mut h: [Node<S>; 8] = [[zero; R]; 8];
    for j in 0..8 {
        let sum = fma(s, x[1], p[w1 + 8 + j], fma(s, x[0], p[w1 + j], [s.splat(p[b1 + j]); R]));
        h[j] = [s.max(sum[0], zero), s.max(sum[1], zero)];
    }
    let mut a: [Node<S>; 4] = [[zero; R]; 4];
    let mut y = [s.splat(p[b3]); R];
    for k in 0..4 {
        let mut sum = [s.splat(p[b2 + k]); R];
        for j in 0..8 {
            sum = fma(s, h[j], p[w2 + 4 * j + k], sum);
        }
        a[k] = [sigmoid(s, sum[0]), sigmoid(s, sum[1])];
        y = fma(s, a[k], p[w3 + k], y);
    }
    (x, h, a, y)
}

#[inline(always)]
fn forward<S: Simd>(s: S, p: &[Block; 5], x: &[Block; 2 * R], y: &mut [Block; R]) {
    let (.., values) = values(s, Block::flat(p).as_array().expect("five blocks"), x);
    for r in 0..R {
        s.store(values[r], &mut y[r]);
    }
}

#[inline(always)]
fn step<S: Simd, U: Update>(s: S, by: &mut U, learner: &mut Learner<U>, (x, targets): &Data) -> f32 {
    by.begin();
    let p: &[f32; 80] = Block::flat(&learner.parameters).as_array().expect("five blocks");
    let (x, h, a, y) = values(s, p, x);
    let error = [s.sub(y[0], s.load(&targets[0])), s.sub(y[1], s.load(&targets[1]))];
    let loss = s.sum(product(s, error, error)) / BATCH as f32;

    let ([_, w2, _, _, w3, _], zero) = (AT, s.splat(0.0));
    let dy = fma(s, error, 2.0 / BATCH as f32, [zero; R]);
    let mut dz: [Node<S>; 4] = [[zero; R]; 4];
    for k in 0..4 {
        let da = fma(s, dy, p[w3 + k], [zero; R]);
        for r in 0..R {
            dz[k][r] = s.mul(da[r], s.fnma(a[k][r], a[k][r], a[k][r]));
        }
    }
    // The products whose sums over the samples are the gradient.
    let mut gradients = [[zero; 16]; 4];
    for j in 0..8 {
        let mut dh = [zero; R];
        for k in 0..4 {
            dh = fma(s, dz[k], p[w2 + 4 * j + k], dh);
            gradients[1 + j / 4][4 * (j % 4) + k] = product(s, h[j], dz[k]);
        }
        dh = [s.where_positive(h[j][0], dh[0]), s.where_positive(h[j][1], dh[1])];
        (gradients[0][j], gradients[0][8 + j]) = (product(s, x[0], dh), product(s, x[1], dh));
        gradients[3][j] = s.add(dh[0], dh[1]);
    }
    for k in 0..4 {
        (gradients[3][8 + k], gradients[3][12 + k]) = (s.add(dz[k][0], dz[k][1]), product(s, a[k], dy));
    }
    let last = s.splat(s.sum(s.add(dy[0], dy[1])));
    let gradient = [s.sums(gradients[0]), s.sums(gradients[1]), s.sums(gradients[2]), s.sums(gradients[3]), last];
    for ((w, slot), g) in learner.parameters.iter_mut().zip(&mut learner.slots).zip(gradient) {
        by.update(s, w, slot, g);
    }
    loss
}

kernels! {
    forward_avx2(Avx2; p: &[Block; 5], x: &[Block; 2 * R], y: &mut [Block; R]) { forward }
    forward_avx512(Avx512; p: &[Block; 5], x: &[Block; 2 * R], y: &mut [Block; R]) { forward }
    sgd_avx2(Avx2; by: &mut Sgd, net: &mut Learner<Sgd>, data: &Data) -> f32 { step }
    sgd_avx512(Avx512; by: &mut Sgd, net: &mut Learner<Sgd>, data: &Data) -> f32 { step }
    adam_avx2(Avx2; by: &mut Adam, net: &mut Learner<Adam>, data: &Data) -> f32 { step }
    adam_avx512(Avx512; by: &mut Adam, net: &mut Learner<Adam>, data: &Data) -> f32 { step }
}

fn parameters(case: &Case) -> [Block; 5] {
    let [one, two, three] = &case.layers[..] else { unreachable!("A has three layers") };
    let tensors = [&one.weights, &two.weights, &one.bias, &two.bias, &three.weights, &three.bias];
    let mut parameters = [Block::ZERO; 5];
    Block::flat_mut(&mut parameters).iter_mut().zip(tensors.into_iter().flatten()).for_each(|(to, from)| *to = *from);
    parameters
}

fn entry<U: Update + 'static>(
    by: By,
    case: &Case,
    targets: &[f32],
    kernel: unsafe fn(&mut U, &mut Learner<U>, &Data) -> f32,
) -> Entry {
    // SAFETY: it is numbers, of which all bytes zero are valid.
    let mut learner: Box<Learner<U>> = unsafe { super::zeroed() };
    learner.parameters = parameters(case);
    let mut data = Box::new(([Block::ZERO; 2 * R], [Block::ZERO; R]));
    Block::flat_mut(&mut data.0).copy_from_slice(&case.x);
    Block::flat_mut(&mut data.1).copy_from_slice(targets);
    let call = move |(learner, by, data): &mut (Box<Learner<U>>, U, Box<Data>)| {
        // SAFETY: only kernels that this processor can run are asked for.
        unsafe { kernel(by, learner, black_box(&**data)) }
    };
    Entry::job(by.name(), (learner, U::new(case.rate()), data), call, |(learner, ..)| {
        let p = Block::flat(&learner.parameters);
        [&p[..16], &p[48..56], &p[16..48], &p[56..65]].concat()
    })
}

fn batch(case: &Case, by: By) -> Entry {
    let mut x = Box::new([Block::ZERO; 2 * R]);
    Block::flat_mut(&mut *x).copy_from_slice(&case.x);
    let kernel = match by {
        By::Avx2 => forward_avx2,
        By::Avx512 => forward_avx512,
    };
    let hand = Hand { net: Box::new(parameters(case)), x, y: Box::new([Block::ZERO; R]), kernel };
    hand.entry(by, |y| Block::flat(y).to_vec())
}

pub fn contestant(case: &Case, by: By) -> Option<Entry> {
    let Task::Train { adam, targets: Targets::Values(targets) } = &case.task else { return Some(batch(case, by)) };
    Some(match (adam, by) {
        (false, By::Avx2) => entry(by, case, targets, sgd_avx2),
        (false, By::Avx512) => entry(by, case, targets, sgd_avx512),
        (true, By::Avx2) => entry(by, case, targets, adam_avx2),
        (true, By::Avx512) => entry(by, case, targets, adam_avx512),
    })
}
