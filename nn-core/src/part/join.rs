//! How the outputs of two branches become one.

use crate::kernel::{Isa, Scalar, turned};
use crate::number::Number;
use crate::number::arena::next_rows;
use crate::number::shape::{Beside, Meets, Shape};

/// How the outputs of two branches, of shapes `A` and `B`, become one. All slices are whole rows.
pub trait Join<T: Number, A: Shape, B: Shape> {
    /// The shape of the output.
    type Out: Shape;
    /// Whether it also joins rows that are turned.
    const TURNS: bool;
    /// What the first branch gives, as the output.
    fn first<K: Isa>(a: &[T], y: &mut [T]);
    /// What the second branch gives, joined to that.
    fn second<K: Isa>(b: &[T], y: &mut [T]);
    /// The gradient by the first output, from that by both, and what the second was.
    fn back_to_first<K: Isa>(dy: &[T], b: &[T], da: &mut [T]);
    /// The gradient by the second output, from that by both, and what the first was.
    fn back_to_second<K: Isa>(dy: &[T], a: &[T], db: &mut [T]);
}

/// One output after the other; where there are places, at each of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Concatenation;
/// `a + b`, value by value. A vector is a value for each channel at every place.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition;
/// `a · b`, value by value. A vector is a value for each channel at every place.
#[derive(Clone, Debug, PartialEq)]
pub struct Multiplication;

/// The numbers of a place, or of a row, that lie together: of rows that are turned those of a whole tile.
const fn width<K: Isa, S: Shape>() -> usize {
    S::DIMS[0] * if K::TURNED { turned::ROWS } else { 1 }
}

/// Copies rows of `width` numbers into longer rows of `stride` numbers, or out of them, at `offset`.
#[cfg_attr(not(debug_assertions), inline(always))]
fn scatter<T: Copy>(mut from: &[T], width: usize, mut to: &mut [T], stride: usize, offset: usize) {
    while let Some((from, to)) = next_rows(&mut from, width, &mut to, stride) {
        for (to, from) in to.iter_mut().skip(offset).zip(from) {
            *to = *from;
        }
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn gather<T: Copy>(mut from: &[T], stride: usize, offset: usize, mut to: &mut [T], width: usize) {
    while let Some((from, to)) = next_rows(&mut from, stride, &mut to, width) {
        for (to, from) in to.iter_mut().zip(from.iter().skip(offset)) {
            *to = *from;
        }
    }
}

impl<T: Number, A: Beside<B>, B: Shape> Join<T, A, B> for Concatenation {
    type Out = A::All;
    const TURNS: bool = true;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn first<K: Isa>(a: &[T], y: &mut [T]) {
        scatter(a, width::<K, A>(), y, width::<K, A::All>(), 0);
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn second<K: Isa>(b: &[T], y: &mut [T]) {
        scatter(b, width::<K, B>(), y, width::<K, A::All>(), width::<K, A>());
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn back_to_first<K: Isa>(dy: &[T], _: &[T], da: &mut [T]) {
        gather(dy, width::<K, A::All>(), 0, da, width::<K, A>());
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn back_to_second<K: Isa>(dy: &[T], _: &[T], db: &mut [T]) {
        gather(dy, width::<K, A::All>(), width::<K, A>(), db, width::<K, B>());
    }
}

/// Calls `each` with every value of rows of `S` and the one of rows of `P` that it meets: a value of the same place, or one for
/// its channel.
#[cfg_attr(not(debug_assertions), inline(always))]
fn each_of<T: Copy, S: Shape, P: Shape>(part: &[T], all: &mut [T], mut each: impl FnMut(T, &mut T)) {
    let (mut part, mut all) = (part, all);
    while let Some((part, all)) = next_rows(&mut part, P::LEN, &mut all, S::LEN) {
        for all in all.chunks_mut(P::LEN.max(1)) {
            all.iter_mut().zip(part).for_each(|(all, part)| each(*part, all));
        }
    }
}

/// The gradient by one of two outputs: that by both, times what the `other` was if there is one, summed over the places.
#[cfg_attr(not(debug_assertions), inline(always))]
fn back<T: Scalar, S: Shape, P: Shape, O: Shape>(dy: &[T], other: Option<&[T]>, to: &mut [T]) {
    let (mut rest, mut to, mut row) = (dy, to, 0);
    while let Some((dy, to)) = next_rows(&mut rest, S::LEN, &mut to, P::LEN) {
        to.fill(T::ZERO);
        let other = other.map(|other| other.get(row * O::LEN..).unwrap_or_default());
        for (at, dy) in dy.iter().enumerate() {
            let by = |at: usize| other.map_or(T::ONE, |other| other.get(at).copied().unwrap_or_default());
            let by = by(if O::LEN == S::LEN { at } else { at % O::LEN.max(1) });
            if let Some(to) = to.get_mut(if P::LEN == S::LEN { at } else { at % P::LEN.max(1) }) {
                *to += *dy * by;
            }
        }
        row += 1;
    }
}

/// A join of two values of every place.
macro_rules! by_value {
    ($Join:ident, |$y:ident, $b:ident| $joined:expr, $reads:literal) => {
        impl<T: Scalar, A: Meets<B>, B: Shape> Join<T, A, B> for $Join {
            type Out = A::Both;
            const TURNS: bool = A::LEN == B::LEN;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn first<K: Isa>(a: &[T], y: &mut [T]) {
                each_of::<T, A::Both, A>(a, y, |a, y| *y = a);
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn second<K: Isa>(b: &[T], y: &mut [T]) {
                each_of::<T, A::Both, B>(b, y, |$b, $y| *$y = $joined);
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn back_to_first<K: Isa>(dy: &[T], b: &[T], da: &mut [T]) {
                back::<T, A::Both, A, B>(dy, $reads.then_some(b), da);
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn back_to_second<K: Isa>(dy: &[T], a: &[T], db: &mut [T]) {
                back::<T, A::Both, B, A>(dy, $reads.then_some(a), db);
            }
        }
    };
}
by_value! { Addition, |y, b| *y + b, false }
by_value! { Multiplication, |y, b| *y * b, true }
