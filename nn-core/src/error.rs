//! What can go wrong in training.

use crate::setting::Setting;
use core::fmt::{self, Display, Formatter};

/// Why training stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrainError {
    /// The data set has no sample.
    EmptyDataset,
    /// A batch has no sample.
    EmptyBatch,
    /// A batch, the last one of an epoch, or a part of one that is larger than the memory of the training, has fewer rows than a layer
    /// needs: `batch_norm` can't tell how much one value varies.
    TooFewRows {
        /// The rows that it would have.
        rows: usize,
        /// The least.
        least: usize,
    },
    /// A buffer for indices is not as long as the data set.
    OrderLength {
        /// The number of samples.
        expected: usize,
        /// The length of the buffer.
        found: usize,
    },
    /// Two slices that belong together are not of one length.
    Lengths {
        /// The length of the first: inputs.
        expected: usize,
        /// The length of the second: targets.
        found: usize,
    },
    /// A part of a split has no sample.
    EmptyPart {
        /// The samples for training.
        training: usize,
        /// The samples for validation.
        validation: usize,
    },
    /// The data set did not give the sample of this index: there is none, or reading it failed.
    NoSample {
        /// The index.
        index: usize,
    },
    /// An epoch of other data was not finished: it goes on with those data, or begins anew by
    /// [`Trainer::restart_epoch`](crate::train::Trainer::restart_epoch).
    Unfinished {
        /// The samples of it that were learnt.
        samples: u64,
    },
    /// What samples came from failed.
    Source {
        /// How many samples it gave before, since the epoch began.
        after: u64,
    },
    /// A sequence has no step, or more than the network that is trained takes.
    Steps {
        /// Which it is.
        index: usize,
        /// The most steps.
        expected: usize,
        /// Its steps.
        found: usize,
    },
    /// Pieces can't be dealt out to streams, to each the same number.
    Uneven {
        /// The pieces.
        pieces: usize,
        /// The streams.
        streams: usize,
    },
    /// The states are not those that the pieces learnt in this epoch have left.
    States {
        /// The samples that were learnt.
        samples: u64,
    },
    /// The target of a sample is none that the loss can compare with: a class that the network has no output for, or a
    /// probability that is not from 0 to 1.
    Target {
        /// The index of the sample; of samples that come in their own order, the place in the batch.
        index: usize,
    },
    /// A setting of the loss, the optimiser or the trainer is out of its range.
    Setting(Setting),
    /// The loss or the norm of its gradient became infinite or NaN; the parameters are as they were before the step. Or the
    /// parameters themselves did, by a learning rate that is far too large.
    Diverged {
        /// The step, counted from zero since training began.
        step: u64,
    },
}

impl From<Setting> for TrainError {
    fn from(setting: Setting) -> Self {
        Self::Setting(setting)
    }
}

impl Display for TrainError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyDataset => write!(f, "the data set has no sample"),
            Self::EmptyBatch => write!(f, "a batch must have at least one sample"),
            Self::TooFewRows { rows, least } => {
                write!(
                    f,
                    "`batch_norm` needs {least} rows at a time, but a batch or a part of one has {rows}; leave it out, or choose another size"
                )
            }
            Self::OrderLength { expected, found } => {
                write!(f, "the order has room for {found} indices, but there are {expected} samples")
            }
            Self::Lengths { expected, found } => write!(f, "there are {expected} inputs, but {found} targets"),
            Self::EmptyPart { training, validation } => {
                write!(
                    f,
                    "a split into {training} samples for training and {validation} for validation leaves one empty"
                )
            }
            Self::NoSample { index } => write!(f, "the data set did not give sample {index}"),
            Self::Unfinished { samples } => {
                write!(
                    f,
                    "an epoch of other data is unfinished after {samples} samples; go on with those or restart it"
                )
            }
            Self::Source { after } => write!(f, "the source of samples failed after {after} of this epoch"),
            Self::Steps { index, expected, found } => {
                write!(f, "sequence {index} has {found} steps, but 1 to {expected} are expected")
            }
            Self::Uneven { pieces, streams } => {
                write!(f, "{pieces} pieces can't be dealt out evenly to {streams} streams")
            }
            Self::States { samples } => write!(
                f,
                "the states are not those after {samples} samples of this epoch; load those that were saved with the \
                 checkpoint, or restart the epoch"
            ),
            Self::Target { index } => {
                write!(f, "the target of sample {index} is out of range for this network and loss")
            }
            Self::Setting(setting) => setting.fmt(f),
            Self::Diverged { step } => {
                write!(
                    f,
                    "the loss, its gradient or the network is not finite in step {step}; try a lower learning rate"
                )
            }
        }
    }
}

impl core::error::Error for TrainError {}
