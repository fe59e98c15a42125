//! The numbers of an input as they come.

use super::Number;
use super::storage::Plain;

/// A number of an input as it comes: one that the network computes in, or a byte, a pixel of a camera, which becomes the number
/// that it counts, `0.0` to `255.0`, where the network reads it.
pub trait Element<T>: Plain<Self> + Copy + PartialEq + 'static {
    /// The number that it stands for.
    fn number(self) -> T;

    /// What stands for a number, if something does.
    #[doc(hidden)]
    fn of(number: T) -> Option<Self>;

    /// Numbers as elements, if they are the same.
    #[doc(hidden)]
    fn elements(_numbers: &mut [T]) -> Option<&mut [Self]> {
        None
    }

    /// Elements as numbers, if they are the same.
    #[doc(hidden)]
    fn numbers(_elements: &[Self]) -> Option<&[T]> {
        None
    }

    /// Whether they are.
    #[doc(hidden)]
    const IS_NUMBER: bool = false;
}

impl<T: Number> Element<T> for T {
    #[inline]
    fn number(self) -> T {
        self
    }
    #[inline]
    fn of(number: T) -> Option<T> {
        Some(number)
    }
    #[inline]
    fn elements(numbers: &mut [T]) -> Option<&mut [T]> {
        Some(numbers)
    }
    #[inline]
    fn numbers(elements: &[T]) -> Option<&[T]> {
        Some(elements)
    }
    const IS_NUMBER: bool = true;
}

/// A byte is read as the number that it counts.
macro_rules! bytes {
    ($($T:ty),*) => {$(
        impl Element<$T> for u8 {
            #[inline]
            fn number(self) -> $T {
                self.into()
            }
            fn of(number: $T) -> Option<Self> {
                let byte = number as Self;
                (<$T>::from(byte) == number).then_some(byte)
            }
        }
    )*};
}
bytes!(f32, f64);
