//! Samples of a [`Sequence`](crate::train::Sequence), out of recordings.

use super::Dataset;
use crate::error::TrainError;
use crate::kernel::Scalar;
use core::marker::PhantomData;

/// A recording in pieces of `STEPS` steps; made by [`pieces`].
#[derive(Clone, Copy, Debug)]
pub struct Pieces<'a, I, T, W, const STEPS: usize> {
    inputs: &'a [I],
    targets: &'a [T],
    of: PhantomData<W>,
}

/// A recording, an input and a target a step, in pieces of so many steps as the sequence that is trained has. All steps count; what
/// fills up the last piece does not. Nothing is copied.
///
/// Trained [in order](crate::train::Trainer::in_order), a piece goes on from the state that the one before it left.
///
/// # Errors
/// [`TrainError::Lengths`] if there are not as many targets as inputs.
///
/// ```
/// use nn_core::dataset::pieces;
/// use nn_core::loss::Steps;
/// use nn_core::prelude::*;
/// use nn_core::train::{Sequence, Streams};
/// network! { struct Mean: stream 1 => gru(4) => 1; }
///
/// // The mean of what was heard so far, in which the last sample counts for a fifth.
/// let sound: [[f32; 1]; 100] = core::array::from_fn(|step| [(step * step % 7) as f32 / 7.0]);
/// let mut heard = 0.0;
/// let means = sound.map(|[sample]| {
///     heard += (sample - heard) / 5.0;
///     [heard]
/// });
///
/// let mut net = Mean::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(8));
/// let (mut memory, mut adam) = (Training::<Sequence<Mean, 8>, 1>::ZERO, Adam::new(0.02));
/// let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
/// let mut streams = Streams::<Mean>::NEW; // one
/// let data = pieces(&sound, &means)?; // twelve of eight steps, and one of four
/// let loss = trainer.fit_in_order(Sequence::on(&mut net), &data, &mut streams, 50, |_| Continue(()))?;
/// assert!(loss < 0.001, "{loss}");
/// # Ok::<(), TrainError>(())
/// ```
pub const fn pieces<'a, I, T, W, const STEPS: usize>(
    inputs: &'a [I],
    targets: &'a [T],
) -> Result<Pieces<'a, I, T, W, STEPS>, TrainError> {
    let (expected, found) = (inputs.len(), targets.len());
    if expected == found {
        Ok(Pieces { inputs, targets, of: PhantomData })
    } else {
        Err(TrainError::Lengths { expected, found })
    }
}

impl<I: Clone, T: Clone, W: Scalar, const STEPS: usize> Dataset for Pieces<'_, I, T, W, STEPS> {
    type Input = [I; STEPS];
    type Target = [(T, W); STEPS];
    fn len(&self) -> usize {
        if STEPS > 0 { self.inputs.len().div_ceil(STEPS) } else { 0 }
    }
    fn input(&self, index: usize, into: &mut [I; STEPS]) -> Option<()> {
        fill(self.inputs.get(index.checked_mul(STEPS)?..)?, into)
    }
    fn target(&self, index: usize) -> Option<[(T, W); STEPS]> {
        weighted(self.targets.get(index.checked_mul(STEPS)?..)?)
    }
}

/// Sequences of different lengths with a target for each step; made by [`many_to_many`].
#[derive(Clone, Copy, Debug)]
pub struct ManyToMany<'a, X, Y, I, T, W, const STEPS: usize> {
    rows: &'a [(X, Y)],
    of: PhantomData<(I, T, W)>,
}

/// Sequences of one step or more, up to as many as the sequence that is trained has, with a target for each step: vectors or slices.
/// What fills up one that is shorter does not count. Nothing is copied.
///
/// # Errors
/// [`TrainError::Steps`] for a sequence without steps or with too many, and [`TrainError::Lengths`] for one that has not as many targets
/// as inputs.
///
/// ```
/// use nn_core::dataset::{Dataset, many_to_many};
///
/// let rows = [(vec![[0.5], [0.25]], vec![[1.0], [2.0]]), (vec![[0.75]], vec![[3.0]])];
/// let data = many_to_many::<_, _, _, _, f32, 3>(&rows)?;
/// assert_eq!(data.target(0), Some([([1.0], 1.0), ([2.0], 1.0), ([2.0], 0.0)]));
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
pub fn many_to_many<X: AsRef<[I]>, Y: AsRef<[T]>, I, T, W, const STEPS: usize>(
    rows: &[(X, Y)],
) -> Result<ManyToMany<'_, X, Y, I, T, W, STEPS>, TrainError> {
    for (index, (x, y)) in rows.iter().enumerate() {
        let (expected, found) = (x.as_ref().len(), y.as_ref().len());
        if expected != found {
            return Err(TrainError::Lengths { expected, found });
        }
        fits::<STEPS>(index, expected)?;
    }
    Ok(ManyToMany { rows, of: PhantomData })
}

