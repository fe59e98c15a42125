//! The words of the language: one table, one file a word. Everything that the compiler asks of a word is
//! [`Layer`](crate::layer::Layer).

pub mod activation;
mod batch_norm;
pub mod branches;
mod cell;
mod conv;
pub mod dense;
mod dropout;
mod group_norm;
mod layer_norm;
mod moved;
mod pad;
mod path;
mod pool;
pub mod residual;
mod rms_norm;
pub mod sliding;
mod standardize;
mod wavenet;
mod window;

use crate::layer::Read;
use crate::near::nearest;
use Meaning::{Later, Layer};

/// What a word for a layer stands for.
pub enum Meaning {
    /// A layer.
    Layer(Read),
    /// Nothing yet.
    Later,
}

/// The words for layers; those for activations are in [`activation`].
const WORDS: &[(&str, Meaning)] = &[
    ("dense", Layer(dense::read)),
    ("dropout", Layer(dropout::read)),
    ("conv", Layer(conv::conv)),
    ("depthwise", Layer(conv::depthwise)),
    ("max_pool", Layer(pool::max_pool)),
    ("avg_pool", Layer(pool::avg_pool)),
    ("global_avg_pool", Layer(pool::global_avg_pool)),
    ("global_max_pool", Layer(pool::global_max_pool)),
    ("flatten", Layer(moved::flatten)),
    ("upsample", Layer(moved::upsample)),
    ("pad", Layer(pad::read)),
    ("pass", Layer(moved::pass)),
    ("take", Layer(moved::take)),
    ("last", Layer(moved::last)),
    ("reverse", Layer(moved::reverse)),
    ("batch_norm", Layer(batch_norm::read)),
    ("group_norm", Layer(group_norm::read)),
    ("conv_transpose", Later),
    ("layer_norm", Layer(layer_norm::read)),
    ("rms_norm", Layer(rms_norm::read)),
    ("standardize", Layer(standardize::read)),
    ("rnn", Layer(cell::rnn)),
    ("gru", Layer(cell::gru)),
    ("lstm", Layer(cell::lstm)),
    ("window", Layer(window::read)),
    ("wavenet", Layer(wavenet::read)),
];

/// What other libraries call them.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("linear", "dense"),
    ("batchnorm", "batch_norm"),
    ("batchnorm1d", "batch_norm"),
    ("batchnorm2d", "batch_norm"),
    ("batchnormalization", "batch_norm"),
    ("groupnorm", "group_norm"),
    ("groupnormalization", "group_norm"),
    ("simplernn", "rnn"),
    ("simple_rnn", "rnn"),
    ("conv1d", "conv"),
    ("conv2d", "conv"),
    ("depthwise_conv", "depthwise"),
    ("maxpool", "max_pool"),
    ("maxpool1d", "max_pool"),
    ("maxpool2d", "max_pool"),
    ("avgpool", "avg_pool"),
    ("avgpool1d", "avg_pool"),
    ("avgpool2d", "avg_pool"),
    ("padding", "pad"),
    ("zeropad1d", "pad"),
    ("zeropad2d", "pad"),
    ("zeropadding1d", "pad"),
    ("zeropadding2d", "pad"),
    ("globalaveragepooling1d", "global_avg_pool"),
    ("globalaveragepooling2d", "global_avg_pool"),
    ("adaptiveavgpool1d", "global_avg_pool"),
    ("adaptiveavgpool2d", "global_avg_pool"),
];

/// The layer of that name.
pub fn find(name: &str) -> Option<&'static Meaning> {
    WORDS.iter().find(|(word, _)| *word == name).map(|(_, meaning)| meaning)
}

/// All words, for tests of every one of them.
#[cfg(test)]
pub fn all() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(word, _)| *word).chain(activation::all())
}

/// "; did you mean `dense`?" if a layer is near.
pub fn like(name: &str) -> Option<String> {
    let words = WORDS.iter().map(|(word, _)| (*word, *word));
    nearest(name, words.chain(OTHER_WORDS.iter().copied()))
}
