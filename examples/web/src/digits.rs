//! A network that reads digits, and its values for the last one.

use crate::pixels::Image;
use nn_core::prelude::*;

network! {
    /// Reads digits. The file's network ends in logits; `softmax` makes them probabilities.
    #[weights("../../tests/models/mnist_cnn_moved.safetensors")]
    pub struct Digits: 1x28x28 => conv(8, 3) relu => max_pool(2) => conv(16, 3) relu => max_pool(2) => flatten => 10 softmax;
}

/// How many filters the first convolution has.
const FILTERS: usize = 8;

/// The values of the network, from its input to its output.
pub struct Reader {
    /// The input, 0 to 1.
    pub pixels: Image,
    /// What the first filters find at 13x13 places, after ReLU and pool: at each place, all of them.
    pub found: [[f32; FILTERS]; 13 * 13],
    /// The output: how probable each digit is.
    pub probabilities: [f32; 10],
}

impl Reader {
    pub const NEW: Self =
        Self { pixels: [0.0; Digits::IN], found: [[0.0; FILTERS]; 13 * 13], probabilities: [0.0; 10] };

    /// Computes the other values from the pixels, and returns the most probable digit.
    pub fn read(&mut self) -> usize {
        let Self { pixels, found, probabilities } = self;
        let found = found.as_flattened_mut();
        *probabilities = Digits::TRAINED.activations(pixels, |_, values| {
            // The first pool alone has so many values.
            if values.len() == found.len() {
                found.copy_from_slice(values);
            }
        });
        let most = |best: (usize, f32), (digit, p): (usize, &f32)| if *p > best.1 { (digit, *p) } else { best };
        probabilities.iter().enumerate().fold((0, 0.0), most).0
    }
}
