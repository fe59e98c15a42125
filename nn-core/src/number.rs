//! Numbers, and blocks of them: rows of a shape, arenas, tapes and the parameters of layers.

pub mod arena;
pub mod element;
pub mod ring;
pub mod shape;
pub mod size;
#[macro_use]
pub mod storage;
pub mod width;

use core::fmt::{Debug, Display};
use storage::Plain;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for i8 {}
}

/// A number type that networks run in: `f32`, `f64`, or `i8` with layers made for it. Those that networks learn in are
/// [`Scalar`](crate::scalar::Scalar)s.
pub trait Number:
    sealed::Sealed + Plain<Self> + Copy + Default + PartialOrd + Debug + Display + Send + Sync + 'static
{
    /// The type's name, as in a declaration.
    const NAME: &'static str;
    /// Zero.
    const ZERO: Self;
    /// The lowest number that is finite.
    #[doc(hidden)]
    const LOWEST: Self;

    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// The bits, in the lowest places.
    #[doc(hidden)]
    fn to_bits(self) -> u64;
    /// The number of these bits.
    #[doc(hidden)]
    fn from_bits(bits: u64) -> Self;
}

impl Number for f32 {
    const NAME: &'static str = "f32";
    const ZERO: Self = 0.0;
    const LOWEST: Self = Self::MIN;

    #[inline]
    fn is_finite(self) -> bool {
        Self::is_finite(self)
    }
    #[inline]
    fn to_bits(self) -> u64 {
        Self::to_bits(self).into()
    }
    #[inline]
    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits as u32)
    }
}

impl Number for f64 {
    const NAME: &'static str = "f64";
    const ZERO: Self = 0.0;
    const LOWEST: Self = Self::MIN;

    #[inline]
    fn is_finite(self) -> bool {
        Self::is_finite(self)
    }
    #[inline]
    fn to_bits(self) -> u64 {
        Self::to_bits(self)
    }
    #[inline]
    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }
}

impl Number for i8 {
    const NAME: &'static str = "i8";
    const ZERO: Self = 0;
    const LOWEST: Self = Self::MIN;

    #[inline]
    fn is_finite(self) -> bool {
        true
    }
    #[inline]
    fn to_bits(self) -> u64 {
        u64::from(self as u8)
    }
    #[inline]
    fn from_bits(bits: u64) -> Self {
        bits as u8 as Self
    }
}
