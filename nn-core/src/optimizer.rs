//! Optimisers: how a gradient changes the parameters.
//!
//! The state of an optimiser is as large as the network, or twice, and is part of its type: that of one network cannot
//! be used for another. All follow PyTorch's formulas, with two differences in what they are applied to: weight decay
//! is for weights only, not for biases and scales (in PyTorch, those are a parameter group of their own then, with
//! `weight_decay=0`), and a rate that is not finite and above zero is refused when a step is made.
//!
//! | PyTorch | here | networks that it keeps |
//! |---|---|---|
//! | `SGD` | [`Sgd`] | none |
//! | `SGD(momentum=…)`, with `nesterov=True`, with `dampening=…` | [`Momentum`], [`Momentum::nesterov`], [`DampedMomentum`] | one |
//! | `Adagrad` | [`Adagrad`] | one |
//! | `Adadelta` | [`Adadelta`] | two |
//! | `RMSprop`, with `momentum=…` | [`RmsProp`], [`RmsPropMomentum`] | one, two |
//! | `RMSprop(centered=True)`, with `momentum=…` | [`CenteredRmsProp`], [`CenteredRmsPropMomentum`] | two, three |
//! | `Adam`, `AdamW`, `NAdam`, `Adamax` | [`Adam`], [`AdamW`], [`NAdam`], [`Adamax`] | two |
//! | `Adam(amsgrad=True)`, `AdamW(amsgrad=True)` | [`AmsGrad`], [`AmsGradW`] | three |
//! | none | [`Lion`] | one |
//!
//! Every setting has a method that begins with `with_`, and is a field besides, which a callback may change:
//!
//! ```
//! use nn_core::prelude::*;
//! type Net = network!(2 => 8 relu => 1);
//!
//! let mut adam = AdamW::<Net>::new(0.001).with_betas([0.9, 0.99]).with_epsilon(1e-6).with_weight_decay(0.1);
//! adam.learning_rate = 0.0005;
//! ```

mod adagrad;
mod adam;
mod adamax;
mod ams_grad;
mod clip;
mod declare;
mod lion;
mod plateau;
mod rms_prop;
mod schedule;
mod sgd;

pub use adagrad::{Adadelta, Adagrad};
pub use adam::{Adam, AdamW};
pub use adamax::{Adamax, NAdam};
pub use ams_grad::{AmsGrad, AmsGradW};
pub use clip::Clip;
pub(crate) use clip::squares;
pub use lion::Lion;
pub use plateau::{ReduceOnPlateau, Threshold};
pub use rms_prop::{CenteredRmsProp, CenteredRmsPropMomentum, RmsProp, RmsPropMomentum};
pub use schedule::Schedule;
pub use sgd::{DampedMomentum, Momentum, Sgd};

use crate::kernel::{self, Rule, Scalar, nearest};
use crate::network::{Network, Trainable};
use crate::number::Number;
use crate::number::arena::copy;
use crate::part::run::Part;
use crate::part::tensor::Kind;
use crate::setting::Setting;

/// Changes the parameters of networks of one type.
///
/// One of your own walks over the parameters of a network, its gradient and its own state side by side, by
/// [`Network::zip`]:
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::optimizer::State;
///
/// /// A step of fixed length against the sign of each gradient.
/// struct SignDescent<N: Trainable>(N::Number);
///
/// impl<N: Trainable<Number = f32>> Optimizer for SignDescent<N> {
///     type Network = N;
///     const NAME: &'static str = "sign descent";
///     const NETWORKS: usize = 0;
///     fn step(&mut self, network: &mut N, gradient: &mut N) {
///         Network::zip([network, gradient], |_, [values, gradients]| {
///             for (value, gradient) in values.iter_mut().zip(gradients) {
///                 *value -= self.0 * gradient.signum();
///             }
///         });
///     }
///     fn state(&mut self) -> State<'_, N> {
///         State { learning_rate: &mut self.0, steps: None, networks: &mut [] }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not an optimizer", label = "not an optimizer")]
pub trait Optimizer {
    /// The networks that it is for.
    type Network: Trainable;
    /// Its name, by which a checkpoint knows it.
    const NAME: &'static str;
    /// How many networks its state has.
    const NETWORKS: usize;
    /// One step along `gradient`, which is that of the loss to be made smaller.
    fn step(&mut self, network: &mut Self::Network, gradient: &mut Self::Network);
    /// What changes while it works: what a schedule sets, and what a checkpoint holds.
    fn state(&mut self) -> State<'_, Self::Network>;
    /// Whether a step can be made with its settings, the learning rate apart.
    ///
    /// # Errors
    /// The setting that is out of its range.
    fn settings(&self) -> Result<(), Setting> {
        Ok(())
    }
}

/// One on the heap is one, too.
#[cfg(feature = "alloc")]
impl<O: Optimizer> Optimizer for alloc::boxed::Box<O> {
    type Network = O::Network;
    const NAME: &'static str = O::NAME;
    const NETWORKS: usize = O::NETWORKS;

