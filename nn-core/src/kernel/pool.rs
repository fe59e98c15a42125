//! The passes of a pool, with channels in the lanes.
#![allow(unsafe_code)]

use super::isa::{Isa, Task};
use super::lanes::Lanes;
use super::planar::{Function, read, write};
use super::scalar::Scalar;
use super::sliding::{Axis, Run, Window};
use crate::number::shape::{Places, Row};
use crate::number::storage::Plain;
use core::marker::PhantomData;
use typenum::Unsigned;

/// What is made of the values under a window.
pub trait Pooling {
    /// Whether it is the largest; else it is the mean.
    const IS_MAX: bool;
    /// Whether places of the padding count in the mean, as zeros.
    const COUNTS_PADDING: bool;
}

/// `y[place] = max x[place · stride + tap · dilation - padding]` of each channel, or the mean, for every row of `x`. A NaN is larger than
/// any other value, and of equal values the first counts, of NaNs the last. A window that meets no place has minus infinity, or zero.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn forward<T, K, S, R, G, P>(k: K, x: &[Row<T, S>], y: &mut [Row<T, R>])
where
    T: Scalar,
    K: Isa,
    S: Places,
    R: Places<Channels = S::Channels>,
    G: Window,
    P: Pooling,
{
    k.call(Forward(x, y, PhantomData::<Pool<T, S, R, G, P>>));
}

/// Sets `dx` to the gradient by the input: that of the largest value is `dy`, or each has its share.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn backward<T, K, S, R, G, P>(k: K, x: &[Row<T, S>], dy: &[Row<T, R>], dx: &mut [Row<T, S>])
where
    T: Scalar,
    K: Isa,
    S: Places,
    R: Places<Channels = S::Channels>,
    G: Window,
    P: Pooling,
{
    k.call(Backward(x, dy, dx, PhantomData::<Pool<T, S, R, G, P>>));
}

struct Forward<'a, T: Scalar, S: Places, R: Places, P>(&'a [Row<T, S>], &'a mut [Row<T, R>], PhantomData<P>);
struct Backward<'a, T: Scalar, S: Places, R: Places, P>(
    &'a [Row<T, S>],
    &'a [Row<T, R>],
    &'a mut [Row<T, S>],
    PhantomData<P>,
);

impl<T, S, R, G, P> Task for Forward<'_, T, S, R, Pool<T, S, R, G, P>>
where
    T: Scalar,
    S: Places,
    R: Places<Channels = S::Channels>,
    G: Window,
    P: Pooling,
{
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        for (x, y) in self.0.iter().zip(self.1) {
            // SAFETY: rows have the numbers that their shapes say; those of `y` can be written.
            unsafe { Pool::<T, S, R, G, P>::row::<K::V<T>>((&raw const *x).cast(), (&raw mut *y).cast(), None) };
        }
    }
}

impl<T, S, R, G, P> Task for Backward<'_, T, S, R, Pool<T, S, R, G, P>>
where
    T: Scalar,
    S: Places,
    R: Places<Channels = S::Channels>,
    G: Window,
    P: Pooling,
{
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, _k: K) {
        for ((x, dy), dx) in self.0.iter().zip(self.1).zip(self.2) {
            let at = (&raw const *dy).cast::<T>().cast_mut();
            dx.values_mut().fill(T::ZERO);
            // SAFETY: rows have the numbers that their shapes say; those of `dx` can be written, and of `dy` none is.
            let has_nan = unsafe {
                Pool::<T, S, R, G, P>::row::<K::V<T>>((&raw const *x).cast(), at, Some((&raw mut *dx).cast()))
            };
            if has_nan {
                dx.values_mut().fill(T::ZERO);
                Pool::<T, S, R, G, P>::choose(x.values(), dy.values(), dx.values_mut());
            }
        }
    }
}

fn is_nan<T: Scalar>(x: T) -> bool {
    x.partial_cmp(&x).is_none()
}

