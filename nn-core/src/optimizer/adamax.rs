//! Adamax, and NAdam.

use super::DEFAULTS;
use super::adam::correction;
use super::declare::optimizer;
use crate::kernel::{Lanes, Rule, Scalar, nearest};
use crate::network::Trainable;

optimizer! {
    /// [`Adam`](super::Adam) that divides by the largest gradient, of which it forgets a little a step (Kingma, Ba 2015, section 7.1):
    /// `u = max(beta2 · u, |g| + epsilon)`. PyTorch's `Adamax`.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// use nn_core::optimizer::Adamax;
    /// type Net = network!(f64; 1 => 1);
    ///
    /// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
    /// gradient.parameters_mut(|_, values| values.fill(100.0));
    /// Adamax::new(0.01).step(&mut net, &mut gradient);
    /// net.parameters(|_, values| assert!((values[0] + 0.01).abs() < 1e-9));
    /// ```
    Adamax, "adamax";
    /// With that learning rate and the defaults of the paper.
    new();
    numbers {
        /// Added to the magnitude of the gradient; 1e-8, and at least 1e-30.
        epsilon: not_tiny = nearest(DEFAULTS.epsilon), with_epsilon "With another epsilon than 1e-8.";
    }
    shares {
        /// How much of the old mean of the gradient and of its largest magnitude is kept a step; 0.9 and 0.999.
        betas = DEFAULTS.betas(), with_betas "With other shares of the old mean and largest magnitude than 0.9 and 0.999.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    counts steps;
    keeps 2: mean, largest;
}

impl<N: Trainable> Adamax<N> {
    fn rule(&self, decay: N::Number) -> Magnitude<N::Number> {
        let Self { betas: keep, epsilon, .. } = *self;
        let rate = self.learning_rate / correction(keep[0], self.steps);
        Magnitude { rate, keep, add: N::Number::ONE - keep[0], epsilon, decay }
    }
}

/// The rule of [`Adamax`].
#[derive(Clone, Copy)]
struct Magnitude<T> {
    rate: T,
    keep: [T; 2],
    add: T,
    epsilon: T,
    decay: T,
}

impl<T: Scalar> Rule<T, 4> for Magnitude<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, m, u]: [V; 4]) -> [V; 4] {
        let slope = g + V::splat(self.decay) * p;
        let m = V::splat(self.keep[0]) * m + V::splat(self.add) * slope;
        let u = (V::splat(self.keep[1]) * u).max(slope.abs() + V::splat(self.epsilon));
        [p - V::splat(self.rate) * m / u, g, m, u]
    }
}

optimizer! {
    /// [`Adam`](super::Adam) with Nesterov's momentum (Dozat 2016), which begins at half of itself: that of step `t` is
    /// `beta1 · (1 - 0.96^(0.004 · t) / 2)`. PyTorch's `NAdam` with its `momentum_decay` of 0.004.
    NAdam, "nadam";
    /// With that learning rate and the defaults of the paper.
    new();
    numbers {
        /// Added to the root of the mean square; 1e-8, and at least 1e-30.
        epsilon: not_tiny = nearest(DEFAULTS.epsilon), with_epsilon "With another epsilon than 1e-8.";
    }
    shares {
        /// How much of the old means of gradient and square is kept a step; 0.9 and 0.999.
        betas = DEFAULTS.betas(), with_betas "With other shares of the old means of gradient and square than 0.9 and 0.999.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    counts steps;
    keeps 2: mean, square;
}

/// `0.96^0.004`, by which the part of the momentum that is missing shrinks a step.
const WARMING: f64 = 0.999_836_725_352_675_3;

impl<N: Trainable> NAdam<N> {
    fn rule(&self, decay: N::Number) -> Ahead<N::Number> {
        let Self { betas: keep, epsilon, steps, .. } = *self;
        let half = N::Number::from_f64(0.5);
        let warming = N::Number::from_f64(WARMING);
        let momentum = |missing| keep[0] * (N::Number::ONE - half * missing);
        // Each of the first momenta is less than 0.51, so that of more than these the product is nothing that 1 would feel.
        let mut product = N::Number::ONE;
        let mut missing = N::Number::ONE;
        for _ in 0..steps.min(64) {
            missing *= warming;
            product *= momentum(missing);
        }
        let missing = warming.power(steps);
        let [now, next] = [momentum(missing), momentum(missing * warming)];
        let root = correction(keep[1], steps).sqrt();
        let rate = self.learning_rate * root;
        Ahead {
            rates: [
                rate * (N::Number::ONE - now) / (N::Number::ONE - product),
                rate * next / (N::Number::ONE - product * next),
            ],
            keep,
            add: keep.map(|keep| N::Number::ONE - keep),
            epsilon: epsilon * root,
            decay,
        }
    }
}

/// The rule of [`NAdam`]. As in Adam, both sides of its fractions are multiplied by the root of the correction.
#[derive(Clone, Copy)]
struct Ahead<T> {
    /// Of the gradient, and of its mean.
    rates: [T; 2],
    keep: [T; 2],
    add: [T; 2],
    epsilon: T,
    decay: T,
}

impl<T: Scalar> Rule<T, 4> for Ahead<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, m, s]: [V; 4]) -> [V; 4] {
        let slope = g + V::splat(self.decay) * p;
        let m = V::splat(self.keep[0]) * m + V::splat(self.add[0]) * slope;
        let s = V::splat(self.keep[1]) * s + V::splat(self.add[1]) * (slope * slope);
        let step = V::splat(self.rates[0]) * slope + V::splat(self.rates[1]) * m;
        [p - step / (s.sqrt() + V::splat(self.epsilon)), g, m, s]
    }
}
