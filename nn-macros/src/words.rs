//! The words of the language.

/// An activation with its arguments, all of which have defaults.
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// Which arguments it takes.
    pub takes: Arguments,
}

/// The arguments of an activation.
#[derive(Clone, Copy, PartialEq)]
pub enum Arguments {
    /// None.
    Nothing,
    /// Nothing or the word `tanh`.
    OrTanh,
    /// One number of that name, not negative.
    NotNegative(&'static str),
    /// One number of that name, above zero.
    Positive(&'static str),
    /// Two numbers, the first the smaller.
    Bounds,
}

use Arguments::{Bounds, NotNegative, Nothing, OrTanh, Positive};

const fn word(name: &'static str, takes: Arguments) -> Word {
    Word { name, takes }
}

/// The activations.
pub const ACTIVATIONS: &[Word] = &[
    word("identity", Nothing),
    word("relu", Nothing),
    word("leaky_relu", NotNegative("slope")),
    word("sigmoid", Nothing),
    word("tanh", Nothing),
    word("elu", Positive("alpha")),
    word("selu", Nothing),
    word("gelu", OrTanh),
    word("silu", Nothing),
    word("softplus", Positive("beta")),
    word("softsign", Nothing),
    word("mish", Nothing),
    word("hard_sigmoid", Nothing),
    word("hard_tanh", Bounds),
    word("hard_swish", Nothing),
    word("relu6", Nothing),
    word("softmax", Nothing),
];

/// The activations, by their types' names, that have functions with an approximation.
pub const APPROXIMATED: &[&str] = &["sigmoid", "tanh", "gelu", "gelu_tanh", "silu", "softplus", "mish", "softmax"];

/// The attributes that are the language's own.
const ATTRIBUTES: &[&str] = &["approximate", "budget", "golden", "weights"];

/// Words for layers; not all of them are available yet.
pub const RESERVED: &[&str] = &[
    "conv",
    "depthwise_conv",
    "max_pool",
    "avg_pool",
    "global_avg_pool",
    "flatten",
    "dropout",
    "batch_norm",
    "layer_norm",
    "dense",
    "rnn",
    "gru",
    "lstm",
];

/// What other libraries call them.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("swish", "silu"),
    ("logistic", "sigmoid"),
    ("linear", "identity"),
    ("none", "identity"),
    ("hardswish", "hard_swish"),
];

/// The activation of that name.
pub fn activation(name: &str) -> Option<&'static Word> {
    ACTIVATIONS.iter().find(|word| word.name == name)
}

/// "; did you mean `relu`?" if an activation is near.
pub fn suggestion(name: &str) -> String {
    let words = ACTIVATIONS.iter().map(|word| (word.name, word.name)).chain(OTHER_NAMES.iter().copied());
    nearest(name, words).unwrap_or_else(|| {
        let all: Vec<_> = ACTIVATIONS.iter().map(|word| word.name).collect();
        format!("; there are {}", all.join(", "))
    })
}

/// "; did you mean `dense`?" if a layer is near.
pub fn layer_suggestion(name: &str) -> String {
    let words = RESERVED.iter().map(|word| (*word, *word)).chain([("linear", "dense")]);
    nearest(name, words).unwrap_or_default()
}

/// The attribute that is meant by another, if they are so near that it can't be one of the user's.
pub fn attribute(name: &str) -> Option<&'static str> {
    ATTRIBUTES.iter().copied().find(|word| *word != name && distance(name, word) <= word.len() / 5)
}

/// The word whose name is near enough to be meant.
fn nearest<'a>(name: &str, words: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let folded = name.to_lowercase();
    let (distance, word) = words.map(|(name, word)| (distance(&folded, name), word)).min()?;
    (distance <= word.len().min(folded.len()) / 3 + 1).then(|| format!("; did you mean `{word}`?"))
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(suggestion(wrong), format!("; did you mean `{right}`?"));
        }
        assert!(suggestion("quadratic").starts_with("; there are identity, relu"));
    }

    #[test]
    fn attributes_that_are_near_are_meant() {
        assert_eq!(
            ["aproximate", "approximated", "budgets"].map(attribute),
            ["approximate", "approximate", "budget"].map(Some)
        );
        for other in ["allow", "cfg", "derive", "doc", "repr", "must_use", "height", "approximate", "budget"] {
            assert_eq!(attribute(other), None);
        }
    }
}
