//! The shapes of `wavenet`: those that have a name, and those of numbers.

use crate::arguments::Arguments;
use crate::tokens::{inside, is_punct};
use proc_macro2::{Delimiter, TokenTree};

/// The arrays of layers of a network.
pub struct Arrays {
    /// The channels of each, and the taps and the dilation of every layer.
    pub arrays: Vec<(u32, Vec<[u32; 2]>)>,
    /// The activation, and its type.
    pub activation: [&'static str; 2],
    /// The taps of the last head.
    pub head: u32,
    /// What it is called.
    pub label: String,
}

/// What is wrong, and with which tokens.
pub type Wrong = (Vec<TokenTree>, String);

const TEN: &[u32] = &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const SEVEN: &[u32] = &[1, 2, 4, 8, 16, 32, 64];
const THIRTEEN: &[u32] = &[128, 256, 512, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const A2: [&[u32]; 2] = [
    &[6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 15, 15, 6, 6, 6, 6, 6, 6, 6],
    &[1, 3, 7, 17, 41, 101, 239, 1, 3, 7, 17, 41, 101, 239, 1, 13, 1, 3, 7, 17, 41, 101, 239],
];

/// Arrays of so many channels, with the dilation of each layer.
type Dilated = &'static [(u32, &'static [u32])];

/// The shapes that have a name: the channels and dilations of the arrays; those of A2 have their kernels besides.
pub const SHAPES: &[(&str, Dilated)] = &[
    ("a1_standard", &[(16, TEN), (8, TEN)]),
    ("a1_lite", &[(12, SEVEN), (6, THIRTEEN)]),
    ("a1_feather", &[(8, SEVEN), (4, THIRTEEN)]),
    ("a1_nano", &[(4, SEVEN), (2, THIRTEEN)]),
    ("a2_full", &[(8, A2[1])]),
    ("a2_lite", &[(3, A2[1])]),
];

const ACTIVATIONS: [[&str; 2]; 3] = [["tanh", "Tanh"], ["relu", "Relu"], ["leaky_relu", "LeakyRelu"]];

const KEYS: [&str; 5] = ["channels", "kernel", "dilations", "activation", "head"];

/// What Neural Amp Modeler has beside, and why it is not here.
const OTHERS: &[(&str, &str)] = &[
    ("gated", "layers with gates are another network, which no shape of A1 and A2 has"),
    ("gating_mode", "layers with gates are another network, which no shape of A1 and A2 has"),
    ("condition_dsp", "a network that makes the input of the layers is not part of this one"),
    ("film", "layers whose values are scaled and shifted by others (FiLM) are another network"),
    ("head_scale", "it is a factor of the last head's `weight` and `bias`; multiply it into them"),
    ("bottleneck", "a layer gives as many values to its head as it has channels"),
    ("head1x1", "the sums of the head are those of the layers, without weights of their own"),
    ("groups", "every channel sees all others"),
    ("slimmable", "it has one size; `a2_full` and `a2_lite` are two networks"),
];

/// The shape of that name.
pub fn named(name: &str) -> Option<Arrays> {
    let (name, arrays) = SHAPES.iter().find(|(each, _)| *each == name)?;
    let is_second = name.starts_with("a2");
    let kernels = if is_second { A2[0] } else { &[3; 13] };
    let layers = |dilations: &[u32]| kernels.iter().zip(dilations).map(|(taps, dilation)| [*taps, *dilation]).collect();
    let arrays = arrays.iter().map(|(channels, dilations)| (*channels, layers(dilations))).collect();
    let (activation, head) = if is_second { (ACTIVATIONS[2], 16) } else { (ACTIVATIONS[0], 1) };
    Some(Arrays { arrays, activation, head, label: (*name).into() })
}

