//! A piece of a stream as a sample.

use crate::network::{Learns, Network, StateOf, Stateless, Stream, Trainable};
use crate::number::arena::No;
use crate::number::storage::newtype::newtype;
use crate::number::storage::storage;
use crate::number::storage::zeros::Zeros;
use crate::part::learn::Learn;
use crate::part::run::{Part, zero};
use crate::part::unrolled::Unrolled;
use crate::text::Text;

/// A stream over `STEPS` frames, trained as any network: by back-propagation through time. Its samples are pieces of recordings,
/// `[Input; STEPS]`, each a stream that begins, or that goes on from the piece before if they are trained
/// [in order](super::Trainer::in_order); its loss is one of [`Steps`](crate::loss::Steps). Samples `(input, target, [bool; STEPS])` say
/// before which steps an episode begins. Pieces of one recording and sequences of different lengths are data sets by
/// [`pieces`](crate::dataset::pieces), [`many_to_one`](crate::dataset::many_to_one) and
/// [`many_to_many`](crate::dataset::many_to_many).
///
/// It is the same network: [`on`](Self::on) makes one where a stream lies, so that afterwards the stream goes on step by step.
///
/// Pieces are computed one by one, whatever the batch is: `Training::<_, 1>` is enough, with
/// [`with_batches_of`](super::Trainer::with_batches_of), and gives the same bits as memory for more of them.
///
/// ```
/// use nn_core::loss::Steps;
/// use nn_core::prelude::*;
/// use nn_core::train::Sequence;
/// network! { struct Echo: stream 1 => gru(6) => 1; }
///
/// // What was heard two steps before.
/// let data: Vec<_> = (0..40).map(|piece| {
///     let sound: [f32; 8] = core::array::from_fn(|step| ((piece * 7 + step * 5) % 9) as f32 / 9.0);
///     let target = core::array::from_fn(|step| ([sound[step.saturating_sub(2)]], (step >= 2) as u8 as f32));
///     (sound.map(|sample| [sample]), target)
/// }).collect();
///
/// let mut net = Echo::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(3));
/// let mut memory = Training::<Sequence<Echo, 8>, 8>::ZERO;
/// let mut adam = Adam::new(0.02);
/// let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
/// let loss = trainer.fit(Sequence::on(&mut net), &data[..], &mut [0; 40], 60, |_| Continue(()))?;
/// assert!(loss < 0.02, "{loss}");
///
/// let mut state = net.start();
/// let heard = [0.2, 0.7, 0.1].map(|sample| net.step(&[sample], &mut state)[0]);
/// assert!((heard[2] - 0.2).abs() < 0.3);
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[repr(transparent)]
pub struct Sequence<N: Stream, const STEPS: usize>(Unrolled<N, STEPS>);

newtype! { [N, const STEPS: usize] Unrolled<N, STEPS>: N, around }
newtype! { [N: Stream, const STEPS: usize] Sequence<N, STEPS>: Unrolled<N, STEPS>, around }

impl<N: Stream, const STEPS: usize> Sequence<N, STEPS> {
    /// A stream where it lies, to be trained.
    pub fn on(network: &mut N) -> &mut Self {
        const { some_steps(STEPS) };
        Self::around(Unrolled::around(network))
    }
}

/// A compile error if a sequence has no steps. Where the number is a parameter, only a build knows it.
#[track_caller]
const fn some_steps(steps: usize) {
    if steps == 0 {
        Text::EMPTY.and("0 steps: a sequence must have at least one").fail();
    }
}

storage! { [N: Stream + Part, const STEPS: usize] Sequence<N, STEPS> as N::T = { 0: Unrolled::<N, STEPS>::NUMBERS } }
crate::__delegate_part!(through, [N: Stream + Part, const STEPS: usize] Sequence<N, STEPS> => Unrolled<N, STEPS>, Self::COMPOSED);
crate::__delegate_learn!([N: Stream + Learn, const STEPS: usize] Sequence<N, STEPS> => Unrolled<N, STEPS>);

impl<N: Stream + Part<T = <N as Network>::Number>, const STEPS: usize> Network for Sequence<N, STEPS> {
    type Number = <N as Network>::Number;
    type Element = N::Element;
    type Input = [N::Input; STEPS];
    type Output = [N::Output; STEPS];
    type Planes = No;
    type Layers = Unrolled<N, STEPS>;
    const NAME: &'static str = N::NAME;
    const ZERO: Self = {
        some_steps(STEPS);
        Self(zero())
    };
    /// It is the stream and nothing else, as `newtype!` asks.
    const ZEROS: Option<Zeros<Self>> = Zeros::known(N::ZEROS.is_some());

    #[inline]
    fn layers(&self) -> &Self::Layers {
        &self.0
    }
    #[inline]
    fn layers_mut(&mut self) -> &mut Self::Layers {
        &mut self.0
    }
}

#[diagnostic::do_not_recommend]
impl<N: Stream + Part<T = <N as Network>::Number>, const STEPS: usize> Stateless for Sequence<N, STEPS> {}
#[diagnostic::do_not_recommend]
impl<N: Stream + Learns + Learn<T = <N as Network>::Number>, const STEPS: usize> Learns for Sequence<N, STEPS> {}

/// A network that is a stream unrolled through time, a [`Sequence`]: between its pieces states can be carried.
#[diagnostic::on_unimplemented(
    message = "expected a `Sequence` of a stream, found `{Self}`",
    label = "no stream unrolled through time",
    note = "states are carried between the pieces of a stream: `trainer.in_order(Sequence::on(&mut net), …)`"
)]
pub trait Unrolls: Trainable {
    /// The stream.
    type Stream: Stream;
    /// The state in that of a piece.
    #[doc(hidden)]
    fn inner(piece: &mut StateOf<Self>) -> &mut StateOf<Self::Stream>;
}

#[diagnostic::do_not_recommend]
impl<N, const STEPS: usize> Unrolls for Sequence<N, STEPS>
where
    N: Stream + Learns + Learn<T = <N as Network>::Number, State = StateOf<N>>,
{
    type Stream = N;
    fn inner(piece: &mut StateOf<Self>) -> &mut StateOf<N> {
        &mut piece.state
    }
}
