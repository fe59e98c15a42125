//! The state of a piece of a stream, and where the piece is cut.

use super::memory::{Cut, Fill, Look, Memory};
use crate::number::arena::{copy, split, split_mut};
#[cfg(feature = "alloc")]
use crate::number::storage::zeros::{Zeros, all};

/// The state of a piece of a stream, and how the piece is cut out of it. A new one is a stream that begins, all of it.
///
/// Nothing is remembered from one call to the next: who has a piece run [cuts](Memory::cut) it, and puts the state there.
#[derive(Clone, Debug)]
pub struct Piece<S, const N: usize> {
    /// The state before the piece, and after it that.
    pub state: S,
    /// Whether what was there before the piece counts; else a stream begins.
    carried: bool,
    /// Whether an episode begins before a step.
    begins: [bool; N],
    /// The steps at its end that are not run.
    not_run: usize,
    /// The steps at its end that no gradient comes from.
    not_counted: usize,
}

impl<S: Memory, const N: usize> Memory for Piece<S, N> {
    const NEW: Self = Self { state: S::NEW, carried: false, begins: [false; N], not_run: 0, not_counted: 0 };
    const BYTES: usize = 0;

    fn restart(&mut self) {
        self.state.restart();
        (self.carried, self.not_run, self.not_counted) = (false, 0, 0);
        self.begins.fill(false);
    }
    fn copy_from(&mut self, other: &Self) {
        self.state.copy_from(&other.state);
        (self.carried, self.not_run, self.not_counted) = (other.carried, other.not_run, other.not_counted);
        copy(&other.begins, &mut self.begins);
    }
    fn show(&self, _to: &mut impl Look) {}
    fn fill(&mut self, _from: &mut impl Fill) {}

    fn cut(&mut self, cut: Cut<impl Fn(usize) -> bool>) {
        self.carried = cut.carried;
        self.begins.iter_mut().enumerate().for_each(|(step, begins)| *begins = (cut.begins)(step));
        self.not_counted = N.saturating_sub(cut.steps);
        self.not_run = if cut.goes_on { 0 } else { self.not_counted };
    }

    #[cfg(feature = "alloc")]
    const ZEROS: Option<Zeros<Self>> = all!(Self {
        state: S::ZEROS,
        carried: Some(Zeros::flag()),
        begins: Some(Zeros::flag().several()),
        not_run: Some(Zeros::number()),
        not_counted: Some(Zeros::number())
    });
}

/// Steps of a piece that hang together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The first.
    pub from: usize,
    /// That after the last.
    pub to: usize,
    /// Whether an episode begins there; else it goes on from the state that is there.
    pub begins: bool,
}

impl<S, const N: usize> Piece<S, N> {
    /// How many steps are run.
    pub const fn run(&self) -> usize {
        N.saturating_sub(self.not_run)
    }

    /// How many there are to the last that counts.
    pub const fn counted(&self) -> usize {
        N.saturating_sub(self.not_counted)
    }

    /// Whether an episode begins before a step, or the stream with it.
    pub fn begins(&self, step: usize) -> bool {
        self.begins.get(step).is_some_and(|begins| *begins) || (step == 0 && !self.carried)
    }

    /// The steps from this one on that hang together, of the first `steps`. With the last that counts a stretch ends, so that
    /// they are the same on the way back.
    pub fn stretch(&self, from: usize, steps: usize) -> Option<Stretch> {
        let (_, rest) = self.begins.get(from..steps)?.split_first()?;
        let to = from + 1 + rest.iter().position(|begins| *begins).unwrap_or(rest.len());
        let to = if from < self.counted() { to.min(self.counted()) } else { to };
        Some(Stretch { from, to, begins: self.begins(from) })
    }
}

impl Stretch {
    /// Its steps of a piece, of so many numbers each.
    pub fn of<T>(self, piece: &[T], width: usize) -> &[T] {
        split(split(piece, self.from * width).1, (self.to - self.from) * width).0
    }

    /// The same, to be changed.
    pub fn of_mut<T>(self, piece: &mut [T], width: usize) -> &mut [T] {
        split_mut(split_mut(piece, self.from * width).1, (self.to - self.from) * width).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a piece of six steps is cut into, of which what counts comes first.
    #[track_caller]
    fn check([carried, goes_on]: [bool; 2], steps: usize, marks: [usize; 2], expected: &[(usize, usize, bool)]) {
        let mut piece = Piece::<(), 6>::NEW;
        piece.cut(Cut { carried, goes_on, steps, begins: |step| marks.contains(&step) });
        for (steps, is_run) in [(piece.run(), true), (piece.counted(), false)] {
            let next = |last: &Stretch| piece.stretch(last.to, steps);
            let stretches = core::iter::successors(piece.stretch(0, steps), next);
            let there = expected.iter().filter(|(_, to, _)| is_run || *to <= steps);
            assert!(stretches.map(|each| (each.from, each.to, each.begins)).eq(there.copied()));
        }
    }

    #[test]
    fn a_piece_is_cut_where_episodes_begin_and_where_it_no_longer_counts() {
        const NONE: [usize; 2] = [9, 9];
        check([false, false], usize::MAX, NONE, &[(0, 6, true)]);
        check([true, true], 6, NONE, &[(0, 6, false)]);
        check([true, true], 6, [0, 5], &[(0, 5, true), (5, 6, true)]);
        check([false, true], 4, [2, 9], &[(0, 2, true), (2, 4, true), (4, 6, false)]);
        check([false, false], 4, [2, 5], &[(0, 2, true), (2, 4, true)]);
        check([true, true], 4, [4, 5], &[(0, 4, false), (4, 5, true), (5, 6, true)]);
        check([true, true], 0, NONE, &[(0, 6, false)]);
        check([false, false], 0, NONE, &[]);
    }
}
