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

/// How many values, if they can be compared here.
fn fixed(width: &Width) -> Option<String> {
    (width.known().is_some() || width.parameter().is_some()).then(|| width.values())
}

impl Layer for Residual {
    fn span(&self) -> Span {
        self.0
    }

    fn label(&self) -> String {
        "residual block".into()
    }

    fn gives(&self, takes: &Given, inside: &[Shape], report: &mut Report) -> Shape {
        let widths = (takes.shape.width(), inside.first().and_then(Shape::width));
        if let (Some(input), Some(output)) = widths
            && let (Some(takes), Some(gives)) = (fixed(input), fixed(output))
            && takes != gives
        {
            let message = format!("a residual block gives what it takes; this one takes {takes} and gives {gives}");
            report.at(output.span, message);
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
