//! Plain blocks of numbers: rows, arenas and tapes whose size is a type.
//!
//! The memory plan of a network is computed by the type system: every part names the block it works in, and a
//! composition names [`Both`] of two blocks or the [`Larger`] of them. No type-level arithmetic is needed, so no
//! bounds spread into generic code, and the block of a whole network stands on the stack.
#![allow(unsafe_code)]

use crate::activation::Activate;
use crate::chain::Chain;
use crate::checked::Checked;
use crate::layer::{Dense, Parameters};
use crate::named::{Named, Nested};
use crate::parallel::Parallel;
use crate::part::Part;
use crate::residual::Residual;
use crate::scalar::Scalar;
use core::mem::{ManuallyDrop, MaybeUninit, align_of, size_of};
use core::slice;
use generic_array::{ArrayLength, GenericArray};

/// A block of fixed size that is nothing but numbers of type `T`.
///
/// # Safety
/// `Self` consists of `size_of::<Self>() / size_of::<T>()` consecutive values of `T`: its alignment is that of `T`, it
/// has no padding, any values of `T` in it make a valid `Self`, and `T` itself is valid when all its bytes are zero.
pub unsafe trait Plain<T>: Sized {
    /// How many numbers the block holds.
    const LEN: usize = size_of::<Self>() / size_of::<T>();

    /// The block with every number zero.
    // SAFETY: the contract of the trait makes the all-zero bytes valid.
    const ZEROED: Self = unsafe { MaybeUninit::zeroed().assume_init() };

    /// The numbers in memory order.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn values(&self) -> &[T] {
        const { assert!(align_of::<Self>() == align_of::<T>()) };
        // SAFETY: the contract of the trait: `LEN` consecutive, initialised values start at `self`.
        unsafe { slice::from_raw_parts((&raw const *self).cast(), Self::LEN) }
    }

    /// The numbers in memory order, to be changed.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn values_mut(&mut self) -> &mut [T] {
        const { assert!(align_of::<Self>() == align_of::<T>()) };
        // SAFETY: as in `values`, and any values of `T` make a valid `Self`.
        unsafe { slice::from_raw_parts_mut((&raw mut *self).cast(), Self::LEN) }
    }

    /// Reads numbers as consecutive blocks; what does not fill a block at the end is left out.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn blocks(numbers: &[T]) -> &[Self] {
        const { assert!(align_of::<Self>() == align_of::<T>()) };
        let count = numbers.len().checked_div(Self::LEN).unwrap_or(0);
        // SAFETY: `count * LEN` values lie in `numbers`, and `LEN` of them are a valid, aligned `Self`.
        unsafe { slice::from_raw_parts(numbers.as_ptr().cast(), count) }
    }

    /// Reads numbers as consecutive blocks to be changed; what does not fill a block at the end is left out.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn blocks_mut(numbers: &mut [T]) -> &mut [Self] {
        const { assert!(align_of::<Self>() == align_of::<T>()) };
        let count = numbers.len().checked_div(Self::LEN).unwrap_or(0);
        // SAFETY: as in `blocks`; the borrow of `numbers` is exclusive and lasts as long as the result.
        unsafe { slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), count) }
    }
}

// SAFETY: one number is a block of one; zero bytes are 0.0.
unsafe impl Plain<Self> for f32 {}
// SAFETY: as for f32.
unsafe impl Plain<Self> for f64 {}
// SAFETY: an array is its elements in a row, without padding.
unsafe impl<T, P: Plain<T>, const N: usize> Plain<T> for [P; N] {}
// SAFETY: `GenericArray<P, N>` is `repr(transparent)` over storage laid out as `[P; N]`.
unsafe impl<T, P: Plain<T>, N: ArrayLength> Plain<T> for GenericArray<P, N> {}

// SAFETY: `repr(C)`, two fields of numbers only.
unsafe impl<T: Scalar, In: ArrayLength, Out: ArrayLength> Plain<T> for Dense<T, In, Out> {}
// SAFETY: as for `Dense`.
unsafe impl<T: Scalar, const IN: usize, const OUT: usize> Plain<T> for Parameters<T, IN, OUT> {}

