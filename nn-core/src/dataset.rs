//! Where samples come from.

mod replay;
mod sequences;
mod slices;

pub use replay::Replay;
pub use sequences::{ManyToMany, ManyToOne, Pieces, many_to_many, many_to_one, pieces};

use crate::error::TrainError;
use crate::number::storage::Plain;
use crate::random::{ChaCha8Rng, SeedableRng};
use crate::setting::Setting;
use rand_core::Rng;

/// Samples that can be asked for by their index.
///
/// Slices and arrays of `(input, target)` are data sets, with the feature `std` vectors too, two slices side by side by
/// [`pairs`], and whatever computes a sample when it is asked for by [`from_fn`]: bytes in flash, a sensor's ring buffer.
///
/// For a [`Sequence`](crate::train::Sequence) there are the [`pieces`] of a recording, and sequences of different lengths by
/// [`many_to_many`] and [`many_to_one`]. Slices, arrays and vectors of `([Input; STEPS], target, [bool; STEPS])` say before which
/// steps an episode begins.
///
/// One whose reading can fail implements the trait:
///
/// ```
/// use nn_core::dataset::Dataset;
/// use std::cell::RefCell;
/// use std::fs::File;
/// use std::io::{Read, Seek, SeekFrom};
///
/// /// Samples of four bytes, three inputs and a class, in a file of any size.
/// struct Samples {
///     file: RefCell<File>,
///     len: usize,
/// }
///
/// impl Samples {
///     fn read(&self, index: usize) -> Option<[u8; 4]> {
///         let (mut bytes, mut file) = ([0; 4], self.file.borrow_mut());
///         file.seek(SeekFrom::Start(4 * index as u64)).ok()?;
///         file.read_exact(&mut bytes).ok()?;
///         Some(bytes)
///     }
/// }
///
/// impl Dataset for Samples {
///     type Input = [f32; 3];
///     type Target = usize;
///     fn len(&self) -> usize {
///         self.len
///     }
///     fn input(&self, index: usize, into: &mut [f32; 3]) -> Option<()> {
///         let [a, b, c, _] = self.read(index)?;
///         *into = [a, b, c].map(|byte| f32::from(byte) / 255.0);
///         Some(())
///     }
///     fn target(&self, index: usize) -> Option<usize> {
///         Some(self.read(index)?[3].into())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a data set",
    label = "not a data set",
    note = "slices, arrays and (feature `std`) vectors of `(input, target)` are, and what `dataset::pairs` and `dataset::from_fn` give"
)]
pub trait Dataset {
    /// What the network is given.
    type Input;
    /// What its output is compared with.
    type Target;
    /// How many samples there are.
    fn len(&self) -> usize;
    /// Writes the input of a sample, or gives `None` if there is no such sample, or reading it failed.
    #[must_use]
    fn input(&self, index: usize, into: &mut Self::Input) -> Option<()>;
    /// The target of a sample, or `None` if there is no such sample, or reading it failed.
    fn target(&self, index: usize) -> Option<Self::Target>;
    /// Whether an episode begins before this step of a sample that is a piece of a stream: what came before is forgotten, and no
    /// gradient goes back to it. None does in what is not asked; the first step of a stream that begins needs no mark.
    fn begins(&self, _index: usize, _step: usize) -> bool {
        false
    }
    /// Whether there is no sample at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A [`Dataset`] of these inputs and targets: those of a network and its loss.
#[diagnostic::on_unimplemented(
    message = "expected samples of `({Input}, {Target})`, found `{Self}`",
    label = "expected samples of `({Input}, {Target})`"
)]
pub trait Samples<Input, Target>: Dataset<Input = Input, Target = Target> {}

#[diagnostic::do_not_recommend]
impl<D: Dataset<Input = Input, Target = Target> + ?Sized, Input, Target> Samples<Input, Target> for D {}

/// A data set of two slices; made by [`pairs`].
#[derive(Debug)]
pub struct Pairs<'a, I, T> {
    inputs: &'a [I],
    targets: &'a [T],
}

