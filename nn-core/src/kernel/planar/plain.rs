//! The passes where there are no vectors, for any sizes: tap by tap, whose weights stay in registers over a run of frames, with the sums in
//! memory in between. The frames that a tap meets need not lie side by side with others, so that none is copied.

use super::layer::{Convolution, Function, Layer, Parts};
use super::window::{Block, Rings};
use super::{Into, Plane, PlaneMut};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::Lanes;
use crate::kernel::one::One;
use crate::kernel::scalar::Scalar;

/// Whether planes of so many channels are computed so: where code is to be small, and where there is a function for three of them, one
/// of these being three. For other sizes, code that knows them is faster.
pub(super) const fn is_plain<T: Scalar, V: Lanes<T>>(channels: [usize; 2]) -> bool {
    V::LEN == 1 && (!cfg!(nn_fast) || T::THREE_CHANNELS && (channels[0] == 3 || channels[1] == 3))
}

/// A task that is computed so.
pub(super) struct Plain<L>(pub(super) L);

impl<T: Scalar, F: Function> Task for Plain<Layer<'_, T, F>> {
    type Output = ();

    fn run<S: Isa>(self, _k: S) {
        self.layer();
    }
}

impl<T: Scalar> Task for Plain<Convolution<'_, T>> {
    type Output = ();

    fn run<S: Isa>(self, _k: S) {
        self.convolution();
    }
}

impl<T: Scalar, F: Function> Plain<Layer<'_, T, F>> {
    fn layer(self) -> Option<()> {
        let [channels, taps] = self.0.sizes;
        let (Parts { conv, gate, out, out_bias, y, rows, .. }, rings) = self.0.parts()?;
        let (x, z) = (y.read_only(), gate.z);
        if !rings.fit(channels, taps) {
            return None;
        }
        // SAFETY: all planes have the channels and frames of the block, and there are the weights, as was checked. While `x` is changed,
        // only `z` is read.
        unsafe {
            each(z, channels, rows, |channel| {
                let (bias, mixer) = (*gate.bias.add(channel), *gate.mixer.add(channel));
                move |t, _| bias.plus_product(mixer, *gate.condition.add(t))
            });
            Taps { rings: &rings, x, weights: conv, sizes: [channels; 2] }.add_to(z, rows);
            each(gate.head, channels, rows, |channel| {
                let z = z.at.add(channel * z.step);
                move |t, head| {
                    let One(value) = F::value::<T, One<T>>(One(*z.add(t)));
                    *z.add(t) = value;
                    head + value
                }
            });
            push(rings, channels, x, rows);
            each(y, channels, rows, |channel| {
                let bias = *out_bias.add(channel);
                move |_, y| y + bias
            });
            products(z.read_only(), (out, [channels; 2]), y, rows);
        }
        Some(())
    }
}

impl<T: Scalar> Plain<Convolution<'_, T>> {
    fn convolution(mut self) -> Option<()> {
        let (x, Into { y, bias, .. }) = self.0.parts()?;
        let Convolution { sizes: [inputs, outputs, taps], weights, block: Block { rows, .. }, rings, .. } = self.0;
        if !rings.fit(inputs, taps) {
            return None;
        }
        // SAFETY: both planes have the channels and frames of the block, and there are the weights, as was checked.
        unsafe {
            each(y, outputs, rows, |channel| {
                let bias = bias.map_or(T::ZERO, |bias| *bias.add(channel));
                move |_, _| bias
            });
            Taps { rings: &rings, x, weights: weights.as_ptr(), sizes: [inputs, outputs] }.add_to(y, rows);
        }
        push(rings, inputs, x, rows);
        Some(())
    }
}

/// [`Rings::push`] in one function for all.
#[inline(never)]
fn push<T: Scalar>(rings: Rings<'_, T>, channels: usize, x: Plane<T>, rows: usize) {
    rings.push::<One<T>>(channels, x, rows);
}

/// Replaces every number of some channels, given the frame, by what there is for the channel: four at a time, and no more, which would
/// be much code.
///
/// # Safety
/// There are so many channels and frames.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn each<T: Scalar, By: FnMut(usize, T) -> T>(
    y: PlaneMut<T>,
    channels: usize,
    rows: usize,
    by: impl Fn(usize) -> By,
) {
    for channel in 0..channels {
        let (y, mut by) = (y.at.wrapping_add(channel * y.step), by(channel));
        let mut set = |t| {
            // SAFETY: the caller's promise.
            unsafe { *y.add(t) = by(t, *y.add(t)) }
        };
        for four in 0..rows / 4 {
            T::once();
            (0..4).for_each(|more| set(4 * four + more));
        }
        for t in rows / 4 * 4..rows {
            T::once();
            set(t);
        }
    }
}

