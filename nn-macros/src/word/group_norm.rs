//! `group_norm(4, eps = 1e-5)`: each group of channels of a row less its mean, over its deviation.

use super::sliding::number;
use crate::arguments::Arguments;
use crate::fraction::Fraction;
use crate::layer::{Ends, Given, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size, grouped};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

struct GroupNorm {
    groups: u32,
    /// Where their number is said.
    groups_span: Span,
    /// What is added to the variance.
    eps: Fraction,
    span: Span,
    /// Whether it stands in a stream.
    is_stream: bool,
}

/// What PyTorch begins with.
const EPS: Fraction = Fraction(1, 100_000);

/// `group_norm(4)`, or `group_norm(4, eps = 1e-3)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let example = "expected a number of groups, as in `group_norm(4)` or `group_norm(4, eps = 1e-5)`";
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), example);
        return None;
    };
    let Some(([groups], [eps])) = arguments.read(["eps"]) else {
        reader.report.over(&arguments.tokens, arguments.span, example);
        return None;
    };
    let groups_span = groups.first().map_or(arguments.span, TokenTree::span);
    let groups = number(groups, "a group norm", "group", arguments.span, reader)?;
    let eps = match eps.map(|tokens| Fraction::read(tokens).filter(|eps| eps.0 > 0).ok_or(tokens)) {
        None => EPS,
        Some(Ok(eps)) => eps,
        Some(Err(tokens)) => {
            let message = "`eps` is a decimal number above zero, as in `eps = 1e-5`";
            reader.report.over(tokens, arguments.span, message);
            return None;
        }
    };
    Some(Box::new(GroupNorm { groups, groups_span, eps, span: word.span(), is_stream: reader.is_stream }))
}

impl Layer for GroupNorm {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        match self.eps {
            EPS => format!("group_norm({})", self.groups),
            eps => format!("group_norm({}, {})", self.groups, eps.value()),
        }
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let groups = u64::from(self.groups);
        let what = if takes.shape.has_places() { "channels" } else { "values" };
        let (span, message) = match takes.shape.channels().known() {
            _ if takes.shape.is_unknown() => return takes.shape.clone(),
            _ if self.is_stream && takes.shape.has_places() => {
                let message = "`group_norm` needs all frames of a signal, which a stream never has; `layer_norm` is over each frame";
                (self.span, message.into())
            }
            Some(channels) if !channels.is_multiple_of(groups) => {
                (self.groups_span, format!("{groups} groups do not divide {} {what}", grouped(channels)))
            }
            None if groups > 1 => (self.groups_span, format!("groups need {what} that are written as a number")),
            _ => return takes.shape.clone(),
        };
        report.at(span, message);
        Shape::Vector(Size::Unknown)
    }

    fn tensors(&self, takes: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        let shape = vec![takes.channels().known()?];
        Some(
            ["weight", "bias"]
                .map(|name| Tensor { name: name.into(), shape: shape.clone(), is_transposed: false })
                .into(),
        )
    }

    fn multiplies(&self, takes: &Shape, _: &Shape) -> Option<u64> {
        takes.known()
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let (Names { nn, scalar, .. }, shape) = (names, names.shape(ends.gives));
        let (groups, eps) = (Literal::u32_unsuffixed(self.groups), self.eps.arguments());
        quote!(#nn::layer::GroupNorm<#nn::#scalar, #shape, #groups, #eps>)
    }
}
