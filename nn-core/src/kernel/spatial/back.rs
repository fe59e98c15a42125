//! The backward pass of a convolution over places.
//!
//! The outputs are divided into regions of rows and columns that meet the same taps: the middle, and the borders. Within one, a few numbers
//! of the gradient by the weights are summed over all places in registers, the outputs in the lanes; and a few places of that by the
//! input over the outputs, the inputs in the lanes.

use super::{Sizes, vectors};
use crate::kernel::isa::{Isa, Task};
use crate::kernel::lanes::{Lanes, MOST_LANES};
use crate::kernel::scalar::Scalar;
use crate::kernel::sliding::{Run, Window};
use crate::number::arena::copy;
use crate::number::shape::{Places, Row};
use crate::number::storage::Plain;
use core::marker::PhantomData;
use core::ptr::{null, null_mut};
use generic_array::GenericArray;

/// How many sums are in registers.
const SUMS: usize = 8;
/// How many outputs are turned at a time.
const TURNED: usize = 16;

pub(super) struct Backward<'a, T: Scalar, S: Places, R: Places, W, G> {
    pub(super) x: &'a [Row<T, S>],
    pub(super) weights: &'a [W],
    pub(super) dy: &'a [Row<T, R>],
    pub(super) dx: Option<&'a mut [Row<T, S>]>,
    pub(super) gradient: &'a mut [W],
    pub(super) window: PhantomData<G>,
}

/// Where the numbers of a row are, and those of the weights; `dx` is null if it is not wanted, and so is `gradient`.
#[derive(Clone, Copy)]
struct Pointers<T> {
    x: *const T,
    weights: *const T,
    dy: *const T,
    dx: *mut T,
    gradient: *mut T,
}

impl<T: Scalar, S: Places, R: Places, W: Plain<T>, G: Window> Task for Backward<'_, T, S, R, W, G> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(mut self, _k: K) {
        for (row, (x, dy)) in self.x.iter().zip(self.dy).enumerate() {
            let mut dx = null_mut();
            if let Some(all) = self.dx.as_mut() {
                let Some(row) = all.get_mut(row) else { return };
                row.values_mut().fill(T::ZERO);
                dx = (&raw mut *row).cast();
            }
            let (x, dy) = ((&raw const *x).cast(), (&raw const *dy).cast());
            let (weights, gradient) = (self.weights.as_ptr().cast(), self.gradient.as_mut_ptr().cast());
            // SAFETY: of all blocks the numbers that their shapes say, as `FITS` and the caller check; of `dx`, too, unless it is null.
            unsafe { Of::<T, S, R, W, G>::row::<K::V<T>>(Pointers { x, weights, dy, dx, gradient }) };
        }
    }
}

/// The gradient by the input alone, which begins with the bias: that is a transposed convolution from `R` to `S`.
pub(super) struct Transposed<'a, T: Scalar, S: Places, R: Places, W, G> {
    pub(super) x: &'a [Row<T, R>],
    pub(super) weights: &'a [W],
    pub(super) bias: &'a [T],
    pub(super) y: &'a mut [Row<T, S>],
    pub(super) window: PhantomData<G>,
}

impl<T: Scalar, S: Places, R: Places, W: Plain<T>, G: Window> Task for Transposed<'_, T, S, R, W, G> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        for (x, y) in self.x.iter().zip(self.y) {
            for place in <GenericArray<T, S::Channels>>::blocks_mut(y.values_mut()) {
                match self.bias {
                    [] => place.fill(T::ZERO),
                    bias => copy(bias, place),
                }
            }
            let (dy, weights) = ((&raw const *x).cast(), self.weights.as_ptr().cast());
            let at = Pointers { x: null(), weights, dy, dx: (&raw mut *y).cast(), gradient: null_mut() };
            // SAFETY: of these blocks the numbers that their shapes say, as `FITS` and the caller check; the others are not wanted.
            unsafe { Of::<T, S, R, W, G>::row::<K::V<T>>(at) };
        }
    }
}

