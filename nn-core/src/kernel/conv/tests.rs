extern crate std;
use super::*;
use crate::kernel::set::WithoutVectors;
use crate::kernel::{InstructionSet, on};
use crate::number::storage::numbers;
use crate::part::memory::Memory;
use crate::part::past::{History, Past};
use generic_array::ArrayLength;
use std::vec::Vec;
use typenum::{U0, U2, U6, U8};

fn number(at: usize, seed: usize) -> f32 {
    ((at + seed) * 7919 % 1009) as f32 / 504.0 - 1.0
}

fn blocks<B: Plain<f32> + Clone>(count: usize, seed: usize) -> Vec<B> {
    let mut blocks = std::vec![B::ZEROED; count];
    for (at, block) in blocks.iter_mut().enumerate() {
        block.values_mut().iter_mut().enumerate().for_each(|(i, x)| *x = number(at * B::LEN + i, seed));
    }
    blocks
}

/// Every set gives the sums within rounding, those with fused operations the same bits, and the portable one those of a machine
/// without vectors; frames one by one, and in blocks longer than the past, have the bits of a whole.
fn check<const I: usize, const O: usize, const W: usize, P: ArrayLength>(
    taps: usize,
    dilation: usize,
    lengths: &[usize],
) {
    assert_eq!((W, P::USIZE), (I * O, (taps - 1) * dilation));
    let (x, weights) = (blocks::<[f32; I]>(lengths.iter().sum(), 1), blocks::<[f32; W]>(taps, 5));
    let bias = &blocks::<[f32; O]>(1, 9)[0];
    let run = |lengths: &[usize], set: Option<InstructionSet>| {
        let mut past = Past::<f32, [f32; I], P>::NEW;
        let mut y = std::vec![[0.0; O]; x.len()];
        let (mut x, mut to) = (&x[..], &mut y[..]);
        for length in lengths {
            let (now, later) = x.split_at(*length);
            let (y, rest) = to.split_at_mut(*length);
            let frames = Frames { x: now, past: Some(past.ring()), dilation };
            let forward = Forward { frames, weights: &weights, bias: Some(bias), y, number: PhantomData };
            match set {
                Some(set) => on(set, forward),
                None => forward.run(WithoutVectors),
            }
            past.push(now);
            (x, to) = (later, rest);
        }
        y
    };
    let mut fused: Option<Vec<[f32; O]>> = None;
    for set in InstructionSet::ALL.into_iter().filter(|set| set.is_available()) {
        let y = run(lengths, Some(set));
        assert_eq!(y, run(&std::vec![1; x.len()], Some(set)), "{set:?}, {I} inputs, {O} outputs: one by one");
        assert_eq!(y, run(&[x.len()], Some(set)), "{set:?}, {I} inputs, {O} outputs: at once");
        for (t, y) in y.iter().enumerate() {
            for (o, y) in y.iter().enumerate() {
                let mut exact = f64::from(bias[o]);
                for (tap, weights) in weights.iter().enumerate() {
                    let Some(t) = t.checked_sub((taps - 1 - tap) * dilation) else { continue };
                    exact += (0..I).map(|i| f64::from(x[t][i]) * f64::from(weights[i * O + o])).sum::<f64>();
                }
                assert!((f64::from(*y) - exact).abs() < 2e-5, "{set:?}: {y} is not {exact}");
            }
        }
        if set == InstructionSet::Portable {
            assert_eq!(y, run(lengths, None), "without vectors");
        } else {
            assert_eq!(*fused.get_or_insert_with(|| y.clone()), y, "{set:?}");
        }
    }
}

#[test]
fn sums_are_right_and_do_not_depend_on_vectors_or_blocks() {
    check::<1, 1, 1, U2>(3, 1, &[1, 4, 0, 13]);
    check::<3, 3, 9, U6>(4, 2, &[2, 9, 3]);
    check::<4, 5, 20, U8>(3, 4, &[3, 0, 14]);
    if cfg!(miri) {
        return;
    }
    check::<8, 16, 128, U8>(2, 8, &[30, 1, 40]);
    check::<16, 16, 256, U6>(3, 3, &[5, 64, 7]);
    check::<2, 33, 66, U2>(2, 2, &[1, 1, 40]);
    check::<5, 20, 100, U0>(1, 1, &[9, 2]);
    check::<7, 12, 84, U6>(7, 1, &[4, 25]);
}

/// Without a past, the taps before the block leave the gradients alone.
#[test]
fn gradients_without_a_past_are_those_with_zeros_before() {
    let (x, dy) = (blocks::<[f32; 2]>(7, 1), blocks::<[f32; 3]>(7, 3));
    let weights = blocks::<[f32; 6]>(3, 5);
    let zeros = Past::<f32, [f32; 2], U8>::NEW;
    let gradients = |past| {
        let (mut to, mut bias, mut dx) = (std::vec![[1.0; 6]; 3], [1.0; 3], std::vec![[7.0; 2]; 7]);
        let frames = Frames { x: &x, past, dilation: 4 };
        backward::<f32, _, _, _, _>(WithoutVectors, frames, &weights, &dy, Some(&mut dx), (&mut to, Some(&mut bias)));
        (to, bias, dx)
    };
    let ((to, bias, dx), with_zeros) = (gradients(None), gradients(Some(zeros.ring())));
    assert_eq!((&to, &bias, &dx), (&with_zeros.0, &with_zeros.1, &with_zeros.2));
    assert_eq!(to[0], [1.0; 6]);
    let sum: f32 = numbers::<f32, _>(&dy).iter().step_by(3).sum();
    assert!((bias[0] - 1.0 - sum).abs() < 1e-5);
}
