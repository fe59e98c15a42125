//! Looking inside: what the values and the gradients of every layer are like.

use crate::dataset::Dataset;
use crate::error::TrainError;
use crate::kernel::Scalar;
use crate::layer::{Rows, Standardizes};
use crate::network::planes::{self, RowOf};
use crate::network::summary::Padded;
use crate::network::{Network, Trainable};
use crate::number::storage::Plain;
use crate::part::learn::{Learn, SEEN as NUMBERS};
use crate::part::place::{Module, Place};
use crate::part::run::Part;
use crate::part::tensor::Tensor;
use core::fmt::{self, Display, Formatter};
use core::slice;

/// Statistics of every layer of a network, collected sample by sample and step by step, in memory whose size is known
/// when it compiles.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::statistics::Statistics;
/// type Net = network!(1 => 2 relu => 1);
///
/// let mut net = Net::ZERO;
/// net.parameters_mut(|kind, values| {
///     if kind == Kind::Weight {
///         values.fill(1.0);
///         values[1] = -1.0; // the second hidden node sees the input with the other sign
///     }
/// });
/// let mut statistics = Statistics::<Net>::ZERO;
/// for x in [1.0, 2.0] {
///     statistics.see(&net, &[x]);
/// }
/// statistics.each(|layer| {
///     if layer.module.label == "relu" {
///         assert_eq!(layer.values.mean, 0.75); // 1 and 0, 2 and 0
///         assert_eq!((layer.saturated, layer.dead), (0.5, 0.5));
///     }
/// });
/// ```
pub struct Statistics<N: Trainable> {
    samples: u64,
    steps: u64,
    seen: <N::Layers as Learn>::Seen,
}

/// Mean and deviation of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
}

/// What was seen of one layer. What was never seen is zero.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LayerStatistics<'a> {
    /// The layer.
    pub module: &'a Module<'a>,
    /// Its values.
    pub values: Moments,
    /// The share of its values at a bound of their activation, where the slope is zero or nearly: of `relu` those that
    /// are 0, and of `sigmoid`, `tanh`, `softsign`, `hard_sigmoid`, `hard_tanh` and `relu6` those within a hundredth of the
    /// range, as below 0.01 or above 0.99. None of other activations, which have no bound or only come near it.
    pub saturated: f64,
    /// The share of its nodes whose value was saturated for every sample; of signals and images that of the channels that were so at every
    /// place, such as filters that never find anything.
    pub dead: f64,
    /// The gradient by its parameters, over all steps.
    pub gradient: Moments,
    /// The Euclidean norm of the gradient by its parameters, root mean square over all steps.
    pub gradient_norm: f64,
}

impl<N: Trainable> Statistics<N> {
    /// Nothing seen yet.
    pub const ZERO: Self = Self { samples: 0, steps: 0, seen: Plain::ZEROED };

    /// Runs the network on an input and takes the values of every layer; returns the output. Each step of a
    /// [`Sequence`](crate::train::Sequence) counts as a sample.
    pub fn see(&mut self, network: &N, input: &N::Input) -> N::Output {
        let Self { samples, seen, .. } = self;
        let (seen, mut at) = (seen.values_mut(), 0);
        let len = seen.len();
        network.activations(input, |module, values| {
            if at == 0 {
                // The first layer, at each step of a sequence.
                *samples += 1;
            }
            let before = (*samples - 1) as f64;
            let of_layer = seen.get_mut(at..at + NUMBERS + values.len()).unwrap_or_default();
            let (numbers, nodes) = of_layer.split_at_mut_checked(NUMBERS).unwrap_or_default();
            at += NUMBERS + values.len();
            at = if at < len { at } else { 0 };
            let [mean, spread, saturated, ..] = numbers else { return };
            let mut count = before * values.len() as f64;
            for (at, value) in values.iter().enumerate() {
                count += 1.0;
                add(value.to_f64(), count, mean, spread);
                let is_saturated = is_saturated(value.to_f64(), module.range);
                *saturated += (f64::from(u8::from(is_saturated)) - *saturated) / count;
                // Place by place, each with all channels.
                if let (false, Some(alive)) = (is_saturated, nodes.get_mut(at % channels(module))) {
                    *alive = 1.0;
                }
            }
        })
    }

    /// Takes the gradient of a step, as a callback's report or [`Training::gradient`](crate::train::Training::gradient) has
    /// it.
    pub fn see_gradient(&mut self, gradient: &N) {
        let before = self.steps as f64;
        self.steps += 1;
        let seen = self.seen.values_mut();
        let mut position = 0;
        gradient.parameters(|_, values| {
            let (mut place, mut first) = (0, 0);
            N::Layers::describe(Place::FIRST, &mut |module| {
                let tensors = first..first + module.tensors.len();
                if tensors.contains(&position)
                    && let Some([_, _, _, mean, spread]) = seen.get_mut(place..place + NUMBERS)
                {
                    let before_it: usize = module.tensors.iter().take(position - first).map(Tensor::len).sum();
                    let mut count = before * module.parameters as f64 + before_it as f64;
                    for value in values {
                        count += 1.0;
                        add(value.to_f64(), count, mean, spread);
                    }
                }
                place += NUMBERS + module.output.iter().product::<usize>();
                first = tensors.end;
            });
            position += 1;
        });
    }