/// The shape of those numbers.
pub fn by_numbers(arguments: &Arguments, example: &str) -> Result<Arrays, Wrong> {
    let Some(([], [channels, kernel, dilations, activation, head])) = arguments.read(KEYS) else {
        let is_key =
            |token: &TokenTree, name: &str| matches!(token, TokenTree::Ident(key) if key.to_string().contains(name));
        for token in &arguments.tokens {
            if let Some((name, why)) = OTHERS.iter().find(|(name, _)| is_key(token, name)) {
                return Err((vec![token.clone()], format!("a `wavenet` has no `{name}`: {why}")));
            }
        }
        return Err((arguments.tokens.clone(), format!("expected {example}")));
    };
    let (Some(channels), Some(kernel), Some(dilations)) = (channels, kernel, dilations) else {
        return Err((arguments.tokens.clone(), format!("expected channels, a kernel and dilations, as in {example}")));
    };
    let wrong = |tokens: &[TokenTree], message: &str| (tokens.to_vec(), message.to_string());
    let channels_of = list(channels).ok_or_else(|| wrong(channels, "expected channels, as in `channels = (16, 8)`"))?;
    let expected =
        "expected dilations, as in `dilations = (1, 2, 4)`, or of each array, `dilations = ((1, 2), (8, 16))`";
    let dilations_of = match list(dilations) {
        Some(all) => vec![all; channels_of.len()],
        None => lists(dilations).ok_or_else(|| wrong(dilations, expected))?,
    };
    if dilations_of.len() != channels_of.len() {
        return Err(wrong(
            dilations,
            "as many lists of dilations are needed as there are arrays, of which `channels` has one number each",
        ));
    }
    let layers = dilations_of.iter().map(Vec::len).sum();
    let mut taps = match list(kernel).as_deref() {
        Some([taps]) => vec![*taps; layers],
        Some(taps) if taps.len() == layers => taps.to_vec(),
        _ => return Err(wrong(kernel, "expected the taps of all layers, `kernel = 3`, or of each")),
    }
    .into_iter();
    let activation = match activation {
        None => Some(ACTIVATIONS[0]),
        Some([TokenTree::Ident(word)]) => ACTIVATIONS.into_iter().find(|[name, _]| word == name),
        Some(_) => None,
    };
    let activation = activation.ok_or_else(|| {
        let message = "the activations of a `wavenet` are `tanh`, `relu` and `leaky_relu`, without arguments";
        wrong(arguments.read::<0, 5>(KEYS).and_then(|(_, keys)| keys[3]).unwrap_or_default(), message)
    })?;
    let head = match head.map(list) {
        None => 1,
        Some(Some(taps)) if taps.len() == 1 => taps[0],
        Some(_) => {
            return Err(wrong(head.unwrap_or_default(), "expected the taps of the last head, as in `head = 16`"));
        }
    };
    let mut arrays = Vec::new();
    for (channels, dilations) in channels_of.iter().zip(&dilations_of) {
        arrays
            .push((*channels, dilations.iter().zip(taps.by_ref()).map(|(dilation, taps)| [taps, *dilation]).collect()));
    }
    let sizes: Vec<_> = channels_of.iter().map(u32::to_string).collect();
    Ok(Arrays { arrays, activation, head, label: sizes.join(", ") })
}

/// `3`, or `(1, 2, 4)`: numbers from 1 to 65,535.
fn list(tokens: &[TokenTree]) -> Option<Vec<u32>> {
    let number = |tokens: &[TokenTree]| match tokens {
        [TokenTree::Literal(literal)] => {
            let number = literal.to_string().replace('_', "").parse::<u32>().ok()?;
            (1..1 << 16).contains(&number).then_some(number)
        }
        _ => None,
    };
    match tokens {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => items(&inside(group), number),
        tokens => Some(vec![number(tokens)?]),
    }
}

/// `((1, 2), (8, 16))`.
fn lists(tokens: &[TokenTree]) -> Option<Vec<Vec<u32>>> {
    match tokens {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => items(&inside(group), list),
        _ => None,
    }
}

/// What stands between commas, of which one may be the last.
fn items<T>(tokens: &[TokenTree], read: impl Fn(&[TokenTree]) -> Option<T>) -> Option<Vec<T>> {
    let mut items: Vec<_> = tokens.split(|token| is_punct(Some(token), ',')).collect();
    if items.len() > 1 && items.last().is_some_and(|last| last.is_empty()) {
        items.pop();
    }
    items.into_iter().map(read).collect()
}
