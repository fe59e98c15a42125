//! Adam, and AdamW.

use super::declare::optimizer;
use super::{DEFAULTS, Decay};
use crate::kernel::{Lanes, Rule, Scalar, nearest};
use crate::network::Trainable;

optimizer! {
    /// Adam (Kingma, Ba 2015), with PyTorch's formula. Its weight decay is added to the gradient.
    ///
    /// The state is two networks: the means of the gradient and of its square.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Net = network!(f64; 1 => 1);
    ///
    /// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
    /// gradient.parameters_mut(|_, values| values.fill(100.0));
    /// Adam::new(0.01).step(&mut net, &mut gradient);
    /// net.parameters(|_, values| assert!((values[0] + 0.01).abs() < 1e-9)); // whatever the gradient's size
    /// ```
    Adam, "adam";
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

impl<N: Trainable> Adam<N> {
    fn rule(&self, decay: N::Number) -> Moments<N::Number> {
        Moments::new(self.learning_rate, self.betas, self.epsilon, self.steps).adding(decay)
    }
}

optimizer! {
    /// Adam with decoupled weight decay (Loshchilov, Hutter 2019): a step first shrinks the weights by
    /// `1 - learning_rate · weight_decay`. PyTorch's `AdamW`.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Net = network!(f64; 1 => 1);
    ///
    /// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
    /// net.parameters_mut(|_, values| values.fill(1.0));
    /// AdamW::new(0.1).step(&mut net, &mut gradient);
    /// net.parameters(|kind, values| assert_eq!(values, [if kind == Kind::Weight { 0.999 } else { 1.0 }]));
    /// ```
    AdamW, "adamw";
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
    /// With another weight decay than 0.01.
    decay = Some(Decay { amount: nearest(DEFAULTS.weight_decay), step: Self::decaying_step });
    counts steps;
    keeps 2: mean, square;
}

impl<N: Trainable> AdamW<N> {
    fn rule(&self, decay: N::Number) -> Moments<N::Number> {
        Moments::new(self.learning_rate, self.betas, self.epsilon, self.steps).shrinking(self.learning_rate, decay)
    }
}

/// The rule of both, for one step.
#[derive(Clone, Copy)]
pub(super) struct Moments<T> {
    rate: T,
    keep: [T; 2],
    add: [T; 2],
    epsilon: T,
    decay: T,
    shrink: T,
}

impl<T: Scalar> Moments<T> {
    /// Both sides of the paper's fraction are multiplied by the root of the second correction, so that there is one division.
    pub(super) fn new(learning_rate: T, betas: [T; 2], epsilon: T, steps: u64) -> Self {
        let [correction1, correction2] = betas.map(|beta| correction(beta, steps));
        let root = correction2.sqrt();
        Self {
            rate: learning_rate * root / correction1,
            keep: betas,
            add: betas.map(|beta| T::ONE - beta),
            epsilon: epsilon * root,
            decay: T::ZERO,
            shrink: T::ONE,
        }
    }

    /// With a decay that is added to the gradient.
    pub(super) fn adding(self, decay: T) -> Self {
        Self { decay, ..self }
    }

    /// With a decay that shrinks the weights by themselves.
    pub(super) fn shrinking(self, learning_rate: T, decay: T) -> Self {
        Self { shrink: T::ONE - learning_rate * decay, ..self }
    }

    /// The parameter that has shrunk, and the two means.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn means<V: Lanes<T>>(self, [p, g, m, s]: [V; 4]) -> [V; 3] {
        let p = V::splat(self.shrink) * p;
        let slope = g + V::splat(self.decay) * p;
        let m = V::splat(self.keep[0]) * m + V::splat(self.add[0]) * slope;
        [p, m, V::splat(self.keep[1]) * s + V::splat(self.add[1]) * (slope * slope)]
    }

    /// The parameter after a step by these means.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn moved<V: Lanes<T>>(self, [p, m, s]: [V; 3]) -> V {
        p - V::splat(self.rate) * m / (s.sqrt() + V::splat(self.epsilon))
    }
}

impl<T: Scalar> Rule<T, 4> for Moments<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, m, s]: [V; 4]) -> [V; 4] {
        let [p, m, s] = self.means([p, g, m, s]);
        [self.moved([p, m, s]), g, m, s]
    }
}

/// By how much a mean that began at zero is too small after so many steps: `1 - beta^steps`.
pub(super) fn correction<T: Scalar>(beta: T, steps: u64) -> T {
    // The power is at most `exp(-40)` then, which 1 does not feel, and is slow to compute where it is subnormal.
    let is_over = T::from_u64(steps) * (T::ONE - beta) > T::from_f64(40.0);
    if is_over { T::ONE } else { T::ONE - beta.power(steps) }
}
