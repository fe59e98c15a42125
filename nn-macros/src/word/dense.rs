//! `8`, `{H}`, `dense(U8)` and `dense(8, bias = false)`: a weighted sum of all inputs for each node.

use crate::arguments::Arguments;
use crate::ast::Width;
use crate::layer::{Accessor, Ends, Frames, Given, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// A dense layer of so many nodes.
pub struct Dense {
    width: Width,
    has_bias: bool,
}

impl Dense {
    /// `8`.
    pub fn new(width: Width) -> Self {
        Self { width, has_bias: true }
    }
}

/// `dense(8)`, `dense({H})` or `dense(U8)`, each perhaps with `bias = false`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), "expected a width, as in `8`, or a `typenum` number, as in `dense(U8)`");
        return None;
    };
    let Some(([width], [bias])) = arguments.read(["bias"]) else {
        reader.report.at(arguments.span, "expected a width, as in `dense(8)`, `dense(U8)` or `dense(8, bias = false)`");
        return None;
    };
    let has_bias = match bias {
        None => true,
        Some([TokenTree::Ident(word)]) if word == "true" || word == "false" => word == "true",
        Some(other) => {
            reader.report.over(other, arguments.span, "expected `bias = true` or `bias = false`");
            return None;
        }
    };
    let width = reader.argument(width, arguments.span, "`dense(8)` or `dense(U8)`")?;
    Some(Box::new(Dense { width, has_bias }))
}

/// The type of a dense layer between two shapes.
pub fn between(names: &Names, takes: &Shape, gives: &Shape) -> TokenStream {
    let Names { nn, scalar, .. } = names;
    let [input, output] = [takes, gives].map(|shape| {
        let all = shape.known().filter(|_| shape.has_places()).and_then(|all| u32::try_from(all).ok());
        all.map_or_else(|| names.length(shape), |all| names.bits(all))
    });
    quote!(#nn::layer::Dense<#nn::#scalar, #input, #output>)
}

impl Layer for Dense {
    fn span(&self) -> Span {
        self.width.span
    }

    fn label(&self) -> String {
        if self.has_bias { "dense".into() } else { "dense, no bias".into() }
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        if takes.shape.has_places() && !takes.shape.is_unknown() {
            let (width, given) = (self.width.shown().replace('`', ""), takes.with_shape());
            report.at(self.span(), format!("`{width}` takes a vector, but {given}; put `flatten` between them"));
        }
        Shape::Vector(Size::Width(self.width.clone()))
    }

    fn frames(&self) -> Frames {
        Frames::EachOfStream
    }

    fn width(&self) -> Option<&Width> {
        Some(&self.width)
    }

    fn tensors(&self, takes: &Shape, gives: &Shape) -> Option<Vec<Tensor>> {
        let (inputs, outputs) = (takes.known()?, gives.known()?);
        let weight = Tensor { name: "weight".into(), shape: vec![outputs, inputs], is_transposed: true };
        let bias = self.has_bias.then(|| Tensor { name: "bias".into(), shape: vec![outputs], is_transposed: false });
        Some([weight].into_iter().chain(bias).collect())
    }

    fn multiplies(&self, takes: &Shape, gives: &Shape) -> Option<u64> {
        Some(takes.known()? * gives.known()?)
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        if self.has_bias {
            return between(names, &ends.takes.shape, ends.gives);
        }
        let Names { nn, scalar, .. } = names;
        let (input, output) = (names.length(&ends.takes.shape), names.length(ends.gives));
        quote!(#nn::layer::DenseWithoutBias<#nn::#scalar, #input, #output>)
    }

    fn after(&self, names: &Names, before: &TokenStream, ends: &Ends<'_>) -> Option<TokenStream> {
        let (nn, length) = (&names.nn, names.length(ends.gives));
        let after = if self.has_bias { quote!(DenseAfter) } else { quote!(DenseWithoutBiasAfter) };
        Some(quote!(#nn::layer::#after<#before, #length>))
    }

    fn accessor(&self, names: &Names, ends: &Ends<'_>) -> Option<Accessor> {
        let Names { nn, scalar, .. } = names;
        let (input, output) = (names.written(&ends.takes.shape), names.written(ends.gives));
        let parameters = if self.has_bias { quote!(Parameters) } else { quote!(ParametersWithoutBias) };
        let of = quote!(#nn::layer::#parameters<#nn::#scalar, #input, #output>);
        Some(Accessor { of, by: Some(["arrays", "arrays_mut"]) })
    }

    fn is_linear(&self) -> bool {
        true
    }
}
