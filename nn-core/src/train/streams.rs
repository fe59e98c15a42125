//! The states that are carried from piece to piece.

use super::passes::Carried;
use super::{Progress, Unrolls};
use crate::kernel::Scalar;
use crate::network::{State, StateError, StateOf, Stream};
use crate::number::size::{product, sum};
use crate::saved;
use core::fmt::{self, Debug, Formatter};

/// What `S` streams remember while a network is trained [in order](super::Trainer::in_order), piece after piece: truncated
/// back-propagation through time (Williams, Peng 1990). It holds two states for each, now and before the last piece.
///
/// It belongs to the caller, as the other memory of training does, and may lie in a `static`. A [checkpoint](super::Trainer::save) within
/// an epoch needs it [beside it](Self::save):
///
/// ```
/// use nn_core::dataset::pieces;
/// use nn_core::loss::Steps;
/// use nn_core::prelude::*;
/// use nn_core::train::{Sequence, Streams, checkpoint_len};
/// network! { struct Echo: stream 1 => gru(4) => 1; }
/// type Pieces = Sequence<Echo, 10>;
///
/// let sound: [[f32; 1]; 200] = core::array::from_fn(|step| [(step * step % 11) as f32 / 11.0]);
/// let heard: [[f32; 1]; 200] = core::array::from_fn(|step| sound[step.saturating_sub(1)]);
/// let data = pieces(&sound, &heard)?; // two streams of ten pieces
///
/// let mut net = Echo::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1));
/// let (mut memory, mut adam) = (Training::<Pieces, 1>::ZERO, Adam::new(0.02));
/// let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
/// let mut streams = Streams::<Echo, 2>::NEW;
/// let (mut checkpoint, mut states) = ([0; checkpoint_len::<Adam<Pieces>>()], [0; Streams::<Echo, 2>::SAVED_LEN]);
/// trainer.in_order(Sequence::on(&mut net), &data, &mut streams, |mut report, streams| {
///     if report.progress.batch < 5 {
///         return Continue(());
///     }
///     report.save(&mut checkpoint).unwrap();
///     streams.save(&mut states).unwrap();
///     Break(())
/// })?;
/// let loss = trainer.in_order(Sequence::on(&mut net), &data, &mut streams, |_, _| Continue(()))?;
///
/// // After a power failure:
/// let (mut again, mut streams) = (Echo::ZERO, Streams::<Echo, 2>::NEW);
/// trainer.resume(Sequence::on(&mut again), &checkpoint).unwrap();
/// let without = trainer.in_order(Sequence::on(&mut again), &data, &mut streams, |_, _| Continue(()));
/// assert_eq!(without, Err(TrainError::States { samples: 10 }));
/// streams.load(&states).unwrap();
/// assert_eq!(trainer.in_order(Sequence::on(&mut again), &data, &mut streams, |_, _| Continue(()))?, loss);
/// # Ok::<(), TrainError>(())
/// ```
pub struct Streams<N: Stream, const S: usize = 1> {
    now: [State<N>; S],
    before: [State<N>; S],
    /// Of which epoch of which training they are, and after how many of its samples.
    at: [u64; 3],
}

/// Of no epoch.
const NOWHERE: [u64; 3] = [0, 0, 0];

impl<N: Stream, const S: usize> Streams<N, S> {
    /// Those of streams that begin.
    pub const NEW: Self = Self { now: [const { State::NEW }; S], before: [const { State::NEW }; S], at: NOWHERE };

    /// Bytes that [`save`](Self::save) writes.
    pub const SAVED_LEN: usize = saved::len(sum(product(S, State::<N>::BYTES), size_of_val(&NOWHERE)));

    /// Forgets all: every stream begins with its next piece.
    pub fn restart(&mut self) {
        self.now.iter_mut().chain(&mut self.before).for_each(State::renew);
        self.at = NOWHERE;
    }

    /// Remembers what was before the last piece, so that it can be learnt again: several steps over what one rollout gave.
    pub fn rewind(&mut self) {
        self.now.iter_mut().zip(&self.before).for_each(|(now, before)| now.copy_from(before));
        self.at = NOWHERE;
    }

    /// The state of every stream after its last piece.
    pub const fn states(&self) -> &[State<N>; S] {
        &self.now
    }

    /// Writes the states as [`SAVED_LEN`](Self::SAVED_LEN) bytes, and returns how many they are. Their place belongs beside that of the
    /// checkpoint of the same moment.
    ///
    /// # Errors
    /// [`StateError::Buffer`] if there is not enough room.
    pub fn save(&self, bytes: &mut [u8]) -> Result<usize, StateError> {
        let written = saved::write(bytes, Self::SAVED_LEN, Self::marks(), |writer| {
            self.at.iter().for_each(|number| writer.put(*number, 8));
            self.now.iter().for_each(|state| state.show(writer));
        });
        Ok(written?)
    }

    /// Sets the states to those that were [saved](Self::save), of as many streams of the same layers.
    ///
    /// # Errors
    /// Any [`StateError`] but that of a buffer. Nothing is changed then.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let mut reader = saved::read(bytes, Self::SAVED_LEN, Self::marks())?;
        self.at = core::array::from_fn(|_| reader.get(8));
        self.now.iter_mut().for_each(|state| state.fill(&mut reader));
        self.before.iter_mut().zip(&self.now).for_each(|(before, now)| before.copy_from(now));
        Ok(())
    }

    /// A piece follows.
    pub(super) fn advance(&mut self) {
        self.before.iter_mut().zip(&self.now).for_each(|(before, now)| before.copy_from(now));
        self.at = NOWHERE;
    }

    /// The magic bytes, and what the states must have in common with the network.
    fn marks() -> [u64; 2] {
        [u64::from_le_bytes(*b"nnstrms1"), saved::fingerprint::<N::Layers>("streams")]
    }

    /// Whether they are those that an epoch that is not complete has left.
    pub(super) fn are_of<T: Scalar>(&self, progress: &Progress<T>) -> bool {
        self.at == place(progress)
    }

    /// They are those of this moment.
    pub(super) fn are_now_of<T: Scalar>(&mut self, progress: &Progress<T>) {
        self.at = place(progress);
    }
}

const fn place<T>(progress: &Progress<T>) -> [u64; 3] {
    [progress.seed, progress.epoch as u64, progress.samples]
}

impl<N: Unrolls, const S: usize> Carried<N> for Streams<N::Stream, S> {
    const ARE: bool = true;

    fn put(&mut self, stream: usize, to: &mut StateOf<N>) -> bool {
        self.now.get(stream).is_some_and(|now| now.put(N::inner(to)))
    }

    fn take(&mut self, stream: usize, from: &mut StateOf<N>) {
        if let (Some(now), Some(before)) = (self.now.get_mut(stream), self.before.get(stream)) {
            now.take(N::inner(from));
            before.put(N::inner(from));
        }
    }
}

/// Its network, and how many there are.
impl<N: Stream, const S: usize> Debug for Streams<N, S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").field("network", &N::NAME).field("streams", &S).finish_non_exhaustive()
    }
}

impl<N: Stream, const S: usize> Default for Streams<N, S> {
    fn default() -> Self {
        Self::NEW
    }
}
