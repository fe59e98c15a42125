//! Streams: networks that remember from one frame to the next.

use super::infer::{infer_frames, infer_step};
use super::{Arena, Network, StateError, Unequal, check_ends};
use crate::number::Number;
use crate::number::arena::{Flag, copy};
use crate::number::size::sum;
use crate::number::storage::{Plain, numbers, numbers_mut};
use crate::part::memory::{Cut, Fill, Look, Memory};
use crate::part::run::Part;
use crate::saved;

/// A network that remembers: one that is declared as `stream`.
///
/// A function that is generic over it asks for it:
///
/// ```
/// use nn_core::prelude::*;
///
/// network! { pub struct Amp: stream 1 => lstm(8) => 1; }
///
/// fn silence<N: Stream<Input = [f32; 1], Output = [f32; 1]>>(net: &N) -> f32 {
///     net.step(&[0.0], &mut net.start())[0]
/// }
/// assert_eq!(silence(&Amp::ZERO), 0.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "expected a stream, found `{Self}`",
    label = "not declared as `stream …`",
    note = "a network that remembers nothing runs by `forward`; a function that is generic over the network asks for `N: Stream`"
)]
pub trait Stream: Network {}

/// A network that remembers nothing from one sample to the next: every one that is not declared as `stream`.
///
/// A function that is generic over it asks for it, if it runs the network and does not train it:
///
/// ```
/// use nn_core::prelude::*;
///
/// fn first<N: Stateless<Input = [f32; 2], Output = [f32; 1]>>(net: &N) -> f32 {
///     net.forward(&[0.0, 1.0])[0]
/// }
/// # type Xor = network!(2 => 8 relu => 1);
/// # assert_eq!(first(&Xor::ZERO), 0.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "expected a network that remembers nothing, found `{Self}`",
    label = "may remember from one frame to the next",
    note = "a stream runs by `step` or `process` with a `State<{Self}>`, and is trained as `Sequence<{Self}, STEPS>`; \
            a function that is generic over the network asks for `N: Stateless`"
)]
pub trait Stateless: Network {}

/// What the parts of a network remember.
pub(crate) type StateOf<N> = <<N as Network>::Layers as Part>::State;

/// What a stream remembers. Each stream has its own, and the network, which may lie in flash, serves them all.
///
/// It may be large, so it is [made](Self::NEW) as a constant, [started again](Self::restart) where it lies, and
/// [copied](Self::copy_from) there.
///
/// A NaN or an infinity in a frame stays in what is remembered, and so in every later output that depends on it:
/// [`is_finite`](Self::is_finite) tells, and a restart mends it.
///
/// ```
/// use nn_core::prelude::*;
/// use std::sync::Mutex;
///
/// network! { pub struct Amp: stream 1 => lstm(8) => 1; }
/// static LEFT: Mutex<State<Amp>> = Mutex::new(State::NEW);
///
/// let mut net = Amp::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1));
/// let mut left = LEFT.lock().unwrap();
/// let first = net.step(&[0.5], &mut left);
/// assert_ne!(net.step(&[0.5], &mut left), first); // it remembers
///
/// left.restart(&net);
/// assert_eq!(net.step(&[0.5], &mut left), first);
/// assert_eq!(size_of::<State<Amp>>(), Amp::STATE);
///
/// // Blocks give the bits of their frames, with two buffers and in place.
/// let (mut sound, mut outputs) = ([[0.1], [0.3], [-0.2]], [[0.0]; 3]);
/// net.process(&sound, &mut outputs, &mut net.start())?;
/// net.process_in_place(&mut sound, &mut net.start());
/// assert_eq!(sound, outputs);
/// # Ok::<(), nn_core::network::Unequal>(())
/// ```
pub struct State<N: Stream> {
    kept: StateOf<N>,
    /// Whether it has what the network begins with, 1 if so; nothing where that is nothing.
    begun: Begun<N>,
}

/// A byte, or nothing.
type Begun<N> = <<<N as Network>::Layers as Part>::Starts as Flag>::Then<i8, i8>;

