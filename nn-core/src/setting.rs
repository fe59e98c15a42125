//! Settings that are numbers in a range, and what is wrong with one that is not.

use crate::kernel::Scalar;
use core::fmt::{self, Display, Formatter};

/// A setting of a loss, an optimiser or a trainer that is out of its range.
///
/// It is an error value and not a panic, because such numbers come from configuration, and a schedule changes them.
///
/// ```
/// use nn_core::loss::{Huber, Loss};
/// let error = Loss::<f32, [f32; 1]>::check(&Huber { delta: -1.0 }).unwrap_err();
/// assert_eq!(error.to_string(), "`delta` must be finite and above zero");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What it must be.
    pub expected: &'static str,
}

impl Setting {
    /// That number must be finite and above zero.
    ///
    /// # Errors
    /// If it is not.
    #[inline(never)]
    pub fn positive<T: Scalar>(name: &'static str, number: T) -> Result<(), Self> {
        let expected = "finite and above zero";
        if number.is_finite() && number > T::ZERO { Ok(()) } else { Err(Self { name, expected }) }
    }

    /// That number must be finite and so far above zero that it stays there when it is multiplied by what is not tiny itself.
    ///
    /// # Errors
    /// If it is not.
    #[inline(never)]
    pub fn not_tiny<T: Scalar>(name: &'static str, number: T) -> Result<(), Self> {
        let expected = "finite and at least 1e-30";
        if number.is_finite() && number >= T::from_f64(1e-30) { Ok(()) } else { Err(Self { name, expected }) }
    }

    /// That number must be finite and not below zero.
    ///
    /// # Errors
    /// If it is not.
    #[inline(never)]
    pub fn not_negative<T: Scalar>(name: &'static str, number: T) -> Result<(), Self> {
        let expected = "finite and not negative";
        if number.is_finite() && number >= T::ZERO { Ok(()) } else { Err(Self { name, expected }) }
    }

    /// That number must be from 0 to 1.
    ///
    /// # Errors
    /// If it is not.
    #[inline(never)]
    pub fn within<T: Scalar>(name: &'static str, number: T) -> Result<(), Self> {
        if (T::ZERO..=T::ONE).contains(&number) { Ok(()) } else { Err(Self { name, expected: "from 0 to 1" }) }
    }

    /// That number must be from 0 to below 1.
    ///
    /// # Errors
    /// If it is not.
    #[inline(never)]
    pub fn below_one<T: Scalar>(name: &'static str, number: T) -> Result<(), Self> {
        if (T::ZERO..T::ONE).contains(&number) { Ok(()) } else { Err(Self { name, expected: "from 0 to below 1" }) }
    }
}

impl Display for Setting {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` must be {}", self.name, self.expected)
    }
}

impl core::error::Error for Setting {}
