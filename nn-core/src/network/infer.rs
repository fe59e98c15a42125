//! Inference: an arena of its own for each call, and the network through it.

use crate::kernel::{self, Isa, Task};
use crate::number::arena::{End, copy};
use crate::number::storage::Plain;
use crate::part::memory::Memory;
use crate::part::run::{Part, Watch};
use core::marker::PhantomData;

/// Inference of one row or several, `x` to `y`, in an arena `A` for so many.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn infer<P: Part, A: Plain<P::T>, X: Plain<P::T>, Y: Plain<P::T>>(
    layers: &P,
    x: &X,
    y: &mut Y,
    watch: &mut impl Watch<P::T>,
) {
    kernel::run(Infer { layers, x, y, watch, arena: PhantomData::<A> });
}

/// [`infer`], whose sizes are known from the types wherever it is compiled.
struct Infer<'a, P, A, X, Y, W> {
    layers: &'a P,
    x: &'a X,
    y: &'a mut Y,
    watch: &'a mut W,
    arena: PhantomData<A>,
}

impl<P, A, X, Y, W> Task for Infer<'_, P, A, X, Y, W>
where
    P: Part,
    A: Plain<P::T>,
    X: Plain<P::T>,
    Y: Plain<P::T>,
    W: Watch<P::T>,
{
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, k: K) {
        let (mut arena, mut state, x) = (A::ZEROED, Memory::NEW, Plain::blocks(self.x.values()));
        let arena = arena.values_mut();
        let at = self.layers.run(k, Some(x), x.len(), &mut state, arena, End::Head, self.watch);
        let (y, _) = at.split(arena, Y::LEN);
        copy(y, self.y.values_mut());
    }
}