impl<X: AsRef<[I]>, Y: AsRef<[T]>, I: Clone, T: Clone, W: Scalar, const STEPS: usize> Dataset
    for ManyToMany<'_, X, Y, I, T, W, STEPS>
{
    type Input = [I; STEPS];
    type Target = [(T, W); STEPS];
    fn len(&self) -> usize {
        self.rows.len()
    }
    fn input(&self, index: usize, into: &mut [I; STEPS]) -> Option<()> {
        fill(self.rows.get(index)?.0.as_ref(), into)
    }
    fn target(&self, index: usize) -> Option<[(T, W); STEPS]> {
        weighted(self.rows.get(index)?.1.as_ref())
    }
}

/// Sequences of different lengths with one target; made by [`many_to_one`].
#[derive(Clone, Copy, Debug)]
pub struct ManyToOne<'a, X, I, T, W, const STEPS: usize> {
    rows: &'a [(X, T)],
    of: PhantomData<(I, W)>,
}

/// Sequences of one step or more, up to as many as the sequence that is trained has, each with one target: that of its last step, which
/// alone counts. Nothing is copied.
///
/// # Errors
/// [`TrainError::Steps`] for a sequence without steps or with too many.
///
/// ```
/// use nn_core::dataset::many_to_one;
/// use nn_core::loss::Steps;
/// use nn_core::prelude::*;
/// use nn_core::train::Sequence;
/// network! { struct Which: stream 1 => gru(4) => 2; }
///
/// // Does it rise or fall?
/// let rows = [(vec![[0.1], [0.3]], 0), (vec![[0.9], [0.6], [0.2]], 1), (vec![[0.2], [0.4], [0.8]], 0), (vec![[0.7], [0.1]], 1)];
/// let data = many_to_one(&rows)?;
///
/// let mut net = Which::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1));
/// let (mut memory, mut adam) = (Training::<Sequence<Which, 3>, 4>::ZERO, Adam::new(0.05));
/// let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(CrossEntropy));
/// let loss = trainer.fit(Sequence::on(&mut net), &data, &mut [0; 4], 100, |_| Continue(()))?;
/// assert!(loss < 0.01, "{loss}");
/// # Ok::<(), TrainError>(())
/// ```
pub fn many_to_one<X: AsRef<[I]>, I, T, W, const STEPS: usize>(
    rows: &[(X, T)],
) -> Result<ManyToOne<'_, X, I, T, W, STEPS>, TrainError> {
    rows.iter().enumerate().try_for_each(|(index, (x, _))| fits::<STEPS>(index, x.as_ref().len()))?;
    Ok(ManyToOne { rows, of: PhantomData })
}

impl<X: AsRef<[I]>, I: Clone, T: Clone, W: Scalar, const STEPS: usize> Dataset for ManyToOne<'_, X, I, T, W, STEPS> {
    type Input = [I; STEPS];
    type Target = [(T, W); STEPS];
    fn len(&self) -> usize {
        self.rows.len()
    }
    fn input(&self, index: usize, into: &mut [I; STEPS]) -> Option<()> {
        fill(self.rows.get(index)?.0.as_ref(), into)
    }
    fn target(&self, index: usize) -> Option<[(T, W); STEPS]> {
        let (x, target) = self.rows.get(index)?;
        let len = x.as_ref().len();
        Some(core::array::from_fn(|step| (target.clone(), if step + 1 == len { W::ONE } else { W::ZERO })))
    }
}

fn fits<const STEPS: usize>(index: usize, found: usize) -> Result<(), TrainError> {
    if (1..=STEPS).contains(&found) { Ok(()) } else { Err(TrainError::Steps { index, expected: STEPS, found }) }
}

/// The first steps, and what fills them up: the last, again and again.
fn fill<I: Clone, const STEPS: usize>(steps: &[I], into: &mut [I; STEPS]) -> Option<()> {
    let last = steps.last()?;
    into.iter_mut().enumerate().for_each(|(step, into)| into.clone_from(steps.get(step).unwrap_or(last)));
    Some(())
}

/// The targets of the first steps, each of which counts, and of what fills them up, which does not.
fn weighted<T: Clone, W: Scalar, const STEPS: usize>(steps: &[T]) -> Option<[(T, W); STEPS]> {
    let last = steps.last()?;
    Some(core::array::from_fn(|step| match steps.get(step) {
        Some(target) => (target.clone(), W::ONE),
        None => (last.clone(), W::ZERO),
    }))
}
