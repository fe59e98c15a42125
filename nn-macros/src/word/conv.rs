//! `conv(16, 3, dilation = 2, padding = causal)`: sums over the frames before.

use super::sliding::{number, text};
use crate::arguments::Arguments;
use crate::ast::Width;
use crate::layer::{Ends, Given, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use crate::tokens::is_punct;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// What is written.
const EXAMPLE: &str = "`conv(16, 3, padding = causal)`";

/// The most frames that may lie between the oldest tap and the newest.
const MOST: u64 = 1 << 30;

/// A causal convolution.
struct Conv {
    filters: Width,
    taps: u32,
    dilation: u32,
    has_bias: bool,
}

/// `conv(16, 3, dilation = 2, padding = causal)`, perhaps with `bias = false`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    if !reader.is_stream {
        return super::spatial_conv::conv(word, arguments, reader);
    }
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected filters and a kernel, as in {EXAMPLE}"));
        return None;
    };
    let around = arguments.span;
    let keys = ["dilation", "padding", "bias", "stride", "groups"];
    let Some(([filters, kernel], [dilation, padding, bias, stride, groups])) = arguments.read(keys) else {
        let (tokens, message) = wrong(arguments, &keys);
        reader.report.over(tokens, around, message);
        return None;
    };
    let filters = reader.argument(filters, around, EXAMPLE)?;
    let taps = number(kernel, "a kernel", "tap", around, reader)?;
    let dilation = match dilation {
        Some(dilation) => number(dilation, "a dilation", "frame", around, reader)?,
        None => 1,
    };
    for (key, value) in [("stride", stride), ("groups", groups)] {
        if let Some(value) = value
            && text(value) != "1"
        {
            reader.report.over(value, around, format!("`{key}` is not available yet"));
            return None;
        }
    }
    let has_bias = match bias.map(text).as_deref() {
        None | Some("true") => true,
        Some("false") => false,
        _ => {
            reader.report.over(bias.unwrap_or_default(), around, "expected `bias = true` or `bias = false`");
            return None;
        }
    };
    let back = u64::from(taps - 1) * u64::from(dilation);
    if back >= MOST {
        reader.report.over(kernel, around, "the oldest tap looks back too far; it may be below 1,073,741,824 frames");
        return None;
    }
    if let Some(message) = padded(padding, back) {
        let tokens = padding.unwrap_or(kernel);
        reader.report.over(tokens, around, message);
        return None;
    }
    Some(Box::new(Conv { filters, taps, dilation, has_bias }))
}

/// What is wrong with arguments that are not two values and then some of the keys.
fn wrong<'a>(arguments: &'a Arguments, keys: &[&str]) -> (&'a [TokenTree], String) {
    if let Some(([_, _, third], _)) = arguments.read::<3, 5>(["dilation", "padding", "bias", "stride", "groups"]) {
        return match third {
            [TokenTree::Ident(key), equals, ..] if is_punct(Some(equals), '=') => {
                let known: Vec<_> = keys[..3].iter().map(|key| format!("`{key}`")).collect();
                (&third[..1], format!("`conv` has no argument `{key}`; it has {}", known.join(", ")))
            }
            third => (third, format!("after the kernel, arguments have names; say `dilation = {}`", text(third))),
        };
    }
    let message = match arguments.read::<1, 5>(["dilation", "padding", "bias", "stride", "groups"]) {
        Some(_) => format!("expected filters and then a kernel, as in {EXAMPLE}"),
        None => format!("expected filters, a kernel and then arguments by name, as in {EXAMPLE}"),
    };
    (&arguments.tokens, message)
}

/// What is wrong with the padding in a stream, where the oldest tap looks `back` so many frames.
fn padded(padding: Option<&[TokenTree]>, back: u64) -> Option<String> {
    let causal = "in a stream it must be `padding = causal`";
    let ahead = match padding.map(text).as_deref() {
        Some("causal") => 0,
        None if back == 0 => 0,
        None => return Some("a kernel of several taps needs the frames before: write `padding = causal`".into()),
        Some("same") => back.div_ceil(2),
        Some("valid") => back,
        Some(padding) => match padding.parse::<u64>() {
            Ok(padding) if padding <= back => back - padding,
            _ => return Some(causal.into()),
        },
    };
    match ahead {
        0 if padding.is_none() || back == 0 || padding.map(text).as_deref() == Some("causal") => None,
        0 => Some(causal.into()),
        1 => Some(format!("looks 1 frame ahead; {causal}")),
        ahead => Some(format!("looks {ahead} frames ahead; {causal}")),
    }
}

impl Layer for Conv {
    fn span(&self) -> Span {
        self.filters.span
    }

    fn label(&self) -> String {
        let dilation = if self.dilation == 1 { String::new() } else { format!(", dilation {}", self.dilation) };
        let bias = if self.has_bias { "" } else { ", no bias" };
        format!("conv {}{dilation}{bias}", self.taps)
    }

    fn gives(&self, _: &Given, _: &[Shape], _: &mut Report) -> Shape {
        Shape::Vector(Size::Width(self.filters.clone()))
    }

    fn width(&self) -> Option<&Width> {
        Some(&self.filters)
    }

    fn tensors(&self, takes: &Shape, gives: &Shape) -> Option<Vec<Tensor>> {
        let (inputs, outputs) = (takes.known()?, gives.known()?);
        let weight =
            Tensor { name: "weight".into(), shape: vec![outputs, inputs, self.taps.into()], is_transposed: true };
        let bias = self.has_bias.then(|| Tensor { name: "bias".into(), shape: vec![outputs], is_transposed: false });
        Some([weight].into_iter().chain(bias).collect())
    }

    fn multiplies(&self, takes: &Shape, gives: &Shape) -> Option<u64> {
        Some(takes.known()? * gives.known()? * u64::from(self.taps))
    }

    fn remembers(&self, _: &Shape) -> Option<u64> {
        None
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let Names { nn, scalar, .. } = names;
        let (inputs, outputs, taps) =
            (names.length(&ends.takes.shape), names.length(ends.gives), names.bits(self.taps));
        let biased = format_ident!("{}", if self.has_bias { "Yes" } else { "No" });
        let past = names.past((self.taps - 1) * self.dilation, &inputs);
        quote!(#nn::layer::Conv<#nn::#scalar, #inputs, #outputs, #taps, #nn::#biased, #past>)
    }
}
