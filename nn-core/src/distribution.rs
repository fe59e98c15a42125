//! What a policy draws its actions from: how probable a draw is, and the slopes by what the network gave.
//!
//! In reinforcement learning a network gives the numbers of a distribution, an action is drawn from it, and what is learnt is that good
//! actions become more probable: the slope of the logarithm of the probability, times how good the action was, goes back through the
//! network by [`Trace::backward`](crate::train::Trace::backward). The formulas are those of PyTorch's `torch.distributions`.
//!
//! ```
//! use nn_core::prelude::*;
//! use nn_core::distribution::Categorical;
//! use nn_core::train::Trace;
//! network! { struct Policy: 1 => 8 tanh => 3; }
//!
//! // REINFORCE (Williams 1992): of three levers the last one pays.
//! let mut rng = ChaCha8Rng::seed_from_u64(1);
//! let mut net = Policy::ZERO;
//! net.init(&mut rng);
//! let (mut trace, mut sgd) = (Trace::<Policy, 1>::ZERO, Sgd::new(0.2));
//! for _ in 0..200 {
//!     let [logits] = trace.forward(&net, &[[1.0]]);
//!     let lever = Categorical::of(logits);
//!     let drawn = lever.sample(&mut rng);
//!     let pay = if drawn == 2 { 1.0 } else { -0.1 };
//!     let slopes = lever.slopes(drawn).map(|slope| -pay * slope); // what becomes smaller is -pay · ln p
//!     let gradient = trace.backward(&net, &[slopes]);
//!     sgd.step(&mut net, gradient);
//! }
//! assert!(Categorical::of(&net.forward(&[1.0])).probability(2) > 0.9);
//! ```

use crate::kernel::Scalar;
use rand_core::Rng;

/// One of `N` choices, whose logits a network gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Categorical<T, const N: usize> {
    log_probabilities: [T; N],
}

impl<T: Scalar, const N: usize> Categorical<T, N> {
    /// With probabilities in proportion to the exponentials of the logits.
    pub fn of(logits: &[T; N]) -> Self {
        // ln p = z - max(z) - ln Σ exp(z - max(z))
        let largest =
            logits.iter().fold(T::from_f64(f64::NEG_INFINITY), |largest, z| if *z > largest { *z } else { largest });
        let sum = logits.iter().fold(T::ZERO, |sum, z| sum + (*z - largest).exp());
        let logarithm = sum.ln();
        Self { log_probabilities: logits.map(|z| z - largest - logarithm) }
    }

    /// A choice at random.
    pub fn sample(&self, rng: &mut impl Rng) -> usize {
        let drawn = T::uniform(rng);
        let mut below = T::ZERO;
        for (choice, logarithm) in self.log_probabilities.iter().enumerate() {
            below += logarithm.exp();
            if drawn < below {
                return choice;
            }
        }
        // The sum may be below one by rounding.
        self.most_probable()
    }

    /// The choice that is drawn most often; the first of several.
    pub fn most_probable(&self) -> usize {
        let mut best = (0, self.log_probability(0));
        for (choice, logarithm) in self.log_probabilities.iter().enumerate() {
            if *logarithm > best.1 {
                best = (choice, *logarithm);
            }
        }
        best.0
    }

    /// How probable a choice is; 0 for one that there is not.
    pub fn probability(&self, choice: usize) -> T {
        self.log_probability(choice).exp()
    }

    /// The logarithm of that; minus infinity for a choice that there is not.
    pub fn log_probability(&self, choice: usize) -> T {
        self.log_probabilities.get(choice).copied().unwrap_or(T::from_f64(f64::NEG_INFINITY))
    }

    /// The slopes of the logarithm by the logits.
    pub fn slopes(&self, choice: usize) -> [T; N] {
        // d ln p_c / dz_i = [i = c] - p_i
        let mut slopes = self.log_probabilities.map(|logarithm| -logarithm.exp());
        if let Some(slope) = slopes.get_mut(choice) {
            *slope += T::ONE;
        }
        slopes
    }

    /// How uncertain the draw is, in nats: 0 where it is certain, `ln N` where all are as probable.
    pub fn entropy(&self) -> T {
        // H = -Σ p · ln p
        self.log_probabilities.iter().fold(T::ZERO, |sum, logarithm| sum - weighted(*logarithm))
    }

    /// The slopes of the entropy by the logits.
    pub fn entropy_slopes(&self) -> [T; N] {
        // dH / dz_i = -p_i · (ln p_i + H)
        let entropy = self.entropy();
        self.log_probabilities.map(|logarithm| -weighted(logarithm) - logarithm.exp() * entropy)
    }
}

/// `p · ln p`, which is 0 where `p` is.
fn weighted<T: Scalar>(logarithm: T) -> T {
    let probability = logarithm.exp();
    if probability > T::ZERO { probability * logarithm } else { T::ZERO }
}

/// `N` numbers, each normally distributed for itself, whose means and logarithms of the deviation a network gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaussian<T, const N: usize> {
    /// The means.
    pub mean: [T; N],
    /// The natural logarithms of the standard deviations.
    pub log_deviation: [T; N],
}

/// Half the logarithm of 2π.
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

impl<T: Scalar, const N: usize> Gaussian<T, N> {
    /// Numbers at random.
    pub fn sample(&self, rng: &mut impl Rng) -> [T; N] {
        let mut drawn = self.mean;
        for (drawn, logarithm) in drawn.iter_mut().zip(&self.log_deviation) {
            *drawn += logarithm.exp() * T::normal(rng);
        }
        drawn
    }

    /// The logarithm of the density at some numbers, all together.
    pub fn log_density(&self, at: &[T; N]) -> T {
        // Σ -(x - μ)² / 2σ² - ln σ - ½ ln 2π
        let mut sum = T::ZERO;
        for ((x, mean), logarithm) in at.iter().zip(&self.mean).zip(&self.log_deviation) {
            let off = (*x - *mean) / logarithm.exp();
            sum += -T::from_f64(0.5) * off * off - *logarithm - T::from_f64(HALF_LN_TAU);
        }
        sum
    }

    /// The slopes of that by the means, and by the logarithms of the deviations.
    pub fn slopes(&self, at: &[T; N]) -> [[T; N]; 2] {
        // (x - μ) / σ², and (x - μ)² / σ² - 1
        let mut slopes = [*at; 2];
        let [by_mean, by_deviation] = &mut slopes;
        for ((by_mean, by_deviation), (mean, logarithm)) in
            by_mean.iter_mut().zip(by_deviation).zip(self.mean.iter().zip(&self.log_deviation))
        {
            let deviation = logarithm.exp();
            let off = (*by_mean - *mean) / deviation;
            (*by_mean, *by_deviation) = (off / deviation, off * off - T::ONE);
        }
        slopes
    }

    /// How uncertain the draw is, in nats. Its slope by each logarithm of a deviation is 1.
    pub fn entropy(&self) -> T {
        // Σ ½ + ½ ln 2π + ln σ
        self.log_deviation.iter().fold(T::ZERO, |sum, logarithm| sum + *logarithm + T::from_f64(0.5 + HALF_LN_TAU))
    }
}
