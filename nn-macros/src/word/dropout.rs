//! `dropout(0.2)`: values left out in training, or whole channels, `dropout(0.2, channels = true)`.

use crate::arguments::Arguments;
use crate::fraction::Fraction;
use crate::layer::{Ends, Given, Layer};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::Shape;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

struct Dropout {
    /// The share of the values that are left out.
    rate: Fraction,
    /// Whether whole channels are; where that is said.
    channels: Option<Span>,
    span: Span,
    /// Whether it stands in a stream.
    is_stream: bool,
}

/// `dropout(0.2)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let what = "expected the share of the values that are left out";
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("{what}, as in `dropout(0.2)`"));
        return None;
    };
    let (rate, channels) = match arguments.read(["channels"]) {
        Some(([rate], [channels])) => (Fraction::read(rate), channels),
        None => (None, None),
    };
    let channels = match channels {
        None => None,
        Some([TokenTree::Ident(said)]) if said == "true" => Some(said.span()),
        Some([TokenTree::Ident(said)]) if said == "false" => None,
        Some(tokens) => {
            reader.report.over(tokens, arguments.span, "`channels` is `true` or `false`");
            return None;
        }
    };
    let wrong = match rate {
        None => format!("{what}, {}", Fraction::wanted(&arguments.tokens)),
        Some(Fraction(num, den)) if num < 0 || num >= den => "the rate of dropout is from 0 to below 1".into(),
        Some(rate) => {
            return Some(Box::new(Dropout { rate, channels, span: word.span(), is_stream: reader.is_stream }));
        }
    };
    reader.report.over(&arguments.tokens, arguments.span, wrong);
    None
}

impl Dropout {
    fn kind(&self, names: &Names, shape: &Shape) -> TokenStream {
        let (nn, rate) = (&names.nn, self.rate.arguments());
        let places = self.channels.map(|_| Literal::u64_unsuffixed(shape.places()));
        let places = places.map(|places| quote!(, #places));
        quote!(#nn::activation::Dropout<#rate #places>)
    }
}

impl Layer for Dropout {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        let channels = if self.channels.is_some() { ", channels" } else { "" };
        format!("dropout({}){channels}", self.rate.value())
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        if let Some(span) = self.channels {
            if self.is_stream {
                report
                    .at(span, "a stream has no whole channel to leave out; `dropout` leaves out values of each frame");
            } else if !takes.shape.has_places() && !takes.shape.is_unknown() {
                report.at(span, "only a signal or an image has channels to leave out");
            }
        }
        takes.shape.clone()
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        names.activate(&self.kind(names, ends.gives), ends.gives)
    }

    fn after(&self, names: &Names, before: &TokenStream, ends: &Ends<'_>) -> Option<TokenStream> {
        Some(names.activate_after(before, &self.kind(names, ends.gives)))
    }

    fn takes_any_shape(&self) -> bool {
        true
    }

    fn is_transparent(&self) -> bool {
        true
    }
}
