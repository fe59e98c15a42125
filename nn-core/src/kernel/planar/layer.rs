//! The passes of a WaveNet over a block.

use super::plain::{Plain, is_plain};
use super::window::{Block, Rings, Room, Window};
use super::{Conv, Ends, Into, Plane, PlaneMut, each, read, write};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::Lanes;
use crate::kernel::scalar::Scalar;
use crate::number::arena::End;
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
pub struct Layer<'a, T, F> {
    /// The channels, and the taps.
    pub sizes: [usize; 2],
    /// `conv[tap][input][output]`, its bias, `mixer[output]`, `out[input][output]`, its bias.
    pub numbers: &'a [T],
    /// What it works on.
    pub frames: Frames<'a, T>,
    /// What came before.
    pub rings: Rings<'a, T>,
    /// The function.
    pub of: PhantomData<F>,
}

/// The frames of a [`Layer`]: its channels, which are changed, as many for the head, which are added to, and the condition. As many again,
/// which are set, are what goes to the head.
pub enum Frames<'a, T> {
    /// So many at an end of an arena, where there is room behind, and before each channel if they are several: there are as many.
    Block(&'a mut [T], End, usize),
    /// Some of those that lie side by side, what is set, and room for the taps.
    Piece(&'a mut [T], Block, &'a mut [T], &'a mut [T]),
}

/// Where the parts of a [`Layer`] are. The planes have its channels and the frames of the block.
pub(super) struct Parts<'a, T, F> {
    pub(super) conv: *const T,
    pub(super) gate: Gate<T, F>,
    pub(super) out: *const T,
    pub(super) out_bias: *const T,
    pub(super) y: PlaneMut<T>,
    pub(super) rows: usize,
    pub(super) room: Room<'a, T>,
}

/// A task with constant sizes.
struct Known<L, C>(L, PhantomData<C>);

impl<'a, T: Scalar, F: Function> Layer<'a, T, F> {
    /// Computes it. Unless it is [plain](is_plain), the code is for the sizes, `C` and `K`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn compute<S: Isa, C: ArrayLength, K: ArrayLength>(self, k: S) {
        if const { is_plain::<T, S::V<T>>([C::USIZE; 2]) } {
            k.call(Plain(self));
        } else {
            k.call(Known(self, PhantomData::<(C, K)>));
        }
    }

    /// Its parts, if all are there, and what came before.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn parts(self) -> Option<(Parts<'a, T, F>, Rings<'a, T>)> {
        let [channels, taps] = self.sizes;
        let (frames, [first, x_step], z, Block { from, rows, step }, room) = match self.frames {
            Frames::Block(arena, at, rows) => {
                let (frames, rest) = at.split(arena, rows * (3 * channels + 1));
                let before = if rows > 1 { rows } else { 0 };
                (frames, [before, before + rows], rest, Block { from: 0, rows, step: rows }, Room::Before(before))
            }
            Frames::Piece(frames, block, z, room) => {
                (frames, [block.from, block.step], z, block, Room::Elsewhere(room))
            }
        };
        let is_right = self.numbers.len() == channels * ((taps + 1) * channels + 3) && first + rows <= x_step;
        debug_assert!(is_right, "the weights are those of the layer, and a channel ends before the next begins");
        if !is_right || rows == 0 {
            return None;
        }
        let conv = self.numbers.as_ptr();
        let bias = conv.wrapping_add(taps * channels * channels);
        let mixer = bias.wrapping_add(channels);
        let out = mixer.wrapping_add(channels);
        // The head and the condition lie behind the channels.
        let behind = channels * x_step + from;
        let head = PlaneMut::of(frames, channels + 1, step, behind, rows)?;
        let y = PlaneMut { at: head.at.wrapping_sub(behind).wrapping_add(first), step: x_step };
        let condition = head.at.wrapping_add(channels * step);
        let z = PlaneMut::of(z, channels, step, from, rows)?;
        let gate = Gate { bias, mixer, condition, z, head, function: PhantomData };
        Some((Parts { conv, gate, out, out_bias: out.wrapping_add(channels * channels), y, rows, room }, self.rings))
    }
}

