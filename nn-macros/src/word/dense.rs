//! `8`, `{H}` and `dense(U8)`: a weighted sum of all inputs for each node.

use crate::arguments::Arguments;
use crate::ast::{Number, Width};
use crate::layer::{Accessor, Ends, Given, Layer, Tensor};
use crate::names::{Names, braced};
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use crate::tokens::{last_span, path};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// A dense layer of so many nodes.
pub struct Dense(Width);

impl Dense {
    /// `8`.
    pub fn new(width: Width) -> Self {
        Self(width)
    }
}

/// `dense(U8)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), "expected a width, as in `8`, or a `typenum` number, as in `dense(U8)`");
        return None;
    };
    match arguments.read([]) {
        Some(([tokens], [])) if matches!(path(tokens), Some((_, []))) => {
            let number = Number::Type(tokens.iter().cloned().collect());
            Some(Box::new(Dense(Width { number, span: last_span(tokens) })))
        }
        _ => {
            reader.report.at(arguments.span, "expected the path of a `typenum` number, as in `dense(U8)`");
            None
        }
    }
}

/// The type of a dense layer between two shapes.
pub fn between(names: &Names, takes: &Shape, gives: &Shape) -> TokenStream {
    let Names { nn, scalar, .. } = names;
    let (input, output) = (names.length(takes), names.length(gives));
    quote!(#nn::layer::Dense<#nn::#scalar, #input, #output>)
}

impl Layer for Dense {
    fn span(&self) -> Span {
        self.0.span
    }

    fn label(&self) -> String {
        "dense".into()
    }

    fn gives(&self, _: &Given, _: &[Shape], _: &mut Report) -> Shape {
        Shape::Vector(Size::Width(self.0.clone()))
    }

    fn width(&self) -> Option<&Width> {
        Some(&self.0)
    }

    fn tensors(&self, takes: &Shape, gives: &Shape) -> Option<Vec<Tensor>> {
        let (inputs, outputs) = (takes.known()?, gives.known()?);
        let weight = Tensor { name: "weight", shape: vec![outputs, inputs], is_transposed: true };
        Some(vec![weight, Tensor { name: "bias", shape: vec![outputs], is_transposed: false }])
    }

    fn multiplies(&self, takes: &Shape, gives: &Shape) -> Option<u64> {
        Some(takes.known()? * gives.known()?)
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        between(names, &ends.takes.shape, ends.gives)
    }

    fn after(&self, names: &Names, before: &TokenStream, ends: &Ends<'_>) -> Option<TokenStream> {
        let (nn, length) = (&names.nn, names.length(ends.gives));
        Some(quote!(#nn::layer::DenseAfter<#before, #length>))
    }

    fn accessor(&self, names: &Names, ends: &Ends<'_>) -> Option<Accessor> {
        let Names { nn, scalar, .. } = names;
        let (input, output) = (braced(names.value(&ends.takes.shape)), braced(names.value(ends.gives)));
        let of = quote!(#nn::Parameters<#nn::#scalar, #input, #output>);
        Some(Accessor { of, by: Some(["arrays", "arrays_mut"]) })
    }

    fn is_linear(&self) -> bool {
        true
    }
}
