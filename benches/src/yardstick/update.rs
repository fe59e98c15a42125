//! The optimisers: what is done with the gradient of a block while it is still in registers.

use super::simd::{Block, Simd};

/// An optimiser.
pub trait Update: Copy {
    /// What it keeps for each block of parameters.
    type Slot: Copy + 'static;

    fn new(rate: f32) -> Self;

    /// Begins a step.
    fn begin(&mut self) {}

    fn update<S: Simd>(&self, s: S, w: &mut Block, slot: &mut Self::Slot, g: S::V);
}

/// `w -= rate * g`.
#[derive(Clone, Copy)]
pub struct Sgd {
    rate: f32,
}

impl Update for Sgd {
    type Slot = ();

    fn new(rate: f32) -> Self {
        Self { rate }
    }

    #[inline(always)]
    fn update<S: Simd>(&self, s: S, w: &mut Block, (): &mut (), g: S::V) {
        s.store(s.fnma(s.splat(self.rate), g, s.load(w)), w);
    }
}

/// Adam, with the constants of the paper. Both sides of its fraction are multiplied by the root of the second correction.
#[derive(Clone, Copy)]
pub struct Adam {
    rate: f32,
    beta_powers: [f64; 2],
    step: f32,
    epsilon: f32,
}

impl Update for Adam {
    type Slot = [Block; 2];

    fn new(rate: f32) -> Self {
        Self { rate, beta_powers: [1.0; 2], step: 0.0, epsilon: 0.0 }
    }

    fn begin(&mut self) {
        self.beta_powers = [self.beta_powers[0] * 0.9, self.beta_powers[1] * 0.999];
        let [correction1, correction2] = self.beta_powers.map(|power| 1.0 - power);
        self.step = (f64::from(self.rate) * correction2.sqrt() / correction1) as f32;
        self.epsilon = (1e-8 * correction2.sqrt()) as f32;
    }

    #[inline(always)]
    fn update<S: Simd>(&self, s: S, w: &mut Block, [mean, square]: &mut [Block; 2], g: S::V) {
        let m = s.fma(s.splat(0.9), s.load(mean), s.mul(s.splat(0.1), g));
        let v = s.fma(s.splat(0.999), s.load(square), s.mul(s.mul(s.splat(0.001), g), g));
        s.store(m, mean);
        s.store(v, square);
        let length = s.div(s.mul(s.splat(self.step), m), s.add(s.sqrt(v), s.splat(self.epsilon)));
        s.store(s.sub(s.load(w), length), w);
    }
}
