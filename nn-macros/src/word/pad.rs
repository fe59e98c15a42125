//! `pad(1)`: zeros around the places of a signal or an image.

use super::sliding::{Extent, Padding, no_places, places};
use crate::arguments::Arguments;
use crate::layer::{Ends, Given, Layer};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// So many zeros before the first places and after the last ones.
struct Pad {
    before: Extent,
    after: Extent,
    span: Span,
    /// Its arguments.
    around: Span,
}

/// `pad(1)`, `pad(1x2)` or `pad((1, 0))`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let example = "`pad(1)`, `pad(1x2)` or `pad((1, 0))`";
    if reader.is_stream {
        let message =
            "a stream has no ends that zeros could stand at; say `padding = causal` where a window needs frames before";
        reader.report.at(word.span(), message);
        return None;
    }
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected how many zeros stand on each side, as in {example}"));
        return None;
    };
    match arguments.read([]).map(|([sides], [])| Padding::read(sides)) {
        Some(Some(Padding::Sides(before, after))) => {
            Some(Box::new(Pad { before, after, span: word.span(), around: arguments.span }))
        }
        _ => {
            let message = format!("expected how many zeros stand on each side, as in {example}");
            reader.report.over(&arguments.tokens, arguments.span, message);
            None
        }
    }
}

impl Layer for Pad {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        match self.before.sizes == self.after.sizes {
            true => format!("pad {}", self.before.shown()),
            false => format!("pad ({}, {})", self.before.shown(), self.after.shown()),
        }
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let sizes = takes.shape.sizes();
        let message = match sizes {
            [] if takes.shape.is_unknown() => return takes.shape.clone(),
            [] => no_places("pad", takes),
            [_] if self.before.is_pair || self.after.is_pair => {
                format!("a padding of rows and columns is for images, but {}", takes.with_shape())
            }
            sizes => {
                // A signal has columns alone.
                let first = 2 - sizes.len();
                let sides = self.before.sizes.iter().zip(self.after.sizes).skip(first);
                let padded =
                    sizes.iter().zip(sides).map(|(size, (before, after))| size + u64::from(*before) + u64::from(after));
                let padded: Vec<_> = padded.collect();
                return places("pad", takes.shape.channels().clone(), &padded, self.around, report);
            }
        };
        report.at(self.span, message);
        Shape::Vector(Size::Unknown)
    }

    fn is_transparent(&self) -> bool {
        true
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let Names { nn, scalar, .. } = names;
        let (from, to) = (names.shape(&ends.takes.shape), names.shape(ends.gives));
        let [rows, columns] = self.before.sizes.map(Literal::u32_unsuffixed);
        let rows = if ends.takes.shape.sizes().len() > 1 { rows } else { Literal::u32_unsuffixed(0) };
        quote!(#nn::layer::Moved<#nn::#scalar, #from, #to, #nn::layer::Pad<#rows, #columns>>)
    }
}
