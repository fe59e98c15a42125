//! Plain blocks of numbers: rows, arenas, tapes and parameters, whose size is a type.
//!
//! The memory plan of a network is computed by the type system: every part names the block it works in, and a
//! composition names [`Both`] of two blocks or the [`Larger`] of them. No type-level arithmetic is needed, so no
//! bounds spread into generic code, and the block of a whole network stands on the stack.
//!
//! A struct of blocks says so where it is declared, by [`storage!`], whose expansion checks what its `unsafe` promises.
#![allow(unsafe_code)]

pub mod newtype;
pub mod numbers;
pub mod zeros;

use super::size::{held, product, sum};
use core::mem::{ManuallyDrop, MaybeUninit, align_of, size_of};
use core::slice;
use generic_array::{ArrayLength, GenericArray};

/// A block of fixed size that is nothing but numbers of type `T`.
///
/// # Safety
/// `Self` consists of `LEN` consecutive values of `T`: its alignment is that of `T`, it has no padding, any values of `T` in
/// it make a valid `Self`, and `T` itself is valid when all its bytes are zero. `LEN` follows from the `LEN` of what is
/// inside, so that what those check is checked wherever a block around them is used.
pub unsafe trait Plain<T>: Sized {
    /// How many numbers the block holds.
    const LEN: usize;

