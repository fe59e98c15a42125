//! A training step of networks C and D, batch 32, by softmax cross-entropy.
//!
//! No gradient of the weights is stored: that of a tile is summed over the batch in registers, and the optimiser takes it
//! from there.

use super::batch::{Finish, Identity, Relu, Tiles, numbers};
use super::dense::Dense;
use super::math::{exp, ln};
use super::simd::{Avx2, Avx512, Block, Simd};
use super::single::Two;
use super::update::{Adam, Sgd, Update};
use super::{By, kernels};
use crate::networks::{BATCH, Case, Net, Targets, Task};
use crate::timing::Entry;
use std::hint::black_box;

/// The classes.
const O: usize = 10;

/// The state of an optimiser for a layer.
#[repr(C)]
struct Slots<T, const I: usize, const P: usize> {
    w: [[T; P]; I],
    b: [T; P],
}

/// A network that learns, and all that it needs for a step.
#[repr(C)]
struct Learner<U: Update, const I: usize, const P: usize, const H: usize> {
    net: Two<I, P, H>,
    hidden: Slots<U::Slot, I, P>,
    output: Slots<U::Slot, H, 1>,
    transposed: [[Block; P]; O],
    h: [[Block; P]; BATCH],
    dh: [[Block; P]; BATCH],
    y: [[Block; 1]; BATCH],
}

/// The inputs and the classes.
type Data<const I: usize> = ([[f32; I]; BATCH], [usize; BATCH]);

/// Keeps the slopes of nodes that are not cut off.
#[derive(Clone, Copy)]
struct Mask<'a, const P: usize>(&'a [[Block; P]; BATCH]);

impl<S: Simd, const P: usize> Finish<S, P> for Mask<'_, P> {
    #[inline(always)]
    fn finish(self, s: S, sums: S::V, row: usize, at: usize) -> S::V {
        s.where_positive(s.load(&self.0[row][at]), sums)
    }
}

/// Replaces logits by the slopes of the mean loss, which is returned.
#[inline(always)]
fn cross_entropy<S: Simd>(s: S, y: &mut [[Block; 1]; BATCH], classes: &[usize; BATCH]) -> f32 {
    const SHARE: f32 = 1.0 / BATCH as f32;
    let is_class = s.load(&Block(core::array::from_fn(|at| if at < O { 1.0 } else { 0.0 })));
    let (mut totals, mut sum) = ([Block::ZERO; BATCH / 16], 0.0);
    let rows = y.iter_mut().zip(classes).zip(Block::flat_mut(&mut totals));
    for (([y], class), total) in rows {
        let logits = s.load(y);
        let highest = s.highest(logits);
        sum += highest - y.0[*class % 16];
        let e = s.mul(exp(s, s.sub(logits, s.splat(highest))), is_class);
        *total = s.sum(e);
        s.store(s.mul(e, s.splat(SHARE / *total)), y);
        y.0[*class % 16] -= SHARE;
    }
    for totals in &totals {
        sum += s.sum(ln(s, s.load(totals)));
    }
    sum * SHARE
}

/// Learns the inputs `from..to` of a layer, `M` at a time, `N` blocks of outputs at a time.
#[inline(always)]
fn learn_rows<S: Simd, U: Update, const I: usize, const P: usize, const M: usize, const N: usize>(
    s: S,
    by: &U,
    (w, slots): (&mut [[Block; P]], &mut [[U::Slot; P]]),
    x: (&[[f32; I]; BATCH], usize),
    dy: &[[Block; P]; BATCH],
) {
    let (w, _) = w.as_chunks_mut::<M>();
    let (slots, _) = slots.as_chunks_mut::<M>();
    for (tile, (w, slots)) in w.iter_mut().zip(slots).enumerate() {
        let from = x.1 + tile * M;
        for at in (0..P).step_by(N) {
            let mut sums = [[s.splat(0.0); N]; M];
            for (x, dy) in x.0.iter().zip(dy) {
                let x: &[f32; M] = x[from..][..M].as_array().expect("M inputs");
                let dy: [_; N] = core::array::from_fn(|n| s.load(&dy[at + n]));
                for m in 0..M {
                    let x = s.splat(x[m]);
                    for n in 0..N {
                        sums[m][n] = s.fma(x, dy[n], sums[m][n]);
                    }
                }
            }
            for m in 0..M {
                for n in 0..N {
                    by.update(s, &mut w[m][at + n], &mut slots[m][at + n], sums[m][n]);
                }
            }
        }
    }
}

