//! What follows from the types of a convolution.

use crate::kernel::lanes::MOST_LANES;
use crate::kernel::product::parts;
use crate::kernel::sliding::{Axis, Run, Window};
use crate::number::shape::Places;
use crate::number::storage::Plain;
use core::marker::PhantomData;
use typenum::Unsigned;

/// What the sizes of a convolution follow from: its input, its output, the weights of a tap, the window.
pub(super) struct Sizes<T, S, R, W, G>(PhantomData<(T, S, R, W, G)>);

impl<T, S: Places, R: Places, W: Plain<T>, G: Window> Sizes<T, S, R, W, G> {
    /// Channels in and out.
    pub(super) const INPUTS: usize = S::Channels::USIZE;
    pub(super) const OUTPUTS: usize = R::Channels::USIZE;
    /// Those of one group.
    pub(super) const OF_INPUTS: usize = W::LEN / Self::OUTPUTS;
    pub(super) const GROUPS: usize = Self::INPUTS / Self::OF_INPUTS;
    pub(super) const OF_OUTPUTS: usize = Self::OUTPUTS / Self::GROUPS;
    /// Whether each channel is for itself, so that a vector is of several groups.
    pub(super) const IS_DEPTHWISE: bool = Self::OF_INPUTS == 1 && Self::OF_OUTPUTS == 1;
    /// Columns that are computed together, and in how many parts their sums.
    pub(super) const COLUMNS: usize = if Self::IS_DEPTHWISE { Self::OUTPUTS } else { Self::OF_OUTPUTS };
    pub(super) const PARTS: usize = if Self::IS_DEPTHWISE { 1 } else { parts(Self::OF_INPUTS, Self::OF_OUTPUTS) };
    /// The rows and the columns of places.
    pub(super) const ROWS: Axis = Axis::of::<G>(0, S::SIZE, R::SIZE);
    pub(super) const COLS: Axis = Axis::of::<G>(1, S::SIZE, R::SIZE);
    /// Numbers from a tap to the next, down and to the right.
    pub(super) const DOWN: usize = G::DILATION[0] * S::SIZE[1] * Self::INPUTS;
    pub(super) const RIGHT: usize = G::DILATION[1] * Self::INPUTS;

    /// Whether windows at an edge meet fewer taps.
    pub(super) const HAS_EDGES: bool = !Self::COLS.is_inside();

    /// The outputs from row, or column, `at` on that meet the same taps. What is known without computing, is.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn run(axis: usize, at: usize) -> Option<Run> {
        let is_inside = if axis == 0 { const { Self::ROWS.is_inside() } } else { const { Self::COLS.is_inside() } };
        match (is_inside, axis) {
            (true, _) => (at < R::SIZE[axis]).then(|| Run {
                at,
                len: R::SIZE[axis] - at,
                tap: 0,
                taps: G::TAPS[axis],
                place: at * G::STRIDE[axis],
            }),
            (false, 0) => Self::ROWS.run(at),
            (false, _) => Self::COLS.run(at),
        }
    }

    /// Whether each place makes one, so that the rows are as one.
    pub(super) const IS_EACH: bool =
        matches!((G::TAPS, G::STRIDE), ([1, 1], [1, 1])) && S::SIZE[0] == R::SIZE[0] && S::SIZE[1] == R::SIZE[1];

    /// How many places of a row, or of a column of `rows` if it goes down, are computed together: as many as there are registers for, and then as few as
    /// take no longer, so that little is computed again.
    pub(super) const fn tile(lanes: usize, down: bool, rows: usize) -> usize {
        let most = Self::most(lanes, if Self::COLUMNS > lanes { 2 } else { 1 });
        let len = match down {
            _ if Self::IS_EACH => rows * R::SIZE[1],
            true if rows < longest(Self::ROWS) => rows,
            true => longest(Self::ROWS),
            false => longest(Self::COLS),
        };
        len.div_ceil(len.div_ceil(most))
    }

    /// The most places, of so many vectors each. Sixteen registers hold the sums of twelve vectors, with what they are made of, and thirty-two
    /// of twenty-four.
    pub(super) const fn most(lanes: usize, vectors: usize) -> usize {
        match (lanes == MOST_LANES, vectors) {
            (true, 1) => 14,
            (true, _) | (false, 1) => 12,
            (false, _) => 6,
        }
    }

    /// Numbers from a place to the next, of the input and of the output: down, or to the right.
    pub(super) const fn steps(down: bool) -> [usize; 2] {
        let (across, y_across) = (S::SIZE[1] * Self::INPUTS, R::SIZE[1] * Self::OUTPUTS);
        if down { [G::STRIDE[0] * across, y_across] } else { [G::STRIDE[1] * Self::INPUTS, Self::OUTPUTS] }
    }

    /// That the groups divide the channels, and that the blocks are as long as their shapes say.
    pub(super) const FITS: () = {
        assert!(Self::OF_INPUTS > 0 && Self::INPUTS == Self::GROUPS * Self::OF_INPUTS, "groups divide the inputs");
        assert!(Self::OUTPUTS == Self::GROUPS * Self::OF_OUTPUTS, "groups divide the outputs");
        assert!(S::LEN == S::SIZE[0] * S::SIZE[1] * Self::INPUTS, "an input is its places");
        assert!(R::LEN == R::SIZE[0] * R::SIZE[1] * Self::OUTPUTS, "an output is its places");
    };
}

/// The most outputs side by side that meet the same taps.
pub(super) const fn longest(axis: Axis) -> usize {
    let (mut at, mut longest) = (0, 1);
    while let Some(run) = axis.run(at) {
        longest = if run.len > longest { run.len } else { longest };
        at += run.len;
    }
    longest
}
