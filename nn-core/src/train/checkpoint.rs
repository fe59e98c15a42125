//! Checkpoints: training as bytes.
//!
//! After the magic bytes and the fingerprint stand the progress, the optimiser's learning rate and steps, the parameters and the
//! optimiser's networks.

use super::Progress;
use crate::network::Network;
use crate::number::Number;
use crate::number::size::{product, sum};
use crate::optimizer::{Optimizer, State};
use crate::part::memory::{Fill, Look};
use crate::saved::{self, Fault};
use core::fmt::{self, Display, Formatter};

/// Eight numbers of the progress, and two of the optimiser.
const HEAD: usize = 10 * 8;

/// The bytes of a checkpoint of that optimiser and its network.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::train::checkpoint_len;
/// type Net = network!(2 => 8 relu => 4 sigmoid => 1);
///
/// assert_eq!(checkpoint_len::<Sgd<Net>>(), 104 + 260);
/// assert_eq!(checkpoint_len::<Adam<Net>>(), 104 + 3 * 260);
/// ```
pub const fn checkpoint_len<O: Optimizer>() -> usize {
    saved::len(sum(HEAD, product(O::Network::FLASH, 1 + O::NETWORKS)))
}

/// Why a checkpoint could not be written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The buffer is too short to write to.
    Buffer {
        /// The bytes that are needed.
        needed: usize,
        /// The length of the buffer.
        found: usize,
    },
    /// The bytes are not a checkpoint of this library.
    Unknown,
    /// The bytes are not those that were written: some are missing or changed.
    Damaged,
    /// It is a checkpoint of another network, another number type or another optimiser.
    Foreign,
}

impl Display for CheckpointError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Buffer { needed, found } => {
                write!(f, "a checkpoint takes {needed} bytes, but there is room for {found}")
            }
            Self::Unknown => f.write_str("this is not a checkpoint"),
            Self::Damaged => f.write_str("the checkpoint is damaged: bytes are missing or changed"),
            Self::Foreign => f.write_str("the checkpoint is of another network or optimizer"),
        }
    }
}

impl core::error::Error for CheckpointError {}

impl From<Fault> for CheckpointError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Buffer { needed, found } => Self::Buffer { needed, found },
            Fault::Unknown => Self::Unknown,
            Fault::Damaged => Self::Damaged,
            Fault::Foreign => Self::Foreign,
        }
    }
}

/// The magic bytes, and what a checkpoint must have in common with the program that reads it.
fn marks<O: Optimizer>() -> [u64; 2] {
    [u64::from_le_bytes(*b"nnckpt02"), saved::fingerprint::<<O::Network as Network>::Layers>(O::NAME)]
}

pub(super) fn write<O: Optimizer>(
    bytes: &mut [u8],
    network: &O::Network,
    optimizer: &mut O,
    progress: &Progress<<O::Network as Network>::Number>,
) -> Result<usize, CheckpointError> {
    let State { learning_rate, steps, networks } = optimizer.state();
    let Progress { seed, epoch, batch, step, samples, len, weight, mean } = *progress;
    let head = [
        seed,
        epoch as u64,
        batch as u64,
        step,
        samples,
        len,
        weight.to_bits(),
        mean.to_bits(),
        learning_rate.to_bits(),
        steps.map_or(0, |steps| *steps),
    ];
    let written = saved::write(bytes, const { checkpoint_len::<O>() }, marks::<O>(), |writer| {
        head.iter().for_each(|number| writer.put(*number, 8));
        network.parameters(|_, values| writer.numbers(values));
        networks.iter().for_each(|network| network.parameters(|_, values| writer.numbers(values)));
    });
    Ok(written?)
}

pub(super) fn read<O: Optimizer>(
    bytes: &[u8],
    network: &mut O::Network,
    optimizer: &mut O,
) -> Result<Progress<<O::Network as Network>::Number>, CheckpointError> {
    let mut reader = saved::read(bytes, const { checkpoint_len::<O>() }, marks::<O>())?;
    let [seed, epoch, batch, step, samples, len, weight, mean, rate, steps_there] =
        core::array::from_fn(|_| reader.get(8));
    let number = |number| usize::try_from(number).map_err(|_| CheckpointError::Damaged);
    let (epoch, batch) = (number(epoch)?, number(batch)?);
    let State { learning_rate, steps, networks } = optimizer.state();
    *learning_rate = Number::from_bits(rate);
    steps.into_iter().for_each(|steps| *steps = steps_there);
    network.parameters_mut(|_, values| reader.numbers(values));
    networks.iter_mut().for_each(|network| network.parameters_mut(|_, values| reader.numbers(values)));
    let [weight, mean] = [weight, mean].map(Number::from_bits);
    Ok(Progress { seed, epoch, batch, step, samples, len, weight, mean })
}
