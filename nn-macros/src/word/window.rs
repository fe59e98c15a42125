//! `window(6)`: the last frames of a stream as one vector.

use crate::arguments::Arguments;
use crate::ast::{Number, Width};
use crate::layer::{Ends, Frames, Given, Layer};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// So many frames.
struct Window {
    frames: u32,
    span: Span,
}

/// `window(6)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let expected = "expected the number of frames, as in `window(6)`";
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), expected);
        return None;
    };
    let Some(([[frames @ TokenTree::Literal(_)]], [])) = arguments.read([]) else {
        reader.report.over(&arguments.tokens, arguments.span, expected);
        return None;
    };
    let frames = reader.width(frames, "a window has at least one frame")?.known()?;
    if !reader.is_stream {
        let message = "`window` joins the frames of a stream; declare the network as one, `stream 1 => window(6)`";
        reader.report.at(word.span(), message);
        return None;
    }
    Some(Box::new(Window { frames: u32::try_from(frames).ok()?, span: word.span() }))
}

impl Layer for Window {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        format!("window({})", self.frames)
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let unknown = Shape::Vector(Size::Unknown);
        let Some(each) = takes.shape.known() else {
            if !takes.shape.is_unknown() {
                report.at(self.span, "the frames of a `window` need a width that is written as a number");
            }
            return unknown;
        };
        match u32::try_from(each * u64::from(self.frames)) {
            Ok(number) if number < 1 << 30 => {
                Shape::Vector(Size::Width(Width { number: Number::Literal(number), span: self.span }))
            }
            _ => {
                report.at(self.span, "a window has below 1,073,741,824 values");
                unknown
            }
        }
    }

    fn frames(&self) -> Frames {
        Frames::EachOfStream
    }

    fn remembers(&self, _: &Shape) -> Option<u64> {
        None
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let (Names { nn, scalar, .. }, takes) = (names, &ends.takes.shape);
        let seen = Shape::Signal(takes.channels().clone(), self.frames.into());
        let (from, to) = (names.shape(&seen), names.shape(ends.gives));
        let joined = quote!(#nn::layer::Moved<#nn::#scalar, #from, #to, #nn::layer::Window>);
        names.with_past(&joined, takes, self.frames - 1, false)
    }

    fn places(&self) -> usize {
        0
    }
}
