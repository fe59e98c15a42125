//! `upsample(2)`, `upsample(2, linear)` and `upsample(2, bilinear)`: so many places for each.

use super::sliding::{no_places, number, places};
use crate::arguments::Arguments;
use crate::layer::{Ends, Given, Layer};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

struct Upsample {
    times: u32,
    /// `linear` or `bilinear`; without a word, each place comes so many times.
    between: Option<Ident>,
    span: Span,
    /// Whether it stands in a stream.
    is_stream: bool,
}

/// `upsample(2)`, `upsample(2, linear)` or `upsample(2, bilinear)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), "expected how many places come of each, as in `upsample(2)`");
        return None;
    };
    let alone = arguments.read([]).map(|([times], [])| (times, None));
    let both = || arguments.read([]).map(|([times, between], [])| (times, Some(between)));
    let (times, between) = match alone.or_else(both) {
        Some((times @ [_], None)) => (times, None),
        Some((times @ [_], Some([TokenTree::Ident(word)]))) if word == "linear" || word == "bilinear" => {
            (times, Some(word.clone()))
        }
        _ => {
            let message =
                "expected `upsample(2)`, `upsample(2, linear)` of a signal or `upsample(2, bilinear)` of an image";
            reader.report.over(&arguments.tokens, arguments.span, message);
            return None;
        }
    };
    let times = number(times, "upsampling", "place", arguments.span, reader)?;
    if let Some(between) = between.as_ref().filter(|_| reader.is_stream) {
        let message = format!("`{between}` looks 1 frame ahead, which a stream doesn't; write `upsample({times})`");
        reader.report.at(between.span(), message);
        return None;
    }
    Some(Box::new(Upsample { times, between, span: word.span(), is_stream: reader.is_stream }))
}

impl Layer for Upsample {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        match &self.between {
            Some(between) => format!("upsample {}, {between}", self.times),
            None => format!("upsample {}", self.times),
        }
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let shape = &takes.shape;
        let sizes = if self.is_stream && !shape.has_places() { &[1] } else { shape.sizes() };
        let axes = self.between.as_ref().map_or(sizes.len(), |between| if between == "linear" { 1 } else { 2 });
        let (span, message) = match (sizes, &self.between) {
            _ if shape.is_unknown() => return shape.clone(),
            ([], _) => (self.span, no_places("upsample", takes)),
            (sizes, Some(between)) if sizes.len() != axes => {
                let (kind, other) = if axes == 1 { ("signals", "bilinear") } else { ("images", "linear") };
                (between.span(), format!("`{between}` is for {kind}, but {}; write `{other}`", takes.with_shape()))
            }
            (sizes, _) => {
                let sizes: Vec<_> = sizes.iter().map(|size| size * u64::from(self.times)).collect();
                return places("upsample", shape.channels().clone(), &sizes, self.span, report);
            }
        };
        report.at(span, message);
        Shape::Vector(Size::Unknown)
    }

    fn rate(&self) -> (Option<[u64; 2]>, Span) {
        (Some([1, self.times.into()]), self.span)
    }

    fn is_transparent(&self) -> bool {
        true
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let Names { nn, scalar, .. } = names;
        let (from, to) = (names.shape(&ends.takes.shape), names.shape(ends.gives));
        let times = Literal::u32_unsuffixed(self.times);
        if self.between.is_some() {
            return quote!(#nn::layer::LinearUpsample<#nn::#scalar, #from, #to, #times>);
        }
        let part = quote!(#nn::layer::Moved<#nn::#scalar, #from, #to, #nn::layer::Upsample<#times>>);
        match self.is_stream && self.times > 1 {
            true => names.with_past(&part, &ends.takes.shape, 0, false),
            false => part,
        }
    }
}
