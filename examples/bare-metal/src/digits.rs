//! 1,797 handwritten digits of 8x8 pixels (UCI, scikit-learn), in flash. Every fifth is held out.

use nn_core::dataset::{Dataset, from_fn};

/// How many there are to learn from.
pub const TRAIN: usize = 1438;
/// How many are held out.
pub const TEST: usize = 359;

/// 64 pixels from 0 to 16, row by row, and the digit.
type Image = [u8; 65];

/// The data set.
pub static BYTES: &[u8; 1797 * 65] = include_bytes!("../../data/digits.u8");

/// The images to learn from.
pub fn train() -> impl Dataset<Input = [f32; 64], Target = usize> {
    images(TRAIN, |index| index / 4 * 5 + index % 4)
}

/// The images held out.
pub fn test() -> impl Dataset<Input = [f32; 64], Target = usize> {
    images(TEST, |index| index * 5 + 4)
}

fn images(count: usize, row: fn(usize) -> usize) -> impl Dataset<Input = [f32; 64], Target = usize> {
    let image = move |index| -> &Image { BYTES.as_chunks().0.get(row(index)).unwrap_or(&[0; 65]) };
    let pixels = move |index, into: &mut [f32; 64]| {
        for (x, pixel) in into.iter_mut().zip(image(index)) {
            *x = f32::from(*pixel) / 16.0;
        }
    };
    from_fn(count, pixels, move |index| image(index)[64].into())
}
