//! 1,797 handwritten digits of 8x8 pixels (UCI, scikit-learn).

use nn_core::dataset::{Dataset, from_fn};

static BYTES: &[u8] = include_bytes!("../data/digits.u8");

/// A digit as it lies in the file: 64 pixels from 0 to 16, row by row, and the label.
pub type Image = [u8; 65];

fn images() -> &'static [Image] {
    BYTES.as_chunks().0
}

/// The images for training.
pub fn train() -> Vec<&'static Image> {
    select(false)
}

/// The images for testing.
pub fn test() -> Vec<&'static Image> {
    select(true)
}

fn select(test: bool) -> Vec<&'static Image> {
    images().iter().enumerate().filter(|(row, _)| super::is_test(*row) == test).map(|(_, image)| image).collect()
}

/// The pixels of an image, 0 to 1.
pub fn pixels(image: &Image) -> [f32; 64] {
    core::array::from_fn(|pixel| f32::from(image[pixel]) / 16.0)
}

/// The digit that an image shows.
pub fn label(image: &Image) -> usize {
    image[64].into()
}

/// Images as a data set that reads the pixels from the file when they are asked for.
pub fn dataset<'a>(images: &'a [&'static Image]) -> impl Dataset<Input = [f32; 64], Target = usize> + 'a {
    from_fn(images.len(), |index, into| *into = pixels(images[index]), |index| label(images[index]))
}
