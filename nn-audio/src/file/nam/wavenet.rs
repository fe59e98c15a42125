//! A WaveNet: its configuration, in the form of A1 and in that of A2, and its weights.

use super::{Error, Tensor, Weights, not_played, played};
use crate::file::numbers::Few;
use crate::shapes::Shape;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny};
use serde_json::from_str;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    layers: Few<Array>,
    head: Option<IgnoredAny>,
    #[serde(rename = "head_scale")]
    _head_scale: f64,
}

/// An array of layers. The first keys are those of both forms, then come those of A1, and those of A2.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Array {
    input_size: u32,
    condition_size: u32,
    channels: u32,
    dilations: Few<u32>,
    activation: OneOrEach<Activation>,

    head_size: Option<u32>,
    kernel_size: Option<u32>,
    gated: Option<bool>,
    head_bias: Option<bool>,

    head: Option<Head>,
    kernel_sizes: Option<Few<u32>>,
    bottleneck: Option<u32>,
    head1x1: Option<Pointwise>,
    layer1x1: Option<Pointwise>,
    groups_input: Option<u32>,
    groups_input_mixin: Option<u32>,
    conv_pre_film: Option<Film>,
    conv_post_film: Option<Film>,
    input_mixin_pre_film: Option<Film>,
    input_mixin_post_film: Option<Film>,
    activation_pre_film: Option<Film>,
    activation_post_film: Option<Film>,
    layer1x1_post_film: Option<Film>,
    head1x1_post_film: Option<Film>,
    gating_mode: Option<OneOrEach<String>>,
    secondary_activation: Option<OneOrEach<Option<IgnoredAny>>>,
    slimmable: Option<IgnoredAny>,
}

enum OneOrEach<T> {
    Each(Few<T>),
    One(T),
}

enum Activation {
    Name(String),
    Sloped(Sloped),
}

