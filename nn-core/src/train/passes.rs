//! The passes of some samples: forward, the loss, and backward.

use super::{Draw, TrainError, Training};
use crate::dataset::Samples;
use crate::kernel::turned::{self, Turned};
use crate::kernel::{Isa, Task};
use crate::loss::LossOf;
use crate::network::planes::{gives_planes, slopes_to_places, takes_planes, to_places, to_planes};
use crate::network::{StateOf, Trainable};
use crate::number::Number;
use crate::number::arena::{End, No};
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
        if const { turned::learns::<K>(N::Layers::TURNS, N::Layers::ABOUT.macs) }
            && self.rows.is_multiple_of(turned::ROWS)
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
        each::<K, _, _>(inputs, |input| {
            let index = indices.next().unwrap_or_default();
            if const { !takes_planes::<N>() } {
                return data.input(index, input).ok_or(TrainError::NoSample { index });
            }
            let mut planes = N::Input::ZEROED;
            data.input(index, &mut planes).ok_or(TrainError::NoSample { index })?;
            to_places::<N>(slice::from_ref(&planes), slice::from_mut(input));
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
        let (mut sum, mut indices) = (N::Number::ZERO, batch);
        each_pair::<K, _, _>(outputs, N::Output::blocks_mut(slopes), |output, slope| {
            let index = indices.next().unwrap_or_default();
            let target = data.target(index).ok_or(TrainError::NoSample { index })?;
            if !loss.admits(&target) {
                return Err(TrainError::Target { index });
            }
            if const { !gives_planes::<N>() } {
                sum += loss.compare::<K::V<N::Number>>(output, &target, slope, share);
                return Ok(());
            }
            let (mut planes, mut slopes) = (N::Output::ZEROED, N::Output::ZEROED);
            to_planes::<N>(slice::from_ref(output), slice::from_mut(&mut planes));
            sum += loss.compare::<K::V<N::Number>>(&planes, &target, &mut slopes, share);
            slopes_to_places::<N>(&slopes, slope);
            Ok(())
        })?;
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
    for tile in rows.chunks_exact_mut(turned::ROWS) {
        let columns = numbers_mut(tile).as_chunks_mut::<{ turned::ROWS }>().0;
        for place in 0..turned::ROWS {
            let mut row = R::ZEROED;
            write(&mut row)?;
            for (column, number) in columns.iter_mut().zip(row.values()) {
                column[place] = *number;
            }
        }
    }
    Ok(())
}

/// Reads every row, and writes that of another matrix.
#[cfg_attr(not(debug_assertions), inline(always))]
fn each_pair<K: Isa, T: Number, R: Plain<T>>(
    from: &[R],
    to: &mut [R],
    mut write: impl FnMut(&R, &mut R) -> Result<(), TrainError>,
) -> Result<(), TrainError> {
    if !K::TURNED {
        return from.iter().zip(to).try_for_each(|(from, to)| write(from, to));
    }
    let tiles = from.chunks_exact(turned::ROWS).zip(to.chunks_exact_mut(turned::ROWS));
    for (from, to) in tiles {
        let (from, to) = (numbers(from).as_chunks::<{ turned::ROWS }>().0, numbers_mut(to).as_chunks_mut().0);
        for place in 0..turned::ROWS {
            let (mut read, mut row) = (R::ZEROED, R::ZEROED);
            for (number, column) in read.values_mut().iter_mut().zip(from) {
                *number = column[place];
            }
            write(&read, &mut row)?;
            for (column, number) in to.iter_mut().zip(row.values()) {
                let column: &mut [T; turned::ROWS] = column;
                column[place] = *number;
            }
        }
    }
    Ok(())
}
