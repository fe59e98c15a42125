//! Inference: an arena of its own for each call, and the network through it.
//!
//! Many rows are worked through tile by tile, so that the arena does not grow with them.

use super::Network;
use super::planes::{RowOf, as_rows, gives_planes, is_read, read, takes_planes, to_planes};
use super::stream::StateOf;
use crate::kernel::turned::{self, ROWS, Turned};
use crate::kernel::{self, Direct, Isa, Task};
use crate::number::arena::{End, copy, split, split_mut};
use crate::number::storage::{Both, Larger, Plain, numbers, numbers_mut};
use crate::part::memory::Memory;
use crate::part::run::{Part, Watch};
use core::fmt::{self, Display, Formatter};
use core::hint::black_box;
use core::marker::PhantomData;
use core::slice;

/// The rows of a tile, unless more of them fit into [`SMALL`], or not so many into [`MOST`].
const TILE: usize = 32;
/// The numbers that the arenas of a tile have at most, unless those of four rows are more: it lies on the stack.
const MOST: usize = 65_536;
/// The numbers that the arena of a tile has at least.
const SMALL: usize = 1_024;
/// The arena of a tile, each row of which needs an `A`.
type Tile<T, A, const ROWS: usize> = Larger<[T; SMALL], [A; ROWS]>;
/// The arena of [`ROWS`] rows that are turned, with their inputs.
type Turning<N, A> = [Both<RowOf<N>, A>; ROWS];

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
pub fn infer<N: Network, A: Plain<N::Number>, const ROWS: usize>(
    network: &N,
    x: &[N::Input; ROWS],
    y: &mut [N::Output; ROWS],
) {
    kernel::run_direct::<Infer<'_, N, A, ROWS>>(network, x, y);
}

/// [`infer`], whose sizes are known from the types wherever it is compiled.
struct Infer<'a, N, A, const ROWS: usize>(PhantomData<(&'a N, A)>);

impl<'a, N: Network, A: Plain<N::Number>, const ROWS: usize> Direct for Infer<'a, N, A, ROWS> {
    type A = &'a N;
    type B = &'a [N::Input; ROWS];
    type C = &'a mut [N::Output; ROWS];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(k: K, network: &N, x: &[N::Input; ROWS], y: &mut [N::Output; ROWS]) {
        let mut arena = A::ZEROED;
        pass::<K, N, ROWS>(k, network, x, y, arena.values_mut(), &mut ());
    }
}

/// Inference of as many rows as `x` has, at most `ROWS`, `x` to `y`. What is otherwise inside the network is read first, and
/// in the end planes are made of places.
#[cfg_attr(not(debug_assertions), inline(always))]
fn pass<K: Isa, N: Network, const ROWS: usize>(
    k: K,
    network: &N,
    x: &[N::Input],
    y: &mut [N::Output],
    arena: &mut [N::Number],
    watch: &mut impl Watch<N::Number>,
) {
    if const { is_read::<N>() && N::Layers::READS } {
        for (x, y) in x.iter().zip(y) {
            let (mut state, input) = (Memory::NEW, (x.values(), const { takes_planes::<N>() }));
            let at = network.layers().run_elements(k, input, &mut state, arena, End::Head, watch);
            give::<N>(at.split(arena, N::Output::LEN).0, slice::from_mut(y));
        }
        return;
    }
    let mut room;
    let x = match as_rows::<N>(x) {
        Some(rows) => rows,
        None => {
            room = <[RowOf<N>; ROWS]>::ZEROED;
            let rows = room.get_mut(..x.len()).unwrap_or_default();
            read::<N>(x, rows);
            rows
        }
    };
    let mut state = Memory::NEW;
    let at = network.layers().run(k, Some(x), x.len(), &mut state, arena, End::Head, watch);
    give::<N>(at.split(arena, y.len() * N::Output::LEN).0, y);
}

/// The outputs at an end of the arena, as they are at the end of the network.
#[cfg_attr(not(debug_assertions), inline(always))]
fn give<N: Network>(from: &[N::Number], y: &mut [N::Output]) {
    if const { gives_planes::<N>() } {
        to_planes::<N>(Plain::blocks(from), y);
    } else {
        copy(from, numbers_mut(y));
    }
}