    /// The block with every number zero.
    const ZEROED: Self = {
        let _ = Self::LEN;
        held(size_of::<Self>());
        // SAFETY: the contract of the trait makes the all-zero bytes valid.
        unsafe { MaybeUninit::zeroed().assume_init() }
    };

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

/// A number is a block of one.
macro_rules! one {
    ($($T:ty),*) => {$(
        // SAFETY: one number is itself; its zero bytes are zero.
        unsafe impl Plain<Self> for $T {
            const LEN: usize = 1;
        }
    )*};
}
one!(f32, f64, i8, u8);

// SAFETY: an array is its elements in a row, without padding.
unsafe impl<T, P: Plain<T>, const N: usize> Plain<T> for [P; N] {
    const LEN: usize = product(N, P::LEN);
}
// SAFETY: `GenericArray<P, N>` is `repr(transparent)` over storage laid out as `[P; N]`.
unsafe impl<T, P: Plain<T>, N: ArrayLength> Plain<T> for GenericArray<P, N> {
    const LEN: usize = product(N::USIZE, P::LEN);
}

/// Two blocks, or two of anything, one after the other.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Both<A, B>(pub A, pub B);
// SAFETY: `repr(C)`, both of the alignment of `T` and of a size that is a multiple of it, so there is no padding.
unsafe impl<T, A: Plain<T>, B: Plain<T>> Plain<T> for Both<A, B> {
    const LEN: usize = sum(A::LEN, B::LEN);
}

/// Room for either of two blocks: as long as the larger.
#[repr(C)]
pub union Larger<A, B> {
    a: ManuallyDrop<A>,
    b: ManuallyDrop<B>,
}
// SAFETY: a `repr(C)` union of blocks of `T` is as long as the longer of them; a `Larger` is only ever made by `ZEROED`
// and changed as numbers, so all its bytes are initialised.
unsafe impl<T, A: Plain<T>, B: Plain<T>> Plain<T> for Larger<A, B> {
    const LEN: usize = if A::LEN > B::LEN { A::LEN } else { B::LEN };
}

/// A block of no numbers.
pub type Nothing<T> = [T; 0];

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

/// Says of a struct, beside it, what it is in memory; what is wrong is an error before a number of it is used.
///
/// * `storage! { [generics] Name<…> as T { a, b } }`: its fields are blocks of `T`, in this order. It is [`Plain`].
/// * `storage! { [generics] Name<…> as T = { a: A::NUMBERS, b: B::NUMBERS } }`: its fields, in this order, are numbers of `T`
///   each, or may not be. Then `Name::COMPOSED` is what is known of the whole, as [`Numbers`](numbers::Numbers).
macro_rules! storage {
    ([$($generics:tt)*] $Name:ty as $T:ty { $($field:tt),+ }) => {
        // SAFETY: `LEN` looks at every field, of the type that it has in the struct. Each is a block of `T`, begins where the
        // one before it ends, and the last ends where the struct does; so there is nothing else in it. It is evaluated
        // wherever a number of the struct is used.
        #[allow(unsafe_code)]
        unsafe impl<$($generics)*> $crate::number::storage::Plain<$T> for $Name {
            const LEN: usize = {
                let _: fn(&Self) = |this| { let Self { $($field: _),+ } = this; };
                let (mut bytes, mut len) = (0, 0);
                $(
                    let [size, numbers] = $crate::number::storage::block::<$T, Self, _>(|this| &this.$field);
                    assert!(core::mem::offset_of!(Self, $field) == bytes, "a field is not where the one before it ends");
                    (bytes, len) = (bytes + size, $crate::number::size::sum(len, numbers));
                )+
                assert!(bytes == size_of::<Self>() && bytes == $crate::number::size::product(len, size_of::<$T>()), "there is padding");
                assert!(align_of::<Self>() == align_of::<$T>(), "it is aligned otherwise than its numbers");
                len
            };
        }
    };
    ([$($generics:tt)*] $Name:ty as $T:ty = { $($field:tt: $numbers:expr),+ }) => {
        impl<$($generics)*> $Name {
            /// What is known of its numbers.
            const COMPOSED: Option<$crate::number::storage::numbers::Numbers<Self, $T>> = {
                let _: fn(&Self) = |this| { let Self { $($field: _),+ } = this; };
                let (mut bytes, mut is_known) = (0, true);
                $(
                    is_known = is_known
                        && $crate::number::storage::numbers::is_known::<$T, Self, _>(|this| &this.$field, &$numbers)
                        && core::mem::offset_of!(Self, $field) == bytes;
                    bytes += $crate::number::storage::size_of_field::<Self, _>(|this| &this.$field);
                )+
                if is_known && bytes == size_of::<Self>() {
                    // SAFETY: every field is numbers of `T` and nothing else, of the type that it has in the struct, and they
                    // follow one another from its beginning to its end.
                    #[allow(unsafe_code)]
                    Some(unsafe { $crate::number::storage::numbers::Numbers::promise() })
                } else {
                    None
                }
            };
        }
    };
}
pub(crate) use storage;

/// Bytes and numbers of a field that is a block.
pub const fn block<T, S, F: Plain<T>>(_: fn(&S) -> &F) -> [usize; 2] {
    [size_of::<F>(), F::LEN]
}

/// Bytes of a field.
pub const fn size_of_field<S, F>(_: fn(&S) -> &F) -> usize {
    size_of::<F>()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Four = Both<f32, [f32; 3]>;

    #[test]
    fn blocks_have_the_sizes_that_their_names_say() {
        assert_eq!(<Four as Plain<f32>>::LEN, 4);
        assert_eq!(<Larger<Four, [f32; 7]> as Plain<f32>>::LEN, 7);
        assert_eq!(<[[i8; 3]; 2] as Plain<i8>>::LEN, 6);
    }

    #[test]
    fn numbers_are_read_as_blocks_and_back() {
        let mut block = Four::ZEROED;
        block.values_mut().copy_from_slice(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(block, Both(1.0, [2.0, 3.0, 4.0]));
        assert_eq!(block.values(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(<[f32; 2]>::blocks(&[1.0, 2.0, 3.0]), [[1.0, 2.0]]);
        assert_eq!(numbers::<f32, _>(&[block]), [1.0, 2.0, 3.0, 4.0]);
    }

    #[repr(C)]
    struct Pair<A> {
        first: A,
        second: [f64; 2],
    }
    storage! { [A: Plain<f64>] Pair<A> as f64 { first, second } }

    #[test]
    fn a_struct_of_blocks_is_a_block() {
        let mut pair = Pair::<f64>::ZEROED;
        pair.values_mut().copy_from_slice(&[1.0, 2.0, 3.0]);
        assert_eq!((pair.first, pair.second), (1.0, [2.0, 3.0]));
        assert_eq!(Pair::<[f64; 4]>::LEN, 6);
        let three: &[f64; 3] = cast(&pair);
        assert_eq!(three, &[1.0, 2.0, 3.0]);
    }
}
