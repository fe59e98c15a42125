//! What can go wrong in training.

use core::fmt::{self, Display, Formatter};

/// Why training stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrainError {
    /// The data set has no sample.
    EmptyDataset,
    /// The buffer for the order of the samples is not as long as the data set.
    OrderLength {
        /// The number of samples.
        expected: usize,
        /// The length of the buffer.
        found: usize,
    },
    /// A batch is empty or longer than there is memory for.
    BatchLength {
        /// The rows that there is memory for.
        most: usize,
        /// The length of the batch.
        found: usize,
    },
    /// The data set has no sample of this index.
    NoSample {
        /// The index.
        index: usize,
    },
    /// The target of a sample is none that the loss can compare with, as a class that the network has no output for.
    Target {
        /// The index of the sample.
        index: usize,
    },
    /// The loss became infinite or NaN. The parameters are as they were before the step.
    Diverged {
        /// The epoch, counted from zero.
        epoch: usize,
        /// The batch of the epoch, counted from zero.
        batch: usize,
    },
}

impl Display for TrainError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyDataset => write!(f, "the data set has no sample"),
            Self::OrderLength { expected, found } => {
                write!(f, "the order has room for {found} indices, but there are {expected} samples")
            }
            Self::BatchLength { most, found } => {
                write!(f, "a batch must have 1 to {most} samples, found {found}")
            }
            Self::NoSample { index } => write!(f, "the data set has no sample {index}"),
            Self::Target { index } => {
                write!(f, "the target of sample {index} is out of range for this network and loss")
            }
            Self::Diverged { epoch, batch } => {
                write!(f, "the loss is not finite in epoch {epoch}, batch {batch}; try a lower learning rate")
            }
        }
    }
}

impl core::error::Error for TrainError {}
