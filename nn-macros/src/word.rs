//! The words of the language: one table, one file a word. Everything that the compiler asks of a word is
//! [`Layer`](crate::layer::Layer).

pub mod activation;
pub mod branches;
pub mod dense;
mod dropout;
mod path;
pub mod residual;

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

/// The words for layers.
const LAYERS: &[(&str, Meaning)] = &[
    ("dense", Layer(dense::read)),
    ("dropout", Layer(dropout::read)),
    ("conv", Later),
    ("depthwise_conv", Later),
    ("max_pool", Later),
    ("avg_pool", Later),
    ("global_avg_pool", Later),
    ("flatten", Later),
    ("batch_norm", Later),
    ("layer_norm", Later),
    ("rnn", Later),
    ("gru", Later),
    ("lstm", Later),
];

/// What other libraries call a layer.
const OTHER_LAYERS: &[(&str, &str)] = &[("linear", "dense")];

/// What other libraries call an activation.
const OTHER_ACTIVATIONS: &[(&str, &str)] = &[
    ("swish", "silu"),
    ("logistic", "sigmoid"),
    ("linear", "identity"),
    ("none", "identity"),
    ("hardswish", "hard_swish"),
];

/// The layer of that name.
pub fn layer(name: &str) -> Option<&'static Meaning> {
    LAYERS.iter().find(|(word, _)| *word == name).map(|(_, meaning)| meaning)
}

/// The activation of that name.
pub fn activation(name: &str) -> Option<&'static activation::Word> {
    activation::WORDS.iter().find(|word| word.name == name)
}

/// "; did you mean `dense`?" if a layer is near.
pub fn layer_like(name: &str) -> String {
    let words = LAYERS.iter().map(|(word, _)| (*word, *word));
    nearest(name, words.chain(OTHER_LAYERS.iter().copied())).unwrap_or_default()
}

/// "; did you mean `relu`?" if an activation is near, else all of them.
pub fn activation_like(name: &str) -> String {
    let words = || activation::WORDS.iter().map(|word| word.name);
    let pairs = words().map(|word| (word, word)).chain(OTHER_ACTIVATIONS.iter().copied());
    nearest(name, pairs).unwrap_or_else(|| format!("; there are {}", words().collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::activation_like;

    #[test]
    fn near_words_are_suggested() {
        let pairs = [
            ("rleu", "relu"),
            ("Sigmoid", "sigmoid"),
            ("sigmod", "sigmoid"),
            ("hardtanh", "hard_tanh"),
            ("swish", "silu"),
        ];
        for (wrong, right) in pairs {
            assert_eq!(activation_like(wrong), format!("; did you mean `{right}`?"));
        }
        assert!(activation_like("quadratic").starts_with("; there are identity, relu"));
    }
}
