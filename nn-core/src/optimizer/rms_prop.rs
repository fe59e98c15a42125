//! RMSprop.

use super::{DEFAULTS, Decay, Optimizer, State, made, update, update_decaying};
use crate::kernel::{Lanes, Rule, Scalar, nearest};
use crate::network::Trainable;
use crate::number::Number;
use crate::setting::Setting;

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
#[derive(Clone, Debug)]
pub struct RmsProp<N: Trainable> {
    /// The length of a step.
    pub learning_rate: N::Number,
    /// How much of the old mean of squares is kept a step; 0.99. PyTorch's `alpha`.
    pub smoothing: N::Number,
    /// Added to the root of the mean square; 1e-8, and at least 1e-30.
    pub epsilon: N::Number,
    decay: Option<Decay<N, Self>>,
    square: [N; 1],
}

impl<N: Trainable> RmsProp<N> {
    made! {
        /// With that learning rate.
        new(learning_rate) {
            learning_rate: learning_rate,
            smoothing: nearest(DEFAULTS.smoothing),
            epsilon: nearest(DEFAULTS.epsilon),
            decay: None
        } zeros { square: [N::ZERO] }
    }

    /// With another share of the old mean of squares than 0.99.
    pub fn with_smoothing(self, smoothing: N::Number) -> Self {
        Self { smoothing, ..self }
    }

    /// With another epsilon than 1e-8.
    pub fn with_epsilon(self, epsilon: N::Number) -> Self {
        Self { epsilon, ..self }
    }

    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    pub fn with_weight_decay(mut self, amount: N::Number) -> Self {
        self.decay = Some(Decay { amount, step: Self::decaying_step });
        self
    }

    fn rule(&self, decay: N::Number) -> Scale<N::Number> {
        let Self { learning_rate: rate, smoothing: keep, epsilon, .. } = *self;
        Scale { rate, keep, add: N::Number::ONE - keep, epsilon, decay }
    }

    fn decaying_step(&mut self, network: &mut N, gradient: &mut N) {
        let rules = Decay::amounts(&self.decay).map(|decay| self.rule(decay));
        let [square] = &mut self.square;
        update_decaying([network, gradient, square], rules);
    }
}

impl<N: Trainable> Optimizer for RmsProp<N> {
    type Network = N;
    const NAME: &'static str = "rmsprop";
    const NETWORKS: usize = 1;

    #[inline]
    fn step(&mut self, network: &mut N, gradient: &mut N) {
        let rule = self.rule(N::Number::ZERO);
        let [square] = &mut self.square;
        match self.decay {
            None => update([network, gradient, square], rule),
            Some(decay) => (decay.step)(self, network, gradient),
        }
    }

    fn state(&mut self) -> State<'_, N> {
        State { learning_rate: &mut self.learning_rate, steps: None, networks: &mut self.square }
    }

    fn settings(&self) -> Result<(), Setting> {
        Setting::below_one("smoothing", self.smoothing)?;
        Setting::not_tiny("epsilon", self.epsilon)?;
        Decay::check(&self.decay)
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

impl<T: Scalar> Rule<T, 3> for Scale<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, s]: [V; 3]) -> [V; 3] {
        let slope = g + V::splat(self.decay) * p;
        let s = V::splat(self.keep) * s + V::splat(self.add) * (slope * slope);
        [p - V::splat(self.rate) * slope / (s.sqrt() + V::splat(self.epsilon)), g, s]
    }
}
