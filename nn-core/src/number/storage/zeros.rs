//! Values whose bytes may all be zero, and how they come to the heap without passing through the stack.
#![allow(unsafe_code)]

#[cfg(feature = "alloc")]
use super::Plain;
#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::marker::PhantomData;

/// The knowledge that the bytes of a `P` may all be zero, and that it then is the one whose numbers are zero. Only this crate can
/// have it.
pub struct Zeros<P>(PhantomData<P>);

impl<P> Zeros<P> {
    /// Of a block of numbers.
    #[cfg(feature = "alloc")]
    pub(crate) const fn block<T>() -> Self
    where
        P: Plain<T>,
    {
        let _ = P::LEN;
        Self(PhantomData)
    }

    /// Of a part that is known to be nothing but numbers and what has no size. Only the part's `Layout` may say so, which has all of
    /// its fields, and of layers those alone that are `Numbers`; or [`all!`], which asks for every field.
    pub(crate) const fn known(is_known: bool) -> Option<Self> {
        if is_known { Some(Self(PhantomData)) } else { None }
    }

    /// Of several.
    #[cfg(feature = "alloc")]
    pub(crate) const fn several<const COUNT: usize>(&self) -> Zeros<[P; COUNT]> {
        Zeros(PhantomData)
    }

    /// It, on the heap.
    #[cfg(feature = "alloc")]
    pub(crate) fn boxed(&self) -> Box<P> {
        // SAFETY: `self` exists, so all bytes may be zero.
        unsafe { Box::new_zeroed().assume_init() }
    }
}

#[cfg(feature = "alloc")]
impl Zeros<()> {
    /// Of what has no bytes.
    pub(crate) const fn nothing() -> Self {
        Self(PhantomData)
    }
}

#[cfg(feature = "alloc")]
impl<T: ?Sized> Zeros<PhantomData<T>> {
    /// Of what has no bytes.
    pub(crate) const fn mark() -> Self {
        Self(PhantomData)
    }
}

#[cfg(feature = "alloc")]
impl Zeros<usize> {
    /// Of the number zero.
    pub(crate) const fn number() -> Self {
        Self(PhantomData)
    }
}

#[cfg(feature = "alloc")]
impl Zeros<bool> {
    /// Of `false`.
    pub(crate) const fn flag() -> Self {
        Self(PhantomData)
    }
}

/// Whether a field is known to be zeros.
#[cfg(feature = "alloc")]
pub const fn is_known<S, F>(_: fn(&S) -> &F, zeros: &Option<Zeros<F>>) -> bool {
    zeros.is_some()
}

/// `boxed!(Self { a: x, b: y } zeros { c: Some(…) })`: on the heap, a struct of these values and of zeros, without a copy on the
/// stack; `None` if a field is not known to be [`Zeros`].
#[cfg(feature = "alloc")]
macro_rules! boxed {
    ($Name:ty { $($field:ident: $value:expr),* } zeros { $($zero:ident: $zeros:expr),+ }) => {{
        let _: fn(&$Name) = |this| { let Self { $($field: _,)* $($zero: _),+ } = this; };
        let is_known = true $(&& $crate::number::storage::zeros::is_known(|this: &$Name| &this.$zero, &$zeros))+;
        is_known.then(|| {
            let mut place = alloc::boxed::Box::<$Name>::new_zeroed();
            let _to = place.as_mut_ptr();
            // SAFETY: every field is named, as the pattern shows. Each is written here, where it has its place in the box, or is
            // known to be valid when all its bytes are zero, of the type that it has in the struct.
            #[allow(unsafe_code)]
            unsafe {
                $((&raw mut (*_to).$field).write($value);)*
                place.assume_init()
            }
        })
    }};
}
#[cfg(feature = "alloc")]
pub(crate) use boxed;

/// `all!(Self { a: Some(…), b: … })`: of a struct, if all of its fields, which are all named, are known to be [`Zeros`].
#[cfg(feature = "alloc")]
macro_rules! all {
    ($Name:ty { $($field:tt: $zeros:expr),+ }) => {{
        let _: fn(&$Name) = |this| { let Self { $($field: _),+ } = this; };
        $crate::number::storage::zeros::Zeros::known(
            true $(&& $crate::number::storage::zeros::is_known(|this: &$Name| &this.$field, &$zeros))+
        )
    }};
}
#[cfg(feature = "alloc")]
pub(crate) use all;
