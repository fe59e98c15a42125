//! RMSprop, with momentum, centred, and both.

use super::DEFAULTS;
use super::declare::optimizer;
use crate::kernel::{Lanes, Rule, Scalar, nearest};
use crate::network::Trainable;

optimizer! {
    /// Divides each gradient by the root of the mean of its squares (Tieleman, Hinton 2012):
    /// `s = smoothing · s + (1 - smoothing) · g²`, `p -= learning_rate · g / (√s + epsilon)`. PyTorch's `RMSprop`.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Net = network!(f64; 1 => 1);
    ///
    /// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
    /// gradient.parameters_mut(|_, values| values.fill(100.0));
    /// RmsProp::new(0.01).step(&mut net, &mut gradient);
    /// net.parameters(|_, values| assert!((values[0] + 0.1).abs() < 1e-9)); // whatever the gradient's size
    /// ```
    #[doc(alias = "RMSprop")]
    RmsProp, "rmsprop";
    /// With that learning rate.
    new();
    numbers {
        /// How much of the old mean of squares is kept a step; 0.99. PyTorch's `alpha`.
        smoothing: below_one = nearest(DEFAULTS.smoothing),
            with_smoothing "With another share of the old mean of squares than 0.99.";
        /// Added to the root of the mean square; 1e-8, and at least 1e-30.
        epsilon: not_tiny = nearest(DEFAULTS.epsilon), with_epsilon "With another epsilon than 1e-8.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    keeps 1: square;
}

impl<N: Trainable> RmsProp<N> {
    fn rule(&self, decay: N::Number) -> Scale<N::Number> {
        Scale::new(self.learning_rate, self.smoothing, self.epsilon, decay)
    }
}

optimizer! {
    /// [`RmsProp`] whose steps are those of momentum: `v = momentum · v + g / (√s + epsilon)`, `p -= learning_rate · v`. PyTorch's
    /// `RMSprop(momentum=…)`.
    RmsPropMomentum, "rmsprop momentum";
    /// With that learning rate and momentum.
    new(momentum);
    numbers {
        /// The share of the last step that is kept, 0 to below 1.
        momentum: below_one = momentum;
        /// How much of the old mean of squares is kept a step; 0.99. PyTorch's `alpha`.
        smoothing: below_one = nearest(DEFAULTS.smoothing),
            with_smoothing "With another share of the old mean of squares than 0.99.";
        /// Added to the root of the mean square; 1e-8, and at least 1e-30.
        epsilon: not_tiny = nearest(DEFAULTS.epsilon), with_epsilon "With another epsilon than 1e-8.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    keeps 2: square, velocity;
}

impl<N: Trainable> RmsPropMomentum<N> {
    fn rule(&self, decay: N::Number) -> Rolling<N::Number> {
        Rolling { scale: Scale::new(self.learning_rate, self.smoothing, self.epsilon, decay), momentum: self.momentum }
    }
}

optimizer! {
    /// [`RmsProp`] that divides by the root of the variance (Graves 2013): `m = smoothing · m + (1 - smoothing) · g`,
    /// `p -= learning_rate · g / (√(s - m²) + epsilon)`. PyTorch's `RMSprop(centered=True)`.
    ///
    /// A variance that rounds to less than zero is zero, where PyTorch's parameters become NaN.
    CenteredRmsProp, "centered rmsprop";
    /// With that learning rate.
    new();
    numbers {
        /// How much of the old means is kept a step; 0.99. PyTorch's `alpha`.
        smoothing: below_one = nearest(DEFAULTS.smoothing),
            with_smoothing "With another share of the old means than 0.99.";
        /// Added to the root of the variance; 1e-8, and at least 1e-30.
        epsilon: not_tiny = nearest(DEFAULTS.epsilon), with_epsilon "With another epsilon than 1e-8.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    keeps 2: square, mean;
}

impl<N: Trainable> CenteredRmsProp<N> {
    fn rule(&self, decay: N::Number) -> Centered<N::Number> {
        Centered(Scale::new(self.learning_rate, self.smoothing, self.epsilon, decay))
    }
}

optimizer! {
    /// [`CenteredRmsProp`] whose steps are those of momentum. PyTorch's `RMSprop(centered=True, momentum=…)`.
    CenteredRmsPropMomentum, "centered rmsprop momentum";
    /// With that learning rate and momentum.
    new(momentum);
    numbers {
        /// The share of the last step that is kept, 0 to below 1.
        momentum: below_one = momentum;
        /// How much of the old means is kept a step; 0.99. PyTorch's `alpha`.
        smoothing: below_one = nearest(DEFAULTS.smoothing),
            with_smoothing "With another share of the old means than 0.99.";
        /// Added to the root of the variance; 1e-8, and at least 1e-30.
        epsilon: not_tiny = nearest(DEFAULTS.epsilon), with_epsilon "With another epsilon than 1e-8.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    keeps 3: square, mean, velocity;
}

impl<N: Trainable> CenteredRmsPropMomentum<N> {
    fn rule(&self, decay: N::Number) -> CenteredRolling<N::Number> {
        CenteredRolling {
            scale: Scale::new(self.learning_rate, self.smoothing, self.epsilon, decay),
            momentum: self.momentum,
        }
    }
}

/// The rule of [`RmsProp`].
#[derive(Clone, Copy)]
struct Scale<T> {
    rate: T,
    keep: T,
    add: T,
    epsilon: T,
    decay: T,
}

impl<T: Scalar> Scale<T> {
    fn new(rate: T, keep: T, epsilon: T, decay: T) -> Self {
        Self { rate, keep, add: T::ONE - keep, epsilon, decay }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slope<V: Lanes<T>>(self, p: V, g: V) -> V {
        g + V::splat(self.decay) * p
    }

    /// A mean that follows numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn follow<V: Lanes<T>>(self, mean: V, number: V) -> V {
        V::splat(self.keep) * mean + V::splat(self.add) * number
    }

    /// What a gradient is divided by.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn root<V: Lanes<T>>(self, square: V) -> V {
        square.sqrt() + V::splat(self.epsilon)
    }

    /// The same by the variance.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn deviation<V: Lanes<T>>(self, square: V, mean: V) -> V {
        self.root(V::splat(T::ZERO).max(square - mean * mean))
    }
}

impl<T: Scalar> Rule<T, 3> for Scale<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, s]: [V; 3]) -> [V; 3] {
        let slope = self.slope(p, g);
        let s = self.follow(s, slope * slope);
        [p - V::splat(self.rate) * slope / self.root(s), g, s]
    }
}

