//! A network that reads digits, and its values for the last one.

use nn_core::prelude::*;

network! {
    /// Reads digits of 8x8 pixels. The file's network ends in logits; `softmax` makes them probabilities.
    #[weights("../../tests/models/digits_mlp.safetensors")]
    pub struct Digits: 64 => 32 relu => 10 softmax;
}

/// The values of the network, from its input to its output.
pub struct Reader {
    /// The input, 0 to 1.
    pub pixels: [f32; 64],
    /// The hidden nodes, after their ReLU.
    pub hidden: [f32; 32],
    /// The output: how probable each digit is.
    pub probabilities: [f32; 10],
}

impl Reader {
    pub const NEW: Self = Self { pixels: [0.0; 64], hidden: [0.0; 32], probabilities: [0.0; 10] };

    /// Computes the other values from the pixels, and returns the most probable digit.
    pub fn read(&mut self) -> usize {
        let Self { pixels, hidden, probabilities } = self;
        *probabilities = Digits::TRAINED.activations(pixels, |layer, values| {
            if layer.label == "relu" {
                hidden.iter_mut().zip(values).for_each(|(to, from)| *to = *from);
            }
        });
        let most = |best: (usize, f32), (digit, p): (usize, &f32)| if *p > best.1 { (digit, *p) } else { best };
        probabilities.iter().enumerate().fold((0, 0.0), most).0
    }
}
