//! The frames that the taps of a convolution meet: those of the block, and those before it, which lie in rings, one a channel.

use super::{Plane, PlaneMut, fits};
use crate::kernel::lanes::Lanes;
use crate::kernel::scalar::Scalar;
use core::slice::{from_raw_parts, from_raw_parts_mut};
use generic_array::sequence::GenericSequence;
use generic_array::{ArrayLength, GenericArray};

/// Which frames of a plane are meant: `rows` from `from` on, where channels are `step` apart.
#[derive(Clone, Copy)]
pub struct Block {
    /// The first.
    pub from: usize,
    /// How many.
    pub rows: usize,
    /// From a channel to the next.
    pub step: usize,
}

/// The last frames before the present one: a ring for each channel, one after another.
pub struct Rings<'a, T> {
    /// All of them.
    pub numbers: &'a mut [T],
    /// How many frames each has.
    pub len: usize,
    /// The place of the oldest frame.
    pub oldest: &'a mut usize,
    /// How many frames lie between two taps that are neighbours, and one.
    pub dilation: usize,
}

/// Where the last frames of the rings and the block are put side by side.
pub enum Room<'a, T> {
    /// In numbers for all channels twice as long as the block.
    Elsewhere(&'a mut [T]),
    /// Before the block, so many frames being to spare there in each channel. The numbers of the block can be written.
    Before(usize),
}

/// A block with what came before it. Taps that reach over its beginning meet both side by side, the last frames of the rings being copied
/// to where the block lies or the block to where they are; taps that look further back meet the rings.
pub(super) struct Window<T> {
    x: Plane<T>,
    rows: usize,
    rings: Plane<T>,
    oldest: usize,
    dilation: usize,
    copy: Plane<T>,
    /// How many frames before the block are in the copy.
    margin: usize,
}

impl<T: Scalar> Window<T> {
    /// Puts them side by side, where the block is longer than a frame: in `room`, or before `x` in its own channels, where so many frames are
    /// to spare. Nothing if the parts are not as long as they must be.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn new<V: Lanes<T>, K: ArrayLength>(
        channels: usize,
        x: Plane<T>,
        rows: usize,
        rings: &Rings<'_, T>,
        room: Room<'_, T>,
    ) -> Option<Self> {
        let Rings { ref numbers, len, oldest: &mut oldest, dilation } = *rings;
        let taps = K::USIZE;
        if !rings.fit(channels, taps) {
            return None;
        }
        let rings = Plane { at: numbers.as_ptr(), step: len };
        // The taps that reach over the beginning are those that look back less than the block is long.
        let margin = if dilation < rows { ((rows - 1) / dilation).min(taps - 1) * dilation } else { 0 };
        let copies = if margin > 0 { channels } else { 0 };
        let (copied, is_elsewhere) = match room {
            Room::Elsewhere(room) => (PlaneMut::of(room, copies, margin + rows, 0, margin + rows)?, true),
            Room::Before(spare) if margin <= spare => {
                (PlaneMut { at: x.at.cast_mut().wrapping_sub(margin), step: x.step }, false)
            }
            Room::Before(_) => return None,
        };
        let (first, wraps) = split(oldest, len, margin);
        for channel in 0..copies {
            // SAFETY: a ring has `len` frames, of which `margin` or fewer are read; the copy has room for those and the block's.
            unsafe {
                let (ring, to) = (rings.at.add(channel * len), copied.at.add(channel * copied.step));
                copy::<T, V>(ring.add(first), to, margin - wraps);
                copy::<T, V>(ring, to.add(margin - wraps), wraps);
                if is_elsewhere {
                    copy::<T, V>(x.at.add(channel * x.step), to.add(margin), rows);
                }
            }
        }
        let copy = Plane { at: copied.at.cast_const(), step: copied.step };
        Some(Self { x, rows, rings, oldest, dilation, copy, margin })
    }

    /// What the taps meet from frame `t` on, and up to which frame that lies side by side.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn taps<K: ArrayLength>(&self, t: usize) -> (GenericArray<Plane<T>, K>, usize) {
        let mut end = self.rows;
        let taps = GenericArray::generate(|tap| {
            let back = (K::USIZE - 1 - tap) * self.dilation;
            if back == 0 {
                return self.x;
            }
            if back <= self.margin {
                return self.copy.later(self.margin - back);
            }
            // All of its frames were before the block.
            let len = self.rings.step;
            let at = self.oldest + len - back + t;
            let at = if at < len { at } else { at - len };
            let at = if at < len { at } else { at - len };
            end = end.min(t + len - at);
            Plane { at: self.rings.at.wrapping_add(at).wrapping_sub(t), step: len }
        });
        (taps, end)
    }
}

/// Where the last `count` frames of a ring begin, and how many of them lie at its beginning.
#[cfg_attr(not(debug_assertions), inline(always))]
fn split(oldest: usize, len: usize, count: usize) -> (usize, usize) {
    if count <= oldest { (oldest - count, 0) } else { (oldest + len - count, oldest) }
}

impl<T: Scalar> Rings<'_, T> {
    /// Whether they are as long as the oldest of so many taps looks back.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn fit(&self, channels: usize, taps: usize) -> bool {
        let len = self.len;
        let fit = self.dilation > 0 && len == (taps - 1) * self.dilation && (*self.oldest < len || len == 0);
        debug_assert!(fit, "the rings are as long as the oldest tap looks back");
        fit && fits(self.numbers.len(), channels, len, 0, len)
    }

    /// Remembers the last frames of the block.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn push<V: Lanes<T>>(self, channels: usize, x: Plane<T>, rows: usize) {
        let len = self.len;
        if len == 0 || !fits(self.numbers.len(), channels, len, 0, len) || *self.oldest >= len {
            return;
        }
        if rows == 1 {
            for channel in 0..channels {
                T::once();
                // SAFETY: a ring has `len` frames, of which there is one at `oldest`, and there is one of `x`.
                unsafe { *self.numbers.as_mut_ptr().add(channel * len + *self.oldest) = *x.at.add(channel * x.step) }
            }
            *self.oldest = if *self.oldest + 1 < len { *self.oldest + 1 } else { 0 };
            return;
        }
        // If nothing is left of what was there, the oldest frame is the first again.
        let (skipped, count, at) = if rows >= len { (rows - len, len, 0) } else { (0, rows, *self.oldest) };
        let first = count.min(len - at);
        for channel in 0..channels {
            T::once();
            // SAFETY: a ring has `len` frames, and there are `rows` of `x`.
            unsafe {
                let (from, ring) = (x.at.add(channel * x.step + skipped), self.numbers.as_mut_ptr().add(channel * len));
                copy::<T, V>(from, ring.add(at), first);
                copy::<T, V>(from.add(first), ring, count - first);
            }
        }
        let next = at + count;
        *self.oldest = if next < len { next } else { next - len };
    }
}

/// Copies numbers by vectors, if there are any.
///
/// # Safety
/// They can be read and written, and do not overlap.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn copy<T: Scalar, V: Lanes<T>>(from: *const T, to: *mut T, len: usize) {
    if const { V::LEN == 1 } {
        // SAFETY: the caller's promise.
        return T::copy(unsafe { from_raw_parts(from, len) }, unsafe { from_raw_parts_mut(to, len) });
    }
    let mut at = 0;
    // SAFETY: the caller's promise.
    unsafe {
        while at + V::LEN <= len {
            V::read(from.add(at)).write(to.add(at));
            at += V::LEN;
        }
        if at < len {
            V::read_first(from.add(at), len - at, V::splat(T::ZERO)).write_first(to.add(at), len - at);
        }
    }
}