/// The rule of [`RmsPropMomentum`].
#[derive(Clone, Copy)]
struct Rolling<T> {
    scale: Scale<T>,
    momentum: T,
}

impl<T: Scalar> Rule<T, 4> for Rolling<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, s, v]: [V; 4]) -> [V; 4] {
        let Self { scale, momentum } = self;
        let slope = scale.slope(p, g);
        let s = scale.follow(s, slope * slope);
        let v = V::splat(momentum) * v + slope / scale.root(s);
        [p - V::splat(scale.rate) * v, g, s, v]
    }
}

/// The rule of [`CenteredRmsProp`].
#[derive(Clone, Copy)]
struct Centered<T>(Scale<T>);

impl<T: Scalar> Rule<T, 4> for Centered<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, s, m]: [V; 4]) -> [V; 4] {
        let Self(scale) = self;
        let slope = scale.slope(p, g);
        let (s, m) = (scale.follow(s, slope * slope), scale.follow(m, slope));
        [p - V::splat(scale.rate) * slope / scale.deviation(s, m), g, s, m]
    }
}

/// The rule of [`CenteredRmsPropMomentum`].
#[derive(Clone, Copy)]
struct CenteredRolling<T> {
    scale: Scale<T>,
    momentum: T,
}

impl<T: Scalar> Rule<T, 5> for CenteredRolling<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, s, m, v]: [V; 5]) -> [V; 5] {
        let Self { scale, momentum } = self;
        let slope = scale.slope(p, g);
        let (s, m) = (scale.follow(s, slope * slope), scale.follow(m, slope));
        let v = V::splat(momentum) * v + slope / scale.deviation(s, m);
        [p - V::splat(scale.rate) * v, g, s, m, v]
    }
}
