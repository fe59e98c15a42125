//! Adam, and AdamW.

use super::{Optimizer, State, decay};
use crate::layer::Kind;
use crate::network::Network;
use crate::scalar::Scalar;
use crate::setting::Setting;

/// One of the two: documentation, type, name, default weight decay, and whether the decay is decoupled.
macro_rules! adam {
    ($($(#[$doc:meta])* $Name:ident, $name:literal, $decay:literal, $decoupled:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $Name<N: Network> {
            /// The length of a step.
            pub learning_rate: N::Scalar,
            /// How much of the old means of gradient and square is kept a step; 0.9 and 0.999.
            pub betas: [f64; 2],
            /// Added to the root of the mean square; 1e-8.
            pub epsilon: f64,
            #[doc = concat!("How much of each weight decays; ", $decay, ".")]
            pub weight_decay: f64,
            steps: u64,
            moments: [N; 2],
        }

        impl<N: Network> $Name<N> {
            /// With that learning rate and the defaults of the paper.
            pub const fn new(learning_rate: N::Scalar) -> Self {
                Self {
                    learning_rate,
                    betas: [0.9, 0.999],
                    epsilon: 1e-8,
                    weight_decay: $decay,
                    steps: 0,
                    moments: [N::ZERO, N::ZERO],
                }
            }
        }

        impl<N: Network> Optimizer for $Name<N> {
            type Network = N;
            const NAME: &'static str = $name;
            const NETWORKS: usize = 2;

            #[inline]
            fn step(&mut self, network: &mut N, gradient: &mut N) {
                self.steps = self.steps.saturating_add(1);
                let by = Step::new(self.learning_rate, self.betas, self.epsilon, self.steps);
                let shrink = N::Scalar::from_f64(1.0 - self.learning_rate.to_f64() * self.weight_decay);
                let [mean, square] = &mut self.moments;
                Network::zip([network, gradient, mean, square], |kind, [p, g, m, s]| {
                    if $decoupled && kind == Kind::Weight {
                        p.iter_mut().for_each(|p| *p *= shrink);
                    }
                    let decay = if $decoupled { N::Scalar::ZERO } else { decay(kind, self.weight_decay) };
                    for (((p, g), m), s) in p.iter_mut().zip(g).zip(m).zip(s) {
                        *p -= by.length(*g + decay * *p, m, s);
                    }
                });
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
                Setting::positive("epsilon", self.epsilon)?;
                Setting::not_negative("weight_decay", self.weight_decay)
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
    Adam, "adam", 0.0, false;

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
    AdamW, "adamw", 0.01, true;
}

/// The numbers of one step.
struct Step<T> {
    rate: T,
    root: T,
    keep: [T; 2],
    add: [T; 2],
    epsilon: T,
}

impl<T: Scalar> Step<T> {
    fn new(learning_rate: T, betas: [f64; 2], epsilon: f64, steps: u64) -> Self {
        let [correction1, correction2] = betas.map(|beta| 1.0 - libm::pow(beta, steps as f64));
        Self {
            rate: T::from_f64(learning_rate.to_f64() / correction1),
            root: T::from_f64(libm::sqrt(correction2)),
            keep: betas.map(T::from_f64),
            add: betas.map(|beta| T::from_f64(1.0 - beta)),
            epsilon: T::from_f64(epsilon),
        }
    }

    /// Takes a gradient into its means, and says how far to go.
    #[inline(always)]
    fn length(&self, g: T, m: &mut T, s: &mut T) -> T {
        *m = self.keep[0] * *m + self.add[0] * g;
        *s = self.keep[1] * *s + self.add[1] * (g * g);
        self.rate * *m / (s.sqrt() / self.root + self.epsilon)
    }
}
