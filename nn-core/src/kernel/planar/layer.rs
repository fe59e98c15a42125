//! The passes of a WaveNet over a block.

use super::window::{Block, Rings, Room, Window};
use super::{Conv, Ends, Into, Plane, PlaneMut, each, read, write};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::Lanes;
use crate::kernel::scalar::Scalar;
use core::marker::PhantomData;
use generic_array::ArrayLength;

/// A function of each number.
pub trait Function {
    /// Whether it takes many instructions.
    const IS_LONG: bool;
    /// Its value.
    fn value<T: Scalar, V: Lanes<T>>(x: V) -> V;
}

/// A layer: `z = f(conv(x) + mixer · condition)`, `head += z`, `x += out · z`.
pub struct Layer<'a, T, C, K, F> {
    /// `[tap][input][output]`, and a number for each output.
    pub conv: [&'a [T]; 2],
    /// A number for each channel.
    pub mixer: &'a [T],
    /// `[input][output]`, and a number for each output.
    pub out: [&'a [T]; 2],
    /// `C` channels, which are changed: the numbers, the first frame, from a channel to the next.
    pub x: (&'a mut [T], usize, usize),
    /// `C` channels, which are added to.
    pub head: &'a mut [T],
    /// One channel.
    pub condition: &'a [T],
    /// `C` channels, which are set.
    pub z: &'a mut [T],
    /// The frames, of these three.
    pub block: Block,
    /// What came before.
    pub rings: Rings<'a, T>,
    /// Room for the taps; without it, in `x` before its first frame.
    pub room: Option<&'a mut [T]>,
    /// The channels, the taps and the function.
    pub of: PhantomData<(C, K, F)>,
}

impl<T: Scalar, C: ArrayLength, K: ArrayLength, F: Function> Task for Layer<'_, T, C, K, F> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Isa>(self, _k: S) {
        self.compute::<S::V<T>>();
    }
}

impl<T: Scalar, C: ArrayLength, K: ArrayLength, F: Function> Layer<'_, T, C, K, F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<V: Lanes<T>>(self) -> Option<()> {
        let (channels, Block { from, rows, step }) = (C::USIZE, self.block);
        let is_right = self.conv[0].len() == K::USIZE * channels * channels
            && self.out[0].len() == channels * channels
            && [self.conv[1], self.mixer, self.out[1]].iter().all(|numbers| numbers.len() == channels);
        debug_assert!(is_right, "the weights are those of the layer");
        if !is_right || rows == 0 {
            return None;
        }
        let (x, first, x_step) = self.x;
        // A block in its own channels has the frames before it to spare.
        let y = PlaneMut::of(x, channels, x_step, 0, first + rows)?.later(first);
        let x = Plane { at: y.at.cast_const(), step: y.step };
        let room = self.room.map_or(Room::Before(first), Room::Elsewhere);
        let ends: Gate<T, F> = Gate {
            bias: self.conv[1].as_ptr(),
            mixer: self.mixer.as_ptr(),
            condition: Plane::of(self.condition, 1, step, from, rows)?.at,
            z: PlaneMut::of(self.z, channels, step, from, rows)?,
            head: PlaneMut::of(self.head, channels, step, from, rows)?,
            function: PhantomData,
        };
        let z = [Plane { at: ends.z.at.cast_const(), step }];
        let window = Window::new::<V, K>(channels, x, rows, &self.rings, room)?;
        let weights = self.conv[0].as_ptr();
        let sizes = (channels, [channels, 1]);
        // SAFETY: all planes have the channels and frames of the block, and there are the weights, as was checked; taps meet what the
        // window says. While `x` is changed, only `z` is read.
        unsafe {
            convolve::<T, V, K, _>(&window, weights, sizes, channels, rows, ends);
            self.rings.push::<V>(channels, x, rows);
            let ends = Into { y, adds: true, bias: Some(self.out[1].as_ptr()) };
            let out = self.out[0].as_ptr();
            let conv = Conv { taps: &z, inputs: channels, outputs: channels, weights: out, steps: [channels, 1], ends };
            if rows == 1 { conv.across::<V>() } else { conv.along::<V>(0, rows) }
        }
        Some(())
    }
}

