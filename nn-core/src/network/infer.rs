//! Inference: an arena of its own for each call, and the network through it.
//!
//! Many rows are worked through tile by tile, so that the arena does not grow with them.

use crate::kernel::{self, Isa, Task};
use crate::number::arena::{End, copy};
use crate::number::storage::{Larger, Plain, numbers, numbers_mut};
use crate::part::memory::Memory;
use crate::part::run::{Part, Watch};
use core::fmt::{self, Display, Formatter};
use core::marker::PhantomData;

/// The rows of a tile, unless more of them fit into [`SMALL`].
pub const TILE: usize = 32;
/// The numbers that the arena of a tile has at least.
const SMALL: usize = 1_024;
/// The arena of a tile, each row of which needs an `A`.
type Tile<T, A> = Larger<[T; SMALL], [A; TILE]>;

/// As many inputs were given as there is no room for outputs.
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(2 => 1);
///
/// let error = Net::ZERO.forward_all(&[[0.0; 2]; 3], &mut [[0.0]; 2]).unwrap_err();
/// assert_eq!(error.to_string(), "there are 3 inputs, but room for 2 outputs");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unequal {
    /// How many inputs there are.
    pub inputs: usize,
    /// How many outputs there is room for.
    pub outputs: usize,
}

impl Display for Unequal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "there are {} inputs, but room for {} outputs", self.inputs, self.outputs)
    }
}

impl core::error::Error for Unequal {}

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

/// Inference of any number of rows, `x` to `y`, in an arena for a tile of them, each of which needs an `A`.
pub fn infer_all<N, P: Part, A: Plain<P::T>, X: Plain<P::T>, Y: Plain<P::T>>(
    network: &N,
    layers: impl Fn(&N) -> &P,
    x: &[X],
    y: &mut [Y],
) {
    kernel::run(InferAll { network, layers, x, y, arena: PhantomData::<A> });
}

/// [`infer_all`], wherever it is compiled.
struct InferAll<'a, N, L, A, X, Y> {
    network: &'a N,
    layers: L,
    x: &'a [X],
    y: &'a mut [Y],
    arena: PhantomData<A>,
}

impl<N, L, P, A, X, Y> Task for InferAll<'_, N, L, A, X, Y>
where
    L: Fn(&N) -> &P,
    P: Part,
    A: Plain<P::T>,
    X: Plain<P::T>,
    Y: Plain<P::T>,
{
    type Output = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, k: K) {
        let layers = (self.layers)(self.network);
        let mut arena = Tile::<P::T, A>::ZEROED;
        let arena = arena.values_mut();
        let rows = const { if A::LEN < SMALL / TILE { SMALL / A::LEN } else { TILE } };
        for (x, y) in self.x.chunks(rows).zip(self.y.chunks_mut(rows)) {
            let mut state = Memory::NEW;
            let at = layers.run(k, Some(Plain::blocks(numbers(x))), x.len(), &mut state, arena, End::Head, &mut ());
            let y = numbers_mut(y);
            let (from, _) = at.split(arena, y.len());
            copy(from, y);
        }
    }
}
