//! Widths that are not written as a number: constants, parameters and `typenum` types.

use core::fmt::Debug;
use generic_array::ArrayLength;
use typenum::{Const, NonZero, Prod, Sum, ToUInt, U, U1024};

/// The `typenum` number of three digits to the base 1,024; `typenum` itself knows constants up to that only.
#[doc(hidden)]
pub type Digits<const A: usize, const B: usize, const C: usize> = Sum<Prod<Sum<Prod<U<A>, U1024>, U<B>>, U1024>, U<C>>;

/// A digit of a width to the base 1,024; zero of a width that is too large, which is refused elsewhere.
#[doc(hidden)]
pub const fn digit(width: usize, place: u32) -> usize {
    if width < 1 << 30 { width >> (10 * place) & 1023 } else { 0 }
}

/// A width that is computed once, when its type is written.
#[doc(hidden)]
pub struct Computed<const N: usize>;

impl<const N: usize> Computed<N> {
    /// The width.
    pub const VALUE: usize = N;
}

/// A width that is a parameter of a network.
pub struct Free<const N: usize>;

/// That a parameter can be a width, from 1 to 1,024. Code that is itself generic over the parameter says so:
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::width::{Free, FreeWidth};
///
/// network! { pub struct Mlp<const H: usize>: 2 => {H} relu => 1; }
///
/// fn parameters<const H: usize>() -> usize
/// where
///     Free<H>: FreeWidth,
/// {
///     Mlp::<H>::PARAMETERS
/// }
/// assert_eq!(parameters::<8>(), 33);
/// ```
#[diagnostic::on_unimplemented(
    message = "a parameter of a network is a number from 1 to 1,024",
    label = "not a number from 1 to 1,024",
    note = "code that is generic over it says `where {Self}: FreeWidth`, with `use nn_core::width::{{Free, FreeWidth}};`"
)]
pub trait FreeWidth {
    /// The width as a type, with what derives on a network ask of it.
    type Width: ArrayLength + Clone + Debug + PartialEq;
}

#[diagnostic::do_not_recommend]
impl<const N: usize> FreeWidth for Free<N>
where
    Const<N>: ToUInt<Output: ArrayLength + NonZero + Clone + Debug + PartialEq>,
{
    type Width = U<N>;
}