// By the first character of what stands there: what is tried as one and then as another would be held in memory.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrEach<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        let is_list = text.starts_with('[');
        let read = || if is_list { from_str(text).map(Self::Each) } else { from_str(text).map(Self::One) };
        read().map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Activation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        let is_name = text.starts_with('"');
        let read = || if is_name { from_str(text).map(Self::Name) } else { from_str(text).map(Self::Sloped) };
        read().map_err(D::Error::custom)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sloped {
    #[serde(rename = "type")]
    kind: String,
    negative_slope: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    out_channels: u32,
    kernel_size: u32,
    bias: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pointwise {
    active: bool,
    #[serde(rename = "out_channels")]
    _out_channels: Option<u32>,
    groups: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Film {
    active: bool,
    #[serde(rename = "shift")]
    _shift: bool,
    #[serde(rename = "groups")]
    _groups: u32,
}

impl<T> OneOrEach<T> {
    fn all(&self, mut is_right: impl FnMut(&T) -> bool) -> bool {
        match self {
            Self::Each(Few(each)) => each.iter().all(is_right),
            Self::One(one) => is_right(one),
        }
    }
}

impl Activation {
    fn is(&self, name: &str) -> bool {
        match self {
            Self::Name(found) => found == name,
            Self::Sloped(Sloped { kind, negative_slope }) => kind == name && *negative_slope == 0.01,
        }
    }
}

/// An array whose keys were all looked at.
struct Known {
    channels: u32,
    kernels: Vec<u32>,
    dilations: Vec<u32>,
    head: Head,
    is_tanh: bool,
}

/// `value`, or that its key is missing.
fn needs<T>(value: Option<T>, key: &str) -> Result<T, Error> {
    value.map_or_else(|| not_played(format!("`{key}` is missing in an array of `layers`")), Ok)
}

impl Array {
    fn known(self) -> Result<Known, Error> {
        let is_a2 = self.kernel_sizes.is_some() || self.head.is_some();
        let Self { channels, dilations: Few(dilations), .. } = self;
        let refused = |key: &str, why: &str| not_played(format!("`{key}` {why}"));
        let (head, kernels) = if is_a2 {
            let old = [
                ("head_size", self.head_size.is_some()),
                ("kernel_size", self.kernel_size.is_some()),
                ("gated", self.gated.is_some()),
                ("head_bias", self.head_bias.is_some()),
            ];
            if let Some((key, _)) = old.iter().find(|(_, is_there)| *is_there) {
                return refused(key, "does not stand beside `kernel_sizes` and `head`");
            }
            let films = [
                ("conv_pre_film", self.conv_pre_film),
                ("conv_post_film", self.conv_post_film),
                ("input_mixin_pre_film", self.input_mixin_pre_film),
                ("input_mixin_post_film", self.input_mixin_post_film),
                ("activation_pre_film", self.activation_pre_film),
                ("activation_post_film", self.activation_post_film),
                ("layer1x1_post_film", self.layer1x1_post_film),
                ("head1x1_post_film", self.head1x1_post_film),
            ];
            for (key, film) in films {
                if needs(film, key)?.active {
                    return refused(key, "is active; FiLM is not played");
                }
            }
            let (of_head, of_layer) = (needs(self.head1x1, "head1x1")?, needs(self.layer1x1, "layer1x1")?);
            let checks = [
                ("bottleneck", needs(self.bottleneck, "bottleneck")? == channels, "is not `channels`"),
                ("head1x1", !of_head.active, "is active, which is not played"),
                ("layer1x1", of_layer.active && of_layer.groups == 1, "is not active, or has groups"),
                ("groups_input", needs(self.groups_input, "groups_input")? == 1, "is not 1"),
                ("groups_input_mixin", needs(self.groups_input_mixin, "groups_input_mixin")? == 1, "is not 1"),
                (
                    "gating_mode",
                    needs(self.gating_mode, "gating_mode")?.all(|mode| mode == "none"),
                    "is not `none`; gates are not played",
                ),
                (
                    "secondary_activation",
                    self.secondary_activation.is_none_or(|each| each.all(Option::is_none)),
                    "is not null; gates are not played",
                ),
                ("slimmable", self.slimmable.is_none(), "is not null, which is not played"),
            ];
            if let Some((key, _, why)) = checks.iter().find(|(_, is_right, _)| !is_right) {
                return refused(key, why);
            }
            (needs(self.head, "head")?, needs(self.kernel_sizes, "kernel_sizes")?.0)
        } else {
            if needs(self.gated, "gated")? {
                return refused("gated", "is true; gates are not played");
            }
            let (out_channels, bias) = (needs(self.head_size, "head_size")?, needs(self.head_bias, "head_bias")?);
            let kernel = needs(self.kernel_size, "kernel_size")?;
            (Head { out_channels, kernel_size: 1, bias }, vec![kernel; dilations.len()])
        };
        if self.condition_size != 1 {
            return refused("condition_size", "is not 1");
        }
        let [is_tanh, is_leaky] =
            ["Tanh", "LeakyReLU"].map(|name| self.activation.all(|activation| activation.is(name)));
        if !is_tanh && !is_leaky {
            return refused("activation", "is not Tanh, nor LeakyReLU with a slope of 0.01");
        }
        Ok(Known { channels, kernels, dilations, head, is_tanh })
    }
}

const TEN: &[u32] = &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const SEVEN: &[u32] = &[1, 2, 4, 8, 16, 32, 64];
const THIRTEEN: &[u32] = &[128, 256, 512, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const A2_KERNELS: &[u32] = &[6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 15, 15, 6, 6, 6, 6, 6, 6, 6];
const A2_DILATIONS: &[u32] = &[1, 3, 7, 17, 41, 101, 239, 1, 3, 7, 17, 41, 101, 239, 1, 13, 1, 3, 7, 17, 41, 101, 239];

/// The shape of some arrays.
fn shape(arrays: &[Known]) -> Option<Shape> {
    let is_a1 = |dilations: [&[u32]; 2]| {
        arrays.iter().zip(dilations).all(|(array, dilations)| {
            array.dilations == dilations && array.is_tanh && array.kernels.iter().all(|taps| *taps == 3)
        })
    };
    match arrays {
        [a, b] if (a.head.out_channels, a.head.bias) == (b.channels, false) => {
            if (b.head.out_channels, b.head.kernel_size, b.head.bias, a.head.kernel_size) != (1, 1, true, 1) {
                return None;
            }
            match (a.channels, b.channels) {
                (16, 8) if is_a1([TEN, TEN]) => Some(Shape::A1Standard),
                (12, 6) if is_a1([SEVEN, THIRTEEN]) => Some(Shape::A1Lite),
                (8, 4) if is_a1([SEVEN, THIRTEEN]) => Some(Shape::A1Feather),
                (4, 2) if is_a1([SEVEN, THIRTEEN]) => Some(Shape::A1Nano),
                _ => None,
            }
        }
        [one] if one.kernels == A2_KERNELS && one.dilations == A2_DILATIONS && !one.is_tanh => {
            match (one.channels, one.head.out_channels, one.head.kernel_size, one.head.bias) {
                (8, 1, 16, true) => Some(Shape::A2Full),
                (3, 1, 16, true) => Some(Shape::A2Lite),
                _ => None,
            }
        }
        _ => None,
    }
}

pub(super) fn read(config: &str, weights: &[f32]) -> Result<(Shape, Vec<Tensor>), Error> {
    let Config { layers: Few(layers), head, .. } = from_str(config)?;
    if head.is_some() {
        return not_played("`head` behind all arrays is not null, which is not played");
    }
    let (mut arrays, mut inputs) = (Vec::new(), 1);
    for layer in layers {
        if layer.input_size != inputs {
            return not_played(format!("`input_size` is {}, but {inputs} arrive", layer.input_size));
        }
        let array = layer.known()?;
        inputs = array.channels;
        arrays.push(array);
    }
    let Some(shape) = shape(&arrays) else {
        let found: Vec<_> = arrays.iter().map(|array| array.channels.to_string()).collect();
        let found = found.join(" and ");
        return not_played(format!(
            "a WaveNet of {found} channels in these layers is not played; these are: {}",
            played("A")
        ));
    };
    let (mut left, mut tensors, mut inputs) = (Weights(weights), Vec::new(), 1);
    for Known { channels, kernels, head, .. } in &arrays {
        let channels = *channels as usize;
        let mut tensor = |sizes: [usize; 3]| -> Result<(), Error> {
            tensors.push(Tensor { sizes, numbers: left.take(sizes.iter().product())?.to_vec() });
            Ok(())
        };
        tensor([channels, inputs, 1])?;
        for kernel in kernels {
            for sizes in [
                [channels, channels, *kernel as usize],
                [channels, 1, 1],
                [channels, 1, 1],
                [channels, channels, 1],
                [channels, 1, 1],
            ] {
                tensor(sizes)?;
            }
        }
        let outputs = head.out_channels as usize;
        tensor([outputs, channels, head.kernel_size as usize])?;
        if head.bias {
            tensor([outputs, 1, 1])?;
        }
        inputs = channels;
    }
    // The last number scales the last head; `head_scale` of the configuration says the same.
    let scale = left.take(1)?[0];
    left.end()?;
    for tensor in tensors.iter_mut().rev().take(2) {
        tensor.numbers.iter_mut().for_each(|number| *number *= scale);
    }
    Ok((shape, tensors))
}
