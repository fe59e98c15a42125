//! AMSGrad, of Adam and of AdamW.

use super::adam::Moments;
use super::declare::optimizer;
use super::{DEFAULTS, Decay};
use crate::kernel::{Lanes, Rule, Scalar, nearest};
use crate::network::Trainable;

optimizer! {
    /// AMSGrad (Reddi, Kale, Kumar 2018): [`Adam`](super::Adam) that divides by the root of the largest mean square so far, so that no step becomes
    /// longer because gradients became smaller. PyTorch's `Adam(amsgrad=True)`.
    ///
    /// The state is three networks: those of Adam, and the largest means of the square.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// use nn_core::optimizer::AmsGrad;
    /// type Net = network!(f64; 1 => 1);
    ///
    /// let (mut net, mut gradient) = (Net::ZERO, Net::ZERO);
    /// gradient.parameters_mut(|_, values| values.fill(100.0));
    /// AmsGrad::new(0.01).step(&mut net, &mut gradient);
    /// net.parameters(|_, values| assert!((values[0] + 0.01).abs() < 1e-9));
    /// ```
    #[doc(alias = "AMSGrad")]
    AmsGrad, "amsgrad";
    /// With that learning rate and the defaults of the paper.
    new();
    numbers {
        /// Added to the root of the largest mean square; 1e-8, and at least 1e-30.
        epsilon: not_tiny = nearest(DEFAULTS.epsilon), with_epsilon "With another epsilon than 1e-8.";
    }
    shares {
        /// How much of the old means of gradient and square is kept a step; 0.9 and 0.999.
        betas = DEFAULTS.betas(), with_betas "With other shares of the old means of gradient and square than 0.9 and 0.999.";
    }
    /// With L2 regularisation: `amount` of each weight is added to its gradient. PyTorch's `weight_decay`.
    decay = None;
    counts steps;
    keeps 3: mean, square, largest;
}

impl<N: Trainable> AmsGrad<N> {
    fn rule(&self, decay: N::Number) -> Largest<N::Number> {
        Largest(Moments::new(self.learning_rate, self.betas, self.epsilon, self.steps).adding(decay))
    }
}

optimizer! {
    /// [`AmsGrad`] with the decoupled weight decay of [`AdamW`](super::AdamW). PyTorch's `AdamW(amsgrad=True)`.
    AmsGradW, "amsgradw";
    /// With that learning rate and the defaults of the paper.
    new();
    numbers {
        /// Added to the root of the largest mean square; 1e-8, and at least 1e-30.
        epsilon: not_tiny = nearest(DEFAULTS.epsilon), with_epsilon "With another epsilon than 1e-8.";
    }
    shares {
        /// How much of the old means of gradient and square is kept a step; 0.9 and 0.999.
        betas = DEFAULTS.betas(), with_betas "With other shares of the old means of gradient and square than 0.9 and 0.999.";
    }
    /// With another weight decay than 0.01.
    decay = Some(Decay { amount: nearest(DEFAULTS.weight_decay), step: Self::decaying_step });
    counts steps;
    keeps 3: mean, square, largest;
}

impl<N: Trainable> AmsGradW<N> {
    fn rule(&self, decay: N::Number) -> Largest<N::Number> {
        Largest(
            Moments::new(self.learning_rate, self.betas, self.epsilon, self.steps).shrinking(self.learning_rate, decay),
        )
    }
}

/// The rule of both.
#[derive(Clone, Copy)]
struct Largest<T>(Moments<T>);

impl<T: Scalar> Rule<T, 5> for Largest<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply<V: Lanes<T>>(self, [p, g, m, s, largest]: [V; 5]) -> [V; 5] {
        let [p, m, s] = self.0.means([p, g, m, s]);
        let largest = largest.max(s);
        [self.0.moved([p, m, largest]), g, m, s, largest]
    }
}