/// The data set whose inputs lie in one slice and whose targets in another. Nothing is copied.
///
/// # Errors
/// [`TrainError::Lengths`] if one is longer than the other.
///
/// ```
/// use nn_core::dataset::{Dataset, pairs};
///
/// let data = pairs(&[[0.0, 1.0], [1.0, 1.0]], &[1, 0])?;
/// assert_eq!((data.len(), data.target(1)), (2, Some(0)));
/// assert!(pairs(&[[0.0]; 3], &[1, 0]).is_err());
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
pub const fn pairs<'a, I, T>(inputs: &'a [I], targets: &'a [T]) -> Result<Pairs<'a, I, T>, TrainError> {
    let (expected, found) = (inputs.len(), targets.len());
    if expected == found { Ok(Pairs { inputs, targets }) } else { Err(TrainError::Lengths { expected, found }) }
}

impl<I, T> Clone for Pairs<'_, I, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, T> Copy for Pairs<'_, I, T> {}

impl<I: Clone, T: Clone> Dataset for Pairs<'_, I, T> {
    type Input = I;
    type Target = T;
    #[inline]
    fn len(&self) -> usize {
        self.inputs.len()
    }
    #[inline]
    fn input(&self, index: usize, into: &mut I) -> Option<()> {
        into.clone_from(self.inputs.get(index)?);
        Some(())
    }
    #[inline]
    fn target(&self, index: usize) -> Option<T> {
        self.targets.get(index).cloned()
    }
}

/// A data set of two functions; made by [`from_fn`].
#[derive(Clone, Copy, Debug)]
pub struct FromFn<F, G, I> {
    len: usize,
    input: F,
    target: G,
    of: core::marker::PhantomData<fn(&mut I)>,
}

/// `len` samples, computed when they are asked for: `input(index, &mut into)` and `target(index)`.
///
/// ```
/// use nn_core::dataset::{Dataset, from_fn};
///
/// // Eight bytes an image, the last one its label, straight from flash.
/// static IMAGES: [[u8; 9]; 2] = [[0, 16, 0, 16, 0, 16, 0, 16, 1], [16; 9]];
/// let data = from_fn(
///     IMAGES.len(),
///     |index, pixels: &mut [f32; 8]| {
///         for (pixel, byte) in pixels.iter_mut().zip(IMAGES[index]) {
///             *pixel = f32::from(byte) / 16.0;
///         }
///     },
///     |index| usize::from(IMAGES[index][8]),
/// );
/// assert_eq!(data.target(0), Some(1));
/// assert_eq!(data.target(2), None);
/// ```
pub fn from_fn<F, G, I, T>(len: usize, input: F, target: G) -> FromFn<F, G, I>
where
    F: Fn(usize, &mut I),
    G: Fn(usize) -> T,
{
    FromFn { len, input, target, of: core::marker::PhantomData }
}

impl<F: Fn(usize, &mut I), G: Fn(usize) -> T, I, T> Dataset for FromFn<F, G, I> {
    type Input = I;
    type Target = T;
    #[inline]
    fn len(&self) -> usize {
        self.len
    }
    #[inline]
    fn input(&self, index: usize, into: &mut I) -> Option<()> {
        (index < self.len).then(|| (self.input)(index, into))
    }
    #[inline]
    fn target(&self, index: usize) -> Option<T> {
        (index < self.len).then(|| (self.target)(index))
    }
}

/// The samples of a data set whose indices are in a list; a data set itself.
#[derive(Debug)]
pub struct Subset<'a, D: ?Sized> {
    data: &'a D,
    indices: &'a [usize],
}

impl<'a, D: Dataset + ?Sized> Subset<'a, D> {
    /// The samples with these indices.
    ///
    /// # Errors
    /// [`TrainError::NoSample`] if an index is out of range.
    pub fn new(data: &'a D, indices: &'a [usize]) -> Result<Self, TrainError> {
        match indices.iter().find(|index| **index >= data.len()) {
            Some(index) => Err(TrainError::NoSample { index: *index }),
            None => Ok(Self { data, indices }),
        }
    }
}

impl<D: ?Sized> Clone for Subset<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: ?Sized> Copy for Subset<'_, D> {}