/// `y[place] = f(max x[row][place · columns + column])`, or of the mean, of the rows of `x`, whose places are in tiles side by side. Nothing if they
/// are not there.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn tiles<T: Scalar, V: Lanes<T>, P: Pooling, F: Function>(
    x: &[T],
    y: &mut [T],
    channels: usize,
    [rows, columns]: [usize; 2],
) {
    if const { V::LEN > 1 && <V::Half as Lanes<T>>::LEN > 1 } && channels <= V::LEN / 2 {
        return tiles::<T, V::Half, P, F>(x, y, channels, [rows, columns]);
    }
    let is_right = channels > 0 && y.len().is_multiple_of(channels) && x.len() == rows * columns * y.len();
    debug_assert!(is_right, "a tile is its places");
    if !is_right || x.is_empty() {
        return;
    }
    for place in 0..y.len() / channels {
        let mut channel = 0;
        while channel < channels {
            let lanes = V::LEN.min(channels - channel);
            // SAFETY: there are so many rows, each of a tile of places for each of `y`, as was checked; `lanes` channels are left.
            unsafe {
                let x = x.as_ptr().add(place * columns * channels + channel);
                let mut value = read::<T, V>(x, lanes);
                if !P::IS_MAX {
                    value = V::splat(T::ZERO) + value;
                }
                for tap in 1..rows * columns {
                    let x = read(x.add(tap / columns * columns * y.len() + tap % columns * channels), lanes);
                    value = if P::IS_MAX { value.largest(x) } else { value + x };
                }
                if !P::IS_MAX {
                    value = value / V::splat(T::from_u64((rows * columns) as u64));
                }
                write(F::value::<T, V>(value), y.as_mut_ptr().add(place * channels + channel), lanes);
            }
            channel += V::LEN;
        }
    }
}

