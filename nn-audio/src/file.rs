//! Files of captures. Every key is looked at: what is unknown, missing, there twice or not played is refused by its name.

mod guitarml;
mod nam;
mod numbers;
mod rtneural;

use crate::capture::{Around, Capture, Info};
use crate::knobs::Knobs;
use crate::shapes::{AnyNetwork, Shape};
use core::fmt;

/// Why a file is not played.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It is not JSON, or not of the form that is expected: an unknown key, one that is missing or doubled, a number where text is due.
    Form(serde_json::Error),
    /// It is of a kind that is not played.
    NotPlayed(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => error.fmt(f),
            Self::NotPlayed(why) => f.write_str(why),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Form(error) => Some(error),
            Self::NotPlayed(_) => None,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Form(error)
    }
}

fn not_played<T>(why: impl Into<String>) -> Result<T, Error> {
    Err(Error::NotPlayed(why.into()))
}

/// The longest text in a file: keys and values are copied, and messages have them.
const LONGEST: usize = 65_536;

/// How many bytes the longest text in quotes has.
fn longest_text(text: &str) -> usize {
    let (mut longest, mut start, mut is_escaped) = (0, None, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = start.is_some(),
            b'"' => match start.take() {
                Some(start) => longest = longest.max(at - start),
                None => start = Some(at),
            },
            _ => {}
        }
    }
    longest.max(start.map_or(0, |start| text.len() - start))
}

/// Reads a file of any kind.
pub(crate) fn read(text: &str, size: f64) -> Result<Capture, Error> {
    /// What tells the kinds apart.
    #[derive(serde::Deserialize)]
    struct Kind {
        architecture: Option<serde::de::IgnoredAny>,
        model_data: Option<serde::de::IgnoredAny>,
        in_shape: Option<serde::de::IgnoredAny>,
    }
    if longest_text(text) > LONGEST {
        return not_played(format!("it has a text of more than {LONGEST} bytes"));
    }
    let kind: Kind = serde_json::from_str(text)?;
    match (kind.architecture, kind.model_data, kind.in_shape) {
        (Some(_), None, None) => nam::read(text, size),
        (None, Some(_), None) => guitarml::read(text),
        (None, None, Some(_)) => rtneural::read(text),
        _ => not_played(
            "expected a `.nam` file, with `architecture`, one of GuitarML, with `model_data`, or of RTNeural, with `in_shape`",
        ),
    }
}

/// Numbers of a file, as many as [outputs, inputs, taps] say.
struct Tensor {
    sizes: [usize; 3],
    numbers: Vec<f32>,
}

impl Tensor {
    fn matrix(outputs: usize, inputs: usize, numbers: Vec<f32>) -> Self {
        Self { sizes: [outputs, inputs, 1], numbers }
    }

    /// Numbers that lie in memory as in the file.
    fn vector(numbers: Vec<f32>) -> Self {
        Self { sizes: [numbers.len(), 1, 1], numbers }
    }
}

/// The network of a shape with these tensors, which come in its order. A network has `[tap][input][output]`.
fn network(shape: Shape, tensors: impl IntoIterator<Item = Tensor>) -> Result<AnyNetwork, Error> {
    let (mut network, mut tensors, mut fit) = (AnyNetwork::zero(shape), tensors.into_iter(), true);
    network.tensors_mut(|to| {
        let Some(Tensor { sizes: [outputs, inputs, taps], numbers }) = tensors.next() else {
            fit = false;
            return;
        };
        fit &= to.len() == numbers.len() && to.len() == outputs * inputs * taps;
        for (at, to) in to.iter_mut().enumerate() {
            let (tap, input, output) = (at / (inputs * outputs), at / outputs % inputs, at % outputs);
            *to = numbers.get((output * inputs + input) * taps + tap).copied().unwrap_or(0.0);
        }
    });
    if !fit || tensors.next().is_some() {
        return not_played(format!("the numbers are not those of {}", shape.name()));
    }
    Ok(network)
}

/// What the readers of recurrent networks find.
struct Recurrent {
    kind: String,
    units: usize,
    around: Around,
    info: Info,
    /// For each input, the sound first, a weight of every sum of the gates.
    inputs: Vec<Vec<f32>>,
    /// The bias of these sums.
    bias: Vec<f32>,
    /// The weights of the last output, before that bias.
    of_output: Tensor,
    /// What follows it.
    rest: Vec<Tensor>,
}

impl Recurrent {
    /// The capture: inputs beyond the sound are knobs.
    fn capture(self) -> Result<Capture, Error> {
        let Self { kind, units, around, info, mut inputs, bias, of_output, rest } = self;
        let Some(shape) = Shape::recurrent(&kind, 1, units) else {
            return not_played(format!("{kind} 1x{units} is not played; these are: {}", played(&kind)));
        };
        if inputs.is_empty() || inputs.iter().any(|weights| weights.len() != bias.len()) {
            return not_played("the weights of the inputs are not as many as their biases");
        }
        let weights = inputs.split_off(1);
        let first = inputs.into_iter().chain([bias.clone()]).map(Tensor::vector);
        let mut tensors: Vec<_> = first.collect();
        tensors.insert(1, of_output);
        let mut network = network(shape, tensors.into_iter().chain(rest))?;
        let knobs = Knobs::new(bias, weights, &mut network);
        Ok(Capture::new(network, around, knobs, info))
    }
}

/// Info of a file that says this sample rate.
fn rated(rate: Option<f64>, info: Info) -> Result<Info, Error> {
    match rate {
        Some(rate) if !(1_000.0..=1_000_000.0).contains(&rate) => not_played(format!("`sample_rate` is {rate}")),
        rate => Ok(Info { sample_rate: rate.unwrap_or(48_000.0), is_rate_stated: rate.is_some(), ..info }),
    }
}

/// The names of the shapes that are played, for messages.
fn played(kind: &str) -> String {
    let names: Vec<_> = Shape::ALL.iter().map(|shape| shape.name()).filter(|name| name.starts_with(kind)).collect();
    names.join(", ")
}
