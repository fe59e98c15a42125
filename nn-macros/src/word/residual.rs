//! `[ … ]`: stages whose output is added to their input.

use crate::ast::Width;
use crate::layer::{Ends, Given, Layer};
use crate::names::{Names, respan};
use crate::report::Report;
use crate::shape::Shape;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// A residual block.
pub struct Residual(pub Span);

/// Two shapes as messages show them, if it is known here that they differ.
pub fn different(a: &Shape, b: &Shape) -> Option<(String, String)> {
    let is_fixed = |shape: &Shape| {
        let of_width = |width: &Width| width.known().is_some() || width.parameter().is_some();
        shape.has_places() || shape.width().is_some_and(of_width)
    };
    let shown = a.shown().zip(b.shown()).filter(|_| is_fixed(a) && is_fixed(b));
    shown.filter(|(a, b)| a != b)
}

impl Layer for Residual {
    fn span(&self) -> Span {
        self.0
    }

    fn label(&self) -> String {
        "residual block".into()
    }

    fn gives(&self, takes: &Given, inside: &[Shape], report: &mut Report) -> Shape {
        let gives = inside.first().filter(|gives| !gives.is_unknown());
        if let Some(gives) = gives
            && let Some((takes, found)) = different(&takes.shape, gives)
        {
            let span = gives.width().map_or(self.0, |width| width.span);
            let message = format!("a residual block gives what it takes; this one takes {takes} and gives {found}");
            report.at(span, message);
        }
        takes.shape.clone()
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let (nn, layers) = (&names.nn, ends.chains);
        quote!(#nn::Residual<#(#layers)*>)
    }

    fn check(&self, names: &Names, ends: &Ends<'_>) -> Option<TokenStream> {
        let values = [&ends.takes.shape, ends.inside.first()?].map(|shape| respan(names.value(shape), self.0));
        let [takes, gives] = values;
        if takes.to_string() == gives.to_string() {
            return None;
        }
        let returns = quote_spanned!(self.0=> __nn::Stage::returns(#takes, #gives));
        Some(names.constant(&returns, self.0))
    }

    fn fields(&self, _: usize, _: usize) -> TokenStream {
        quote!(.0)
    }
}
