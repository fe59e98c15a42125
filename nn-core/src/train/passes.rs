//! The passes of some samples: forward, the loss, and backward.

use super::{Draw, TrainError, Training};
use crate::dataset::Samples;
use crate::kernel::turned::{self, ROWS as TILE, Turned};
use crate::kernel::{Isa, Lanes, Task};
use crate::loss::LossOf;
use crate::network::planes::{as_input, gives_planes, read, slopes_to_places, to_planes};
use crate::network::{StateOf, Trainable};
use crate::number::Number;
use crate::number::arena::{End, No, split, split_mut};
use crate::number::storage::{Plain, numbers, numbers_mut};
use crate::part::learn::{Learn, Recorded};
use crate::part::memory::{Cut, Memory};
use crate::part::run::Part;
use core::slice;

/// The passes of the first `rows` samples of a batch, at most `ROWS`.
pub struct Passes<'a, N: Trainable, L, D: ?Sized, B, C, const ROWS: usize> {
    pub memory: &'a mut Training<N, ROWS>,
    pub network: &'a N,
    pub loss: &'a L,
    pub data: &'a D,
    pub batch: B,
    pub rows: usize,
    /// By which a gradient is multiplied.
    pub share: N::Number,
    /// Of the first part the gradient in the memory is set, not added to.
    pub draw: Draw,
    /// The states of the streams whose pieces the samples are.
    pub carried: &'a mut C,
}

/// Whether samples are pieces of streams, which are computed one by one.
pub const fn has_pieces<N: Trainable>() -> bool {
    size_of::<StateOf<N>>() > 0
}

/// States that are carried from piece to piece.
pub trait Carried<N: Trainable> {
    /// Whether there are any.
    const ARE: bool;
    /// Puts the state of a stream where its piece is computed, and says whether there is one; else the stream begins.
    fn put(&mut self, stream: usize, to: &mut StateOf<N>) -> bool;
    /// Takes the state that the piece has left, and puts that before it back.
    fn take(&mut self, stream: usize, from: &mut StateOf<N>);
}

/// No states: every piece is a stream that begins.
pub struct Alone;

impl<N: Trainable> Carried<N> for Alone {
    const ARE: bool = false;
    fn put(&mut self, _stream: usize, _to: &mut StateOf<N>) -> bool {
        false
    }
    fn take(&mut self, _stream: usize, _from: &mut StateOf<N>) {}
}

impl<N, L, D, B, C, const ROWS: usize> Task for Passes<'_, N, L, D, B, C, ROWS>
where
    N: Trainable,
    L: LossOf<N>,
    D: Samples<N::Input, L::Target> + ?Sized,
    B: Iterator<Item = usize> + Clone,
    C: Carried<N>,
{
    /// The sum of the losses; the gradient is in the memory.
    type Output = Result<N::Number, TrainError>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<K: Isa>(self, k: K) -> Self::Output {
        if const { turned::learns::<K>(N::Layers::TURNS, N::Layers::ABOUT.macs) && !gives_planes::<N>() }
            && self.rows.is_multiple_of(TILE)
        {
            return self.on(Turned(k));
        }
        self.on(k)
    }
}

impl<N, L, D, B, C, const ROWS: usize> Passes<'_, N, L, D, B, C, ROWS>
where
    N: Trainable,
    L: LossOf<N>,
    D: Samples<N::Input, L::Target> + ?Sized,
    B: Iterator<Item = usize> + Clone,
    C: Carried<N>,
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn on<K: Isa>(self, k: K) -> Result<N::Number, TrainError> {
        let Self { memory, network, loss, data, batch, rows, share, draw, carried } = self;
        let layers = network.layers();
        let inputs = memory.inputs.get_mut(..rows).unwrap_or_default();
        let outputs = memory.outputs.get_mut(..rows).unwrap_or_default();
        let mut indices = batch.clone();
        each::<K, _, _>(inputs, |row| {
            let index = indices.next().unwrap_or_default();
            if let Some(input) = as_input::<N>(row) {
                return data.input(index, input).ok_or(TrainError::NoSample { index });
            }
            let mut input = N::Input::ZEROED;
            data.input(index, &mut input).ok_or(TrainError::NoSample { index })?;
            read::<N>(slice::from_ref(&input), slice::from_mut(row));
            Ok(())
        })?;
        let x = Plain::blocks(numbers(inputs));
        let seed = draw.seed();
        let (state, stream) = (&mut memory.state, draw.part as usize);
        if const { has_pieces::<N>() } {
            let index = batch.clone().next().unwrap_or_default();
            let target = data.target(index).ok_or(TrainError::NoSample { index })?;
            let (carried, goes_on, steps) = (carried.put(stream, state), C::ARE, loss.until(&target));
            state.cut(Cut { carried, goes_on, steps, begins: |step| data.begins(index, step) });
        }
        layers.record(k, x, state, seed, memory.tape.values_mut(), numbers_mut(outputs));
        carried.take(stream, state);

        let arena = memory.arena.values_mut();
        let (slopes, _) = End::Head.split(arena, rows * N::Output::LEN);
        let mut indices = batch;
        let target = || {
            let index = indices.next().unwrap_or_default();
            let target = data.target(index).ok_or(TrainError::NoSample { index })?;
            if loss.admits(&target) { Ok(target) } else { Err(TrainError::Target { index }) }
        };
        let sum = compare::<K, N, L>(loss, outputs, N::Output::blocks_mut(slopes), share, target)?;
        let (y, tape, before) =
            (numbers(outputs), memory.tape.values(), const { has_pieces::<N>() }.then_some(&*state));
        let pass = Recorded { x, y, tape, seed, first: draw.part == 0, before };
        layers.backward::<K, No>(k, pass, arena, End::Head, memory.gradient.layers_mut());
        Ok(sum)
    }
}