    #[inline]
    fn step(&mut self, network: &mut O::Network, gradient: &mut O::Network) {
        O::step(self, network, gradient);
    }
    fn state(&mut self) -> State<'_, O::Network> {
        O::state(self)
    }
    fn settings(&self) -> Result<(), Setting> {
        O::settings(self)
    }
}

/// An [`Optimizer`] of networks of type `N`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an optimizer of `{N}`", label = "not an optimizer of `{N}`")]
pub trait OptimizerOf<N: Trainable> {
    /// The optimiser itself. One of other networks has none, so that nothing is said of what would be done with it.
    #[doc(hidden)]
    type Optimizer;
    /// It, as that.
    #[doc(hidden)]
    fn of_network(&mut self) -> &mut Self::Optimizer;
}

#[diagnostic::do_not_recommend]
impl<N: Trainable + Same<O::Network>, O: Optimizer<Network: Same<N>>> OptimizerOf<N> for O {
    type Optimizer = <O::Network as Same<N>>::Of<O>;

    fn of_network(&mut self) -> &mut Self::Optimizer {
        O::Network::same(self)
    }
}

/// Two names of one type.
#[doc(hidden)]
pub trait Same<Other> {
    /// What is of both.
    type Of<T>;
    /// A value of either, as one of both.
    fn same<T>(of: &mut T) -> &mut Self::Of<T>;
}

impl<N> Same<N> for N {
    type Of<T> = T;

    fn same<T>(of: &mut T) -> &mut T {
        of
    }
}

/// What changes in an optimiser while it works.
#[derive(Debug)]
pub struct State<'a, N: Trainable> {
    /// The length of a step.
    pub learning_rate: &'a mut N::Number,
    /// The steps made, if it counts them.
    pub steps: Option<&'a mut u64>,
    /// As many networks as [`Optimizer::NETWORKS`] says.
    pub networks: &'a mut [N],
}

/// The settings that the papers of the optimisers, and PyTorch, begin with.
struct Defaults {
    betas: [f64; 2],
    smoothing: f64,
    epsilon: f64,
    weight_decay: f64,
}

const DEFAULTS: Defaults = Defaults { betas: [0.9, 0.999], smoothing: 0.99, epsilon: 1e-8, weight_decay: 0.01 };

impl Defaults {
    const fn betas<T: Scalar>(self) -> [T; 2] {
        let [mean, square] = self.betas;
        [nearest(mean), nearest(square)]
    }
}

/// Whether a network has statistics that follow the data.
pub(crate) const fn runs<N: Trainable>() -> bool {
    <N::Layers as Part>::LAYOUT.runs()
}

/// Lets the running statistics of the first network become those of its gradient, the second. What is left of them in the gradient is
/// zero, which moves nothing.
fn follow<N: Trainable>(networks: &mut [&mut N]) {
    if let (true, [network, gradient, ..]) = (const { runs::<N>() }, networks) {
        Network::zip([&mut **network, &mut **gradient], |kind, [values, next]| {
            if kind == Kind::Running {
                copy(next, values);
                next.fill(N::Number::ZERO);
            }
        });
    }
}

/// Applies the rule of an optimiser to a network, its gradient, and the state, in this order.
#[inline]
fn update<N: Trainable, R: Rule<N::Number, COUNT>, const COUNT: usize>(mut networks: [&mut N; COUNT], rule: R) {
    follow(&mut networks);
    match &<N::Layers as Part>::NUMBERS {
        Some(numbers) => kernel::update(rule, networks.map(|network| numbers.values_mut(network.layers_mut()))),
        None => Network::zip(networks, |_, tensors| kernel::update(rule, tensors)),
    }
}

/// The same with one rule for weights, which decay, and another for the rest.
fn update_decaying<N: Trainable, R: Rule<N::Number, COUNT>, const COUNT: usize>(
    mut networks: [&mut N; COUNT],
    [weights, rest]: [R; 2],
) {
    follow(&mut networks);
    Network::zip(networks, |kind, tensors| kernel::update(if kind == Kind::Weight { weights } else { rest }, tensors));
}

/// How much weights decay in a step, and the step of the optimiser with it: the code is only in programs that set a decay.
struct Decay<N: Trainable, O> {
    amount: N::Number,
    step: fn(&mut O, &mut N, &mut N),
}

impl<N: Trainable, O> Decay<N, O> {
    /// For weights, and for the rest.
    fn amounts(decay: &Option<Self>) -> [N::Number; 2] {
        [decay.map_or(N::Number::ZERO, |decay| decay.amount), N::Number::ZERO]
    }

    fn check(decay: &Option<Self>) -> Result<(), Setting> {
        decay.map_or(Ok(()), |decay| Setting::not_negative("weight_decay", decay.amount))
    }
}

impl<N: Trainable, O> Clone for Decay<N, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N: Trainable, O> Copy for Decay<N, O> {}

impl<N: Trainable, O> core::fmt::Debug for Decay<N, O> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.amount.fmt(f)
    }
}
