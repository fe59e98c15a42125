//! Gradient descent, and its momentum.

use super::declare::{made, optimizer};
use super::{Decay, Optimizer, State, update, update_decaying};
use crate::kernel::{Lanes, Rule, Scalar};
use crate::network::Trainable;
use crate::number::Number;
use crate::setting::Setting;

/// Stochastic gradient descent: `p -= learning_rate · g`. It has no state. PyTorch's `SGD`.
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(1 => 1);
///
/// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
/// gradient.parameters_mut(|_, values| values.fill(1.0));
/// Sgd::new(0.5).step(&mut net, &mut gradient);
/// net.parameters(|_, values| assert_eq!(values, [-0.5]));
/// ```
#[doc(alias = "SGD")]
#[derive(Clone, Copy, Debug)]
pub struct Sgd<N: Trainable> {
    /// The length of a step.
    pub learning_rate: N::Number,
    decay: Option<Decay<N, Self>>,
}

impl<N: Trainable> Sgd<N> {
    /// With that learning rate.
    pub const fn new(learning_rate: N::Number) -> Self {
        Self { learning_rate, decay: None }
    }

    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Net = network!(1 => 1);
    ///
    /// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
    /// net.parameters_mut(|_, values| values.fill(1.0));
    /// Sgd::new(0.5).with_weight_decay(0.5).step(&mut net, &mut gradient);
    /// net.parameters(|kind, values| assert_eq!(values, [if kind == Kind::Weight { 0.75 } else { 1.0 }]));
    /// ```
    pub fn with_weight_decay(mut self, amount: N::Number) -> Self {
        self.decay = Some(Decay { amount, step: Self::decaying_step });
        self
    }

    fn rule(&self, decay: N::Number) -> Descend<N::Number> {
        Descend { rate: self.learning_rate, decay }
    }

    fn decaying_step(&mut self, network: &mut N, gradient: &mut N) {
        update_decaying([network, gradient], Decay::amounts(&self.decay).map(|decay| self.rule(decay)));
    }
}

impl<N: Trainable> Optimizer for Sgd<N> {
    type Network = N;
    const NAME: &'static str = "sgd";
    const NETWORKS: usize = 0;

    #[inline]
    fn step(&mut self, network: &mut N, gradient: &mut N) {
        match self.decay {
            None => update([network, gradient], self.rule(N::Number::ZERO)),
            Some(decay) => (decay.step)(self, network, gradient),
        }
    }

    fn state(&mut self) -> State<'_, N> {
        State { learning_rate: &mut self.learning_rate, steps: None, networks: &mut [] }
    }

    fn settings(&self) -> Result<(), Setting> {
        Decay::check(&self.decay)
    }
}

/// The rule of [`Sgd`].
#[derive(Clone, Copy)]
struct Descend<T> {
    rate: T,
    decay: T,
}

impl<T: Scalar> Rule<T, 2> for Descend<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g]: [V; 2]) -> [V; 2] {
        [p - V::splat(self.rate) * (g + V::splat(self.decay) * p), g]
    }
}

/// Gradient descent with momentum: `v = momentum · v + g`, `p -= learning_rate · v`. PyTorch's `SGD(momentum=…)`.
///
/// With Nesterov's momentum (Nesterov 1983; Sutskever et al. 2013) the step is `g + momentum · v` instead, as PyTorch's
/// `SGD(nesterov=True)`:
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(1 => 1);
///
/// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
/// gradient.parameters_mut(|_, values| values.fill(1.0));
/// Momentum::nesterov(0.5, 0.5).step(&mut net, &mut gradient);
/// net.parameters(|_, values| assert_eq!(values, [-0.75]));
/// ```
#[doc(alias = "Nesterov")]
#[derive(Clone, Debug)]
pub struct Momentum<N: Trainable> {
    /// The length of a step.
    pub learning_rate: N::Number,
    /// The share of the last step that is kept, 0 to below 1.
    pub momentum: N::Number,
    /// Whether the gradient is taken ahead of the step.
    pub nesterov: bool,
    decay: Option<Decay<N, Self>>,
    velocity: [N; 1],
}

impl<N: Trainable> Momentum<N> {
    made! {
        /// With that learning rate and momentum, at rest.
        new(learning_rate, momentum) {
            learning_rate: learning_rate,
            momentum: momentum,
            nesterov: false,
            decay: None
        } zeros { velocity: 1 }
    }