impl<D: Dataset + ?Sized> Dataset for Subset<'_, D> {
    type Input = D::Input;
    type Target = D::Target;
    fn len(&self) -> usize {
        self.indices.len()
    }
    fn input(&self, index: usize, into: &mut D::Input) -> Option<()> {
        self.data.input(*self.indices.get(index)?, into)
    }
    fn target(&self, index: usize) -> Option<D::Target> {
        self.data.target(*self.indices.get(index)?)
    }
    fn begins(&self, index: usize, step: usize) -> bool {
        self.indices.get(index).is_some_and(|index| self.data.begins(*index, step))
    }
}

/// Splits a data set at random: the share `validation` of it for validation, the rest for training. Nothing is copied; the
/// indices go into `indices`, which must be as long as the data set.
///
/// # Errors
/// [`TrainError::OrderLength`] if `indices` is not as long as the data set, [`TrainError::Setting`] if the share is not above
/// 0 and below 1, and [`TrainError::EmptyPart`] if either part would have no sample.
///
/// ```
/// use nn_core::dataset::{Dataset, split};
///
/// let data = [([0.0], [0.0]), ([1.0], [2.0]), ([2.0], [4.0]), ([3.0], [6.0]), ([4.0], [8.0])];
/// let mut indices = [0; 5];
/// let (train, validation) = split(&data, &mut indices, 0.2, 1)?;
/// assert_eq!((train.len(), validation.len()), (4, 1));
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
pub fn split<'a, D: Dataset + ?Sized>(
    data: &'a D,
    indices: &'a mut [usize],
    validation: f64,
    seed: u64,
) -> Result<(Subset<'a, D>, Subset<'a, D>), TrainError> {
    let (expected, found) = (data.len(), indices.len());
    if expected != found {
        return Err(TrainError::OrderLength { expected, found });
    }
    if !(validation > 0.0 && validation < 1.0) {
        return Err(Setting { name: "validation", expected: "above 0 and below 1" }.into());
    }
    let validation = libm::round(validation * expected as f64) as usize;
    let training = expected - validation.min(expected);
    if training == 0 || validation == 0 {
        return Err(TrainError::EmptyPart { training, validation });
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    // Not the stream that the same seed gives first weights from.
    rng.set_stream(u64::MAX);
    shuffle(indices, || rng.next_u64());
    let (train, validation) = indices.split_at(training);
    Ok((Subset { data, indices: train }, Subset { data, indices: validation }))
}

/// The numbers `0..order.len()` in random order (Fisher, Yates; Durstenfeld 1964).
pub(crate) fn shuffle(order: &mut [usize], mut random: impl FnMut() -> u64) {
    for (index, place) in order.iter_mut().enumerate() {
        *place = index;
    }
    let mut left = order;
    while let [first @ .., last] = left
        && !first.is_empty()
    {
        // The upper half of the product is uniform in 0..left, up to left / 2^64.
        let other = (u128::from(random()) * (first.len() as u128 + 1)) >> 64;
        if let Some(other) = first.get_mut(other as usize) {
            core::mem::swap(other, last);
        }
        left = first;
    }
}

/// Calls `see` with every sample.
pub(crate) fn each<T, I: Plain<T>, D: Dataset<Input = I> + ?Sized>(
    data: &D,
    mut see: impl FnMut(usize, &I, D::Target) -> Result<(), TrainError>,
) -> Result<(), TrainError> {
    if data.is_empty() {
        return Err(TrainError::EmptyDataset);
    }
    let mut input = I::ZEROED;
    for index in 0..data.len() {
        let no_sample = TrainError::NoSample { index };
        data.input(index, &mut input).ok_or(no_sample)?;
        see(index, &input, data.target(index).ok_or(no_sample)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::shuffle;
    use crate::random::{ChaCha8Rng, Rng, SeedableRng};

    #[test]
    #[cfg_attr(miri, ignore = "too many numbers for Miri")]
    fn a_shuffle_is_a_permutation_and_every_one_is_as_likely() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut counts = [[0; 4]; 4];
        for _ in 0..4_000 {
            let mut order = [9; 4];
            shuffle(&mut order, || rng.next_u64());
            order.iter().enumerate().for_each(|(place, index)| counts[place][*index] += 1);
            order.sort_unstable();
            assert_eq!(order, [0, 1, 2, 3]);
        }
        // Each index at each place a quarter of the time: 1,000 with a deviation of 27.
        assert!(counts.as_flattened().iter().all(|count| (860..1_140).contains(count)), "{counts:?}");
    }
}
