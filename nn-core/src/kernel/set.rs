//! The instruction sets, their tokens, and which of them networks run on.
#![allow(unsafe_code)]

use crate::scalar::Scalar;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use core::sync::atomic::{AtomicU8, Ordering};

use super::{Lanes, One};

/// An instruction set that networks run on.
///
/// The best that the machine has is found out when the first network runs. Another can be chosen for the whole program:
/// [`Portable`](Self::Portable) gives the same bits on every machine, and the feature `portable` of this crate leaves the
/// others out of the program. The others compute `a · b + c` with one rounding instead of two, in the same order, so that
/// they agree with one another bit by bit, but not with the portable one.
///
/// ```
/// use nn_core::kernel::InstructionSet;
///
/// let best = InstructionSet::current();
/// assert!(InstructionSet::Portable.select());
/// assert_eq!(InstructionSet::current(), InstructionSet::Portable);
/// assert!(best.select());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum InstructionSet {
    /// What every machine has: SSE2 on x86-64, single numbers elsewhere; no fused operations.
    Portable = 1,
    /// AVX2 and FMA of x86-64.
    Avx2 = 2,
    /// AVX-512 (F, DQ and VL) of x86-64.
    Avx512 = 3,
}

impl InstructionSet {
    /// All sets, on whatever machine.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// Whether this machine has it, and this program was compiled with it.
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            _ if cfg!(feature = "portable") => false,
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Avx2 => avx2::get(),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Self::Avx512 => avx512::get(),
            #[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Makes all networks of the program run on it from now on. Returns false, and changes nothing, if it is not
    /// [available](Self::is_available).
    pub fn select(self) -> bool {
        let available = self.is_available();
        #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
        if available {
            CURRENT.store(self as u8, Ordering::Relaxed);
        }
        available
    }

    /// The one that networks run on.
    #[inline]
    pub fn current() -> Self {
        #[cfg(all(target_arch = "x86_64", target_feature = "sse2", not(feature = "portable")))]
        match CURRENT.load(Ordering::Relaxed) {
            1 => Self::Portable,
            2 => Self::Avx2,
            3 => Self::Avx512,
            _ => Self::detect(),
        }
        #[cfg(not(all(target_arch = "x86_64", target_feature = "sse2", not(feature = "portable"))))]
        Self::Portable
    }

    #[cfg(all(target_arch = "x86_64", target_feature = "sse2", not(feature = "portable")))]
    #[cold]
    fn detect() -> Self {
        let best = [Self::Avx512, Self::Avx2].into_iter().find(|set| set.is_available());
        let best = best.unwrap_or(Self::Portable);
        CURRENT.store(best as u8, Ordering::Relaxed);
        best
    }
}

/// The current set, or 0 if nobody has asked yet.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
static CURRENT: AtomicU8 = AtomicU8::new(0);

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
cpufeatures::new!(avx2, "avx2", "fma");
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
cpufeatures::new!(avx512, "avx2", "fma", "avx512f", "avx512dq", "avx512vl");

mod sealed {
    pub trait Sealed {}
}

/// The vectors of a number type on the set of the token `K`.
///
/// Outside this crate neither the trait nor the tokens of the sets that not every machine has can be named. So nobody
/// comes by their vectors but by a token.
pub trait On<K>: Sized {
    /// The longest.
    type V: Lanes<Self>
    where
        Self: Scalar;
}

/// The sets of this kind of machine, each with its vectors of `f32`; `f64` is computed number by number.
macro_rules! sets {
    ($($Token:ident: $F32:ty),*) => {
        /// A number type that has vectors on all sets.
        pub trait OnAllSets: $(On<$Token> +)* Sized {}
        impl OnAllSets for f32 {}
        impl OnAllSets for f64 {}
        $(
            impl sealed::Sealed for $Token {}
            impl On<$Token> for f32 {
                type V = $F32;
            }
            impl On<$Token> for f64 {
                type V = One<Self>;
            }
        )*
    };
}
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
sets!(Portable: super::x86::F32x4, Avx2: super::x86::F32x8, Avx512: super::x86::F32x16);
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
sets!(Portable: One<f32>);

/// An instruction set, as a token that is passed down to the kernels. Who has a token can use the vectors.
///
/// The tokens are those of this crate.
pub trait Isa<T: Scalar>: Copy + sealed::Sealed {
    /// Its vectors of `T`, the longest.
    type V: Lanes<T>;
    /// The set.
    const SET: InstructionSet;

    /// Runs `task` in a function of its own that is compiled for the set.
    #[doc(hidden)]
    fn call<W: Task<T>>(self, task: W) -> W::Output;
}

/// Work that is written once and compiled for each instruction set.
pub trait Task<T: Scalar> {
    /// What it gives.
    type Output;
    /// Does it. Everything below is to be inlined, so that it is compiled for the set of `K`.
    fn run<K: Isa<T>>(self, k: K) -> Self::Output;
}

/// Runs `task` on the [current](InstructionSet::current) set.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn run<T: Scalar, W: Task<T>>(task: W) -> W::Output {
    on(InstructionSet::current(), task)
}

/// Runs `task` on `set`, or on the portable one if the machine does not have it.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn on<T: Scalar, W: Task<T>>(set: InstructionSet, task: W) -> W::Output {
    match set {
        #[cfg(all(target_arch = "x86_64", target_feature = "sse2", not(feature = "portable")))]
        InstructionSet::Avx2 => Avx2(()).call(task),
        #[cfg(all(target_arch = "x86_64", target_feature = "sse2", not(feature = "portable")))]
        InstructionSet::Avx512 => Avx512(()).call(task),
        _ => task.run(Portable),
    }
}

/// The instruction set that every machine has, with the same bits on each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

impl<T: Scalar> Isa<T> for Portable {
    type V = <T as On<Self>>::V;
    const SET: InstructionSet = InstructionSet::Portable;

    #[inline(never)]
    fn call<W: Task<T>>(self, task: W) -> W::Output {
        task.run(self)
    }
}

/// The token of a set that not every machine has.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
macro_rules! token {
    ($(#[$doc:meta])* $Token:ident, $features:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[cfg_attr(feature = "portable", allow(dead_code, reason = "nobody makes one then"))]
        pub struct $Token(());

        impl<T: Scalar> Isa<T> for $Token {
            type V = <T as On<Self>>::V;
            const SET: InstructionSet = InstructionSet::$Token;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn call<W: Task<T>>(self, task: W) -> W::Output {
                #[target_feature(enable = $features)]
                #[inline(never)]
                fn compiled_for_it<T: Scalar, W: Task<T>>(k: $Token, task: W) -> W::Output {
                    task.run(k)
                }
                // SAFETY: the token exists, so the machine has the set.
                unsafe { compiled_for_it::<T, W>(self, task) }
            }
        }
    };
}
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
token! {
    /// The token of [`InstructionSet::Avx2`].
    Avx2, "avx2,fma"
}
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
token! {
    /// The token of [`InstructionSet::Avx512`].
    Avx512, "avx2,fma,avx512f,avx512dq,avx512vl"
}

/// The portable set on a machine without vectors.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub struct WithoutVectors;

#[cfg(test)]
impl sealed::Sealed for WithoutVectors {}

#[cfg(test)]
impl<T: Scalar> Isa<T> for WithoutVectors {
    type V = One<T>;
    const SET: InstructionSet = InstructionSet::Portable;

    fn call<W: Task<T>>(self, task: W) -> W::Output {
        task.run(self)
    }
}
