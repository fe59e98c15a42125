extern crate std;
use super::super::sliding::Sliding;
use super::*;
use crate::kernel::set::WithoutVectors;
use crate::kernel::{InstructionSet, on};
use crate::number::shape::{Image, Signal};
use core::array::from_fn;
use std::vec::Vec;
use typenum::{U1, U2, U3, U8, U17};

/// A window of `K`x`K` taps that goes on by `N` places.
type Square<const K: usize, const N: usize, const D: usize, const P: usize> = Sliding<K, K, N, N, D, D, P, P>;

struct Largest;
impl Pooling for Largest {
    const IS_MAX: bool = true;
    const COUNTS_PADDING: bool = false;
}
struct Mean<const PADDED: bool>;
impl<const PADDED: bool> Pooling for Mean<PADDED> {
    const IS_MAX: bool = false;
    const COUNTS_PADDING: bool = PADDED;
}

/// The values of a pool, and the gradient by its input, on every set.
fn runs<S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling>(
    x: &[f32],
    dy: &[f32],
) -> Vec<(Vec<f32>, Vec<f32>)> {
    let sets = InstructionSet::ALL.into_iter().filter(|set| set.is_available()).map(Some);
    let run = |set: Option<InstructionSet>| {
        // What was there before is not added to.
        let (mut y, mut dx) = (std::vec![9.0; dy.len()], std::vec![9.0; x.len()]);
        let (x, dy) = (<Row<f32, S>>::blocks(x), <Row<f32, R>>::blocks(dy));
        let sizes = PhantomData::<Pool<f32, S, R, G, P>>;
        let forward = Forward(x, <Row<f32, R>>::blocks_mut(&mut y), sizes);
        let back = Backward(x, dy, <Row<f32, S>>::blocks_mut(&mut dx), sizes);
        match set {
            Some(set) => (on(set, forward), on(set, back)),
            None => (forward.run(WithoutVectors), back.run(WithoutVectors)),
        };
        (y, dx)
    };
    sets.chain([None]).map(run).collect()
}

/// The definition: the first of the largest, or the last NaN, has the value and the whole gradient; or all have their share.
fn exact<S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling>(
    x: &[f32],
    dy: &[f32],
) -> (Vec<f32>, Vec<f32>) {
    let (mut y, mut dx) = (std::vec![0.0; dy.len()], std::vec![0.0; x.len()]);
    let channels = S::Channels::USIZE;
    for (at, dy) in dy.iter().enumerate() {
        let (row, place, channel) = (at / R::LEN * S::LEN, at % R::LEN / channels, at % channels);
        let output = [place / R::SIZE[1], place % R::SIZE[1]];
        let mut met = Vec::new();
        for tap in (0..G::TAPS[0]).flat_map(|down| (0..G::TAPS[1]).map(move |right| [down, right])) {
            let [row_of, col] = from_fn(|axis| {
                (output[axis] * G::STRIDE[axis] + tap[axis] * G::DILATION[axis]).wrapping_sub(G::PADDING[axis])
            });
            if row_of < S::SIZE[0] && col < S::SIZE[1] {
                met.push(row + (row_of * S::SIZE[1] + col) * channels + channel);
            }
        }
        if P::IS_MAX {
            y[at] = f32::NEG_INFINITY;
            let mut largest = met.first().copied();
            for place in met {
                if x[place] > y[at] || x[place].is_nan() {
                    (y[at], largest) = (x[place], Some(place));
                }
            }
            if let Some(place) = largest {
                dx[place] += dy;
            }
        } else {
            let count = if P::COUNTS_PADDING { G::TAPS[0] * G::TAPS[1] } else { met.len().max(1) } as f32;
            for place in met {
                y[at] += x[place] / count;
                dx[place] += dy / count;
            }
        }
    }
    (y, dx)
}

#[track_caller]
fn near(found: &[f32], exact: &[f32]) {
    assert_eq!(found.len(), exact.len());
    for (at, (found, exact)) in found.iter().zip(exact).enumerate() {
        let same = found == exact || found.is_nan() && exact.is_nan() || (found - exact).abs() < 1e-4;
        assert!(same, "{found} for {exact} at {at}");
    }
}

/// Two rows of a pool: numbers of which many are equal, then NaNs and infinities among them in the second.
fn check<S: Places, R: Places<Channels = S::Channels>, G: Window>() {
    let number = |at: usize| ((at * 7919 + 17) % 1009 % 5) as f32 - 2.0;
    let dy: Vec<f32> = (1..=2 * R::LEN).map(|at| at as f32).collect();
    let mut x: Vec<f32> = (0..2 * S::LEN).map(number).collect();
    for odd in [false, true] {
        if odd {
            for (at, x) in x.iter_mut().enumerate().skip(S::LEN) {
                *x = match at * 31 % 11 {
                    0 | 5 => f32::NAN,
                    1 => f32::INFINITY,
                    2 | 3 => f32::NEG_INFINITY,
                    _ => *x,
                };
            }
        } else {
            mean::<S, R, G, true>(&x, &dy);
            mean::<S, R, G, false>(&x, &dy);
        }
        let (y, gradient) = exact::<S, R, G, Largest>(&x, &dy);
        for (found, dx) in runs::<S, R, G, Largest>(&x, &dy) {
            near(&found, &y);
            assert_eq!(dx, gradient);
        }
    }
}

