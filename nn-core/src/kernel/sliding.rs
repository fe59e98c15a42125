//! Windows that slide over the places of a signal or an image, and which of their taps meet a place.

/// A window: rows, then columns.
pub trait Window {
    /// How many taps it has.
    const TAPS: [usize; 2];
    /// How many places it goes on from an output to the next.
    const STRIDE: [usize; 2];
    /// How many places lie between two taps that are neighbours, and one.
    const DILATION: [usize; 2];
    /// How many places before the first one it begins.
    const PADDING: [usize; 2];
}

/// A [`Window`] of these numbers.
pub struct Sliding<
    const TR: usize,
    const TC: usize,
    const SR: usize,
    const SC: usize,
    const DR: usize,
    const DC: usize,
    const PR: usize,
    const PC: usize,
>;

impl<
    const TR: usize,
    const TC: usize,
    const SR: usize,
    const SC: usize,
    const DR: usize,
    const DC: usize,
    const PR: usize,
    const PC: usize,
> Window for Sliding<TR, TC, SR, SC, DR, DC, PR, PC>
{
    const TAPS: [usize; 2] = [TR, TC];
    const STRIDE: [usize; 2] = [SR, SC];
    const DILATION: [usize; 2] = [DR, DC];
    const PADDING: [usize; 2] = [PR, PC];
}

/// A [`Window`] over rows that are there: without padding before the first.
pub struct Level<G>(core::marker::PhantomData<G>);

impl<G: Window> Window for Level<G> {
    const TAPS: [usize; 2] = G::TAPS;
    const STRIDE: [usize; 2] = G::STRIDE;
    const DILATION: [usize; 2] = G::DILATION;
    const PADDING: [usize; 2] = [0, G::PADDING[1]];
}

/// A window along one axis, over `from` places, of which it makes `to`.
#[derive(Clone, Copy)]
pub struct Axis {
    taps: usize,
    stride: usize,
    dilation: usize,
    padding: usize,
    from: usize,
    to: usize,
}

/// Outputs side by side that meet the same taps; the others lie in the padding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// The first output.
    pub at: usize,
    /// How many there are.
    pub len: usize,
    /// The first tap.
    pub tap: usize,
    /// How many taps.
    pub taps: usize,
    /// The place that the first tap meets for the first output.
    pub place: usize,
}

impl Axis {
    /// The axis of a window: 0 for rows, 1 for columns.
    pub const fn of<G: Window>(axis: usize, from: [usize; 2], to: [usize; 2]) -> Self {
        assert!(G::TAPS[axis] > 0 && G::STRIDE[axis] > 0 && G::DILATION[axis] > 0, "a window has a tap and goes on");
        let (taps, stride, dilation) = (G::TAPS[axis], G::STRIDE[axis], G::DILATION[axis]);
        Self { taps, stride, dilation, padding: G::PADDING[axis], from: from[axis], to: to[axis] }
    }

    /// Whether all taps of all outputs meet a place.
    pub const fn is_inside(&self) -> bool {
        self.to > 0 && self.padding == 0 && (self.to - 1) * self.stride + (self.taps - 1) * self.dilation < self.from
    }

    /// The outputs from `at` on that meet the same taps; nothing if there are no more.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn run(&self, at: usize) -> Option<Run> {
        if at >= self.to {
            return None;
        }
        // A tap meets the place `start + tap · dilation - padding`, if there is one.
        let start = at * self.stride;
        let tap = self.padding.saturating_sub(start).div_ceil(self.dilation);
        let end = (self.from + self.padding).saturating_sub(start).div_ceil(self.dilation);
        let end = if end < self.taps { end } else { self.taps };
        if tap >= end {
            return Some(Run { at, len: 1, tap: 0, taps: 0, place: 0 });
        }
        let (taps, place) = (end - tap, start + tap * self.dilation - self.padding);
        let mut len = 1;
        if taps == self.taps {
            // The last tap of the last output of the run still meets a place.
            let inside = (self.from + self.padding).saturating_sub((self.taps - 1) * self.dilation + 1) / self.stride;
            let last = if inside < self.to { inside } else { self.to - 1 };
            len = last.saturating_sub(at) + 1;
        }
        Some(Run { at, len, tap, taps, place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All outputs of an axis, each with the taps that meet a place.
    fn check(axis: Axis) {
        let (mut at, mut is_inside) = (0, true);
        while let Some(run) = axis.run(at) {
            is_inside &= run.taps == axis.taps;
            for output in run.at..run.at + run.len {
                let place = |tap: usize| (output * axis.stride + tap * axis.dilation).wrapping_sub(axis.padding);
                let mut met = (0..axis.taps).filter(|tap| place(*tap) < axis.from);
                if let Some(first) = met.next() {
                    assert_eq!((run.tap, run.taps), (first, met.count() + 1), "{run:?}");
                    assert_eq!(run.place + (output - run.at) * axis.stride, place(first));
                } else {
                    assert_eq!(run.taps, 0);
                }
            }
            at += run.len;
        }
        assert_eq!((at, is_inside), (axis.to, axis.is_inside()));
    }

    #[test]
    fn taps_meet_places_inside() {
        for number in 0..4 * 3 * 3 * 5 * 8 {
            let mut rest: usize = number;
            let mut next = |count| {
                let digit = rest % count;
                rest /= count;
                digit
            };
            let (taps, stride, dilation, padding) = (next(4) + 1, next(3) + 1, next(3) + 1, next(5));
            let from = next(8) + 1;
            let to = (from + 2 * padding).saturating_sub((taps - 1) * dilation + 1) / stride + 1;
            check(Axis { taps, stride, dilation, padding, from, to });
        }
    }
}