/// All frames of a block.
///
/// # Safety
/// The window and the ends have `rows` frames, and the weights are there.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn convolve<T: Scalar, V: Lanes<T>, K: ArrayLength, E: Ends<T>>(
    window: &Window<T>,
    weights: *const T,
    (inputs, steps): (usize, [usize; 2]),
    outputs: usize,
    rows: usize,
    ends: E,
) {
    let mut t = 0;
    while t < rows {
        let (taps, end) = window.taps::<K>(t);
        let conv = Conv { taps: &taps, inputs, outputs, weights, steps, ends };
        // SAFETY: the caller's promise; so far the frames of all taps lie side by side.
        unsafe { if rows == 1 { conv.across::<V>() } else { conv.along::<V>(t, end) } }
        t = end;
    }
}

/// `z = f(sum)`, `head += z`, the sum starting with `bias + mixer · condition`.
struct Gate<T, F> {
    bias: *const T,
    mixer: *const T,
    condition: *const T,
    z: PlaneMut<T>,
    head: PlaneMut<T>,
    function: PhantomData<F>,
}

impl<T: Copy, F> Clone for Gate<T, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Copy, F> Copy for Gate<T, F> {}

impl<T: Scalar, F: Function> Ends<T> for Gate<T, F> {
    const IS_LONG: bool = F::IS_LONG;

    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn start<V: Lanes<T>, const ALONG: bool>(self, output: usize, t: usize, count: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let condition = if ALONG { read::<T, V>(self.condition.add(t), count) } else { V::splat(*self.condition) };
            each::<T, V, ALONG>(self.mixer, output, count)
                .mul_add(condition, each::<T, V, ALONG>(self.bias, output, count))
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn end<V: Lanes<T>, const ALONG: bool>(self, output: usize, t: usize, count: usize, sum: V) {
        let z = F::value::<T, V>(sum);
        // SAFETY: the caller's promise.
        unsafe {
            write(z, self.z.at.add(output * self.z.step + t), count);
            let head = self.head.at.add(output * self.head.step + t);
            write(read::<T, V>(head, count) + z, head, count);
        }
    }
}

/// A convolution of `C` channels to `D`: `y = bias + Σ x · weights`.
pub struct Convolution<'a, T, C, D, K> {
    /// `[tap][input][output]`.
    pub weights: &'a [T],
    /// A number for each output, if there is a bias.
    pub bias: Option<&'a [T]>,
    /// `C` channels.
    pub x: &'a [T],
    /// `D` channels, which are set: the numbers, the first frame, from a channel to the next.
    pub y: (&'a mut [T], usize, usize),
    /// The frames of `x`.
    pub block: Block,
    /// What came before.
    pub rings: Rings<'a, T>,
    /// Room for `C` channels twice as long as the block.
    pub room: &'a mut [T],
    /// The channels and the taps.
    pub of: PhantomData<(C, D, K)>,
}

impl<T: Scalar, C: ArrayLength, D: ArrayLength, K: ArrayLength> Task for Convolution<'_, T, C, D, K> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Isa>(self, _k: S) {
        self.compute::<S::V<T>>();
    }
}

impl<T: Scalar, C: ArrayLength, D: ArrayLength, K: ArrayLength> Convolution<'_, T, C, D, K> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<V: Lanes<T>>(self) -> Option<()> {
        let (inputs, outputs, Block { from, rows, step }) = (C::USIZE, D::USIZE, self.block);
        let is_right =
            self.weights.len() == K::USIZE * inputs * outputs && self.bias.is_none_or(|bias| bias.len() == outputs);
        debug_assert!(is_right, "the weights are those of the layer");
        if !is_right {
            return None;
        }
        let x = Plane::of(self.x, inputs, step, from, rows)?;
        let ends = Into {
            y: PlaneMut::of(self.y.0, outputs, self.y.2, self.y.1, rows)?,
            adds: false,
            bias: self.bias.map(<[T]>::as_ptr),
        };
        let window = Window::new::<V, K>(inputs, x, rows, &self.rings, Room::Elsewhere(self.room))?;
        // SAFETY: both planes have the channels and frames of the block, and there are the weights, as was checked.
        unsafe {
            let sizes = (inputs, [outputs, 1]);
            convolve::<T, V, K, _>(&window, self.weights.as_ptr(), sizes, outputs, rows, ends);
        }
        self.rings.push::<V>(inputs, x, rows);
        Some(())
    }
}
