//! `conv(8, 3, stride = 2, padding = 1)` and `depthwise(3)`.

use super::sliding::{ByName, Sliding, choice, number, text, too_many};
use crate::arguments::Arguments;
use crate::ast::Width;
use crate::layer::{Accessor, Ends, Frames, Given, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use crate::tokens::is_punct;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

/// A convolution.
struct Conv {
    word: &'static str,
    filters: Filters,
    sliding: Sliding,
    groups: u32,
    has_bias: bool,
    span: Span,
}

/// How many channels it gives.
enum Filters {
    /// So many.
    Width(Width),
    /// So many for each channel, which is for itself.
    Each(u32),
}

/// The names of its arguments.
const KEYS: [&str; 5] = ["stride", "padding", "dilation", "groups", "bias"];

/// `conv(8, 3, stride = 2, padding = 1, dilation = 2, groups = 4, bias = false)`.
pub fn conv(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let example = match reader.is_stream {
        true => "`conv(16, 3, padding = causal)`",
        false => "`conv(8, 3)` or `conv(8, 3, stride = 2, padding = 1)`",
    };
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected filters and a kernel, as in {example}"));
        return None;
    };
    let around = arguments.span;
    let Some(([filters, kernel], [stride, padding, dilation, groups, bias])) = arguments.read(KEYS) else {
        let (tokens, message) = match arguments.read::<3, 5>(KEYS) {
            Some(([_, _, third], _)) => (third, by_name("conv", third, &KEYS)),
            None => (
                &arguments.tokens[..],
                format!("expected filters, a kernel and then arguments by name, as in {example}"),
            ),
        };
        reader.report.over(tokens, around, message);
        return None;
    };
    let filters = reader.argument(filters, around, example)?;
    let sliding = Sliding::read(kernel, ByName { stride, padding, dilation }, false, around, reader)?;
    let groups = match groups {
        Some(groups) => number(groups, "a convolution", "group", around, reader)?,
        None => 1,
    };
    let has_bias = choice("bias", bias, true, around, reader)?;
    let span = filters.span;
    Some(Box::new(Conv { word: "conv", filters: Filters::Width(filters), sliding, groups, has_bias, span }))
}

/// `depthwise(3, stride = 2, padding = 1, dilation = 2, multiplier = 2, bias = false)`.
pub fn depthwise(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let example = "`depthwise(3)` or `depthwise(3, padding = 1, multiplier = 2)`";
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected a kernel, as in {example}"));
        return None;
    };
    let around = arguments.span;
    let keys = ["stride", "padding", "dilation", "multiplier", "bias"];
    let Some(([kernel], [stride, padding, dilation, multiplier, bias])) = arguments.read(keys) else {
        let (tokens, message) = match arguments.read::<2, 5>(keys) {
            Some(([_, second], _)) => (second, by_name("depthwise", second, &keys)),
            None => (&arguments.tokens[..], format!("expected a kernel and then arguments by name, as in {example}")),
        };
        reader.report.over(tokens, around, message);
        return None;
    };
    let sliding = Sliding::read(kernel, ByName { stride, padding, dilation }, false, around, reader)?;
    let each = match multiplier {
        Some(multiplier) => number(multiplier, "a multiplier", "filter", around, reader)?,
        None => 1,
    };
    let has_bias = choice("bias", bias, true, around, reader)?;
    let (filters, span) = (Filters::Each(each), word.span());
    Some(Box::new(Conv { word: "depthwise", filters, sliding, groups: 0, has_bias, span }))
}

/// What is wrong with an argument that stands where only those by name may.
pub fn by_name(word: &str, argument: &[TokenTree], keys: &[&str]) -> String {
    match argument {
        [TokenTree::Ident(key), equals, ..] if is_punct(Some(equals), '=') => {
            let known: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
            format!("`{word}` has no argument `{key}`; it has {}", known.join(", "))
        }
        argument => format!("after the kernel, arguments have names; say `{} = {}`", keys[0], text(argument)),
    }
}

/// What is wrong with so many groups of channels and of filters.
pub fn undivided(groups: u32, channels: Option<u64>, filters: Option<u64>) -> Option<String> {
    let divides = |number: u64| number.is_multiple_of(u64::from(groups));
    match (groups, channels, filters) {
        (1, ..) => None,
        (_, Some(channels), Some(filters)) => {
            let wrong =
                [(channels, "channels"), (filters, "filters")].into_iter().find(|(number, _)| !divides(*number));
            wrong.map(|(number, what)| format!("{groups} groups do not divide {number} {what}"))
        }
        _ => Some("groups need channels and filters that are written as numbers".into()),
    }
}

impl Conv {
    /// Whether it is the convolution of a stream that has a kernel of its own.
    fn is_causal(&self) -> bool {
        self.sliding.is_stream && self.sliding.stride() == 1 && self.groups == 1
    }

    /// How many inputs a node sees of each place.
    fn inputs(&self, takes: &Shape) -> Option<u64> {
        match self.filters {
            Filters::Each(_) => Some(1),
            Filters::Width(_) => Some(takes.channels().known()? / u64::from(self.groups)),
        }
    }