/// The taps of a convolution.
struct Taps<'a, T> {
    /// What came before the block: they [fit](Rings::fit).
    rings: &'a Rings<'a, T>,
    /// The block.
    x: Plane<T>,
    weights: *const T,
    /// The channels in and out.
    sizes: [usize; 2],
}

impl<T: Scalar> Taps<'_, T> {
    /// `y[o][t] += Σ x[tap][i][t] · weights[tap][i][o]`.
    ///
    /// # Safety
    /// The block and `y` have the channels and so many frames, and there are the weights.
    #[inline(never)]
    unsafe fn add_to(&self, y: PlaneMut<T>, rows: usize) {
        let (mut back, mut weights) = (self.rings.len, self.weights);
        if T::THREE_CHANNELS && rows == 1 && self.sizes == [3, 3] {
            // SAFETY: the caller's promise.
            return unsafe { self.add_to_frame(y) };
        }
        loop {
            let (before, mut t) = (back.min(rows), 0);
            while t < before {
                let (ring, count) = self.before(back - t);
                let count = count.min(before - t);
                // SAFETY: the caller's promise; so many frames follow one another in the ring.
                unsafe { products(ring, (weights, self.sizes), y.later(t), count) }
                t += count;
            }
            // SAFETY: the caller's promise; what the others meet is in the block.
            unsafe { products(self.x, (weights, self.sizes), y.later(before), rows - before) }
            if back == 0 {
                return;
            }
            back = back.saturating_sub(self.rings.dilation);
            weights = weights.wrapping_add(self.sizes[0] * self.sizes[1]);
        }
    }

    /// [`add_to`](Self::add_to) of one frame of three channels.
    ///
    /// # Safety
    /// As for it.
    unsafe fn add_to_frame(&self, y: PlaneMut<T>) {
        let (mut back, mut weights) = (self.rings.len, self.weights);
        let y: [*mut T; 3] = core::array::from_fn(|output| y.at.wrapping_add(output * y.step));
        // SAFETY: the caller's promise.
        unsafe {
            let mut sums = y.map(|y| *y);
            loop {
                T::once();
                let x = if back == 0 { self.x } else { self.before(back).0 };
                for input in 0..3 {
                    let x = *x.at.wrapping_add(input * x.step);
                    for (output, sum) in sums.iter_mut().enumerate() {
                        *sum = sum.plus_product(x, *weights.wrapping_add(3 * input + output));
                    }
                }
                if back == 0 {
                    break;
                }
                back = back.saturating_sub(self.rings.dilation);
                weights = weights.wrapping_add(9);
            }
            for (y, sum) in y.into_iter().zip(sums) {
                *y = sum;
            }
        }
    }

    /// The frame so far before the block, and how many there are from it to the end of the ring.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn before(&self, back: usize) -> (Plane<T>, usize) {
        let len = self.rings.len;
        let at = *self.rings.oldest + (len - back);
        let at = if at < len { at } else { at - len };
        (Plane { at: self.rings.numbers.as_ptr().wrapping_add(at), step: len }, len - at)
    }
}

/// `y[o][t] += Σ x[i][t] · weights[i][o]` for so many frames.
///
/// # Safety
/// Both planes have them, and there are the weights.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn products<T: Scalar>(x: Plane<T>, weights: (*const T, [usize; 2]), y: PlaneMut<T>, rows: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        if T::THREE_CHANNELS && weights.1 == [3, 3] {
            T::three_channels((x.at, x.step), weights.0, (y.at, y.step), rows);
        } else {
            by_outputs(x, weights, y, rows);
        }
    }
}

/// [`products`] of any sizes: of one output at a time, and of as many inputs as gain by staying in registers.
///
/// # Safety
/// As for it.
#[inline(never)]
unsafe fn by_outputs<T: Scalar>(
    x: Plane<T>,
    (weights, [inputs, outputs]): (*const T, [usize; 2]),
    y: PlaneMut<T>,
    rows: usize,
) {
    for output in 0..outputs {
        let y = y.at.wrapping_add(output * y.step);
        let mut input = 0;
        while input < inputs {
            let x = Plane { at: x.at.wrapping_add(input * x.step), ..x };
            let weights = (weights.wrapping_add(input * outputs + output), outputs);
            // SAFETY: the caller's promise. Where numbers are computed by functions, nothing is gained.
            input += unsafe {
                match inputs - input {
                    3.. if GAINS => sums::<T, 3>(x, weights, y, rows),
                    _ => sums::<T, 1>(x, weights, y, rows),
                }
            };
        }
    }
}

const GAINS: bool = cfg!(nn_fast) && !cfg!(nn_soft);