/// The knowledge that a part is the numbers of its tensors, one after another, and nothing else. Only this crate can have
/// it.
///
/// A large network is then made at once. Made part by part, each part is a constant that the compiler looks through
/// number by number.
pub struct Numbers<P>(core::marker::PhantomData<P>);

impl<P> Numbers<P> {
    /// The part with every number zero.
    pub(crate) const fn zero(&self) -> P {
        // SAFETY: `self` exists, so a `P` is numbers only, for which zero bytes are valid.
        unsafe { MaybeUninit::zeroed().assume_init() }
    }

    /// The part whose numbers have these bytes, the least significant of each first.
    pub(crate) const fn read<T, const LEN: usize>(&self, mut bytes: [u8; LEN]) -> P {
        assert!(LEN == size_of::<P>(), "the bytes are not those of this network");
        if cfg!(target_endian = "big") {
            let mut number = 0;
            while number + size_of::<T>() <= LEN {
                bytes.split_at_mut(number).1.split_at_mut(size_of::<T>()).0.reverse();
                number += size_of::<T>();
            }
        }
        // SAFETY: `self` exists, so a `P` is numbers only, for which all bytes are valid, and there are as many bytes. They
        // need not be aligned.
        unsafe { bytes.as_ptr().cast::<P>().read_unaligned() }
    }

    /// # Safety
    /// `P` is the numbers of its tensors, in order, without padding.
    const unsafe fn promise() -> Self {
        Self(core::marker::PhantomData)
    }

    /// The same of a type that is nothing but a `P`.
    ///
    /// # Safety
    /// `R` is `repr(transparent)` around `P`.
    const unsafe fn around<R>(this: &Option<Self>) -> Option<Numbers<R>> {
        match this {
            // SAFETY: the caller's promise.
            Some(_) => Some(unsafe { Numbers::promise() }),
            None => None,
        }
    }
}

impl<P: Part> Numbers<P> {
    /// All numbers of a part, one tensor after another.
    pub(crate) fn values<'a>(&self, part: &'a P) -> &'a [P::T] {
        // SAFETY: `self` exists, so a `P` is numbers of this one type and nothing else.
        unsafe { slice::from_raw_parts((&raw const *part).cast(), size_of::<P>() / size_of::<P::T>()) }
    }

    /// All numbers of a part, to be changed.
    pub(crate) fn values_mut<'a>(&self, part: &'a mut P) -> &'a mut [P::T] {
        // SAFETY: as in `values`; any numbers make a valid `P`, and it is borrowed exclusively.
        unsafe { slice::from_raw_parts_mut((&raw mut *part).cast(), size_of::<P>() / size_of::<P::T>()) }
    }
}

impl<T: Scalar, In: ArrayLength, Out: ArrayLength> Numbers<Dense<T, In, Out>> {
    pub(crate) const fn dense() -> Self {
        // SAFETY: `repr(C)`, the weights and then the bias, as its tensors are.
        unsafe { Self::promise() }
    }
}

impl<A, T, S> Numbers<Activate<A, T, S>> {
    pub(crate) const fn none() -> Self {
        // SAFETY: it has no number and no size.
        unsafe { Self::promise() }
    }
}

impl<P: Part, L: Part<T = P::T, In = P::Out>> Numbers<Chain<P, L>> {
    pub(crate) const fn chain() -> Option<Self> {
        match (&P::NUMBERS, &L::NUMBERS) {
            // SAFETY: `repr(C)`, two fields of numbers of one type, in the order of their tensors.
            (Some(_), Some(_)) => Some(unsafe { Self::promise() }),
            _ => None,
        }
    }
}

impl<A: Part, B: Part<T = A::T>> Numbers<Parallel<A, B>> {
    pub(crate) const fn parallel() -> Option<Self> {
        match (&A::NUMBERS, &B::NUMBERS) {
            // SAFETY: as for a chain.
            (Some(_), Some(_)) => Some(unsafe { Self::promise() }),
            _ => None,
        }
    }
}

