//! Checkpoints: training as bytes.
//!
//! All numbers are little-endian: the magic bytes, the fingerprint, the progress, the optimiser's learning rate and steps,
//! the parameters, the optimiser's networks, and the checksum of all bytes before it. Fingerprint and checksum are CRC-64/XZ,
//! which tells apart any two texts that differ in up to 64 bits in a row.

use super::Progress;
use crate::kernel::Scalar;
use crate::network::{Network, Trainable};
use crate::number::Number;
use crate::number::size::{product, sum};
use crate::optimizer::{Optimizer, State};
use crate::part::place::Place;
use crate::part::run::Part;
use core::fmt::{self, Display, Formatter, Write};
use crc::{CRC_64_XZ, Crc, Digest};

static CRC: Crc<u64> = Crc::<u64>::new(&CRC_64_XZ);
const MAGIC: u64 = u64::from_le_bytes(*b"nnckpt01");
/// Magic bytes, fingerprint, seven numbers of the progress, and two of the optimiser.
const HEAD: usize = 11 * 8;
const CHECKSUM: usize = 8;

/// The bytes of a checkpoint of that optimiser and its network.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::train::checkpoint_len;
/// type Net = network!(2 => 8 relu => 4 sigmoid => 1);
///
/// assert_eq!(checkpoint_len::<Sgd<Net>>(), 96 + 260);
/// assert_eq!(checkpoint_len::<Adam<Net>>(), 96 + 3 * 260);
/// ```
pub const fn checkpoint_len<O: Optimizer>() -> usize {
    sum(HEAD + CHECKSUM, product(O::Network::FLASH, 1 + O::NETWORKS))
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

/// A text that is not kept, only its checksum.
struct Text(Digest<'static, u64>);

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// What a checkpoint must have in common with the program that reads it.
fn fingerprint<O: Optimizer>() -> u64 {
    let mut text = Text(CRC.digest());
    let scalar = <O::Network as Network>::Number::NAME;
    // Nothing here can fail: the text is not kept.
    let (inputs, outputs) = (<O::Network as Network>::Layers::IN, <O::Network as Network>::Layers::OUT);
    let _ = write!(text, "{scalar};{};{inputs};{outputs};", O::NAME);
    <O::Network as Network>::Layers::describe(Place::FIRST, &mut |module| {
        let _ = write!(text, "{} {} {:?} {};", module.place, module.label, module.output, module.parameters);
    });
    text.0.finalize()
}

/// Where the next bytes go.
struct Writer<'a>(&'a mut [u8]);

impl Writer<'_> {
    /// Writes the lowest bytes of a number, as far as there is room.
    fn put(&mut self, number: u64, bytes: usize) {
        let (to, rest) = core::mem::take(&mut self.0).split_at_mut_checked(bytes).unwrap_or_default();
        to.iter_mut().zip(number.to_le_bytes()).for_each(|(to, byte)| *to = byte);
        self.0 = rest;
    }

    fn network<N: Trainable>(&mut self, network: &N) {
        network.parameters(|_, values| values.iter().for_each(|value| self.put(value.to_bits(), size_of_val(value))));
    }
}

pub(super) fn write<O: Optimizer>(
    bytes: &mut [u8],
    network: &O::Network,
    optimizer: &mut O,
    progress: &Progress<<O::Network as Network>::Number>,
) -> Result<usize, CheckpointError> {
    let (needed, found) = (const { checkpoint_len::<O>() }, bytes.len());
    let (body, rest) = bytes
        .split_at_mut_checked(needed - CHECKSUM)
        .filter(|(_, rest)| rest.len() >= CHECKSUM)
        .ok_or(CheckpointError::Buffer { needed, found })?;
    let State { learning_rate, steps, networks } = optimizer.state();
    let Progress { seed, epoch, batch, step, samples, len, mean } = *progress;
    let head = [
        MAGIC,
        fingerprint::<O>(),
        seed,
        epoch as u64,
        batch as u64,
        step,
        samples,
        len,
        mean.to_bits(),
        learning_rate.to_bits(),
        steps.map_or(0, |steps| *steps),
    ];
    let mut writer = Writer(&mut *body);
    head.iter().for_each(|number| writer.put(*number, 8));
    writer.network(network);
    networks.iter().for_each(|network| writer.network(network));
    Writer(rest).put(CRC.checksum(body), CHECKSUM);
    Ok(needed)
}

/// Where the next bytes come from.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// A number of so many bytes; what is missing is zero.
    fn get(&mut self, bytes: usize) -> u64 {
        let (from, rest) = self.0.split_at_checked(bytes).unwrap_or_default();
        let mut number = [0; 8];
        number.iter_mut().zip(from).for_each(|(to, byte)| *to = *byte);
        self.0 = rest;
        u64::from_le_bytes(number)
    }

    fn network<N: Trainable>(&mut self, network: &mut N) {
        network.parameters_mut(|_, values| {
            for value in values {
                *value = N::Number::from_bits(self.get(size_of::<N::Number>()));
            }
        });
    }
}

pub(super) fn read<O: Optimizer>(
    bytes: &[u8],
    network: &mut O::Network,
    optimizer: &mut O,
) -> Result<Progress<<O::Network as Network>::Number>, CheckpointError> {
    if Reader(bytes).get(8) != MAGIC {
        return Err(CheckpointError::Unknown);
    }
    let (body, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(CheckpointError::Damaged)?;
    if u64::from_le_bytes(*checksum) != CRC.checksum(body) || body.len() < HEAD {
        return Err(CheckpointError::Damaged);
    }
    let mut reader = Reader(body);
    let [_, fingerprint_there, seed, epoch, batch, step, samples, len, mean, rate, steps_there] =
        core::array::from_fn(|_| reader.get(8));
    if fingerprint_there != fingerprint::<O>() || bytes.len() != const { checkpoint_len::<O>() } {
        return Err(CheckpointError::Foreign);
    }
    let number = |number| usize::try_from(number).map_err(|_| CheckpointError::Damaged);
    let (epoch, batch) = (number(epoch)?, number(batch)?);
    let State { learning_rate, steps, networks } = optimizer.state();
    *learning_rate = Scalar::from_bits(rate);
    steps.into_iter().for_each(|steps| *steps = steps_there);
    reader.network(network);
    networks.iter_mut().for_each(|network| reader.network(network));
    Ok(Progress { seed, epoch, batch, step, samples, len, mean: Scalar::from_bits(mean) })
}
