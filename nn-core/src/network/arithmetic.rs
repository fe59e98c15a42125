//! Networks as vectors: their parameters added, scaled, measured.

use super::Learns;
use crate::number::Number;
use crate::part::tensor::Kind;

/// The parameters of a network, or a gradient, as one vector.
///
/// Nothing is allocated. What training does not step, the statistics of norms and of `standardize`, is no part of the vector: it is taken
/// over by [`approach`](Self::approach), and otherwise left alone.
///
/// ```
/// use nn_core::prelude::*;
/// type Net = network!(2 => 1);
///
/// let (mut sum, mut gradient) = (Net::ZERO, Net::ZERO);
/// gradient.parameters_mut(|_, values| values.fill(2.0));
/// sum.add_scaled(&gradient, 0.5);
/// sum.add_scaled(&gradient, 1.0);
/// assert_eq!(sum.norm(), 27.0_f32.sqrt()); // three numbers of 3
/// sum.scale(0.0);
/// assert_eq!(sum, Net::ZERO);
/// ```
pub trait Arithmetic: Learns {
    /// Moves each parameter by this share of the way to that of another network, as a target network follows the one that learns
    /// (Lillicrap et al. 2016; `tau` there). With 1 it is a copy.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Critic = network!(4 => 8 relu => 1);
    ///
    /// let (mut critic, mut target) = (Critic::ZERO, Critic::ZERO);
    /// critic.parameters_mut(|_, values| values.fill(1.0));
    /// target.approach(&critic, 0.25);
    /// target.approach(&critic, 0.25);
    /// target.parameters(|_, values| assert!(values.iter().all(|value| *value == 0.4375)));
    /// ```
    fn approach(&mut self, other: &Self, share: Self::Number) {
        each(self, other, |kind, values, others| {
            for (value, other) in values.iter_mut().zip(others) {
                *value = if is_stepped(kind) { *value + share * (*other - *value) } else { *other };
            }
        });
    }

    /// Adds another vector, scaled: gradients of two losses, or one of several batches.
    fn add_scaled(&mut self, other: &Self, scale: Self::Number) {
        each(self, other, |kind, values, others| {
            for (value, other) in values.iter_mut().zip(others).filter(|_| is_stepped(kind)) {
                *value += scale * *other;
            }
        });
    }

    /// Multiplies by a number.
    fn scale(&mut self, factor: Self::Number) {
        self.parameters_mut(|kind, values| {
            values.iter_mut().filter(|_| is_stepped(kind)).for_each(|value| *value *= factor);
        });
    }

    /// The Euclidean length. That of a gradient says how steep the loss is.
    fn norm(&self) -> Self::Number {
        use crate::kernel::Scalar;
        let mut squares = Self::Number::ZERO;
        self.parameters(|kind, values| {
            for value in values.iter().filter(|_| is_stepped(kind)) {
                squares += *value * *value;
            }
        });
        squares.sqrt()
    }
}

#[diagnostic::do_not_recommend]
impl<N: Learns> Arithmetic for N {}

/// Whether a step of training is made along the gradient by a tensor.
const fn is_stepped(kind: Kind) -> bool {
    !matches!(kind, Kind::Statistic | Kind::Running)
}

/// Calls `with` for each tensor of a network, and that of another.
fn each<N: Learns>(network: &mut N, other: &N, mut with: impl FnMut(Kind, &mut [N::Number], &[N::Number])) {
    let mut at = 0;
    network.parameters_mut(|kind, values| {
        let mut there = 0;
        other.parameters(|_, others| {
            if there == at {
                with(kind, values, others);
            }
            there += 1;
        });
        at += 1;
    });
}