/// That of a `repr(transparent)` wrapper.
macro_rules! around {
    ($($name:ident: [$($generics:tt)*] $Wrapper:ty;)*) => {$(
        impl<L: Part, $($generics)*> Numbers<$Wrapper> {
            pub(crate) const fn $name() -> Option<Self> {
                // SAFETY: the wrapper is `repr(transparent)` around `L`.
                unsafe { Numbers::around(&L::NUMBERS) }
            }
        }
    )*};
}
around! {
    residual: [] Residual<L>;
    nested: [] Nested<L>;
    named: [const HEAD: u128, const TAIL: u128] Named<L, HEAD, TAIL>;
    checked: [const FITS: bool] Checked<L, FITS>;
}

/// One block as another of the same length.
pub fn cast<T, A: Plain<T>, B: Plain<T>>(block: &A) -> &B {
    const { assert!(A::LEN == B::LEN && align_of::<A>() == align_of::<B>()) };
    // SAFETY: both are `LEN` consecutive values of `T`.
    unsafe { &*(&raw const *block).cast() }
}

/// One block as another of the same length, to be changed.
pub fn cast_mut<T, A: Plain<T>, B: Plain<T>>(block: &mut A) -> &mut B {
    const { assert!(A::LEN == B::LEN && align_of::<A>() == align_of::<B>()) };
    // SAFETY: as in `cast`; any values of `T` make a valid block.
    unsafe { &mut *(&raw mut *block).cast() }
}

/// The numbers of consecutive blocks.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn numbers<T, P: Plain<T>>(blocks: &[P]) -> &[T] {
    // SAFETY: the contract of `Plain`: each block is `LEN` consecutive values of `T`, without padding between blocks.
    unsafe { slice::from_raw_parts(blocks.as_ptr().cast(), blocks.len() * P::LEN) }
}

/// The numbers of consecutive blocks, to be changed.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn numbers_mut<T, P: Plain<T>>(blocks: &mut [P]) -> &mut [T] {
    // SAFETY: as in `numbers`, and any values of `T` make valid blocks.
    unsafe { slice::from_raw_parts_mut(blocks.as_mut_ptr().cast(), blocks.len() * P::LEN) }
}

/// Two blocks, one after the other.
#[repr(C)]
pub struct Both<A, B>(A, B);
// SAFETY: `repr(C)`, both of the alignment of `T` and of a size that is a multiple of it, so there is no padding.
unsafe impl<T, A: Plain<T>, B: Plain<T>> Plain<T> for Both<A, B> {}

/// Room for either of two blocks: as long as the larger.
#[repr(C)]
pub union Larger<A, B> {
    a: ManuallyDrop<A>,
    b: ManuallyDrop<B>,
}
// SAFETY: a `repr(C)` union of blocks of `T` is as long as the longer of them; a `Larger` is only ever made by `ZEROED`
// and changed as numbers, so all its bytes are initialised.
unsafe impl<T, A: Plain<T>, B: Plain<T>> Plain<T> for Larger<A, B> {}

/// A block of no numbers.
pub type Nothing<T> = [T; 0];

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
pub enum Yes {}
/// The [`Flag`] that is down.
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

    type Four = Both<f32, [f32; 3]>;

    #[test]
    fn blocks_have_the_sizes_that_their_names_say() {
        assert_eq!(<Four as Plain<f32>>::LEN, 4);
        assert_eq!(<Larger<Four, [f32; 7]> as Plain<f32>>::LEN, 7);
        assert_eq!(<<Yes as Flag>::Then<f32, Four> as Plain<f32>>::LEN, 4);
        assert_eq!(<<No as Flag>::Then<f32, Four> as Plain<f32>>::LEN, 0);
        assert_eq!(<<<No as Flag>::Or<Yes> as Flag>::Then<f32, Four> as Plain<f32>>::LEN, 4);
    }

    #[test]
    fn numbers_are_read_as_blocks_and_back() {
        let mut block = Four::ZEROED;
        copy(&[1.0, 2.0, 3.0, 4.0], block.values_mut());
        assert_eq!(block.values(), [1.0, 2.0, 3.0, 4.0]);
        let (head, rest) = End::Tail.split(block.values_mut(), 1);
        assert_eq!((&*head, &*rest), (&[4.0][..], &[1.0, 2.0, 3.0][..]));
        assert_eq!(<[f32; 2]>::blocks(&[1.0, 2.0, 3.0]), [[1.0, 2.0]]);
    }
}