impl<T: Scalar, C: ArrayLength, K: ArrayLength, F: Function> Task for Known<Layer<'_, T, F>, (C, K)> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Isa>(self, _k: S) {
        Layer { sizes: [C::USIZE, K::USIZE], ..self.0 }.by_lanes::<S::V<T>, C, K>();
    }
}

impl<T: Scalar, F: Function> Layer<'_, T, F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn by_lanes<V: Lanes<T>, C: ArrayLength, K: ArrayLength>(self) -> Option<()> {
        let (Parts { conv, gate, out, out_bias, y, rows, room }, rings) = self.parts()?;
        let (channels, x, z) = (C::USIZE, y.read_only(), [gate.z.read_only()]);
        let window = Window::new::<V, K>(channels, x, rows, &rings, room)?;
        let sizes = (channels, [channels, 1]);
        // SAFETY: all planes have the channels and frames of the block, and there are the weights, as was checked; taps meet what the
        // window says. While `x` is changed, only `z` is read.
        unsafe {
            convolve::<T, V, K, _>(&window, conv, sizes, channels, rows, gate);
            rings.push::<V>(channels, x, rows);
            let ends = Into { y, adds: true, bias: Some(out_bias) };
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
pub(super) struct Gate<T, F> {
    pub(super) bias: *const T,
    pub(super) mixer: *const T,
    pub(super) condition: *const T,
    pub(super) z: PlaneMut<T>,
    pub(super) head: PlaneMut<T>,
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

/// A convolution: `y = bias + Σ x · weights`.
pub struct Convolution<'a, T> {
    /// The channels in and out, and the taps.
    pub sizes: [usize; 3],
    /// `[tap][input][output]`.
    pub weights: &'a [T],
    /// A number for each output, if there is a bias.
    pub bias: Option<&'a [T]>,
    /// The channels in.
    pub x: &'a [T],
    /// The channels out, which are set: the numbers, the first frame, from a channel to the next.
    pub y: (&'a mut [T], usize, usize),
    /// The frames of `x`.
    pub block: Block,
    /// What came before.
    pub rings: Rings<'a, T>,
    /// Room for the channels in, twice as long as the block.
    pub room: &'a mut [T],
}

impl<T: Scalar> Convolution<'_, T> {
    /// Computes it. Unless it is [plain](is_plain), the code is for the sizes, `C`, `D` and `K`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn compute<S: Isa, C: ArrayLength, D: ArrayLength, K: ArrayLength>(self, k: S) {
        if const { is_plain::<T, S::V<T>>([C::USIZE, D::USIZE]) } {
            k.call(Plain(self));
        } else {
            k.call(Known(self, PhantomData::<(C, D, K)>));
        }
    }

    /// The frames in, and what is made of them, if all is there.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn parts(&mut self) -> Option<(Plane<T>, Into<T>)> {
        let ([inputs, outputs, taps], Block { from, rows, step }) = (self.sizes, self.block);
        let is_right =
            self.weights.len() == taps * inputs * outputs && self.bias.is_none_or(|bias| bias.len() == outputs);
        debug_assert!(is_right, "the weights are those of the layer");
        if !is_right {
            return None;
        }
        let y = PlaneMut::of(self.y.0, outputs, self.y.2, self.y.1, rows)?;
        let ends = Into { y, adds: false, bias: self.bias.map(<[T]>::as_ptr) };
        Some((Plane::of(self.x, inputs, step, from, rows)?, ends))
    }
}

impl<T: Scalar, C: ArrayLength, D: ArrayLength, K: ArrayLength> Task for Known<Convolution<'_, T>, (C, D, K)> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<S: Isa>(self, _k: S) {
        Convolution { sizes: [C::USIZE, D::USIZE, K::USIZE], ..self.0 }.by_lanes::<S::V<T>, C, D, K>();
    }
}

impl<T: Scalar> Convolution<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn by_lanes<V: Lanes<T>, C: ArrayLength, D: ArrayLength, K: ArrayLength>(mut self) -> Option<()> {
        let (x, ends) = self.parts()?;
        let (inputs, outputs, rows) = (C::USIZE, D::USIZE, self.block.rows);
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