fn mean<S: Places, R: Places<Channels = S::Channels>, G: Window, const PADDED: bool>(x: &[f32], dy: &[f32]) {
    let (y, gradient) = exact::<S, R, G, Mean<PADDED>>(x, dy);
    for (found, dx) in runs::<S, R, G, Mean<PADDED>>(x, dy) {
        near(&found, &y);
        near(&dx, &gradient);
    }
}

#[test]
fn pools_agree_with_their_definition() {
    check::<Image<U1, 4, 4>, Image<U1, 2, 2>, Square<2, 2, 1, 0>>();
    check::<Image<U2, 5, 4>, Image<U2, 4, 3>, Square<2, 1, 1, 0>>();
    check::<Image<U3, 5, 7>, Image<U3, 3, 4>, Square<3, 2, 1, 1>>();
    check::<Image<U8, 4, 5>, Image<U8, 4, 5>, Square<3, 1, 1, 1>>();
    check::<Image<U17, 4, 6>, Image<U17, 2, 3>, Square<2, 2, 1, 0>>();
    check::<Image<U17, 5, 6>, Image<U17, 2, 3>, Sliding<4, 2, 2, 2, 1, 1, 1, 0>>();
    check::<Image<U3, 5, 5>, Image<U3, 3, 3>, Square<2, 1, 2, 0>>();
    check::<Signal<U3, 9>, Signal<U3, 5>, Sliding<1, 3, 1, 2, 1, 1, 0, 1>>();
    // Some windows, and all of them, meet no place.
    check::<Image<U2, 2, 3>, Image<U2, 1, 2>, Square<2, 1, 3, 1>>();
    check::<Signal<U8, 3>, Signal<U8, 2>, Sliding<1, 2, 1, 1, 1, 3, 0, 1>>();
    check::<Signal<U2, 2>, Signal<U2, 1>, Sliding<1, 2, 1, 1, 1, 3, 0, 1>>();
}

/// What PyTorch 2.15 gives by `max_pool2d` of these places, whose second channel is the first turned round, where the gradient of the
/// outputs is 1, 2, 3 and so on, channel by channel.
#[test]
fn the_largest_is_that_of_pytorch() {
    const N: f32 = f32::NAN;
    let places = [1.0, N, 5.0, 5.0, 7.0, 2.0, N, 5.0, N, 3.0, 7.0, 7.0, 4.0, 4.0, 0.0, N];
    let x: [f32; 32] = from_fn(|at| places[if at % 2 == 0 { at / 2 } else { 15 - at / 2 }]);
    let check = |found: Vec<(Vec<f32>, Vec<f32>)>, gradient: [[f32; 16]; 2]| {
        for (_, dx) in found {
            assert_eq!(dx, from_fn::<f32, 32, _>(|at| gradient[at % 2][at / 2]));
        }
    };
    fn dy<const N: usize>() -> [f32; N] {
        from_fn(|at| (at % 2 * N / 2 + at / 2 + 1) as f32)
    }
    check(
        runs::<Image<U2, 4, 4>, Image<U2, 3, 3>, Square<2, 1, 1, 0>, Largest>(&x, &dy::<18>()),
        [
            [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 16.0, 0.0, 11.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 9.0],
            [10.0, 0.0, 0.0, 0.0, 0.0, 11.0, 0.0, 27.0, 0.0, 43.0, 0.0, 0.0, 0.0, 0.0, 35.0, 0.0],
        ],
    );
    check(
        runs::<Image<U2, 4, 4>, Image<U2, 4, 4>, Square<3, 1, 1, 1>, Largest>(&x, &dy::<32>()),
        [
            [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 24.0, 0.0, 57.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 54.0],
            [35.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 63.0, 0.0, 120.0, 0.0, 0.0, 0.0, 0.0, 174.0, 0.0],
        ],
    );
    let [(y, dx), ..] =
        &runs::<Signal<U1, 2>, Signal<U1, 1>, Sliding<1, 2, 1, 1, 1, 3, 0, 1>, Largest>(&[1.0, 2.0], &[5.0])[..]
    else {
        panic!("no set");
    };
    assert_eq!((&y[..], &dx[..]), (&[f32::NEG_INFINITY][..], &[0.0; 2][..]));
}