    /// Calls `each` with what was seen of every layer, in order.
    pub fn each(&self, mut each: impl FnMut(&LayerStatistics<'_>)) {
        let moments = |mean: f64, spread: f64, count: f64| {
            let deviation = if count > 0.0 { libm::sqrt(spread / count) } else { 0.0 };
            Moments { mean, deviation }
        };
        let mut rest = self.seen.values();
        N::Layers::describe(Place::FIRST, &mut |module| {
            let nodes = module.output.iter().product::<usize>();
            let (numbers, after) = rest.split_at_checked(NUMBERS).unwrap_or_default();
            let (alive, after) = after.split_at_checked(nodes).unwrap_or_default();
            rest = after;
            let [mean, spread, saturated, by_mean, by_spread] = *numbers else { return };
            let channels = channels(module);
            let alive = alive.iter().take(channels).filter(|alive| **alive > 0.0).count();
            let dead = if self.samples > 0 { (channels - alive) as f64 / channels as f64 } else { 0.0 };
            let parameters = module.parameters as f64;
            let gradient = moments(by_mean, by_spread, self.steps as f64 * parameters);
            let square = gradient.mean * gradient.mean + gradient.deviation * gradient.deviation;
            each(&LayerStatistics {
                module,
                values: moments(mean, spread, self.samples as f64 * nodes as f64),
                saturated,
                dead,
                gradient,
                gradient_norm: libm::sqrt(square * parameters),
            });
        });
    }
}

/// How many nodes a layer has at each place.
fn channels(module: &Module<'_>) -> usize {
    module.output[0].max(1)
}

/// One number more for a mean and a sum of squared distances from it (Welford 1962).
fn add(value: f64, count: f64, mean: &mut f64, spread: &mut f64) {
    let before = value - *mean;
    *mean += before / count;
    *spread += before * (value - *mean);
}

/// Whether a value is within a hundredth of the range from a bound, or at the only bound.
fn is_saturated(value: f64, [least, largest]: [f64; 2]) -> bool {
    let near = if (largest - least).is_finite() { (largest - least) / 100.0 } else { 0.0 };
    value <= least + near || value >= largest - near
}

impl<N: Trainable> Display for Statistics<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} after {} samples and {} steps", N::NAME, self.samples, self.steps)?;
        write!(
            f,
            "\n  {:<24}{:>11}{:>11}{:>11}{:>8}{:>15}",
            "layer", "mean", "deviation", "saturated", "dead", "gradient norm"
        )?;
        let mut result = Ok(());
        self.each(|layer| {
            let LayerStatistics { module, values, saturated, dead, gradient_norm, .. } = layer;
            result = result.and_then(|()| {
                write!(f, "\n  {:<8} {:<15}", Padded(module.place), module.label)?;
                write!(f, "{:>11.4}{:>11.4}{saturated:>11.3}{dead:>8.3}", values.mean, values.deviation)?;
                if module.parameters > 0 { write!(f, "{gradient_norm:>15.3e}") } else { Ok(()) }
            });
        });
        result
    }
}

/// A network that begins with `standardize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not begin with `standardize`",
    label = "its first layer is another",
    note = "declare it as `network! {{ pub struct Name: 4 => standardize => 8 relu => 1; }}`"
)]
pub trait BeginsStandardized: Network {
    #[doc(hidden)]
    fn learn(&mut self, rows: Rows<'_, Self::Number>);
}

#[diagnostic::do_not_recommend]
impl<N: Network<Layers: Standardizes>> BeginsStandardized for N {
    fn learn(&mut self, rows: Rows<'_, N::Number>) {
        self.layers_mut().learn(rows);
    }
}

/// Sets mean and deviation of the [`Standardize`](crate::layer::Standardize) that a network begins with, to those of the inputs of a data set: of the training
/// part, not of what is held out. The deviation is that of the whole, as scikit-learn's. A stream takes them from the frames of
/// sequences.
///
/// # Errors
/// [`TrainError::EmptyDataset`], and [`TrainError::NoSample`] for what the data set gives.
///
/// ```
/// use nn_core::statistics::standardize;
/// use nn_core::prelude::*;
/// network! { struct Net: 2 => standardize => 4 relu => 1; }
///
/// let data = [([1_000.0, 3.0], [0.0]), ([1_004.0, 3.0], [1.0])];
/// let mut net = Net::ZERO;
/// net.init(&mut ChaCha8Rng::seed_from_u64(1));
/// standardize(&mut net, &data)?;
/// net.activations(&[1_000.0, 5.0], |layer, values| {
///     if layer.label == "standardize" {
///         assert_eq!(values, [-1.0, 2.0]); // 1,002 ± 2; 3 always
///     }
/// });
/// # Ok::<(), nn_core::train::TrainError>(())
/// ```
pub fn standardize<N, D>(network: &mut N, data: &D) -> Result<(), TrainError>
where
    N: BeginsStandardized,
    D: Dataset<Input: Plain<N::Element>> + ?Sized,
{
    const { assert!(D::Input::LEN.is_multiple_of(N::Input::LEN), "a sample is one input of the network, or several") };
    if data.is_empty() {
        return Err(TrainError::EmptyDataset);
    }
    let mut result = Ok(());
    network.learn(&mut |see| {
        let (mut sample, mut row) = (D::Input::ZEROED, RowOf::<N>::ZEROED);
        for index in 0..data.len() {
            if data.input(index, &mut sample).is_none() {
                result = Err(TrainError::NoSample { index });
                return;
            }
            for input in <N::Input>::blocks(sample.values()) {
                planes::read::<N>(slice::from_ref(input), slice::from_mut(&mut row));
                see(row.values());
            }
        }
    });
    result
}
