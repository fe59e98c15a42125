//! Initialisation of weights.
//!
//! The activation after a layer chooses: [`Init::HeUniform`] for ReLU and its like, [`Init::LecunUniform`] for SELU,
//! [`Init::GlorotUniform`] for the rest. [`Network::init_with`](crate::network::Network::init_with) takes another for a whole
//! network, and [`Parameters::init`](crate::layer::Parameters::init) for a named layer. Biases start at zero and scales at one. The
//! numbers come from one generator in the order of the layers, so a seed determines them all.

use super::tensor::Kind;
use crate::kernel::Scalar;
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
    pub const fn deviation(self, inputs: usize, outputs: usize) -> f64 {
        match self {
            Self::Uniform(bound) => bound / SQRT_3,
            Self::Normal(deviation) => deviation,
            Self::Constant(_) => 0.0,
            Self::HeUniform | Self::HeNormal => sqrt(2.0 / inputs as f64),
            Self::GlorotUniform | Self::GlorotNormal => sqrt(2.0 / (inputs as f64 + outputs as f64)),
            Self::LecunUniform | Self::LecunNormal => sqrt(1.0 / inputs as f64),
        }
    }

    /// The deviations of the three rules, so that no program has to compute them.
    pub(crate) const fn deviations(inputs: usize, outputs: usize) -> [f64; 3] {
        [
            Self::HeNormal.deviation(inputs, outputs),
            Self::GlorotNormal.deviation(inputs, outputs),
            Self::LecunNormal.deviation(inputs, outputs),
        ]
    }

    /// What gives the tensors of a layer their first values, by its [`deviations`](Self::deviations). Where the rule is known
    /// when it compiles, as that for a declared layer is, the program has only the code of that rule.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn filler<T: Scalar, R: Rng>(self, [he, glorot, lecun]: [f64; 3]) -> Filler<T, R> {
        let (fill, number): (Fill<T, R>, f64) = match self {
            Self::HeUniform => (uniform, he * SQRT_3),
            Self::HeNormal => (normal, he),
            Self::GlorotUniform => (uniform, glorot * SQRT_3),
            Self::GlorotNormal => (normal, glorot),
            Self::LecunUniform => (uniform, lecun * SQRT_3),
            Self::LecunNormal => (normal, lecun),
            Self::Uniform(bound) => (uniform, bound),
            Self::Normal(deviation) => (normal, deviation),
            Self::Constant(value) => (constant, value),
        };
        Filler { fill, number: T::from_f64(number) }
    }
}

const SQRT_3: f64 = 1.732_050_807_568_877_2;

/// The square root of a number above zero, by Newton's method from above.
const fn sqrt(x: f64) -> f64 {
    let mut root = if x > 1.0 { x } else { 1.0 };
    loop {
        let next = 0.5 * (root + x / root);
        if next < root {
            root = next;
        } else {
            return root;
        }
    }
}

/// Fills weights with values that a number tells.
type Fill<T, R> = fn(&mut [T], T, &mut R);

/// What gives the tensors of a layer their first values.
pub(crate) struct Filler<T, R> {
    fill: Fill<T, R>,
    number: T,
}

impl<T: Scalar, R: Rng> Filler<T, R> {
    pub(crate) fn fill(&self, kind: Kind, values: &mut [T], rng: &mut R) {
        match kind {
            Kind::Weight => (self.fill)(values, self.number, rng),
            Kind::Bias => values.fill(T::ZERO),
            Kind::Scale => values.fill(T::ONE),
            Kind::Statistic | Kind::Running => {}
        }
    }
}

fn constant<T: Scalar, R>(values: &mut [T], value: T, _rng: &mut R) {
    values.fill(value);
}

fn uniform<T: Scalar, R: Rng>(values: &mut [T], bound: T, rng: &mut R) {
    for value in values {
        let unit = T::uniform(rng);
        *value = (unit + unit - T::ONE) * bound;
    }
}

fn normal<T: Scalar, R: Rng>(values: &mut [T], deviation: T, rng: &mut R) {
    for value in values {
        *value = deviation * T::normal(rng);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{ChaCha8Rng, SeedableRng};

    #[test]
    #[cfg_attr(miri, ignore = "too many numbers for Miri")]
    fn the_weights_have_the_moments_of_their_distribution() {
        let uniform = [Init::HeUniform, Init::GlorotUniform, Init::LecunUniform, Init::Uniform(0.3)];
        let normal = [Init::HeNormal, Init::GlorotNormal, Init::LecunNormal, Init::Normal(0.3)];
        for (init, fourth) in uniform.map(|init| (init, 1.8)).into_iter().chain(normal.map(|init| (init, 3.0))) {
            let mut values = [0.0_f64; 40_000];
            init.filler(Init::deviations(200, 200)).fill(Kind::Weight, &mut values, &mut ChaCha8Rng::seed_from_u64(3));
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
        let filler = Init::Constant(0.25).filler(Init::deviations(3, 1));
        filler.fill(Kind::Weight, &mut values, &mut ChaCha8Rng::seed_from_u64(3));
        assert_eq!(values, [0.25; 3]);
        filler.fill(Kind::Bias, &mut values, &mut ChaCha8Rng::seed_from_u64(3));
        assert_eq!(values, [0.0; 3]);
    }
}
