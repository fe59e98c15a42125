//! Optimisers: how a gradient changes the parameters.
//!
//! The state of an optimiser is as large as the network, or twice, and is part of its type: that of one network cannot
//! be used for another.

use crate::network::Network;
use crate::scalar::Scalar;

/// Changes the parameters of networks of one type.
///
/// One of your own walks over the parameters of a network, its gradient and its own state side by side, by
/// [`Network::zip`]:
///
/// ```
/// use nn_core::prelude::*;
///
/// /// A step of fixed length against the sign of each gradient.
/// struct SignDescent<N>(std::marker::PhantomData<N>);
///
/// impl<N: Network<Scalar = f32>> Optimizer for SignDescent<N> {
///     type Network = N;
///     fn step(&mut self, network: &mut N, gradient: &mut N) {
///         Network::zip([network, gradient], |_, [values, gradients]| {
///             for (value, gradient) in values.iter_mut().zip(gradients) {
///                 *value -= 0.01 * gradient.signum();
///             }
///         });
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not an optimizer", label = "not an optimizer")]
pub trait Optimizer {
    /// The networks that it is for.
    type Network: Network;
    /// One step along `gradient`, which is that of the loss to be made smaller.
    fn step(&mut self, network: &mut Self::Network, gradient: &mut Self::Network);
}

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
pub struct Sgd<N: Network> {
    /// The length of a step.
    pub learning_rate: N::Scalar,
}

impl<N: Network> Sgd<N> {
    /// With that learning rate.
    pub const fn new(learning_rate: N::Scalar) -> Self {
        Self { learning_rate }
    }
}

impl<N: Network> Optimizer for Sgd<N> {
    type Network = N;

    #[inline]
    fn step(&mut self, network: &mut N, gradient: &mut N) {
        let rate = self.learning_rate;
        Network::zip([network, gradient], |_, [p, g]| {
            for (p, g) in p.iter_mut().zip(g) {
                *p -= rate * *g;
            }
        });
    }
}

/// Gradient descent with momentum: `v = momentum · v + g`, `p -= learning_rate · v`. PyTorch's `SGD(momentum=…)`.
#[derive(Clone, Debug)]
pub struct Momentum<N: Network> {
    /// The length of a step.
    pub learning_rate: N::Scalar,
    /// The share of the last step that is kept, 0 to 1.
    pub momentum: N::Scalar,
    velocity: N,
}

impl<N: Network> Momentum<N> {
    /// With that learning rate and momentum, at rest.
    pub const fn new(learning_rate: N::Scalar, momentum: N::Scalar) -> Self {
        Self { learning_rate, momentum, velocity: N::ZERO }
    }
}

impl<N: Network> Optimizer for Momentum<N> {
    type Network = N;

    #[inline]
    fn step(&mut self, network: &mut N, gradient: &mut N) {
        let (rate, momentum) = (self.learning_rate, self.momentum);
        Network::zip([network, gradient, &mut self.velocity], |_, [p, g, v]| {
            for ((p, g), v) in p.iter_mut().zip(g).zip(v) {
                *v = momentum * *v + *g;
                *p -= rate * *v;
            }
        });
    }
}

/// Adam (Kingma, Ba 2015), with PyTorch's formula.
///
/// The state is two networks: the means of the gradient and of its square.
#[derive(Clone, Debug)]
pub struct Adam<N: Network> {
    /// The length of a step.
    pub learning_rate: N::Scalar,
    /// How much of the old means of gradient and square is kept a step; 0.9 and 0.999.
    pub betas: [f64; 2],
    /// Added to the root of the mean square; 1e-8.
    pub epsilon: f64,
    steps: u32,
    mean: N,
    square: N,
}

impl<N: Network> Adam<N> {
    /// With that learning rate and the defaults of the paper.
    pub const fn new(learning_rate: N::Scalar) -> Self {
        Self { learning_rate, betas: [0.9, 0.999], epsilon: 1e-8, steps: 0, mean: N::ZERO, square: N::ZERO }
    }
}

impl<N: Network> Optimizer for Adam<N> {
    type Network = N;

    #[inline]
    fn step(&mut self, network: &mut N, gradient: &mut N) {
        let number = N::Scalar::from_f64;
        self.steps = self.steps.saturating_add(1);
        let [beta1, beta2] = self.betas;
        let correction = |beta| 1.0 - libm::pow(beta, f64::from(self.steps));
        let rate = number(self.learning_rate.to_f64() / correction(beta1));
        let root = number(libm::sqrt(correction(beta2)));
        let (keep1, add1) = (number(beta1), number(1.0 - beta1));
        let (keep2, add2) = (number(beta2), number(1.0 - beta2));
        let epsilon = number(self.epsilon);
        Network::zip([network, gradient, &mut self.mean, &mut self.square], |_, [p, g, m, s]| {
            for (((p, g), m), s) in p.iter_mut().zip(g).zip(m).zip(s) {
                *m = keep1 * *m + add1 * *g;
                *s = keep2 * *s + add2 * (*g * *g);
                *p -= rate * *m / (s.sqrt() / root + epsilon);
            }
        });
    }
}
