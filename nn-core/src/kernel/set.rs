//! The instruction sets, their tokens, and which of them networks run on.
#![allow(unsafe_code)]

use super::{Lanes, One};
use crate::scalar::Scalar;

/// An instruction set that networks run on.
///
/// The best that the machine has is found out when the first network runs. Another can be chosen for the whole program:
/// [`Portable`](Self::Portable) gives the same bits on every machine, and the feature `portable` of this crate leaves the
/// others out of the program. The others compute `a · b + c` with one rounding instead of two, in the same order, so that
/// they agree with one another bit by bit, on different machines too, but not with the portable one.
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
    /// What every machine has: SSE2 on x86-64, NEON on aarch64, single numbers elsewhere; no fused operations.
    Portable = 1,
    /// AVX2 and FMA of x86-64.
    Avx2 = 2,
    /// AVX-512 (F, DQ and VL) of x86-64.
    Avx512 = 3,
    /// NEON of aarch64.
    Neon = 4,
}

impl InstructionSet {
    /// All sets, on whatever machine.
    pub const ALL: [Self; 4] = [Self::Portable, Self::Avx2, Self::Avx512, Self::Neon];

    /// Whether this machine has it, and this program was compiled with it.
    pub fn is_available(self) -> bool {
        self == Self::Portable || !cfg!(feature = "portable") && self.is_of_this_machine()
    }

    /// Makes all networks of the program run on it from now on. Returns false, and changes nothing, if it is not
    /// [available](Self::is_available).
    pub fn select(self) -> bool {
        let available = self.is_available();
        if available {
            self.choose();
        }
        available
    }

    /// The one that networks run on.
    #[inline]
    pub fn current() -> Self {
        if cfg!(feature = "portable") { Self::Portable } else { Self::chosen() }
    }
}

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

/// An instruction set, as a token that is passed down to the kernels. Who has a token can use the vectors.
///
/// The tokens are those of this crate.
pub trait Isa<T: Scalar>: Copy + sealed::Sealed {
    /// Its vectors of `T`, the longest.
    type V: Lanes<T>;
    /// The set.
    const SET: InstructionSet;
    /// Whether there are no vectors of `f32` for this kind of machine here, so that the smallest loops are the best.
    #[doc(hidden)]
    const IS_PLAIN: bool = false;

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

/// The instruction set that every machine has, with the same bits on each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

impl<T: Scalar> Isa<T> for Portable {
    type V = <T as On<Self>>::V;
    const SET: InstructionSet = InstructionSet::Portable;
    const IS_PLAIN: bool = <f32 as On<Self>>::V::LEN == 1;

    #[inline(never)]
    fn call<W: Task<T>>(self, task: W) -> W::Output {
        task.run(self)
    }
}

/// The sets of this kind of machine, each with its vectors of `f32`; `f64` is computed number by number. The others than the
/// portable one, of which the best comes first, have the features that they are compiled for, and whether the machine has them.
macro_rules! sets {
    (Portable: $F32:ty; $($Token:ident: $Vector:ty, $features:literal, $has_it:expr;)+) => {
        sets!(@on Portable: $F32; $($Token: $Vector, $features;)+);

        /// The current set, or 0 if nobody has asked yet.
        static CURRENT: AtomicU8 = AtomicU8::new(0);

        impl InstructionSet {
            fn is_of_this_machine(self) -> bool {
                match self {
                    $(Self::$Token => $has_it,)+
                    _ => false,
                }
            }

            fn choose(self) {
                CURRENT.store(self as u8, Ordering::Relaxed);
            }

            #[inline]
            fn chosen() -> Self {
                match CURRENT.load(Ordering::Relaxed) {
                    set if set == Self::Portable as u8 => Self::Portable,
                    $(set if set == Self::$Token as u8 => Self::$Token,)+
                    _ => Self::detect(),
                }
            }

            #[cold]
            fn detect() -> Self {
                let best = [$(Self::$Token),+].into_iter().find(|set| set.is_available());
                let best = best.unwrap_or(Self::Portable);
                best.choose();
                best
            }
        }
    };
    (Portable: $F32:ty;) => {
        sets!(@on Portable: $F32;);

        impl InstructionSet {
            fn is_of_this_machine(self) -> bool {
                false
            }

            fn choose(self) {}

            #[inline]
            fn chosen() -> Self {
                Self::Portable
            }
        }
    };
    (@on Portable: $F32:ty; $($Token:ident: $Vector:ty, $features:literal;)*) => {
        sets!(@vectors Portable: $F32 $(, $Token: $Vector)*);

        $(
            #[doc = concat!("The token of [`InstructionSet::", stringify!($Token), "`].")]
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
        )*

        /// Runs `task` on `set`, which must be available; on the portable one if the program was compiled without it.
        #[cfg_attr(not(debug_assertions), inline(always))]
        pub fn on<T: Scalar, W: Task<T>>(set: InstructionSet, task: W) -> W::Output {
            debug_assert!(set.is_available());
            match set {
                $(
                    #[cfg(not(feature = "portable"))]
                    InstructionSet::$Token => $Token(()).call(task),
                )*
                _ => Portable.call(task),
            }
        }
    };
    (@vectors $($Token:ident: $Vector:ty),+) => {
        /// A number type that has vectors on all sets.
        pub trait OnAllSets: $(On<$Token> +)+ Sized {}
        impl OnAllSets for f32 {}
        impl OnAllSets for f64 {}
        $(
            impl sealed::Sealed for $Token {}
            impl On<$Token> for f32 {
                type V = $Vector;
            }
            impl On<$Token> for f64 {
                type V = One<Self>;
            }
        )+
    };
}

cfg_select! {
    all(target_arch = "x86_64", target_feature = "sse2") => {
        use super::x86::{F32x4, F32x8, F32x16};
        use core::sync::atomic::{AtomicU8, Ordering};

        cpufeatures::new!(avx2, "avx2", "fma");
        cpufeatures::new!(avx512, "avx2", "fma", "avx512f", "avx512dq", "avx512vl");

        sets! {
            Portable: F32x4;
            Avx512: F32x16, "avx2,fma,avx512f,avx512dq,avx512vl", avx512::get();
            Avx2: F32x8, "avx2,fma", avx2::get();
        }
    }
    all(target_arch = "aarch64", target_feature = "neon") => {
        use super::aarch64::{F32x4, F32x4Fused};
        use core::sync::atomic::{AtomicU8, Ordering};

        sets! {
            Portable: F32x4;
            Neon: F32x4Fused, "neon", true;
        }
    }
    _ => {
        sets! {
            Portable: One<f32>;
        }
    }
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
    const IS_PLAIN: bool = true;

    fn call<W: Task<T>>(self, task: W) -> W::Output {
        task.run(self)
    }
}
