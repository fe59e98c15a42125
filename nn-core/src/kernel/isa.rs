//! The contract between a kernel and the instruction set that it runs on.

use super::lanes::Lanes;
use super::scalar::Scalar;

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
    /// What every machine has: SSE2 on x86-64, NEON on aarch64, vectors in WebAssembly if it is compiled for them
    /// (`target-feature=+simd128`), single numbers elsewhere; no fused operations.
    Portable = 1,
    /// AVX2 and FMA of x86-64.
    Avx2 = 2,
    /// AVX-512 (F, DQ and VL) of x86-64.
    Avx512 = 3,
    /// NEON of aarch64.
    Neon = 4,
}

/// The kernels rely on it that a token is made only where the machine has its set, so that nobody else may make one.
pub(super) mod sealed {
    pub trait Sealed {}
}

/// An instruction set, as a token that is passed down to the kernels. Who has a token can use the vectors.
///
/// The tokens are those of this crate; outside it, those of the sets that not every machine has can't be named. A vector is
/// reached through its token alone, never through its number type, so nobody comes by vectors that the machine lacks.
pub trait Isa: Copy + sealed::Sealed {
    /// Its vectors of `T`, the longest.
    type V<T: Scalar>: Lanes<T>;
    /// Its vectors of `f32`, the longest.
    #[doc(hidden)]
    type F32: Lanes<f32>;
    /// The set.
    const SET: InstructionSet;
    /// Whether there are no vectors of `f32` for this kind of machine here, so that the smallest loops are the best.
    #[doc(hidden)]
    const IS_PLAIN: bool = false;
    /// Whether rows are turned: of each value those of [`ROWS`](super::turned::ROWS) rows are side by side.
    #[doc(hidden)]
    const TURNED: bool = false;

    /// Runs `task` in a function of its own that is compiled for the set.
    #[doc(hidden)]
    fn call<W: Task>(self, task: W) -> W::Output;

    /// [`call`](Self::call) of a [`Direct`] task.
    #[doc(hidden)]
    fn call_direct<W: Direct>(self, a: W::A, b: W::B, c: W::C);
}

/// Work that is written once and compiled for each instruction set.
pub trait Task {
    /// What it gives.
    type Output;
    /// Does it. Everything below is to be inlined, so that it is compiled for the set of `K`.
    fn run<K: Isa>(self, k: K) -> Self::Output;
}

/// A [`Task`] of three parts, which are handed over in registers. A row of a small network takes so little time that handing it
/// over in memory counts.
pub trait Direct {
    /// What it reads.
    type A;
    /// What it reads, too.
    type B;
    /// Where its result goes.
    type C;
    /// Does it, as a task does.
    fn run<K: Isa>(k: K, a: Self::A, b: Self::B, c: Self::C);
}