    /// What is wrong with the groups.
    fn grouped(&self, takes: &Shape) -> Option<String> {
        let Filters::Width(filters) = &self.filters else {
            return match (&self.filters, takes.channels().known()) {
                (Filters::Each(1), _) | (_, Some(_)) => None,
                _ => Some("a multiplier needs channels that are written as a number".into()),
            };
        };
        undivided(self.groups, takes.channels().known(), filters.known())
    }
}

impl Layer for Conv {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        let groups = if self.groups > 1 { format!(", groups {}", self.groups) } else { String::new() };
        let bias = if self.has_bias { "" } else { ", no bias" };
        format!("{} {}{groups}{bias}", self.word, self.sliding.label(false))
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let outputs = self.sliding.outputs(self.word, takes, report);
        if let (Some(message), Some(_)) = (self.grouped(&takes.shape), &outputs) {
            report.at(self.span, message);
            return Shape::Vector(Size::Unknown);
        }
        let channels = match &self.filters {
            Filters::Width(width) => Size::Width(width.clone()),
            Filters::Each(1) => takes.shape.channels().clone(),
            Filters::Each(each) => {
                let all = takes.shape.channels().known().unwrap_or(1) * u64::from(*each);
                let Some(all) = u32::try_from(all).ok().filter(|all| *all < 1 << 30) else {
                    report.at(self.span, too_many(self.word, takes.shape.sizes().len()));
                    return Shape::Vector(Size::Unknown);
                };
                Size::of(all, self.span)
            }
        };
        match outputs {
            Some(outputs) => self.sliding.gives(self.word, channels, &outputs, report),
            None => Shape::Vector(Size::Unknown),
        }
    }

    fn frames(&self) -> Frames {
        if self.is_causal() { Frames::EachOfStream } else { Frames::Together }
    }

    fn rate(&self) -> (Option<[u64; 2]>, Span) {
        (Some([self.sliding.stride().into(), 1]), self.sliding.stride_span)
    }

    fn remembers(&self, _: &Shape) -> Option<u64> {
        None
    }

    fn width(&self) -> Option<&Width> {
        match &self.filters {
            Filters::Width(width) => Some(width),
            Filters::Each(_) => None,
        }
    }

    fn tensors(&self, takes: &Shape, gives: &Shape) -> Option<Vec<Tensor>> {
        let outputs = gives.channels().known()?;
        let shape = [outputs, self.inputs(takes)?].into_iter().chain(self.sliding.kernel(takes)).collect();
        let weight = Tensor { name: "weight".into(), shape, is_transposed: true };
        let bias = self.has_bias.then(|| Tensor { name: "bias".into(), shape: vec![outputs], is_transposed: false });
        Some([weight].into_iter().chain(bias).collect())
    }

    fn multiplies(&self, takes: &Shape, gives: &Shape) -> Option<u64> {
        gives.known()?.checked_mul(self.inputs(takes)?)?.checked_mul(self.sliding.taps(takes).into())
    }

    fn accessor(&self, names: &Names, ends: &Ends<'_>) -> Option<Accessor> {
        let takes = &ends.takes.shape;
        let inputs = match (self.groups, &self.filters) {
            (1, Filters::Width(_)) => names.written(&takes.place()),
            _ => Literal::u64_unsuffixed(self.inputs(takes)?).into_token_stream(),
        };
        let outputs = names.written(&ends.gives.place());
        let is_itself = !self.sliding.is_stream || self.is_causal();
        let bias = self.has_bias.then(|| outputs.clone());
        is_itself.then(|| self.sliding.accessor(names, takes, [inputs, outputs], bias))
    }

    fn rows_under(&self, takes: &Shape) -> Option<u64> {
        let is_whole = matches!(self.filters, Filters::Width(_)) && self.groups == 1;
        is_whole.then(|| self.sliding.rows_under(takes))?
    }

    fn gives_rows(&self) -> bool {
        !self.is_causal() && !self.sliding.is_stream
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let Names { nn, scalar, .. } = names;
        let takes = &ends.takes.shape;
        let (taps, biased) =
            (names.bits(self.sliding.taps(takes)), format_ident!("{}", if self.has_bias { "Yes" } else { "No" }));
        if self.is_causal() {
            let (inputs, outputs) = (names.length(takes), names.length(ends.gives));
            let past = names.past(self.sliding.past(), &inputs);
            return quote!(#nn::layer::CausalConv<#nn::#scalar, #inputs, #outputs, #taps, #nn::#biased, #past>);
        }
        let inputs = match self.groups {
            1 => names.length(takes),
            _ => names.bits(self.inputs(takes).and_then(|inputs| u32::try_from(inputs).ok()).unwrap_or(1)),
        };
        let (to, window) = (names.shape(ends.gives), self.sliding.part(names, takes));
        self.sliding.along(
            names,
            takes,
            false,
            |from| quote!(#nn::layer::Conv<#nn::#scalar, #from, #to, #inputs, #taps, #nn::#biased, #window>),
        )
    }
}
