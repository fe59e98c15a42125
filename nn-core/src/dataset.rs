//! Where samples come from.

/// Samples that can be asked for by their index.
///
/// Slices and arrays of `(input, target)` are data sets, and so is whatever computes a sample when it is asked for, by
/// [`from_fn`]: bytes in flash, a file, a sensor's ring buffer.
pub trait Dataset {
    /// What the network is given.
    type Input;
    /// What its output is compared with.
    type Target;
    /// How many samples there are.
    fn len(&self) -> usize;
    /// Writes the input of a sample, or gives `None` if there is no such sample.
    #[must_use]
    fn input(&self, index: usize, into: &mut Self::Input) -> Option<()>;
    /// The target of a sample, or `None` if there is no such sample.
    fn target(&self, index: usize) -> Option<Self::Target>;
    /// Whether there is no sample at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<I: Clone, T: Clone> Dataset for [(I, T)] {
    type Input = I;
    type Target = T;
    #[inline]
    fn len(&self) -> usize {
        <[(I, T)]>::len(self)
    }
    #[inline]
    fn input(&self, index: usize, into: &mut I) -> Option<()> {
        into.clone_from(&self.get(index)?.0);
        Some(())
    }
    #[inline]
    fn target(&self, index: usize) -> Option<T> {
        Some(self.get(index)?.1.clone())
    }
}

impl<I: Clone, T: Clone, const N: usize> Dataset for [(I, T); N] {
    type Input = I;
    type Target = T;
    #[inline]
    fn len(&self) -> usize {
        N
    }
    #[inline]
    fn input(&self, index: usize, into: &mut I) -> Option<()> {
        self.as_slice().input(index, into)
    }
    #[inline]
    fn target(&self, index: usize) -> Option<T> {
        self.as_slice().target(index)
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
