//! Gradient clipping.

use crate::kernel::Scalar;
use crate::kernel::Squares;
use crate::network::Trainable;
use crate::optimizer::runs;
use crate::part::run::Part;
use crate::part::tensor::Kind;
use crate::setting::Setting;

/// A bound on the gradient of a step, so that one bad batch can't throw the parameters far off.
///
/// Of the instructions of a step of stochastic gradient descent in batches of 32 (AVX2, November 2026; 2-8-4-1 and 64-32-10), the check that
/// every step makes of its gradient is 2.3 and 1.2 %. [`Norm`](Self::Norm), which needs no other sum, adds 0.6 and 0.1 % where the gradient is
/// short enough, and 1.5 and 3.4 % where it is scaled; [`Value`](Self::Value) adds 4.3 and 12 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clip<T> {
    /// Every number of the gradient is held within minus and plus this. PyTorch's `clip_grad_value_`.
    Value(T),
    /// A gradient whose Euclidean norm over all parameters is larger is scaled down to this norm. PyTorch's
    /// `clip_grad_norm_` (Pascanu, Mikolov, Bengio 2013).
    Norm(T),
}

impl<T: Scalar> Clip<T> {
    /// Whether a gradient can be clipped by this.
    ///
    /// # Errors
    /// If the bound is not finite and above zero.
    pub fn check(self) -> Result<(), Setting> {
        let (Self::Value(bound) | Self::Norm(bound)) = self;
        Setting::positive("clip", bound)
    }

    /// Clips a gradient, and returns the Euclidean norm that it had. If that is infinite or NaN, the gradient is as it was.
    ///
    /// ```
    /// use nn_core::prelude::*;
    /// type Net = network!(1 => 1);
    ///
    /// let mut gradient = Net::ZERO;
    /// gradient.parameters_mut(|kind, values| values.fill(if kind == Kind::Weight { 3.0 } else { -4.0 }));
    /// assert_eq!(Clip::Norm(2.5).apply(&mut gradient), 5.0);
    /// gradient.parameters(|kind, values| {
    ///     assert!((values[0] - if kind == Kind::Weight { 1.5 } else { -2.0 }).abs() < 1e-6);
    /// });
    /// ```
    pub fn apply<N: Trainable<Number = T>>(self, gradient: &mut N) -> T {
        let squares = squares(gradient);
        if squares.is_finite() {
            self.hold(gradient, squares);
        }
        squares.sqrt()
    }

    /// Clips a gradient whose squares are known.
    pub(crate) fn hold<N: Trainable<Number = T>>(self, gradient: &mut N, squares: T) {
        match self {
            Self::Value(bound) => each(gradient, |value| {
                if value > bound {
                    bound
                } else if value < -bound {
                    -bound
                } else {
                    value
                }
            }),
            Self::Norm(bound) => {
                // As in PyTorch, the norm is a little overestimated, so that none of zero divides.
                let scale = bound / (squares.sqrt() + T::from_f64(1e-6));
                if scale < T::ONE {
                    each(gradient, |value| value * scale);
                }
            }
        }
    }
}

/// Changes each number.
fn each<N: Trainable>(network: &mut N, change: impl Fn(N::Number) -> N::Number) {
    let all = |values: &mut [N::Number]| values.iter_mut().for_each(|value| *value = change(*value));
    match &<N::Layers as Part>::NUMBERS {
        Some(numbers) if const { !runs::<N>() } => all(numbers.values_mut(network.layers_mut())),
        _ => network.parameters_mut(|kind, values| {
            if kind != Kind::Running {
                all(values);
            }
        }),
    }
}

/// The sum of the squares of all parameters.
pub(crate) fn squares<N: Trainable>(network: &N) -> N::Number {
    let mut squares = Squares::ZERO;
    match &<N::Layers as Part>::NUMBERS {
        Some(numbers) if const { !runs::<N>() } => squares.add(numbers.values(network.layers())),
        _ => network.parameters(|kind, values| {
            if kind != Kind::Running {
                squares.add(values);
            }
        }),
    }
    squares.total()
}
