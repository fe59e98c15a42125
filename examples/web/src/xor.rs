//! A network that learns the exclusive or.

use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use rand_xoshiro::Xoshiro128PlusPlus;

network! {
    /// Predicts the exclusive or of two inputs.
    pub struct Xor: 2 => 8 relu => 4 sigmoid => 1;
}

/// The width and height of a map.
pub const SIDE: usize = 48;
/// What the network says all over the plane, 0 to 255.
pub type Map = [u8; SIDE * SIDE];
/// The map shows both inputs from `-MARGIN` to `1 + MARGIN`.
const MARGIN: f32 = 0.25;

const DATA: [([f32; 2], [f32; 1]); 4] =
    [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];

/// A network, and what its training needs.
pub struct Learner {
    net: Xor,
    adam: Adam<Xor>,
    memory: Training<Xor, 4>,
}

impl Learner {
    /// An untrained network; its first weights follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut new = Self { net: Xor::ZERO, adam: Adam::new(0.02), memory: Training::ZERO };
        new.net.init(&mut Xoshiro128PlusPlus::seed_from_u64(seed));
        new
    }

    /// Makes so many steps with all four samples, and returns their loss before the last one.
    pub fn train(&mut self, steps: u32) -> Result<f32, TrainError> {
        let mut trainer = Trainer::new(&mut self.memory, &mut self.adam, BinaryCrossEntropyWithLogits);
        let mut loss = f32::NAN;
        for _ in 0..steps {
            loss = trainer.step(&mut self.net, &DATA, &[0, 1, 2, 3])?;
        }
        Ok(loss)
    }

    /// How probable it is that the answer is one.
    pub fn predict(&self, input: [f32; 2]) -> f32 {
        let [log_odds] = self.net.forward(&input);
        log_odds.sigmoid()
    }

    /// Draws the map: the first input to the right, the second upwards.
    pub fn draw(&self, map: &mut Map) {
        let input = |place: usize| (place as f32 + 0.5) / SIDE as f32 * (1.0 + 2.0 * MARGIN) - MARGIN;
        for (row, line) in map.as_chunks_mut::<SIDE>().0.iter_mut().rev().enumerate() {
            for (column, value) in line.iter_mut().enumerate() {
                *value = (255.0 * self.predict([input(column), input(row)])) as u8;
            }
        }
    }
}
