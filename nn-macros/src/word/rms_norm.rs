//! `rms_norm(eps = 1e-6)`: each row over its root mean square.

use super::layer_norm::eps;
use crate::arguments::Arguments;
use crate::fraction::Fraction;
use crate::layer::{Accessor, Ends, Frames, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::shape::Shape;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// A normalisation, and what is added to the mean square; if nothing is said, the library knows it by the number type.
struct RmsNorm {
    eps: Option<Fraction>,
    span: Span,
}

/// `rms_norm`, or `rms_norm(eps = 1e-6)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let eps = eps(word, arguments, reader)?;
    Some(Box::new(RmsNorm { eps, span: word.span() }))
}

impl RmsNorm {
    fn arguments(&self) -> TokenStream {
        self.eps.unwrap_or(Fraction(0, 0)).arguments()
    }
}

impl Layer for RmsNorm {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        self.eps.map_or_else(|| "rms_norm".into(), |eps| format!("rms_norm({})", eps.value()))
    }

    fn frames(&self) -> Frames {
        Frames::Each
    }

    fn tensors(&self, takes: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        Some(vec![Tensor { name: "weight".into(), shape: vec![takes.known()?], is_transposed: false }])
    }

    fn multiplies(&self, takes: &Shape, _: &Shape) -> Option<u64> {
        takes.known()
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let (Names { nn, scalar, .. }, length, eps) = (names, names.length(ends.gives), self.arguments());
        quote!(#nn::layer::RmsNorm<#nn::#scalar, #length, #eps>)
    }

    fn after(&self, names: &Names, before: &TokenStream, _: &Ends<'_>) -> Option<TokenStream> {
        let (nn, eps) = (&names.nn, self.arguments());
        Some(quote!(#nn::layer::RmsNormAfter<#before, #eps>))
    }

    fn accessor(&self, names: &Names, ends: &Ends<'_>) -> Option<Accessor> {
        let (Names { nn, scalar, .. }, length) = (names, names.written(ends.gives));
        let of = quote!(#nn::layer::RmsNormParameters<#nn::#scalar, #length>);
        Some(Accessor { of, by: Some(["arrays", "arrays_mut"]) })
    }
}