    /// With that learning rate and Nesterov's momentum, at rest.
    pub const fn nesterov(learning_rate: N::Number, momentum: N::Number) -> Self {
        Self { learning_rate, momentum, nesterov: true, decay: None, velocity: [N::ZERO] }
    }

    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    pub fn with_weight_decay(mut self, amount: N::Number) -> Self {
        self.decay = Some(Decay { amount, step: Self::decaying_step });
        self
    }

    fn rule(&self, decay: N::Number) -> Roll<N::Number> {
        Roll { rate: self.learning_rate, momentum: self.momentum, nesterov: self.nesterov, decay }
    }

    fn decaying_step(&mut self, network: &mut N, gradient: &mut N) {
        let rules = Decay::amounts(&self.decay).map(|decay| self.rule(decay));
        let [velocity] = &mut self.velocity;
        update_decaying([network, gradient, velocity], rules);
    }
}

impl<N: Trainable> Optimizer for Momentum<N> {
    type Network = N;
    const NAME: &'static str = "momentum";
    const NETWORKS: usize = 1;

    #[inline]
    fn step(&mut self, network: &mut N, gradient: &mut N) {
        let rule = self.rule(N::Number::ZERO);
        let [velocity] = &mut self.velocity;
        match self.decay {
            None => update([network, gradient, velocity], rule),
            Some(decay) => (decay.step)(self, network, gradient),
        }
    }

    fn state(&mut self) -> State<'_, N> {
        State { learning_rate: &mut self.learning_rate, steps: None, networks: &mut self.velocity }
    }

    fn settings(&self) -> Result<(), Setting> {
        Setting::below_one("momentum", self.momentum)?;
        Decay::check(&self.decay)
    }
}

/// The rule of [`Momentum`].
#[derive(Clone, Copy)]
struct Roll<T> {
    rate: T,
    momentum: T,
    nesterov: bool,
    decay: T,
}

impl<T: Scalar> Rule<T, 3> for Roll<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, v]: [V; 3]) -> [V; 3] {
        let momentum = V::splat(self.momentum);
        let slope = g + V::splat(self.decay) * p;
        let v = momentum * v + slope;
        let step = if self.nesterov { slope + momentum * v } else { v };
        [p - V::splat(self.rate) * step, g, v]
    }
}

optimizer! {
    /// [`Momentum`] whose gradients after the first one are multiplied by `1 - dampening`: `v = momentum · v + (1 - dampening) · g`. PyTorch's
    /// `SGD(momentum=…, dampening=…)`.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// use nn_core::optimizer::DampedMomentum;
    /// type Net = network!(1 => 1);
    ///
    /// let (mut net, mut gradient, mut optimizer) = (Net::ZERO, Net::ZERO, DampedMomentum::new(1.0, 0.5, 0.75));
    /// gradient.parameters_mut(|_, values| values.fill(1.0));
    /// optimizer.step(&mut net, &mut gradient);
    /// optimizer.step(&mut net, &mut gradient);
    /// net.parameters(|_, values| assert_eq!(values, [-1.0 - (0.5 + 0.25)]));
    /// ```
    DampedMomentum, "damped momentum";
    /// With that learning rate, momentum and dampening, at rest.
    new(momentum, dampening);
    numbers {
        /// The share of the last step that is kept, 0 to below 1.
        momentum: below_one = momentum;
        /// The share of a gradient that is left out, 0 to below 1.
        dampening: below_one = dampening;
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    counts steps;
    keeps 1: velocity;
}

impl<N: Trainable> DampedMomentum<N> {
    fn rule(&self, decay: N::Number) -> Damped<N::Number> {
        let share = if self.steps == 1 { N::Number::ONE } else { N::Number::ONE - self.dampening };
        Damped { rate: self.learning_rate, momentum: self.momentum, share, decay }
    }
}

/// The rule of [`DampedMomentum`].
#[derive(Clone, Copy)]
struct Damped<T> {
    rate: T,
    momentum: T,
    share: T,
    decay: T,
}

impl<T: Scalar> Rule<T, 3> for Damped<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, v]: [V; 3]) -> [V; 3] {
        let slope = g + V::splat(self.decay) * p;
        let v = V::splat(self.momentum) * v + V::splat(self.share) * slope;
        [p - V::splat(self.rate) * v, g, v]
    }
}
