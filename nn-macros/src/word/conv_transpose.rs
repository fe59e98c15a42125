//! `conv_transpose(8, 4, stride = 2, padding = 1)`.

use super::conv::{by_name, undivided};
use super::sliding::{ByName, Extent, Padding, Sliding, choice, number, places};
use crate::arguments::Arguments;
use crate::ast::Width;
use crate::layer::{Accessor, Ends, Given, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

/// A convolution turned round.
struct ConvTranspose {
    filters: Width,
    sliding: Sliding,
    /// How many places the output has beyond the last window.
    beyond: Extent,
    groups: u32,
    has_bias: bool,
    /// Its arguments.
    around: Span,
}

/// The names of its arguments.
const KEYS: [&str; 6] = ["stride", "padding", "output_padding", "dilation", "groups", "bias"];

/// `conv_transpose(8, 3, stride = 2, padding = 1, output_padding = 1, dilation = 2, groups = 4, bias = false)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let example = "`conv_transpose(8, 4, stride = 2, padding = 1)`";
    if reader.is_stream {
        reader.report.at(word.span(), "`conv_transpose` has no streaming form yet");
        return None;
    }
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected filters and a kernel, as in {example}"));
        return None;
    };
    let around = arguments.span;
    let Some(([filters, kernel], [stride, padding, output_padding, dilation, groups, bias])) = arguments.read(KEYS)
    else {
        let (tokens, message) = match arguments.read::<3, 6>(KEYS) {
            Some(([_, _, third], _)) => (third, by_name("conv_transpose", third, &KEYS)),
            None => (
                &arguments.tokens[..],
                format!("expected filters, a kernel and then arguments by name, as in {example}"),
            ),
        };
        reader.report.over(tokens, around, message);
        return None;
    };
    let filters = reader.argument(filters, around, example)?;
    if let Some(tokens) = padding.filter(|tokens| !matches!(Padding::read(tokens), Some(Padding::Sides(..)))) {
        reader.report.over(tokens, around, "expected `padding = 1`, `1x2` or `(1, 0)`");
        return None;
    }
    let sliding = Sliding::read(kernel, ByName { stride, padding, dilation }, false, around, reader)?;
    let beyond = match output_padding {
        Some(tokens) => beyond(tokens, &sliding, around, reader)?,
        None => Extent::both(0),
    };
    let groups = match groups {
        Some(groups) => number(groups, "a convolution", "group", around, reader)?,
        None => 1,
    };
    let has_bias = choice("bias", bias, true, around, reader)?;
    Some(Box::new(ConvTranspose { filters, sliding, beyond, groups, has_bias, around }))
}

/// `1`, or `1x0`, below the stride or the dilation along each axis.
fn beyond(tokens: &[TokenTree], sliding: &Sliding, around: Span, reader: &mut Reader<'_>) -> Option<Extent> {
    let message = match Extent::read(tokens).map(|beyond| (beyond, sliding.is_too_far(beyond))) {
        Some((beyond, None)) => return Some(beyond),
        Some((_, Some(message))) => message,
        None => "expected `output_padding = 1` or `1x0`".into(),
    };
    reader.report.over(tokens, around, message);
    None
}

impl ConvTranspose {
    /// How many outputs a group has.
    fn outputs(&self) -> Option<u64> {
        Some(self.filters.known()? / u64::from(self.groups))
    }
}

impl Layer for ConvTranspose {
    fn span(&self) -> Span {
        self.filters.span
    }

    fn label(&self) -> String {
        let beyond = match self.beyond.sizes {
            [0, 0] => String::new(),
            _ => format!(", output padding {}", self.beyond.shown()),
        };
        let groups = if self.groups > 1 { format!(", groups {}", self.groups) } else { String::new() };
        let bias = if self.has_bias { "" } else { ", no bias" };
        format!("conv_transpose {}{beyond}{groups}{bias}", self.sliding.label(false))
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let unknown = Shape::Vector(Size::Unknown);
        let Some(sizes) = self.sliding.grown("conv_transpose", takes, self.beyond, report) else { return unknown };
        if let Some(message) = undivided(self.groups, takes.shape.channels().known(), self.filters.known()) {
            report.at(self.filters.span, message);
            return unknown;
        }
        places("conv_transpose", Size::Width(self.filters.clone()), &sizes, self.around, report)
    }

    fn width(&self) -> Option<&Width> {
        Some(&self.filters)
    }

    fn tensors(&self, takes: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        let kernel = self.sliding.kernel(takes);
        let shape = [takes.channels().known()?, self.outputs()?].into_iter().chain(kernel).collect();
        let weight = Tensor { name: "weight".into(), shape, is_transposed: true };
        let (name, shape) = ("bias".into(), vec![self.filters.known()?]);
        let bias = self.has_bias.then_some(Tensor { name, shape, is_transposed: false });
        Some([weight].into_iter().chain(bias).collect())
    }

    fn multiplies(&self, takes: &Shape, _: &Shape) -> Option<u64> {
        takes.known()?.checked_mul(self.outputs()?)?.checked_mul(self.sliding.taps(takes).into())
    }

    fn accessor(&self, names: &Names, ends: &Ends<'_>) -> Option<Accessor> {
        let takes = &ends.takes.shape;
        let all = names.written(&ends.gives.place());
        let outputs = match self.groups {
            1 => all.clone(),
            _ => Literal::u64_unsuffixed(self.outputs()?).into_token_stream(),
        };
        let inputs = names.written(&takes.place());
        Some(self.sliding.accessor(names, takes, [outputs, inputs], self.has_bias.then_some(all)))
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let (Names { nn, scalar, .. }, takes) = (names, &ends.takes.shape);
        let (from, to) = (names.shape(takes), names.shape(ends.gives));
        let outputs = match self.groups {
            1 => names.length(ends.gives),
            _ => names.bits(self.outputs().and_then(|outputs| u32::try_from(outputs).ok()).unwrap_or(1)),
        };
        let (taps, biased) =
            (names.bits(self.sliding.taps(takes)), format_ident!("{}", if self.has_bias { "Yes" } else { "No" }));
        // The window slides over what it gives.
        let window = self.sliding.part(names, ends.gives);
        quote!(#nn::layer::ConvTranspose<#nn::#scalar, #from, #to, #outputs, #taps, #nn::#biased, #window>)
    }
}