/// Adds `N` inputs, whose weights are so far from one another, to an output. Says how many.
///
/// # Safety
/// As for [`products`].
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn sums<T: Scalar, const N: usize>(x: Plane<T>, weights: (*const T, usize), y: *mut T, rows: usize) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let weights: [T; N] = core::array::from_fn(|input| *weights.0.add(input * weights.1));
        let x: [*const T; N] = core::array::from_fn(|input| x.at.add(input * x.step));
        each(PlaneMut { at: y, step: 0 }, 1, rows, |_| {
            |t, sum: T| x.iter().zip(weights).fold(sum, |sum, (x, weight)| sum.plus_product(*x.add(t), weight))
        });
    }
    N
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::super::Frames;
    use super::*;
    use crate::kernel::set::{Portable, WithoutVectors};
    use crate::number::arena::End;
    use core::marker::PhantomData;
    use generic_array::ArrayLength;
    use std::vec;
    use std::vec::Vec;
    use typenum::{U1, U2, U3, U4, U6, U8};

    struct Leaky;

    impl Function for Leaky {
        const IS_LONG: bool = false;
        fn value<T: Scalar, V: Lanes<T>>(x: V) -> V {
            x.if_positive(x, x * V::splat(T::from_f64(0.01)))
        }
    }

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|i| (i * 7919 % 1009) as f32 / 504.0 - 1.0).collect()
    }

    /// What is left of the blocks of a layer, a convolution to `D` channels, and their rings, computed by vectors or plainly.
    fn blocks<C: ArrayLength, D: ArrayLength, K: ArrayLength>(dilation: usize, plainly: bool) -> Vec<u32> {
        let ([c, d, taps], len) = ([C::USIZE, D::USIZE, K::USIZE], (K::USIZE - 1) * dilation);
        let weights = numbers((taps + 1) * c * (c + d) + 3 * c);
        let (mut of_layer, mut of_conv) = ((numbers(c * len), 0), (numbers(c * len), 0));
        let mut bits = Vec::new();
        for rows in [1, 7, 20, 1, 2, 33, 64].into_iter().take(if cfg!(miri) { 4 } else { 7 }) {
            let mut arena = numbers(rows * (5 * c + 1));
            let (numbers, oldest) = (&mut of_layer.0[..], &mut of_layer.1);
            let layer = Layer::<_, Leaky> {
                sizes: [c, taps],
                numbers: &weights[..c * ((taps + 1) * c + 3)],
                frames: Frames::Block(&mut arena, End::Head, rows),
                rings: Rings { numbers, len, oldest, dilation },
                of: PhantomData,
            };
            if plainly {
                WithoutVectors.call(Plain(layer))
            } else {
                layer.compute::<_, C, K>(Portable)
            }

            let (x, mut y, mut room) = (self::numbers(rows * c), vec![7.0; rows * d], vec![0.0; rows * 2 * c]);
            let (numbers, oldest) = (&mut of_conv.0[..], &mut of_conv.1);
            let convolution = Convolution {
                sizes: [c, d, taps],
                weights: &weights[..taps * c * d],
                bias: Some(&weights[..d]),
                x: &x,
                y: (&mut y, 0, rows),
                block: Block { from: 0, rows, step: rows },
                rings: Rings { numbers, len, oldest, dilation },
                room: &mut room,
            };
            if plainly {
                WithoutVectors.call(Plain(convolution))
            } else {
                convolution.compute::<_, C, D, K>(Portable)
            }
            // The room before channels is of no meaning.
            let channels = (0..c).flat_map(|channel| match rows {
                1 => &arena[channel..=channel],
                _ => &arena[(2 * channel + 1) * rows..][..rows],
            });
            let behind = &arena[if rows > 1 { 2 * c * rows } else { c }..][..rows * (2 * c + 1)];
            let all = channels.chain(behind).chain(&y).chain(&of_layer.0).chain(&of_conv.0);
            bits.extend(all.map(|number| number.to_bits()));
        }
        bits
    }

    #[test]
    fn planes_without_vectors_have_the_bits_of_vectors() {
        fn check<C: ArrayLength, D: ArrayLength, K: ArrayLength>() {
            for dilation in [3, 1, 17].into_iter().take(if cfg!(miri) { 1 } else { 3 }) {
                let [plain, vectors] = [true, false].map(|plainly| blocks::<C, D, K>(dilation, plainly));
                let sizes = [C::USIZE, D::USIZE, K::USIZE, dilation];
                assert_eq!(plain.iter().zip(&vectors).position(|(a, b)| a != b), None, "{sizes:?}");
            }
        }
        check::<U3, U1, U6>();
        check::<U1, U3, U2>();
        check::<U2, U4, U3>();
        if cfg!(not(miri)) {
            check::<U3, U3, U1>();
            check::<U4, U8, U3>();
            check::<U8, U2, U3>();
        }
    }
}
