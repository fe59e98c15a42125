//! Initialisation of weights.
//!
//! The activation after a layer chooses: [`Init::HeUniform`] for ReLU and its like, [`Init::LecunUniform`] for SELU,
//! [`Init::GlorotUniform`] for the rest. [`Network::init_with`](crate::network::Network::init_with) takes another for a whole
//! network, and [`Parameters::init`](crate::layer::Parameters::init) for a named layer. Biases start at zero and scales at one. The
//! numbers come from one generator in the order of the layers, so a seed determines them all.

use crate::layer::Kind;
use crate::scalar::Scalar;
use rand_core::Rng;

/// How the first weights of a layer are drawn. Each of the three rules keeps the spread of the values from layer to layer;
/// its uniform and its normal form have the same deviation.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::init::Init;
/// type Net = network!(100 => 50 relu => 1);
///
/// let mut net = Net::ZERO;
/// net.init_with(Init::HeNormal, &mut ChaCha8Rng::seed_from_u64(1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Init {
    /// Uniform with the deviation `√(2 / inputs)` (He et al. 2015), for activations that are zero for half of their inputs.
    /// PyTorch's `kaiming_uniform_`, of which it is the default gain for ReLU.
    #[doc(alias = "kaiming")]
    HeUniform,
    /// Normal with the deviation `√(2 / inputs)`. PyTorch's `kaiming_normal_`.
    HeNormal,
    /// Uniform with the deviation `√(2 / (inputs + outputs))` (Glorot, Bengio 2010). PyTorch's `xavier_uniform_`.
    #[default]
    #[doc(alias = "xavier")]
    GlorotUniform,
    /// Normal with the deviation `√(2 / (inputs + outputs))`. PyTorch's `xavier_normal_`.
    GlorotNormal,
    /// Uniform with the deviation `√(1 / inputs)` (LeCun et al. 1998).
    LecunUniform,
    /// Normal with the deviation `√(1 / inputs)`.
    LecunNormal,
    /// Uniform from minus to plus this bound.
    Uniform(f64),
    /// Normal with this deviation.
    Normal(f64),
    /// This number everywhere. With it, all nodes of a hidden layer stay alike.
    Constant(f64),
}

impl Init {
    /// The deviation of the weights of a layer of that many inputs and outputs.
    ///
    /// ```
    /// use nn_core::init::Init;
    /// assert_eq!(Init::HeNormal.deviation(8, 4), 0.5);
    /// assert_eq!(Init::GlorotUniform.deviation(4, 4), 0.5);
    /// assert_eq!(Init::LecunNormal.deviation(4, 9), 0.5);
    /// ```
    pub fn deviation(self, inputs: usize, outputs: usize) -> f64 {
        let (inputs, outputs) = (inputs as f64, outputs as f64);
        match self {
            Self::HeUniform | Self::HeNormal => libm::sqrt(2.0 / inputs),
            Self::GlorotUniform | Self::GlorotNormal => libm::sqrt(2.0 / (inputs + outputs)),
            Self::LecunUniform | Self::LecunNormal => libm::sqrt(1.0 / inputs),
            Self::Uniform(bound) => bound / libm::sqrt(3.0),
            Self::Normal(deviation) => deviation,
            Self::Constant(_) => 0.0,
        }
    }

    /// Fills a tensor with its first values.
    pub(crate) fn fill<T: Scalar>(
        self,
        kind: Kind,
        values: &mut [T],
        inputs: usize,
        outputs: usize,
        rng: &mut impl Rng,
    ) {
        match kind {
            Kind::Weight => {}
            Kind::Bias => return values.fill(T::ZERO),
            Kind::Scale => return values.fill(T::ONE),
        }
        match self {
            Self::HeUniform | Self::GlorotUniform | Self::LecunUniform | Self::Uniform(_) => {
                let bound = T::from_f64(self.deviation(inputs, outputs) * libm::sqrt(3.0));
                values.iter_mut().for_each(|value| {
                    let unit = T::uniform(rng);
                    *value = (unit + unit - T::ONE) * bound;
                });
            }
            Self::HeNormal | Self::GlorotNormal | Self::LecunNormal | Self::Normal(_) => {
                let deviation = T::from_f64(self.deviation(inputs, outputs));
                values.iter_mut().for_each(|value| *value = deviation * T::normal(rng));
            }
            Self::Constant(value) => values.fill(T::from_f64(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{ChaCha8Rng, SeedableRng};

    #[test]
    fn the_weights_have_the_moments_of_their_distribution() {
        let uniform = [Init::HeUniform, Init::GlorotUniform, Init::LecunUniform, Init::Uniform(0.3)];
        let normal = [Init::HeNormal, Init::GlorotNormal, Init::LecunNormal, Init::Normal(0.3)];
        for (init, fourth) in uniform.map(|init| (init, 1.8)).into_iter().chain(normal.map(|init| (init, 3.0))) {
            let mut values = [0.0_f64; 40_000];
            init.fill(Kind::Weight, &mut values, 200, 200, &mut ChaCha8Rng::seed_from_u64(3));
            let mean = |f: &dyn Fn(f64) -> f64| values.iter().map(|x| f(*x)).sum::<f64>() / values.len() as f64;
            let deviation = init.deviation(200, 200);
            // Of 40,000 numbers the mean is within 0.005 deviations, the deviation within 0.4 %, one sigma each.
            assert!(mean(&|x| x).abs() < 0.025 * deviation, "{init:?}");
            assert!((libm::sqrt(mean(&|x| x * x)) / deviation - 1.0).abs() < 0.02, "{init:?}");
            // The kurtosis tells the two distributions apart.
            let kurtosis = mean(&|x| libm::pow(x / deviation, 4.0));
            assert!((kurtosis / fourth - 1.0).abs() < 0.05, "{init:?}: {kurtosis}");
        }
    }

    #[test]
    fn biases_are_zero_and_constants_constant() {
        let mut values = [7.0_f32; 3];
        Init::Constant(0.25).fill(Kind::Weight, &mut values, 3, 1, &mut ChaCha8Rng::seed_from_u64(3));
        assert_eq!(values, [0.25; 3]);
        Init::Constant(0.25).fill(Kind::Bias, &mut values, 3, 1, &mut ChaCha8Rng::seed_from_u64(3));
        assert_eq!(values, [0.0; 3]);
    }
}