/// Inference of [`ROWS`] rows, turned.
#[cfg_attr(not(debug_assertions), inline(always))]
fn pass_turned<K: Isa, P: Part, X: Plain<P::T>, Y: Plain<P::T>>(
    k: K,
    layers: &P,
    x: &[X; ROWS],
    y: &mut [Y; ROWS],
    arena: &mut [P::T],
) {
    let (inputs, arena) = split_mut(arena, ROWS * X::LEN);
    turned::to_columns::<K, _, _>(x, inputs);
    let (x, mut state) = (Plain::blocks(inputs), Memory::NEW);
    let at = layers.run(Turned(k), Some(x), ROWS, &mut state, arena, End::Head, &mut ());
    turned::to_rows::<K, _, _>(at.split(arena, ROWS * Y::LEN).0, y);
}

/// [`infer`] of one row that is watched.
pub fn infer_watched<N: Network, A: Plain<N::Number>>(
    network: &N,
    x: &N::Input,
    watch: impl Watch<N::Number>,
) -> N::Output {
    kernel::run(Watched { network, x, watch, arena: PhantomData::<A> })
}

struct Watched<'a, N: Network, A, W> {
    network: &'a N,
    x: &'a N::Input,
    watch: W,
    arena: PhantomData<A>,
}

impl<N: Network, A: Plain<N::Number>, W: Watch<N::Number>> Task for Watched<'_, N, A, W> {
    type Output = N::Output;

    fn run<K: Isa>(mut self, k: K) -> N::Output {
        let (mut arena, mut y) = (A::ZEROED, N::Output::ZEROED);
        let (x, to) = (slice::from_ref(self.x), slice::from_mut(&mut y));
        pass::<K, N, 1>(k, self.network, x, to, arena.values_mut(), &mut self.watch);
        y
    }
}

/// The next frame of a stream, `x` to `y`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn infer_step<N: Network, A: Plain<N::Number>>(
    network: &N,
    x: &N::Input,
    y: &mut N::Output,
    state: &mut StateOf<N>,
) {
    kernel::run_direct::<Frames<'_, N, A, 1>>(network, (slice::from_ref(x), state), slice::from_mut(y));
}

/// The numbers that the arena of a stream has at most whose layers look back at frames: their kernels gain by long blocks.
const LARGE: usize = if usize::BITS > 32 { 6_144 } else { 2_048 };

/// The next frames of a stream, `x` to `y`, in an arena for so many of them as fit into [`SMALL`] numbers.
pub fn infer_frames<N: Network, A: Plain<N::Number>>(
    network: &N,
    x: &[N::Input],
    y: &mut [N::Output],
    state: &mut StateOf<N>,
) {
    // Each condition is a constant by itself, so that the others are not compiled.
    if const { matches!(N::FIELD, Some(2..)) && A::LEN <= LARGE / 64 } {
        kernel::run_direct::<Frames<'_, N, A, 64>>(network, (x, state), y);
    } else if const { fit::<N::Number, A>() < 4 } {
        kernel::run_direct::<Frames<'_, N, A, 1>>(network, (x, state), y);
    } else if const { fit::<N::Number, A>() < 32 } {
        kernel::run_direct::<Frames<'_, N, A, 4>>(network, (x, state), y);
    } else {
        kernel::run_direct::<Frames<'_, N, A, 32>>(network, (x, state), y);
    }
}

/// How many arenas have [`SMALL`] numbers together.
const fn fit<T, A: Plain<T>>() -> usize {
    SMALL / if A::LEN > 0 { A::LEN } else { 1 }
}

/// [`infer_frames`] in an arena for `ROWS` frames, wherever it is compiled.
struct Frames<'a, N, A, const ROWS: usize>(PhantomData<(&'a N, A)>);

impl<'a, N: Network, A: Plain<N::Number>, const ROWS: usize> Direct for Frames<'a, N, A, ROWS> {
    type A = &'a N;
    type B = (&'a [N::Input], &'a mut StateOf<N>);
    type C = &'a mut [N::Output];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(k: K, network: &N, (x, state): Self::B, y: &mut [N::Output]) {
        let mut arena = <[A; ROWS]>::ZEROED;
        for (x, y) in x.chunks(ROWS).zip(y.chunks_mut(ROWS)) {
            let mut room;
            let x = match as_rows::<N>(x) {
                Some(rows) => rows,
                None => {
                    room = <[RowOf<N>; ROWS]>::ZEROED;
                    let rows = room.get_mut(..x.len()).unwrap_or_default();
                    read::<N>(x, rows);
                    rows
                }
            };
            let at = network.layers().run(k, Some(x), x.len(), state, arena.values_mut(), End::Head, &mut ());
            let y = numbers_mut(y);
            copy(at.split(arena.values_mut(), y.len()).0, y);
        }
    }
}

