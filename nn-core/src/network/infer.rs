//! Inference: an arena of its own for each call, and the network through it.

use crate::kernel::{self, Isa, Task};
use crate::number::arena::{End, copy};
use crate::number::storage::Plain;
use crate::part::memory::Memory;
use crate::part::run::{Part, Watch};
use core::marker::PhantomData;

/// Inference of one row or several, `x` to `y`, in an arena `A` for so many. The layers are found in the network where they
/// are used, so that the compiler knows how they are aligned.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn infer<N, P: Part, A: Plain<P::T>, X: Plain<P::T>, Y: Plain<P::T>>(
    network: &N,
    layers: impl Fn(&N) -> &P,
    x: &X,
    y: &mut Y,
    watch: &mut impl Watch<P::T>,
) {
    kernel::run(Infer { network, layers, x, y, watch, arena: PhantomData::<A> });
}

/// [`infer`], whose sizes are known from the types wherever it is compiled.
struct Infer<'a, N, L, A, X, Y, W> {
    network: &'a N,
    layers: L,
    x: &'a X,
    y: &'a mut Y,
    watch: &'a mut W,
    arena: PhantomData<A>,
}

impl<N, L, P, A, X, Y, W> Task for Infer<'_, N, L, A, X, Y, W>
where
    L: Fn(&N) -> &P,
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
        let at = (self.layers)(self.network).run(k, Some(x), x.len(), &mut state, arena, End::Head, self.watch);
        let (y, _) = at.split(arena, Y::LEN);
        copy(y, self.y.values_mut());
    }
}