/// What the sizes of a pool follow from.
struct Pool<T, S, R, G, P>(PhantomData<(T, S, R, G, P)>);

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling> Pool<T, S, R, G, P> {
    const CHANNELS: usize = S::Channels::USIZE;
    const ROWS: Axis = Axis::of::<G>(0, S::SIZE, R::SIZE);
    const COLS: Axis = Axis::of::<G>(1, S::SIZE, R::SIZE);

    const FITS: () = {
        assert!(S::LEN == S::SIZE[0] * S::SIZE[1] * Self::CHANNELS, "an input is its places");
        assert!(R::LEN == R::SIZE[0] * R::SIZE[1] * Self::CHANNELS, "an output is its places");
    };

    /// Adds `dy` to the `dx` of the largest values, number by number, where some are NaN: of those under a window the last one counts, as in
    /// PyTorch.
    #[cold]
    fn choose(x: &[T], dy: &[T], dx: &mut [T]) {
        let mut dy = dy.iter();
        let places =
            (0..R::SIZE[0]).flat_map(|row| (0..R::SIZE[1]).map(move |col| (Self::ROWS.run(row), Self::COLS.run(col))));
        for (rows, cols) in places {
            let (Some(rows), Some(cols)) = (rows, cols) else { return };
            let first = (rows.place * S::SIZE[1] + cols.place) * Self::CHANNELS;
            for (channel, dy) in (0..Self::CHANNELS).zip(dy.by_ref()) {
                let taps = (0..rows.taps).flat_map(|down| (0..cols.taps).map(move |right| Self::tap(down, right)));
                let values = taps.filter_map(|tap| Some((first + channel + tap, *x.get(first + channel + tap)?)));
                // `later` if it is larger or NaN.
                let largest =
                    values.reduce(|before, later| if later.1 > before.1 || is_nan(later.1) { later } else { before });
                if let Some(dx) = largest.and_then(|(at, _)| dx.get_mut(at)) {
                    *dx += *dy;
                }
            }
        }
    }

    /// One row: `y` is set, or, if there is a `dx`, is `dy`, which is added to that. Then it says whether a largest value may be NaN.
    ///
    /// # Safety
    /// `x` and `dx` have the numbers of `S`, `y` of `R`; `y` can be written, unless there is a `dx`, which can.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn row<V: Lanes<T>>(x: *const T, y: *mut T, dx: Option<*mut T>) -> bool {
        const { Self::FITS };
        let (mut row, mut has_nan) = (0, false);
        while let Some(rows) = Self::ROWS.run(row) {
            let mut col = 0;
            while let Some(cols) = Self::COLS.run(col) {
                // SAFETY: the caller's promise, and runs are of places that there are, as `FITS` checks.
                has_nan |= unsafe { Self::run::<V>(x, y, dx, rows, cols) };
                col += cols.len;
            }
            row += rows.len;
        }
        has_nan
    }

    /// The outputs of a run of rows and one of columns, which meet the same taps, in the shortest vectors that have lanes for all channels.
    ///
    /// # Safety
    /// As [`row`](Self::row); the runs are of its places.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn run<V: Lanes<T>>(x: *const T, y: *mut T, dx: Option<*mut T>, rows: Run, cols: Run) -> bool {
        if const { V::LEN > 1 && <V::Half as Lanes<T>>::LEN > 1 && Self::CHANNELS <= V::LEN / 2 } {
            // SAFETY: the caller's promise.
            return unsafe { Self::run::<V::Half>(x, y, dx, rows, cols) };
        }
        let mut all = V::splat(T::ZERO);
        let is_full = rows.taps == G::TAPS[0] && cols.taps == G::TAPS[1];
        for down in 0..rows.len {
            for right in 0..cols.len {
                let place = (rows.place + down * G::STRIDE[0]) * S::SIZE[1] + cols.place + right * G::STRIDE[1];
                let output = (rows.at + down) * R::SIZE[1] + cols.at + right;
                // SAFETY: the caller's promise.
                unsafe {
                    let (x, y) = (x.add(place * Self::CHANNELS), y.add(output * Self::CHANNELS));
                    let dx = dx.map(|dx| dx.add(place * Self::CHANNELS));
                    // The compiler unrolls taps that it knows the number of.
                    if is_full {
                        Self::place::<V>(x, y, dx, G::TAPS, &mut all);
                    } else {
                        Self::place::<V>(x, y, dx, [rows.taps, cols.taps], &mut all);
                    }
                }
            }
        }
        is_nan(all.sum())
    }

    /// One output place, from the first place that its taps meet on. If there is a `dx`, the largest values are added to `all`.
    ///
    /// # Safety
    /// As [`row`](Self::row): there are the places that so many taps meet, and the one of the output.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn place<V: Lanes<T>>(x: *const T, y: *mut T, dx: Option<*mut T>, taps: [usize; 2], all: &mut V) {
        let count = if P::COUNTS_PADDING { G::TAPS[0] * G::TAPS[1] } else { (taps[0] * taps[1]).max(1) };
        let (count, zero) = (V::splat(T::from_u64(count as u64)), V::splat(T::ZERO));
        let mut channel = 0;
        while channel < Self::CHANNELS {
            let lanes = V::LEN.min(Self::CHANNELS - channel);
            // SAFETY: the caller's promise; so many channels are left.
            unsafe {
                let (x, y) = (x.add(channel), y.add(channel));
                let value = Self::value::<V>(x, taps, lanes);
                let Some(dx) = dx.map(|dx| dx.add(channel)) else {
                    write(if P::IS_MAX { value } else { value / count }, y, lanes);
                    channel += V::LEN;
                    continue;
                };
                let mut dy = read::<T, V>(y, lanes);
                if P::IS_MAX {
                    *all = *all + value;
                } else {
                    dy = dy / count;
                }
                for down in 0..taps[0] {
                    for right in 0..taps[1] {
                        let tap = Self::tap(down, right);
                        let dx = dx.add(tap);
                        if !P::IS_MAX {
                            // dx of every tap += dy / count
                            write(read::<T, V>(dx, lanes) + dy, dx, lanes);
                            continue;
                        }
                        // dx of the largest += dy, which then is spent
                        let smaller = value - read::<T, V>(x.add(tap), lanes);
                        write(read::<T, V>(dx, lanes) + smaller.if_positive(zero, dy), dx, lanes);
                        dy = smaller.if_positive(dy, zero);
                    }
                }
            }
            channel += V::LEN;
        }
    }

    /// The largest of the values under a window, or their sum.
    ///
    /// # Safety
    /// As [`place`](Self::place).
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn value<V: Lanes<T>>(x: *const T, taps: [usize; 2], lanes: usize) -> V {
        let mut value = V::splat(if P::IS_MAX { T::from_f64(f64::NEG_INFINITY) } else { T::ZERO });
        for down in 0..taps[0] {
            for right in 0..taps[1] {
                // SAFETY: the caller's promise.
                let x = unsafe { read::<T, V>(x.add(Self::tap(down, right)), lanes) };
                value = match P::IS_MAX {
                    true if down + right == 0 => x,
                    true => value.largest(x),
                    false => value + x,
                };
            }
        }
        value
    }

    /// How many numbers a tap is behind the first.
    #[cfg_attr(not(debug_assertions), inline(always))]
    const fn tap(down: usize, right: usize) -> usize {
        (down * G::DILATION[0] * S::SIZE[1] + right * G::DILATION[1]) * Self::CHANNELS
    }
}

#[cfg(test)]
mod tests;