impl<N: Stream> State<N> {
    /// That of a stream whose first frame is still to come.
    pub const NEW: Self = Self { kept: Memory::NEW, begun: Plain::ZEROED };

    /// Bytes that [`save`](Self::save) writes: what is remembered, and 24 or 25 more.
    pub const SAVED_LEN: usize = saved::len(Self::BYTES);

    /// Forgets all: the next frame is the first of a stream.
    pub fn restart(&mut self, network: &N) {
        network.layers().begin(&mut self.kept);
        self.begun.values_mut().fill(1);
    }

    /// Remembers what another does, without passing through the stack.
    pub fn copy_from(&mut self, other: &Self) {
        self.kept.copy_from(&other.kept);
        copy(other.begun.values(), self.begun.values_mut());
    }

    /// Whether every number that is remembered is finite. If one is not, a frame or a parameter was not, or the network
    /// diverged.
    pub fn is_finite(&self) -> bool {
        let mut finite = Finite(true);
        self.kept.show(&mut finite);
        finite.0
    }

    /// Writes what is remembered as [`SAVED_LEN`](Self::SAVED_LEN) bytes, and returns how many they are, so that a program that
    /// starts again goes on with the stream.
    ///
    /// # Errors
    /// [`StateError::Buffer`] if there is not enough room.
    ///
    /// ```
    /// use nn_core::network::StateError;
    /// use nn_core::prelude::*;
    /// network! { pub struct Amp: stream 1 => lstm(8) => 1; }
    ///
    /// let mut net = Amp::ZERO;
    /// net.init(&mut ChaCha8Rng::seed_from_u64(1));
    /// let mut state = net.start();
    /// net.step(&[0.5], &mut state);
    /// let mut file = [0; State::<Amp>::SAVED_LEN];
    /// state.save(&mut file)?;
    ///
    /// let mut again = State::NEW;
    /// again.load(&file)?;
    /// assert_eq!(net.step(&[0.1], &mut again), net.step(&[0.1], &mut state));
    ///
    /// file[20] += 1;
    /// assert_eq!(again.load(&file), Err(StateError::Damaged));
    /// # Ok::<(), StateError>(())
    /// ```
    pub fn save(&self, bytes: &mut [u8]) -> Result<usize, StateError> {
        Ok(saved::write(bytes, Self::SAVED_LEN, marks::<N>(), |writer| self.show(writer))?)
    }

    /// Remembers what was [saved](Self::save) of a stream of the same layers.
    ///
    /// # Errors
    /// Any [`StateError`] but that of a buffer. What is remembered is not changed then.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        self.fill(&mut saved::read(bytes, Self::SAVED_LEN, marks::<N>())?);
        Ok(())
    }

    /// Forgets all, as one that is new.
    pub(crate) fn renew(&mut self) {
        self.kept.restart();
        self.begun.values_mut().fill(0);
    }

    /// Puts what is remembered where a piece is computed, and says whether it is that of a stream that has begun.
    pub(crate) fn put(&self, to: &mut StateOf<N>) -> bool {
        to.copy_from(&self.kept);
        self.begun.values() != [0]
    }

    /// Remembers what a piece has left.
    pub(crate) fn take(&mut self, from: &StateOf<N>) {
        self.kept.copy_from(from);
        self.begun.values_mut().fill(1);
    }

    /// Shows all to be saved.
    pub(crate) fn show(&self, to: &mut impl Look) {
        self.kept.show(to);
        to.numbers(self.begun.values());
    }

    /// Sets all that was saved.
    pub(crate) fn fill(&mut self, from: &mut impl Fill) {
        self.kept.fill(from);
        from.numbers(self.begun.values_mut());
    }

    /// The bytes that are saved.
    pub(crate) const BYTES: usize = sum(StateOf::<N>::BYTES, <Begun<N> as Plain<i8>>::LEN);

    /// What is remembered. Where a network begins with something of its own, a state that is new gets it now.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn of(&mut self, network: &N) -> &mut StateOf<N> {
        if self.begun.values() == [0] {
            self.restart(network);
        }
        &mut self.kept
    }
}

