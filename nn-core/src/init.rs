//! Initialisation of weights.
//!
//! The activation after a layer chooses: [`Init::He`] for ReLU and its like, [`Init::Lecun`] for SELU, [`Init::Glorot`]
//! for the rest. Biases start at zero. The numbers come from one generator in the order of the layers, so a seed
//! determines them all.

use crate::layer::Kind;
use crate::scalar::Scalar;
use rand_core::Rng;

/// The spread of the first weights: uniform in `-bound..bound`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Init {
    /// `bound = √(6 / inputs)` (He et al. 2015), for activations that are zero for half of their inputs.
    He,
    /// `bound = √(6 / (inputs + outputs))` (Glorot, Bengio 2010).
    #[default]
    Glorot,
    /// `bound = √(3 / inputs)` (LeCun et al. 1998).
    Lecun,
}

impl Init {
    /// The bound for a layer of that many inputs and outputs.
    ///
    /// ```
    /// use nn_core::init::Init;
    /// assert_eq!(Init::He.bound::<f32>(24, 8), 0.5);
    /// assert_eq!(Init::Glorot.bound::<f32>(16, 8), 0.5);
    /// assert_eq!(Init::Lecun.bound::<f32>(12, 8), 0.5);
    /// ```
    pub fn bound<T: Scalar>(self, inputs: usize, outputs: usize) -> T {
        let (above, below) = match self {
            Self::He => (6.0, inputs),
            Self::Glorot => (6.0, inputs + outputs),
            Self::Lecun => (3.0, inputs),
        };
        (T::from_f64(above) / T::from_f64(below as f64)).sqrt()
    }
}

/// Fills a tensor with its first values.
pub(crate) fn fill<T: Scalar>(
    kind: Kind,
    values: &mut [T],
    init: Init,
    inputs: usize,
    outputs: usize,
    rng: &mut impl Rng,
) {
    let bound: T = init.bound(inputs, outputs);
    for value in values {
        *value = match kind {
            Kind::Weight => {
                let unit = T::uniform(rng);
                (unit + unit - T::ONE) * bound
            }
            Kind::Bias => T::ZERO,
        };
    }
}