/// Inference of any number of rows, `x` to `y`, in an arena for a tile of them, each of which needs an `A`.
pub fn infer_all<N: Network, A: Plain<N::Number>>(network: &N, x: &[N::Input], y: &mut [N::Output]) {
    if const { A::LEN <= MOST / TILE } {
        kernel::run_direct::<InferAll<'_, N, A, TILE>>(network, x, y);
    } else if const { A::LEN <= MOST / 4 } {
        kernel::run_direct::<InferAll<'_, N, A, 4>>(network, x, y);
    } else {
        kernel::run_direct::<InferAll<'_, N, A, 1>>(network, x, y);
    }
}

/// Whether a batch of so many rows goes the way of [`infer_all`]: where it is longer than a tile, or may be turned.
pub const fn goes_by_tiles<N: Network, A: Plain<N::Number>>(rows: usize) -> bool {
    rows > TILE
        || rows.saturating_mul(A::LEN) > MOST
        || (cfg!(target_arch = "x86_64") && rows >= ROWS && InferAll::<N, A, TILE>::TURNS)
}

/// [`infer_all`], wherever it is compiled.
struct InferAll<'a, N, A, const TILE: usize>(PhantomData<(&'a N, A)>);

impl<N: Network, A: Plain<N::Number>, const TILE: usize> InferAll<'_, N, A, TILE> {
    /// Whether rows can be turned, in no more memory than otherwise.
    const TURNS: bool = N::Layers::TURNS
        && !is_read::<N>()
        && !gives_planes::<N>()
        && <Turning<N, A> as Plain<N::Number>>::LEN + ROWS * (N::IN + N::OUT)
            <= <Tile<N::Number, A, TILE> as Plain<N::Number>>::LEN;

    /// All rows, turned. Where there are too few for a tile, it is filled with zeros: that takes less time, and less code,
    /// than to do without.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run_turned<K: Isa>(k: K, network: &N, x: &[RowOf<N>], y: &mut [N::Output]) {
        let mut arena = Turning::<N, A>::ZEROED;
        let (mut inputs, mut outputs) = (<[RowOf<N>; ROWS]>::ZEROED, <[N::Output; ROWS]>::ZEROED);
        for (x, y) in x.chunks(ROWS).zip(y.chunks_mut(ROWS)) {
            let is_short = x.len() < ROWS;
            if is_short {
                copy(numbers(x), split_mut(inputs.values_mut(), x.len() * N::IN).0);
            }
            let (from, to) = (x.first_chunk().unwrap_or(&inputs), y.first_chunk_mut().unwrap_or(&mut outputs));
            // What the compiler does not recognise, it does not try to keep in registers from tile to tile.
            pass_turned(k, black_box(network).layers(), from, to, arena.values_mut());
            if is_short {
                copy(split(outputs.values(), y.len() * N::Output::LEN).0, numbers_mut(y));
            }
        }
    }
}

impl<'a, N: Network, A: Plain<N::Number>, const TILE: usize> Direct for InferAll<'a, N, A, TILE> {
    type A = &'a N;
    type B = &'a [N::Input];
    type C = &'a mut [N::Output];

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(k: K, network: &N, x: &[N::Input], y: &mut [N::Output]) {
        if const { Self::TURNS && turned::pays::<K>(N::Layers::ABOUT.macs) }
            && let Some(x) = as_rows::<N>(x)
        {
            return Self::run_turned(k, network, x, y);
        }
        let mut arena = Tile::<N::Number, A, TILE>::ZEROED;
        let rows = const { if A::LEN < SMALL / TILE && !is_read::<N>() { SMALL / A::LEN } else { TILE } };
        for (x, y) in x.chunks(rows).zip(y.chunks_mut(rows)) {
            pass::<K, N, TILE>(k, network, x, y, arena.values_mut(), &mut ());
        }
    }
}
