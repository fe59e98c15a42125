//! Adam, and AdamW.

use super::{DEFAULTS, Decay, Optimizer, State, made, update, update_decaying};
use crate::kernel::{Lanes, Rule, Scalar, nearest};
use crate::network::Trainable;
use crate::number::Number;
use crate::setting::Setting;

/// One of the two: documentation, type, name, the decay it begins with, what a decay does, and whether it is decoupled.
macro_rules! adam {
    ($($(#[$doc:meta])* $Name:ident, $name:literal, $decay:expr, $does:literal, $decoupled:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Name<N: Trainable> {
            /// The length of a step.
            pub learning_rate: N::Number,
            /// How much of the old means of gradient and square is kept a step; 0.9 and 0.999.
            pub betas: [N::Number; 2],
            /// Added to the root of the mean square; 1e-8, and at least 1e-30.
            pub epsilon: N::Number,
            decay: Option<Decay<N, Self>>,
            steps: u64,
            moments: [N; 2],
        }

        impl<N: Trainable> $Name<N> {
            made! {
                /// With that learning rate and the defaults of the paper.
                new(learning_rate) {
                    learning_rate: learning_rate,
                    betas: [nearest(DEFAULTS.betas[0]), nearest(DEFAULTS.betas[1])],
                    epsilon: nearest(DEFAULTS.epsilon),
                    decay: $decay,
                    steps: 0
                } zeros { moments: [N::ZERO, N::ZERO] }
            }

            /// With other shares of the old means of gradient and square than 0.9 and 0.999.
            pub fn with_betas(self, betas: [N::Number; 2]) -> Self {
                Self { betas, ..self }
            }

            /// With another epsilon than 1e-8.
            pub fn with_epsilon(self, epsilon: N::Number) -> Self {
                Self { epsilon, ..self }
            }

            #[doc = $does]
            pub fn with_weight_decay(mut self, amount: N::Number) -> Self {
                self.decay = Some(Decay { amount, step: Self::decaying_step });
                self
            }

            fn rule(&self, decay: N::Number) -> Moments<N::Number> {
                let rule = Moments::new(self.learning_rate, self.betas, self.epsilon, self.steps);
                if $decoupled {
                    Moments { shrink: N::Number::ONE - self.learning_rate * decay, ..rule }
                } else {
                    Moments { decay, ..rule }
                }
            }

            fn decaying_step(&mut self, network: &mut N, gradient: &mut N) {
                let rules = Decay::amounts(&self.decay).map(|decay| self.rule(decay));
                let [mean, square] = &mut self.moments;
                update_decaying([network, gradient, mean, square], rules);
            }
        }

        impl<N: Trainable> Optimizer for $Name<N> {
            type Network = N;
            const NAME: &'static str = $name;
            const NETWORKS: usize = 2;

            #[inline]
            fn step(&mut self, network: &mut N, gradient: &mut N) {
                self.steps = self.steps.saturating_add(1);
                match self.decay {
                    None => {
                        let rule = self.rule(N::Number::ZERO);
                        let [mean, square] = &mut self.moments;
                        update([network, gradient, mean, square], rule);
                    }
                    Some(decay) => (decay.step)(self, network, gradient),
                }
            }

            fn state(&mut self) -> State<'_, N> {
                State {
                    learning_rate: &mut self.learning_rate,
                    steps: Some(&mut self.steps),
                    networks: &mut self.moments,
                }
            }

            fn settings(&self) -> Result<(), Setting> {
                let [beta1, beta2] = self.betas;
                Setting::below_one("betas", beta1)?;
                Setting::below_one("betas", beta2)?;
                Setting::not_tiny("epsilon", self.epsilon)?;
                Decay::check(&self.decay)
            }
        }
    )*};
}

adam! {
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
    Adam, "adam", None,
    "With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.", false;

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
    AdamW, "adamw", Some(Decay { amount: nearest(DEFAULTS.weight_decay), step: Self::decaying_step }),
    "With another weight decay than 0.01.", true;
}

/// The rule of both, for one step.
#[derive(Clone, Copy)]
struct Moments<T> {
    rate: T,
    keep: [T; 2],
    add: [T; 2],
    epsilon: T,
    decay: T,
    shrink: T,
}

impl<T: Scalar> Moments<T> {
    /// Both sides of the paper's fraction are multiplied by the root of the second correction, so that there is one division.
    fn new(learning_rate: T, betas: [T; 2], epsilon: T, steps: u64) -> Self {
        let [correction1, correction2] = betas.map(|beta| {
            // `beta` to that power is at most `exp(-40)`, which 1 does not feel, and is slow to compute where it is subnormal.
            let is_over = T::from_u64(steps) * (T::ONE - beta) > T::from_f64(40.0);
            if is_over { T::ONE } else { T::ONE - beta.power(steps) }
        });
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
}

impl<T: Scalar> Rule<T, 4> for Moments<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, m, s]: [V; 4]) -> [V; 4] {
        let p = V::splat(self.shrink) * p;
        let slope = g + V::splat(self.decay) * p;
        let m = V::splat(self.keep[0]) * m + V::splat(self.add[0]) * slope;
        let s = V::splat(self.keep[1]) * s + V::splat(self.add[1]) * (slope * slope);
        [p - V::splat(self.rate) * m / (s.sqrt() + V::splat(self.epsilon)), g, m, s]
    }
}
