//! The words of the language: one table, one file a word. Everything that the compiler asks of a word is
//! [`Layer`](crate::layer::Layer).

pub mod activation;
mod batch_norm;
pub mod branches;
mod cell;
mod conv;
mod conv_transpose;
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
mod upsample;
mod wavenet;
mod window;

use crate::layer::Read;
use crate::near::nearest;

/// The words for layers; those for activations are in [`activation`].
const WORDS: &[(&str, Read)] = &[
    ("dense", dense::read),
    ("dropout", dropout::read),
    ("conv", conv::conv),
    ("depthwise", conv::depthwise),
    ("conv_transpose", conv_transpose::read),
    ("max_pool", pool::max_pool),
    ("avg_pool", pool::avg_pool),
    ("global_avg_pool", pool::global_avg_pool),
    ("global_max_pool", pool::global_max_pool),
    ("flatten", moved::flatten),
    ("upsample", upsample::read),
    ("pad", pad::read),
    ("pass", moved::pass),
    ("take", moved::take),
    ("last", moved::last),
    ("reverse", moved::reverse),
    ("batch_norm", batch_norm::read),
    ("group_norm", group_norm::read),
    ("layer_norm", layer_norm::read),
    ("rms_norm", rms_norm::read),
    ("standardize", standardize::read),
    ("rnn", cell::rnn),
    ("gru", cell::gru),
    ("lstm", cell::lstm),
    ("window", window::read),
    ("wavenet", wavenet::read),
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
    ("convtranspose", "conv_transpose"),
    ("convtranspose1d", "conv_transpose"),
    ("convtranspose2d", "conv_transpose"),
    ("conv1dtranspose", "conv_transpose"),
    ("conv2dtranspose", "conv_transpose"),
    ("deconv", "conv_transpose"),
    ("maxpool", "max_pool"),
    ("maxpool1d", "max_pool"),
    ("maxpool2d", "max_pool"),
    ("avgpool", "avg_pool"),
    ("avgpool1d", "avg_pool"),
    ("avgpool2d", "avg_pool"),
    ("interpolate", "upsample"),
    ("upsampling1d", "upsample"),
    ("upsampling2d", "upsample"),
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
pub fn find(name: &str) -> Option<Read> {
    WORDS.iter().find(|(word, _)| *word == name).map(|(_, read)| *read)
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
