//! A buffer of what was experienced.

use super::Dataset;
use rand_core::Rng;

/// The last `CAPACITY` things that were put in, of which some are drawn at random: the replay buffer of reinforcement learning (Lin 1992).
///
/// It is a plain value of fixed size, for a `static` or a box. One of samples `(input, target)` is a [`Dataset`].
///
/// ```
/// use nn_core::dataset::{Dataset, Replay};
/// use nn_core::prelude::*;
///
/// let mut replay = Replay::<([f32; 2], usize), 3>::new(([0.0; 2], 0));
/// for step in 0..5 {
///     replay.push(([step as f32; 2], step));
/// }
/// assert_eq!((replay.len(), replay.target(0)), (3, Some(3))); // of five the last three, in no order
/// let mut rng = ChaCha8Rng::seed_from_u64(1);
/// let drawn: [usize; 2] = replay.sample(&mut rng).expect("something was put in").map(|(_, step)| step);
/// assert!(drawn.iter().all(|step| *step >= 2));
/// ```
#[derive(Clone, Debug)]
pub struct Replay<S, const CAPACITY: usize> {
    samples: [S; CAPACITY],
    /// How many were ever put in.
    pushed: usize,
}

impl<S: Copy, const CAPACITY: usize> Replay<S, CAPACITY> {
    /// Nothing yet; the places are filled with `blank`.
    pub const fn new(blank: S) -> Self {
        Self { samples: [blank; CAPACITY], pushed: 0 }
    }

    /// Puts something in, in the place of the oldest if there is no room.
    pub fn push(&mut self, sample: S) {
        if let Some(place) = self.samples.get_mut(self.pushed % CAPACITY.max(1)) {
            *place = sample;
        }
        // What counts is the place, and whether all are taken.
        self.pushed = if self.pushed + 1 < 2 * CAPACITY { self.pushed + 1 } else { CAPACITY };
    }

    /// Everything in it, in no order.
    pub fn all(&self) -> &[S] {
        self.samples.get(..self.pushed).unwrap_or(&self.samples)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all().len()
    }

    /// Whether nothing was put in.
    pub fn is_empty(&self) -> bool {
        self.pushed == 0
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.pushed = 0;
    }

    /// So many at random, each as probable, perhaps twice; none if nothing was put in.
    pub fn sample<const COUNT: usize>(&self, rng: &mut impl Rng) -> Option<[S; COUNT]> {
        let all = self.all();
        let mut drawn = [*all.first()?; COUNT];
        for place in &mut drawn {
            // The upper half of the product is uniform in 0..len, up to len / 2^64.
            let index = (u128::from(rng.next_u64()) * all.len() as u128) >> 64;
            *place = *all.get(index as usize)?;
        }
        Some(drawn)
    }
}

impl<I: Copy, T: Copy, const CAPACITY: usize> Dataset for Replay<(I, T), CAPACITY> {
    type Input = I;
    type Target = T;
    fn len(&self) -> usize {
        self.all().len()
    }
    fn input(&self, index: usize, into: &mut I) -> Option<()> {
        *into = self.all().get(index)?.0;
        Some(())
    }
    fn target(&self, index: usize) -> Option<T> {
        Some(self.all().get(index)?.1)
    }
}
