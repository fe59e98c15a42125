//! Lion.

use super::declare::optimizer;
use crate::kernel::{Lanes, Rule, Scalar, nearest};
use crate::network::Trainable;

optimizer! {
    /// A step of fixed length against the sign of a mean of the gradient (Chen et al. 2023, algorithm 2):
    /// `p -= learning_rate · sign(beta1 · m + (1 - beta1) · g)`, `m = beta2 · m + (1 - beta2) · g`. It keeps half of what
    /// [`AdamW`](super::AdamW) does, and wants a learning rate three to ten times smaller. Where the mean is zero, a parameter stays.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// use nn_core::optimizer::Lion;
    /// type Net = network!(1 => 1);
    ///
    /// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
    /// gradient.parameters_mut(|_, values| values.fill(100.0));
    /// Lion::new(0.25).step(&mut net, &mut gradient);
    /// net.parameters(|_, values| assert_eq!(values, [-0.25])); // whatever the gradient's size
    /// ```
    Lion, "lion";
    /// With that learning rate and the defaults of the paper.
    new();
    shares {
        /// How much of the old mean counts in a step, and is kept after it; 0.9 and 0.99.
        betas = [nearest(0.9), nearest(0.99)], with_betas "With other shares of the old mean than 0.9 and 0.99.";
    }
    /// With decoupled weight decay, as in the paper: a step first shrinks the weights by `1 - learning_rate · amount`.
    decay = None;
    keeps 1: mean;
}

impl<N: Trainable> Lion<N> {
    fn rule(&self, decay: N::Number) -> Sign<N::Number> {
        let Self { learning_rate: rate, betas: keep, .. } = *self;
        Sign { rate, keep, add: keep.map(|keep| N::Number::ONE - keep), shrink: N::Number::ONE - rate * decay }
    }
}

/// The rule of [`Lion`].
#[derive(Clone, Copy)]
struct Sign<T> {
    rate: T,
    keep: [T; 2],
    add: [T; 2],
    shrink: T,
}

impl<T: Scalar> Rule<T, 3> for Sign<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, m]: [V; 3]) -> [V; 3] {
        let mean = |keep, add| V::splat(keep) * m + V::splat(add) * g;
        let (ahead, kept) = (mean(self.keep[0], self.add[0]), mean(self.keep[1], self.add[1]));
        let rate = V::splat(self.rate);
        let step = ahead.if_positive(rate, (-ahead).if_positive(-rate, V::splat(T::ZERO)));
        [V::splat(self.shrink) * p - step, g, kept]
    }
}
