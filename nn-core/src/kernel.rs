//! The only code that knows about instruction sets.
//!
//! A network runs with a zero-sized token, its [`Isa`], that says which vectors there are. Everything below the token
//! is written once and instantiated for each instruction set. This version has the portable one: SSE2 on x86-64,
//! single numbers elsewhere, no fused multiply-add, and the same bits on every machine.
//!
//! * `lanes`: what a vector can do, and the vector of one number;
//! * `sse2`: four `f32` of x86-64;
//! * `math`: `exp`, `sigmoid` and `tanh` of `f32`, by lanes;
//! * `dense`: the loops of a dense layer.

pub(crate) mod dense;
mod lanes;
pub(crate) mod math;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod sse2;

pub use lanes::{Lanes, One};
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub use sse2::Sse2;

/// The portable vector of `f32`.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub(crate) type PortableF32 = Sse2;
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
pub(crate) type PortableF32 = One<f32>;

use crate::scalar::Scalar;

/// An instruction set, as a token that is passed down to the kernels.
pub trait Isa<T: Scalar>: Copy {
    /// Its vectors of `T`.
    type V: Lanes<T>;
}

/// The instruction set that every machine has, with the same bits on each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

impl<T: Scalar> Isa<T> for Portable {
    type V = T::Portable;
}
