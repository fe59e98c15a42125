//! The instruction sets, their tokens, and which of them networks run on.
#![allow(unsafe_code)]

use super::isa::{Direct, InstructionSet, Isa, Task, sealed};
use super::lanes::Lanes;
use super::scalar::Scalar;

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

/// Runs `task` on the [current](InstructionSet::current) set.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn run<W: Task>(task: W) -> W::Output {
    on(InstructionSet::current(), task)
}

/// The instruction set that every machine has, with the same bits on each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

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
                // What was chosen in the meantime stays chosen.
                match CURRENT.compare_exchange(0, best as u8, Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(_) => best,
                    Err(_) => Self::chosen(),
                }
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
        impl sealed::Sealed for Portable {}

        impl Isa for Portable {
            type V<T: Scalar> = T::V<Self>;
            type F32 = $F32;
            const SET: InstructionSet = InstructionSet::Portable;
            const IS_PLAIN: bool = <$F32>::LEN == 1;

            #[inline(never)]
            fn call<W: Task>(self, task: W) -> W::Output {
                task.run(self)
            }

            #[inline(never)]
            fn call_direct<W: Direct>(self, a: W::A, b: W::B, c: W::C) {
                W::run(self, a, b, c);
            }
        }

        $(
            #[doc = concat!("The token of [`InstructionSet::", stringify!($Token), "`].")]
            #[derive(Clone, Copy, Debug)]
            #[cfg_attr(feature = "portable", allow(dead_code, reason = "nobody makes one then"))]
            pub struct $Token(());

            impl sealed::Sealed for $Token {}

            impl Isa for $Token {
                type V<T: Scalar> = T::V<Self>;
                type F32 = $Vector;
                const SET: InstructionSet = InstructionSet::$Token;

                #[cfg_attr(not(debug_assertions), inline(always))]
                fn call<W: Task>(self, task: W) -> W::Output {
                    #[target_feature(enable = $features)]
                    #[inline(never)]
                    fn compiled_for_it<W: Task>(k: $Token, task: W) -> W::Output {
                        task.run(k)
                    }
                    // SAFETY: the token exists, so the machine has the set.
                    unsafe { compiled_for_it(self, task) }
                }

                #[cfg_attr(not(debug_assertions), inline(always))]
                fn call_direct<W: Direct>(self, a: W::A, b: W::B, c: W::C) {
                    #[target_feature(enable = $features)]
                    #[inline(never)]
                    fn compiled_for_it<W: Direct>(k: $Token, a: W::A, b: W::B, c: W::C) {
                        W::run(k, a, b, c);
                    }
                    // SAFETY: the token exists, so the machine has the set.
                    unsafe { compiled_for_it::<W>(self, a, b, c) }
                }
            }
        )*

        /// [`run`] of a [`Direct`] task.
        #[cfg_attr(not(debug_assertions), inline(always))]
        pub fn run_direct<W: Direct>(a: W::A, b: W::B, c: W::C) {
            match InstructionSet::current() {
                $(
                    #[cfg(not(feature = "portable"))]
                    InstructionSet::$Token => $Token(()).call_direct::<W>(a, b, c),
                )*
                _ => Portable.call_direct::<W>(a, b, c),
            }
        }

        /// Runs `task` on `set`, which must be available; on the portable one if the program was compiled without it.
        #[cfg_attr(not(debug_assertions), inline(always))]
        pub fn on<W: Task>(set: InstructionSet, task: W) -> W::Output {
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
    all(target_family = "wasm", target_feature = "simd128") => {
        sets! {
            Portable: super::wasm::F32x4;
        }
    }
    _ => {
        sets! {
            Portable: super::one::One<f32>;
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
impl Isa for WithoutVectors {
    type V<T: Scalar> = super::one::One<T>;
    type F32 = super::one::One<f32>;
    const SET: InstructionSet = InstructionSet::Portable;
    const IS_PLAIN: bool = true;

    fn call<W: Task>(self, task: W) -> W::Output {
        task.run(self)
    }

    fn call_direct<W: Direct>(self, a: W::A, b: W::B, c: W::C) {
        W::run(self, a, b, c);
    }
}