/// A layer that learns, in tiles that fit the registers.
trait Learn: Tiles {
    fn weights<U: Update, const I: usize, const P: usize>(
        self,
        by: &U,
        parameters: (&mut [[Block; P]; I], &mut [[U::Slot; P]; I]),
        x: &[[f32; I]; BATCH],
        dy: &[[Block; P]; BATCH],
    );
}

impl Learn for Avx2 {
    #[inline(always)]
    fn weights<U: Update, const I: usize, const P: usize>(
        self,
        by: &U,
        (w, slots): (&mut [[Block; P]; I], &mut [[U::Slot; P]; I]),
        x: &[[f32; I]; BATCH],
        dy: &[[Block; P]; BATCH],
    ) {
        let sixes = I / 6 * 6;
        let ((w, w_rest), (slots, slots_rest)) = (w.split_at_mut(sixes), slots.split_at_mut(sixes));
        learn_rows::<_, U, I, P, 6, 1>(self, by, (w, slots), (x, 0), dy);
        learn_rows::<_, U, I, P, 2, 1>(self, by, (w_rest, slots_rest), (x, sixes), dy);
    }
}

impl Learn for Avx512 {
    #[inline(always)]
    fn weights<U: Update, const I: usize, const P: usize>(
        self,
        by: &U,
        (w, slots): (&mut [[Block; P]; I], &mut [[U::Slot; P]; I]),
        x: &[[f32; I]; BATCH],
        dy: &[[Block; P]; BATCH],
    ) {
        match P.is_multiple_of(2) {
            true => learn_rows::<_, U, I, P, 8, 2>(self, by, (w, slots), (x, 0), dy),
            false => learn_rows::<_, U, I, P, 16, 1>(self, by, (w, slots), (x, 0), dy),
        }
    }
}

#[inline(always)]
fn learn<S: Learn, U: Update, const I: usize, const P: usize>(
    s: S,
    by: &U,
    dense: &mut Dense<I, P>,
    slots: &mut Slots<U::Slot, I, P>,
    x: &[[f32; I]; BATCH],
    dy: &[[Block; P]; BATCH],
) {
    for at in 0..P {
        let mut sums = [s.splat(0.0); 4];
        for dy in dy.as_chunks::<4>().0 {
            sums = core::array::from_fn(|part| s.add(sums[part], s.load(&dy[part][at])));
        }
        let sum = s.add(s.add(sums[0], sums[1]), s.add(sums[2], sums[3]));
        by.update(s, &mut dense.b[at], &mut slots.b[at], sum);
    }
    s.weights(by, (&mut dense.w, &mut slots.w), x, dy);
}

/// One step; returns the loss before it.
#[inline(always)]
fn step<S: Learn, U: Update, const I: usize, const P: usize, const H: usize>(
    s: S,
    by: &mut U,
    learner: &mut Learner<U, I, P, H>,
    (x, classes): &Data<I>,
) -> f32 {
    by.begin();
    let Learner { net, hidden, output, transposed, h, dh, y } = learner;
    s.layer((&net.hidden.w, &net.hidden.b), x, h, Relu);
    s.layer((&net.output.w, &net.output.b), numbers::<P, H>(h), y, Identity);
    let loss = cross_entropy(s, y, classes);
    for (o, transposed) in transposed.iter_mut().enumerate() {
        for (to, [from]) in Block::flat_mut(transposed).iter_mut().zip(&net.output.w) {
            *to = from.0[o];
        }
    }
    s.layer((transposed, &[Block::ZERO; P]), numbers::<1, 16>(y), dh, Mask(h));
    learn(s, by, &mut net.output, output, numbers::<P, H>(h), y);
    learn(s, by, &mut net.hidden, hidden, x, dh);
    loss
}

