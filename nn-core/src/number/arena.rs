//! Where blocks lie: whether they are there, and at which end of an arena.

use super::storage::{Nothing, Plain};

/// A decision of the type system: whether a block is there.
pub trait Flag {
    /// The decision as a value.
    const IS: bool;
    /// `Block` if yes, nothing if no.
    type Then<T: Plain<T>, Block: Plain<T>>: Plain<T>;
    /// Yes if either is.
    type Or<Other: Flag>: Flag;
}

/// The [`Flag`] that is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yes {}
/// The [`Flag`] that is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {}

impl Flag for Yes {
    const IS: bool = true;
    type Then<T: Plain<T>, Block: Plain<T>> = Block;
    type Or<Other: Flag> = Self;
}
impl Flag for No {
    const IS: bool = false;
    type Then<T: Plain<T>, Block: Plain<T>> = Nothing<T>;
    type Or<Other: Flag> = Other;
}

/// An end of an arena. Outputs alternate between the two, so that a layer's input and output never overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The first numbers.
    Head,
    /// The last numbers.
    Tail,
}

impl End {
    /// The other end.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn other(self) -> Self {
        match self {
            Self::Head => Self::Tail,
            Self::Tail => Self::Head,
        }
    }

    /// The `count` numbers at this end of `arena`, and the rest.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn split<T>(self, arena: &mut [T], count: usize) -> (&mut [T], &mut [T]) {
        match self {
            Self::Head => split_mut(arena, count),
            Self::Tail => {
                let (rest, end) = split_mut(arena, arena.len().saturating_sub(count));
                (end, rest)
            }
        }
    }

    /// The input of a layer, which is given or lies at this end of the arena, room for its output, and the end where that lies: so
    /// many numbers each.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn ends<'a, T, X: Plain<T>>(
        self,
        x: Option<&'a [X]>,
        arena: &'a mut [T],
        [inputs, outputs]: [usize; 2],
    ) -> (&'a [X], &'a mut [T], Self) {
        match x {
            Some(x) => (x, self.split(arena, outputs).0, self),
            None => {
                let (x, rest) = self.split(arena, inputs);
                (Plain::blocks(x), self.other().split(rest, outputs).0, self.other())
            }
        }
    }
}

/// `split_at` that leaves no panic behind where the length is known only at run time: two empty slices if `at` is too
/// large, which the memory plan rules out.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn split<T>(numbers: &[T], at: usize) -> (&[T], &[T]) {
    let parts = numbers.split_at_checked(at);
    debug_assert!(parts.is_some(), "the memory plan is too small");
    parts.unwrap_or_default()
}

/// [`split`], to be changed.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn split_mut<T>(numbers: &mut [T], at: usize) -> (&mut [T], &mut [T]) {
    let parts = numbers.split_at_mut_checked(at);
    debug_assert!(parts.is_some(), "the memory plan is too small");
    parts.unwrap_or_default()
}

/// Copies number by number as far as both reach; `copy_from_slice` would keep its panic.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn copy<T: Copy>(from: &[T], to: &mut [T]) {
    debug_assert_eq!(from.len(), to.len(), "the memory plan is wrong");
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// Takes the next row of two matrices, whose rows have these lengths. Unlike `chunks_exact` and `zip`, which divide, it
/// leaves no panic behind where it is not inlined.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn next_rows<'a, 'b, T>(
    a: &mut &'a [T],
    a_width: usize,
    b: &mut &'b mut [T],
    b_width: usize,
) -> Option<(&'a [T], &'b mut [T])> {
    let (a_row, a_rest) = a.split_at_checked(a_width.max(1))?;
    let (b_row, b_rest) = core::mem::take(b).split_at_mut_checked(b_width.max(1))?;
    (*a, *b) = (a_rest, b_rest);
    Some((a_row, b_row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::storage::Both;

    #[test]
    fn blocks_have_the_sizes_that_their_names_say() {
        type Four = Both<f32, [f32; 3]>;
        assert_eq!(<<Yes as Flag>::Then<f32, Four> as Plain<f32>>::LEN, 4);
        assert_eq!(<<No as Flag>::Then<f32, Four> as Plain<f32>>::LEN, 0);
        assert_eq!(<<<No as Flag>::Or<Yes> as Flag>::Then<f32, Four> as Plain<f32>>::LEN, 4);
    }

    #[test]
    fn ends_are_split_off() {
        let mut arena = [1.0, 2.0, 3.0, 4.0];
        let (tail, rest) = End::Tail.split(&mut arena, 1);
        assert_eq!((&*tail, &*rest), (&[4.0][..], &[1.0, 2.0, 3.0][..]));
    }
}
