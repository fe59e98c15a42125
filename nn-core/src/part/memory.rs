//! What a part remembers from one call to the next.

use crate::number::Number;
use crate::number::size::{product, sum};
#[cfg(feature = "alloc")]
use crate::number::storage::zeros::{Zeros, all};
use crate::number::storage::{Both, Plain};

/// The state of a part, for one stream. That of a part which remembers nothing is `()`.
///
/// It may be large, so it is changed where it lies.
pub trait Memory: Sized {
    /// Nothing remembered yet.
    const NEW: Self;
    /// Bytes of what is remembered.
    const BYTES: usize;
    /// Forgets all.
    fn restart(&mut self);
    /// Remembers what another does.
    fn copy_from(&mut self, other: &Self);
    /// Shows all that is remembered, in order.
    fn show(&self, to: &mut impl Look);
    /// Sets all that is remembered, in the same order.
    fn fill(&mut self, from: &mut impl Fill);
    /// Where this is the state of a piece of a stream: how the next one is cut.
    fn cut(&mut self, _cut: Cut<impl Fn(usize) -> bool>) {}

    /// That its bytes may all be zero, and are those of [`NEW`](Self::NEW) then, if that is known.
    #[cfg(feature = "alloc")]
    const ZEROS: Option<Zeros<Self>> = None;
}

/// How a piece is cut out of a stream.
pub struct Cut<F> {
    /// Whether a state came before it; else a stream begins.
    pub carried: bool,
    /// Whether a piece follows that goes on from its state.
    pub goes_on: bool,
    /// Its steps up to the last that counts.
    pub steps: usize,
    /// Whether an episode begins before a step.
    pub begins: F,
}

/// Looks at what a part remembers.
pub trait Look {
    /// At numbers.
    fn numbers<T: Number>(&mut self, numbers: &[T]);
    /// At a place in a ring of so many frames.
    fn place(&mut self, _place: usize, _len: usize) {}
}

/// Says what a part is to remember.
pub trait Fill {
    /// Of numbers.
    fn numbers<T: Number>(&mut self, numbers: &mut [T]);
    /// Of a place in a ring of so many frames. One that is not in it is taken for the first.
    fn place(&mut self, len: usize) -> usize;
}

impl Memory for () {
    const NEW: Self = ();
    const BYTES: usize = 0;

    fn restart(&mut self) {}
    fn copy_from(&mut self, _other: &Self) {}
    fn show(&self, _to: &mut impl Look) {}
    fn fill(&mut self, _from: &mut impl Fill) {}
    #[cfg(feature = "alloc")]
    const ZEROS: Option<Zeros<Self>> = Some(Zeros::nothing());
}

impl<A: Memory, B: Memory> Memory for Both<A, B> {
    const NEW: Self = Self(A::NEW, B::NEW);
    const BYTES: usize = sum(A::BYTES, B::BYTES);

    #[inline]
    fn restart(&mut self) {
        self.0.restart();
        self.1.restart();
    }
    fn copy_from(&mut self, other: &Self) {
        self.0.copy_from(&other.0);
        self.1.copy_from(&other.1);
    }
    fn show(&self, to: &mut impl Look) {
        self.0.show(to);
        self.1.show(to);
    }
    fn fill(&mut self, from: &mut impl Fill) {
        self.0.fill(from);
        self.1.fill(from);
    }
    #[cfg(feature = "alloc")]
    const ZEROS: Option<Zeros<Self>> = all!(Self { 0: A::ZEROS, 1: B::ZEROS });
}

/// Numbers that are remembered.
#[derive(Clone, Debug)]
pub struct Kept<T, S> {
    pub numbers: S,
    of: core::marker::PhantomData<T>,
}

impl<T: Number, S: Plain<T>> Memory for Kept<T, S> {
    const NEW: Self = Self { numbers: S::ZEROED, of: core::marker::PhantomData };
    const BYTES: usize = product(S::LEN, size_of::<T>());

    fn restart(&mut self) {
        self.numbers.values_mut().fill(T::ZERO);
    }
    fn copy_from(&mut self, other: &Self) {
        crate::number::arena::copy(other.numbers.values(), self.numbers.values_mut());
    }
    fn show(&self, to: &mut impl Look) {
        to.numbers(self.numbers.values());
    }
    fn fill(&mut self, from: &mut impl Fill) {
        from.numbers(self.numbers.values_mut());
    }
    #[cfg(feature = "alloc")]
    const ZEROS: Option<Zeros<Self>> = all!(Self { numbers: Some(Zeros::block::<T>()), of: Some(Zeros::mark()) });
}
