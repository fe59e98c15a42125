//! Adagrad, and Adadelta.

use super::declare::optimizer;
use crate::kernel::{Lanes, Rule, Scalar, nearest};
use crate::network::Trainable;

optimizer! {
    /// Divides each gradient by the root of the sum of all its squares (Duchi, Hazan, Singer 2011): `s += g²`,
    /// `p -= learning_rate · g / (√s + epsilon)`. PyTorch's `Adagrad`, whose `lr_decay` is a [`Schedule`](super::Schedule) here.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// use nn_core::optimizer::Adagrad;
    /// type Net = network!(f64; 1 => 1);
    ///
    /// let (mut net, mut gradient, mut optimizer) = (Net::ZERO, Net::ZERO, Adagrad::new(0.01));
    /// gradient.parameters_mut(|_, values| values.fill(100.0));
    /// (0..4).for_each(|_| optimizer.step(&mut net, &mut gradient));
    /// let sum = 0.01 * (1.0 + 1.0 / 2_f64.sqrt() + 1.0 / 3_f64.sqrt() + 1.0 / 2.0);
    /// net.parameters(|_, values| assert!((values[0] + sum).abs() < 1e-9));
    /// ```
    Adagrad, "adagrad";
    /// With that learning rate.
    new();
    numbers {
        /// Added to the root of the sum of squares; 1e-10, and at least 1e-30.
        epsilon: not_tiny = nearest(1e-10), with_epsilon "With another epsilon than 1e-10.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    keeps 1: squares;
}

impl<N: Trainable> Adagrad<N> {
    fn rule(&self, decay: N::Number) -> Sum<N::Number> {
        Sum { rate: self.learning_rate, epsilon: self.epsilon, decay }
    }
}

/// The rule of [`Adagrad`].
#[derive(Clone, Copy)]
struct Sum<T> {
    rate: T,
    epsilon: T,
    decay: T,
}

impl<T: Scalar> Rule<T, 3> for Sum<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, s]: [V; 3]) -> [V; 3] {
        let slope = g + V::splat(self.decay) * p;
        let s = s + slope * slope;
        [p - V::splat(self.rate) * slope / (s.sqrt() + V::splat(self.epsilon)), g, s]
    }
}

optimizer! {
    /// Multiplies each gradient by the root of the mean square of the steps so far, over that of the gradients (Zeiler 2012):
    /// `s = smoothing · s + (1 - smoothing) · g²`, `step = √(d + epsilon) / √(s + epsilon) · g`,
    /// `d = smoothing · d + (1 - smoothing) · step²`, `p -= learning_rate · step`. PyTorch's `Adadelta`, whose learning rate is 1 by default.
    Adadelta, "adadelta";
    /// With that learning rate, which is 1 in the paper.
    new();
    numbers {
        /// How much of the old mean squares is kept a step; 0.9. PyTorch's `rho`.
        smoothing: below_one = nearest(0.9), with_smoothing "With another share of the old mean squares than 0.9.";
        /// Added to both mean squares; 1e-6, and at least 1e-30.
        epsilon: not_tiny = nearest(1e-6), with_epsilon "With another epsilon than 1e-6.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    keeps 2: square, step;
}

impl<N: Trainable> Adadelta<N> {
    fn rule(&self, decay: N::Number) -> Ratio<N::Number> {
        let Self { learning_rate: rate, smoothing: keep, epsilon, .. } = *self;
        Ratio { rate, keep, add: N::Number::ONE - keep, epsilon, decay }
    }
}

/// The rule of [`Adadelta`].
#[derive(Clone, Copy)]
struct Ratio<T> {
    rate: T,
    keep: T,
    add: T,
    epsilon: T,
    decay: T,
}

impl<T: Scalar> Rule<T, 4> for Ratio<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, s, d]: [V; 4]) -> [V; 4] {
        let [keep, add, epsilon] = [self.keep, self.add, self.epsilon].map(V::splat);
        let slope = g + V::splat(self.decay) * p;
        let s = keep * s + add * (slope * slope);
        let step = (d + epsilon).sqrt() / (s + epsilon).sqrt() * slope;
        [p - V::splat(self.rate) * step, g, s, keep * d + add * (step * step)]
    }
}
