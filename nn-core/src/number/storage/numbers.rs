//! Parts that are known to be numbers.
#![allow(unsafe_code)]

use super::Plain;
use core::marker::PhantomData;
use core::mem::{MaybeUninit, align_of, size_of};
use core::slice;

/// The knowledge that a `P` is the numbers of its tensors, all of type `T`, one after another, and nothing else. Only this
/// crate can have it.
///
/// A large network is then made at once. Made part by part, each part is a constant that the compiler looks through
/// number by number.
pub struct Numbers<P, T>(PhantomData<(P, T)>);

impl<P, T> Numbers<P, T> {
    /// Of a block.
    pub(crate) const fn of() -> Self
    where
        P: Plain<T>,
    {
        let _ = P::LEN;
        Self(PhantomData)
    }

    /// Of what has no size, and so no number.
    pub(crate) const fn none(_: &P) -> Self {
        assert!(size_of::<P>() == 0, "it has a size");
        Self(PhantomData)
    }

    /// # Safety
    /// `P` is the numbers of its tensors, in order, without padding.
    pub(crate) const unsafe fn promise() -> Self {
        Self(PhantomData)
    }

    /// The part with every number zero.
    pub(crate) const fn zero(&self) -> P {
        // SAFETY: `self` exists, so a `P` is numbers only, for which zero bytes are valid.
        unsafe { MaybeUninit::zeroed().assume_init() }
    }

    /// The part whose numbers have these bytes, as this machine has them.
    pub(crate) const fn read<const LEN: usize>(&self, bytes: [u8; LEN]) -> P {
        assert!(LEN == size_of::<P>(), "the bytes are not those of this network");
        // SAFETY: `self` exists, so a `P` is numbers only, for which all bytes are valid, and there are as many bytes. They
        // need not be aligned.
        unsafe { bytes.as_ptr().cast::<P>().read_unaligned() }
    }

    /// All numbers of a part, one tensor after another.
    pub(crate) fn values<'a>(&self, part: &'a P) -> &'a [T] {
        if const { size_of::<P>() == 0 } {
            return &[]; // a part without numbers need not be aligned as they are
        }
        // SAFETY: `self` exists, so a `P` is numbers of this one type and nothing else.
        unsafe { slice::from_raw_parts((&raw const *part).cast(), size_of::<P>() / size_of::<T>()) }
    }

    /// A part as another block of as many numbers.
    pub(crate) fn cast<'a, B: Plain<T>>(&self, part: &'a P) -> &'a B {
        const { assert!(B::LEN * size_of::<T>() == size_of::<P>() && align_of::<B>() == align_of::<P>()) };
        // SAFETY: `self` exists, so a `P` is numbers of this one type, of which a `B` has as many.
        unsafe { &*(&raw const *part).cast() }
    }

    /// The same, to be changed.
    pub(crate) fn cast_mut<'a, B: Plain<T>>(&self, part: &'a mut P) -> &'a mut B {
        const { assert!(B::LEN * size_of::<T>() == size_of::<P>() && align_of::<B>() == align_of::<P>()) };
        // SAFETY: as in `cast`; any numbers make a valid `P`, and it is borrowed exclusively.
        unsafe { &mut *(&raw mut *part).cast() }
    }

    /// All numbers of a part, to be changed.
    pub(crate) fn values_mut<'a>(&self, part: &'a mut P) -> &'a mut [T] {
        if const { size_of::<P>() == 0 } {
            return &mut [];
        }
        // SAFETY: as in `values`; any numbers make a valid `P`, and it is borrowed exclusively.
        unsafe { slice::from_raw_parts_mut((&raw mut *part).cast(), size_of::<P>() / size_of::<T>()) }
    }
}

/// A part into which numbers are written where they lie.
pub(crate) struct Filled<P>(MaybeUninit<P>);

impl<P> Filled<P> {
    pub(crate) const fn new(part: P) -> Self {
        Self(MaybeUninit::new(part))
    }

    /// Writes the bytes of numbers that lie at that place of the part, as this machine has them.
    pub(crate) const fn put(&mut self, at: usize, numbers: &[u8]) {
        assert!(at <= size_of::<P>() && numbers.len() <= size_of::<P>() - at, "the numbers are not those of this part");
        // SAFETY: within the part, as was just asserted. The place is one of its `Layout`, which says by `offset_of!` where its
        // fields lie and has tensors only of parts for which `Numbers` are known, so any bytes are valid there.
        unsafe { self.0.as_mut_ptr().cast::<u8>().add(at).copy_from_nonoverlapping(numbers.as_ptr(), numbers.len()) }
    }

    /// The part.
    pub(crate) const fn done(self) -> P {
        // SAFETY: it began as a part, and is one after every `put`.
        unsafe { self.0.assume_init() }
    }
}

/// Whether a field is known to be numbers.
pub const fn is_known<T, S, F>(_: fn(&S) -> &F, numbers: &Option<Numbers<F, T>>) -> bool {
    numbers.is_some()
}