/// The size of a [`State`].
pub(super) const fn bytes<N: Network>() -> usize {
    if StateOf::<N>::BYTES > 0 { size_of::<(StateOf<N>, Begun<N>)>() } else { 0 }
}

/// The magic bytes, and what a state must have in common with the network.
fn marks<N: Stream>() -> [u64; 2] {
    [u64::from_le_bytes(*b"nnstate1"), saved::fingerprint::<N::Layers>("state")]
}

/// Its network, and whether what it remembers is finite.
impl<N: Stream> core::fmt::Debug for State<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("State").field("network", &N::NAME).field("is_finite", &self.is_finite()).finish_non_exhaustive()
    }
}

impl<N: Stream> Default for State<N> {
    fn default() -> Self {
        Self::NEW
    }
}

impl<N: Stream> Clone for State<N> {
    fn clone(&self) -> Self {
        let mut clone = Self::NEW;
        clone.copy_from(self);
        clone
    }

    fn clone_from(&mut self, other: &Self) {
        self.copy_from(other);
    }
}

/// Whether all numbers are finite.
struct Finite(bool);

impl Look for Finite {
    fn numbers<T: Number>(&mut self, numbers: &[T]) {
        self.0 = self.0 && numbers.iter().all(|number| number.is_finite());
    }
}

/// [`Network::forward`] of a piece of a stream in which episodes begin, if it is one.
pub(crate) fn forward_cut<N: Stateless>(network: &N, input: &N::Input, begins: impl Fn(usize) -> bool) -> N::Output {
    if const { size_of::<StateOf<N>>() == 0 } {
        return network.forward(input);
    }
    let (mut output, mut state) = (N::Output::ZEROED, <StateOf<N> as Memory>::NEW);
    state.cut(Cut { carried: false, goes_on: false, steps: usize::MAX, begins });
    check_ends::<N>();
    infer_step::<_, Arena<N>>(network, input, &mut output, &mut state);
    output
}

/// The next frame of a stream.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn step<N: Stream>(network: &N, frame: &N::Input, state: &mut State<N>) -> N::Output {
    check_ends::<N>();
    let mut output = N::Output::ZEROED;
    infer_step::<_, Arena<N>>(network, frame, &mut output, state.of(network));
    output
}

/// The next frames.
pub(super) fn process<N: Stream>(
    network: &N,
    frames: &[N::Input],
    outputs: &mut [N::Output],
    state: &mut State<N>,
) -> Result<(), Unequal> {
    if frames.len() != outputs.len() {
        return Err(Unequal { inputs: frames.len(), outputs: outputs.len() });
    }
    check_ends::<N>();
    infer_frames::<_, Arena<N>>(network, frames, outputs, state.of(network));
    Ok(())
}

/// The next frames, each of which its output takes the place of.
pub(super) fn process_in_place<N: Stream<Input = F, Output = F>, F: Plain<N::Number> + Plain<N::Element>>(
    network: &N,
    frames: &mut [F],
    state: &mut State<N>,
) {
    check_ends::<N>();
    let state = state.of(network);
    // Few frames at a time, unless they are small, as those of a sound are.
    if const { N::IN <= 4 } {
        copied::<N, F, 64>(network, frames, state);
    } else {
        copied::<N, F, 8>(network, frames, state);
    }
}

/// Frames that are copied so many at a time, since their outputs take their places.
fn copied<N: Stream<Input = F, Output = F>, F: Plain<N::Number> + Plain<N::Element>, const FRAMES: usize>(
    network: &N,
    frames: &mut [F],
    state: &mut StateOf<N>,
) {
    for frames in frames.chunks_mut(FRAMES) {
        let mut inputs = <[F; FRAMES] as Plain<N::Number>>::ZEROED;
        let inputs = inputs.get_mut(..frames.len()).unwrap_or_default();
        copy(numbers::<N::Number, _>(frames), numbers_mut(inputs));
        infer_frames::<_, Arena<N>>(network, inputs, frames, state);
    }
}