struct Of<T, S, R, W, G>(PhantomData<(T, S, R, W, G)>);

impl<T: Scalar, S: Places, R: Places, W: Plain<T>, G: Window> Of<T, S, R, W, G> {
    const INPUTS: usize = Sizes::<T, S, R, W, G>::INPUTS;
    const OUTPUTS: usize = Sizes::<T, S, R, W, G>::OUTPUTS;
    const OF_INPUTS: usize = Sizes::<T, S, R, W, G>::OF_INPUTS;
    const COLUMNS: usize = Sizes::<T, S, R, W, G>::COLUMNS;
    const IS_DEPTHWISE: bool = Sizes::<T, S, R, W, G>::IS_DEPTHWISE;
    /// The inputs that are in the lanes together.
    const TOGETHER: usize = if Self::IS_DEPTHWISE { Self::INPUTS } else { Self::OF_INPUTS };

    /// # Safety
    /// Every pointer is to as many numbers as the shapes and the window say, and those to be changed are to nothing else. Without a
    /// `gradient`, there need be no `x`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn row<V: Lanes<T>>(at: Pointers<T>) {
        let mut row = 0;
        while let Some(rows) = Sizes::<T, S, R, W, G>::ROWS.run(row) {
            let mut col = 0;
            while let Some(cols) = Sizes::<T, S, R, W, G>::COLS.run(col) {
                // SAFETY: the caller's promise.
                unsafe {
                    if !at.gradient.is_null() {
                        Self::by_weights::<V>(at, rows, cols);
                    }
                    if !at.dx.is_null() {
                        Self::by_input::<V>(at, rows, cols);
                    }
                }
                col += cols.len;
            }
            row += rows.len;
        }
    }

    /// The first input place under a tap, and the first weight of it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tap(rows: Run, cols: Run, tap: usize) -> (usize, usize) {
        // None but a region without taps has none in a row.
        let across = cols.taps.max(1);
        let (down, right) = (tap / across, tap % across);
        let place = (rows.place + down * G::DILATION[0]) * S::SIZE[1] + cols.place + right * G::DILATION[1];
        (place * Self::INPUTS, ((cols.tap + right) * G::TAPS[0] + rows.tap + down) * W::LEN)
    }

    /// `gradient += Σ x[place · stride + tap · dilation - padding]ᵀ · dy[place]` of a region, in the shortest vectors that have lanes for
    /// all columns.
    ///
    /// # Safety
    /// As [`row`](Self::row); the region is of its outputs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn by_weights<V: Lanes<T>>(at: Pointers<T>, rows: Run, cols: Run) {
        if const { V::LEN > 1 && <V::Half as Lanes<T>>::LEN > 1 && Self::COLUMNS <= V::LEN / 2 } {
            // SAFETY: the caller's promise.
            return unsafe { Self::by_weights::<V::Half>(at, rows, cols) };
        }
        // Of a depthwise convolution an input goes with its output, lane by lane.
        let inputs = if Self::IS_DEPTHWISE { 1 } else { Self::OF_INPUTS };
        let count = rows.taps * cols.taps * inputs;
        let mut group = 0;
        while group * Self::COLUMNS < Self::OUTPUTS {
            let mut column = 0;
            while column < Self::COLUMNS {
                let start = [group * Self::OF_INPUTS, group * Self::COLUMNS + column];
                let lanes = V::LEN.min(Self::COLUMNS - column);
                let mut first = 0;
                // SAFETY: the caller's promise; so many numbers of the gradient are left.
                unsafe {
                    while first + SUMS <= count {
                        Self::sums::<V, SUMS>(at, rows, cols, start, lanes, first);
                        first += SUMS;
                    }
                    while first + 3 <= count {
                        Self::sums::<V, 3>(at, rows, cols, start, lanes, first);
                        first += 3;
                    }
                    while first < count {
                        Self::sums::<V, 1>(at, rows, cols, start, lanes, first);
                        first += 1;
                    }
                }
                column += V::LEN;
            }
            group += 1;
        }
    }

    /// `M` numbers of each column, from the `first` one on: tap by tap, and of each the inputs.
    ///
    /// # Safety
    /// As [`by_weights`](Self::by_weights); there are as many.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn sums<V: Lanes<T>, const M: usize>(
        at: Pointers<T>,
        rows: Run,
        cols: Run,
        [input, output]: [usize; 2],
        lanes: usize,
        first: usize,
    ) {
        let inputs = if Self::IS_DEPTHWISE { 1 } else { Self::OF_INPUTS };
        let (mut from, mut to) = ([0; M], [0; M]);
        for (m, (from, to)) in from.iter_mut().zip(&mut to).enumerate() {
            let (tap, own) = ((first + m) / inputs, (first + m) % inputs);
            let (place, weight) = Self::tap(rows, cols, tap);
            *from = place + if Self::IS_DEPTHWISE { output } else { input + own };
            *to = weight + own * Self::OUTPUTS + output;
        }
        let mut sums = [V::splat(T::ZERO); M];
        // SAFETY: the caller's promise.
        unsafe {
            for down in 0..rows.len {
                let mut x = at.x.add(down * G::STRIDE[0] * S::SIZE[1] * Self::INPUTS);
                let mut dy = at.dy.add(((rows.at + down) * R::SIZE[1] + cols.at) * Self::OUTPUTS + output);
                for _ in 0..cols.len {
                    let [slopes] = vectors::<T, V, 1>(dy, lanes);
                    for (sum, from) in sums.iter_mut().zip(from) {
                        *sum = if Self::IS_DEPTHWISE {
                            let [x] = vectors::<T, V, 1>(x.add(from), lanes);
                            x.mul_add(slopes, *sum)
                        } else {
                            V::splat(*x.add(from)).mul_add(slopes, *sum)
                        };
                    }
                    (x, dy) = (x.wrapping_add(G::STRIDE[1] * Self::INPUTS), dy.wrapping_add(Self::OUTPUTS));
                }
            }
            for (sum, to) in sums.into_iter().zip(to) {
                Self::add(sum, at.gradient.add(to), lanes);
            }
        }
    }

    /// `dx[place · stride + tap · dilation - padding] += dy[place] · weights[tap]ᵀ` of a region, in the shortest vectors that have lanes
    /// for all inputs.
    ///
    /// # Safety
    /// As [`row`](Self::row); the region is of its outputs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn by_input<V: Lanes<T>>(at: Pointers<T>, rows: Run, cols: Run) {
        let inputs = Self::TOGETHER;
        if const { V::LEN > 1 && <V::Half as Lanes<T>>::LEN > 1 && Self::TOGETHER <= V::LEN / 2 } {
            // SAFETY: the caller's promise.
            return unsafe { Self::by_input::<V::Half>(at, rows, cols) };
        }
        for tap in 0..rows.taps * cols.taps {
            let (place, weight) = Self::tap(rows, cols, tap);
            let mut group = 0;
            while group * inputs < Self::INPUTS {
                let mut input = 0;
                while input < inputs {
                    let lanes = V::LEN.min(inputs - input);
                    let to = place + group * inputs + input;
                    // SAFETY: the caller's promise; so many inputs are left.
                    unsafe {
                        if Self::IS_DEPTHWISE {
                            let [weights] = vectors::<T, V, 1>(at.weights.add(weight + input), lanes);
                            Self::spread::<V, 1>(at, rows, cols, [to, input], lanes, (&[weights], false));
                        } else {
                            Self::turned::<V>(at, rows, cols, [to, group, weight + input * Self::OUTPUTS], lanes);
                        }
                    }
                    input += V::LEN;
                }
                group += 1;
            }
        }
    }

    /// The inputs of one vector under one tap: a few outputs at a time, the weights of which are turned.
    ///
    /// # Safety
    /// As [`by_input`](Self::by_input); there are so many inputs, from the weight of the first on.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn turned<V: Lanes<T>>(
        at: Pointers<T>,
        rows: Run,
        cols: Run,
        [to, group, weight]: [usize; 3],
        lanes: usize,
    ) {
        let mut column = 0;
        while column < Self::COLUMNS {
            let output = group * Self::COLUMNS + column;
            let count = TURNED.min(Self::COLUMNS - column);
            let mut turned = [V::splat(T::ZERO); TURNED];
            for (own, turned) in turned.iter_mut().take(count).enumerate() {
                let mut numbers = [T::ZERO; MOST_LANES];
                for (lane, number) in numbers.iter_mut().take(lanes).enumerate() {
                    // SAFETY: the caller's promise.
                    *number = unsafe { *at.weights.add(weight + lane * Self::OUTPUTS + output + own) };
                }
                *turned = V::load_first(&numbers, *turned);
            }
            // SAFETY: the caller's promise; so many outputs are left.
            unsafe {
                let weights = turned.get(..count).unwrap_or_default();
                Self::spread::<V, 4>(at, rows, cols, [to, output], lanes, (weights, true));
            }
            column += TURNED;
        }
    }

    /// Adds to the places under one tap what each output of `dy` gives by its weights: outputs of which each goes to all lanes, or one
    /// vector of them that goes lane by lane; `M` places of a row at a time.
    ///
    /// # Safety
    /// As [`by_input`](Self::by_input); `to` is the first number of the first place, and there are outputs for the weights.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn spread<V: Lanes<T>, const M: usize>(
        at: Pointers<T>,
        rows: Run,
        cols: Run,
        [to, output]: [usize; 2],
        lanes: usize,
        weights: (&[V], bool),
    ) {
        let step = G::STRIDE[1] * Self::INPUTS;
        // SAFETY: the caller's promise; so many places are left.
        unsafe {
            for down in 0..rows.len {
                let mut dx = at.dx.add(to + down * G::STRIDE[0] * S::SIZE[1] * Self::INPUTS);
                let mut dy = at.dy.add(((rows.at + down) * R::SIZE[1] + cols.at) * Self::OUTPUTS + output);
                let mut left = cols.len;
                while left >= M {
                    Self::places::<V, M>(dx, dy, lanes, weights);
                    (dx, dy, left) = (dx.wrapping_add(M * step), dy.wrapping_add(M * Self::OUTPUTS), left - M);
                }
                while left > 0 {
                    Self::places::<V, 1>(dx, dy, lanes, weights);
                    (dx, dy, left) = (dx.wrapping_add(step), dy.wrapping_add(Self::OUTPUTS), left - 1);
                }
            }
        }
    }

    /// # Safety
    /// There are `M` places.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn places<V: Lanes<T>, const M: usize>(
        dx: *mut T,
        dy: *const T,
        lanes: usize,
        (weights, is_each): (&[V], bool),
    ) {
        let mut sums = [V::splat(T::ZERO); M];
        // SAFETY: the caller's promise.
        unsafe {
            for (own, weight) in weights.iter().enumerate() {
                for (m, sum) in sums.iter_mut().enumerate() {
                    let dy = dy.add(m * Self::OUTPUTS + own);
                    let [slope] = if is_each { [V::splat(*dy)] } else { vectors::<T, V, 1>(dy, lanes) };
                    *sum = slope.mul_add(*weight, *sum);
                }
            }
            for (m, sum) in sums.into_iter().enumerate() {
                Self::add(sum, dx.add(m * G::STRIDE[1] * Self::INPUTS), lanes);
            }
        }
    }

    /// Adds the first lanes to numbers.
    ///
    /// # Safety
    /// They can be read and written.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn add<V: Lanes<T>>(vector: V, to: *mut T, lanes: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            let [before] = vectors::<T, V, 1>(to, lanes);
            if lanes == V::LEN { (before + vector).write(to) } else { (before + vector).write_first(to, lanes) }
        }
    }
}