/// Writes every row.
#[cfg_attr(not(debug_assertions), inline(always))]
fn each<K: Isa, T: Number, R: Plain<T>>(
    rows: &mut [R],
    mut write: impl FnMut(&mut R) -> Result<(), TrainError>,
) -> Result<(), TrainError> {
    if !K::TURNED {
        return rows.iter_mut().try_for_each(write);
    }
    rows.as_chunks_mut().0.iter_mut().try_for_each(|tile| each_of_tile::<K, T, R>(tile, &mut write))
}

/// Writes every row of a tile, which are then turned.
#[cfg_attr(not(debug_assertions), inline(always))]
fn each_of_tile<K: Isa, T: Number, R: Plain<T>>(
    tile: &mut [R; TILE],
    write: impl FnMut(&mut R) -> Result<(), TrainError>,
) -> Result<(), TrainError> {
    let mut rows = <[R; TILE]>::ZEROED;
    rows.iter_mut().try_for_each(write)?;
    turned::to_columns::<K, T, R>(&rows, numbers_mut(tile));
    Ok(())
}

/// The sum of the losses; sets the slopes. Where the loss is faster by columns, as many rows are turned as there are tiles of.
#[cfg_attr(not(debug_assertions), inline(always))]
fn compare<K: Isa, N: Trainable, L: LossOf<N>>(
    loss: &L,
    outputs: &[N::Output],
    slopes: &mut [N::Output],
    share: N::Number,
    mut target: impl FnMut() -> Result<L::Target, TrainError>,
) -> Result<N::Number, TrainError> {
    let mut sum = N::Number::ZERO;
    let turns = const { K::V::<N::Number>::LEN >= L::COLUMNS_FROM && !gives_planes::<N>() };
    let tiles = if K::TURNED || turns { outputs.len() / TILE * TILE } else { 0 };
    let ((tiles, outputs), (to, slopes)) = (split(outputs, tiles), split_mut(slopes, tiles));
    for (tile, to) in tiles.as_chunks::<TILE>().0.iter().zip(to.as_chunks_mut().0) {
        if K::TURNED {
            let (columns, to) = (numbers(tile).as_chunks().0, numbers_mut(to).as_chunks_mut().0);
            sum += turned::sum::<K, _>(&loss.compare_columns::<K, _>(columns, to, share, &mut target)?);
        } else {
            for value in compare_turned::<K, N, L>(loss, tile, to, share, &mut target)? {
                sum += value;
            }
        }
    }
    for (output, slope) in outputs.iter().zip(slopes) {
        let target = target()?;
        if const { !gives_planes::<N>() } {
            sum += loss.compare::<K::V<N::Number>>(output, &target, slope, share);
            continue;
        }
        let (mut planes, mut slopes) = (N::Output::ZEROED, N::Output::ZEROED);
        to_planes::<N>(slice::from_ref(output), slice::from_mut(&mut planes));
        sum += loss.compare::<K::V<N::Number>>(&planes, &target, &mut slopes, share);
        slopes_to_places::<N>(&slopes, slope);
    }
    Ok(sum)
}

/// The losses of a tile of rows, which are turned for it; sets the slopes.
#[cfg_attr(not(debug_assertions), inline(always))]
fn compare_turned<K: Isa, N: Trainable, L: LossOf<N>>(
    loss: &L,
    outputs: &[N::Output; TILE],
    slopes: &mut [N::Output; TILE],
    share: N::Number,
    target: impl FnMut() -> Result<L::Target, TrainError>,
) -> Result<[N::Number; TILE], TrainError> {
    let (mut from, mut to) = (<[N::Output; TILE]>::ZEROED, <[N::Output; TILE]>::ZEROED);
    turned::to_columns::<K, _, _>(outputs, from.values_mut());
    let (columns, slopes_of) = (from.values().as_chunks().0, to.values_mut().as_chunks_mut().0);
    let losses = loss.compare_columns::<K, _>(columns, slopes_of, share, target)?;
    turned::to_rows::<K, _, _>(to.values(), slopes);
    Ok(losses)
}