kernels! {
    c_sgd_avx2(Avx2; by: &mut Sgd, net: &mut Learner<Sgd, 64, 2, 32>, data: &Data<64>) -> f32 { step }
    c_sgd_avx512(Avx512; by: &mut Sgd, net: &mut Learner<Sgd, 64, 2, 32>, data: &Data<64>) -> f32 { step }
    c_adam_avx2(Avx2; by: &mut Adam, net: &mut Learner<Adam, 64, 2, 32>, data: &Data<64>) -> f32 { step }
    c_adam_avx512(Avx512; by: &mut Adam, net: &mut Learner<Adam, 64, 2, 32>, data: &Data<64>) -> f32 { step }
    d_sgd_avx2(Avx2; by: &mut Sgd, net: &mut Learner<Sgd, 784, 8, 128>, data: &Data<784>) -> f32 { step }
    d_sgd_avx512(Avx512; by: &mut Sgd, net: &mut Learner<Sgd, 784, 8, 128>, data: &Data<784>) -> f32 { step }
    d_adam_avx2(Avx2; by: &mut Adam, net: &mut Learner<Adam, 784, 8, 128>, data: &Data<784>) -> f32 { step }
    d_adam_avx512(Avx512; by: &mut Adam, net: &mut Learner<Adam, 784, 8, 128>, data: &Data<784>) -> f32 { step }
}

/// A step of a learner.
type Kernel<U, const I: usize, const P: usize, const H: usize> =
    unsafe fn(&mut U, &mut Learner<U, I, P, H>, &Data<I>) -> f32;

fn entry<U: Update + 'static, const I: usize, const P: usize, const H: usize>(
    by: By,
    case: &Case,
    classes: &[usize],
    kernel: Kernel<U, I, P, H>,
) -> Entry {
    // SAFETY: it is numbers, of which all bytes zero are valid.
    let mut learner: Box<Learner<U, I, P, H>> = unsafe { super::zeroed() };
    learner.net.hidden.fill(&case.layers[0]);
    learner.net.output.fill(&case.layers[1]);
    // The padding is never the highest logit.
    learner.net.output.b[0].0[O..].fill(-1e30);
    // SAFETY: as above.
    let mut data: Box<Data<I>> = unsafe { super::zeroed() };
    data.0.as_flattened_mut().copy_from_slice(&case.x);
    data.1.copy_from_slice(classes);
    let call = move |(learner, by, data): &mut (Box<Learner<U, I, P, H>>, U, Box<Data<I>>)| {
        // SAFETY: only kernels that this processor can run are asked for.
        unsafe { kernel(by, learner, black_box(&**data)) }
    };
    Entry::job(by.name(), (learner, U::new(case.rate()), data), call, |(learner, ..)| {
        learner.net.hidden.flat(H).chain(learner.net.output.flat(O)).collect()
    })
}

pub fn contestant(case: &Case, by: By) -> Option<Entry> {
    let Task::Train { adam, targets: Targets::Classes(classes) } = &case.task else { return None };
    Some(match (case.net, adam, by) {
        (Net::C, false, By::Avx2) => entry(by, case, classes, c_sgd_avx2),
        (Net::C, false, By::Avx512) => entry(by, case, classes, c_sgd_avx512),
        (Net::C, true, By::Avx2) => entry(by, case, classes, c_adam_avx2),
        (Net::C, true, By::Avx512) => entry(by, case, classes, c_adam_avx512),
        (Net::D, false, By::Avx2) => entry(by, case, classes, d_sgd_avx2),
        (Net::D, false, By::Avx512) => entry(by, case, classes, d_sgd_avx512),
        (Net::D, true, By::Avx2) => entry(by, case, classes, d_adam_avx2),
        (Net::D, true, By::Avx512) => entry(by, case, classes, d_adam_avx512),
        _ => return None,
    })
}
