//! The forward pass of a pool, with channels in the lanes.
#![allow(unsafe_code)]

use super::isa::{Isa, Task};
use super::lanes::Lanes;
use super::scalar::Scalar;
use super::sliding::{Axis, Run, Window};
use crate::number::shape::{Places, Row};
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
/// any other value, and of equal values the first counts.
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
    k.call(Pool::<T, S, R, G, P> { x, y, of: PhantomData });
}

struct Pool<'a, T: Scalar, S: Places, R: Places, G, P> {
    x: &'a [Row<T, S>],
    y: &'a mut [Row<T, R>],
    of: PhantomData<(G, P)>,
}

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling> Task for Pool<'_, T, S, R, G, P> {
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(mut self, _k: K) {
        self.compute::<K::V<T>>();
    }
}

impl<T: Scalar, S: Places, R: Places<Channels = S::Channels>, G: Window, P: Pooling> Pool<'_, T, S, R, G, P> {
    const CHANNELS: usize = S::Channels::USIZE;
    const ROWS: Axis = Axis::of::<G>(0, S::SIZE, R::SIZE);
    const COLS: Axis = Axis::of::<G>(1, S::SIZE, R::SIZE);

    const FITS: () = {
        assert!(S::LEN == S::SIZE[0] * S::SIZE[1] * Self::CHANNELS, "an input is its places");
        assert!(R::LEN == R::SIZE[0] * R::SIZE[1] * Self::CHANNELS, "an output is its places");
    };

    /// All rows, in the shortest vectors that have lanes for all channels.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn compute<V: Lanes<T>>(&mut self) {
        const { Self::FITS };
        if const { V::LEN > 1 && <V::Half as Lanes<T>>::LEN > 1 && Self::CHANNELS <= V::LEN / 2 } {
            return self.compute::<V::Half>();
        }
        for (x, y) in self.x.iter().zip(self.y.iter_mut()) {
            let (x, y): (*const T, *mut T) = ((&raw const *x).cast(), (&raw mut *y).cast());
            let mut row = 0;
            while let Some(rows) = Self::ROWS.run(row) {
                let mut col = 0;
                while let Some(cols) = Self::COLS.run(col) {
                    // SAFETY: a row has the numbers that its shape says, as `FITS` checks, and runs are of places that there are.
                    unsafe { Self::run::<V>(x, y, rows, cols) };
                    col += cols.len;
                }
                row += rows.len;
            }
        }
    }

    /// The outputs of a run of rows and one of columns, which meet the same taps.
    ///
    /// # Safety
    /// The runs are of the places of `x` and `y`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn run<V: Lanes<T>>(x: *const T, y: *mut T, rows: Run, cols: Run) {
        let is_full = rows.taps == G::TAPS[0] && cols.taps == G::TAPS[1];
        for (down, right) in (0..rows.len).flat_map(|down| (0..cols.len).map(move |right| (down, right))) {
            let place = (rows.place + down * G::STRIDE[0]) * S::SIZE[1] + cols.place + right * G::STRIDE[1];
            let output = (rows.at + down) * R::SIZE[1] + cols.at + right;
            // SAFETY: the caller's promise.
            unsafe {
                let (x, y) = (x.add(place * Self::CHANNELS), y.add(output * Self::CHANNELS));
                // The compiler unrolls taps that it knows the number of.
                if is_full { Self::place::<V>(x, y, G::TAPS) } else { Self::place::<V>(x, y, [rows.taps, cols.taps]) }
            }
        }
    }

    /// One output place, from the first place that its taps meet on.
    ///
    /// # Safety
    /// There are the places that so many taps meet, and the one of the output.
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn place<V: Lanes<T>>(x: *const T, y: *mut T, taps: [usize; 2]) {
        let count = if P::COUNTS_PADDING { G::TAPS[0] * G::TAPS[1] } else { (taps[0] * taps[1]).max(1) };
        let count = V::splat(T::from_u64(count as u64));
        let mut channel = 0;
        while channel < Self::CHANNELS {
            let lanes = V::LEN.min(Self::CHANNELS - channel);
            // SAFETY: the caller's promise; so many channels are left.
            unsafe {
                let mut value = V::splat(if P::IS_MAX { T::from_f64(f64::NEG_INFINITY) } else { T::ZERO });
                for (down, right) in (0..taps[0]).flat_map(|down| (0..taps[1]).map(move |right| (down, right))) {
                    let place = down * G::DILATION[0] * S::SIZE[1] + right * G::DILATION[1];
                    let x = x.add(place * Self::CHANNELS + channel);
                    let x = if lanes == V::LEN { V::read(x) } else { V::read_first(x, lanes, V::splat(T::ZERO)) };
                    value = if P::IS_MAX {
                        // y = max(y, x): the second of two that are equal, or if either is NaN; so one of x itself stays.
                        (x.abs() + V::splat(T::ONE)).if_positive(x.max(value), x)
                    } else {
                        value + x
                    };
                }
                let value = if P::IS_MAX { value } else { value / count };
                let y = y.add(channel);
                if lanes == V::LEN { value.write(y) } else { value.write_first(y, lanes) }
            }
            channel += V::LEN;
        }
    }
}
