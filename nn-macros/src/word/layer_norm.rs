//! `layer_norm(eps = 1e-5)`: each row less its mean, over its deviation.

use crate::arguments::Arguments;
use crate::fraction::Fraction;
use crate::layer::{Accessor, Ends, Frames, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::shape::Shape;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// A normalisation, and what is added to the variance, 0.00001 if nothing is said.
struct LayerNorm {
    eps: Option<Fraction>,
    span: Span,
}

/// `layer_norm`, or `layer_norm(eps = 1e-6)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let eps = eps(word, arguments, reader)?;
    Some(Box::new(LayerNorm { eps, span: word.span() }))
}

/// The argument `eps` of a word that has no other; nothing if it is wrong, which goes to the report.
#[allow(clippy::option_option, reason = "wrong, or not there")]
pub fn eps(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Option<Fraction>> {
    let Some(arguments) = arguments else { return Some(None) };
    let tokens = match arguments.read(["eps"]) {
        Some(([], [Some(eps)])) => eps,
        _ => &arguments.tokens,
    };
    let message = match Fraction::read(tokens).filter(|_| tokens.len() < arguments.tokens.len()) {
        Some(eps) if eps.0 > 0 => return Some(Some(eps)),
        Some(_) => "`eps` must be above zero".to_string(),
        None => format!("expected `{word}`, or `{word}(eps = 1e-5)`"),
    };
    reader.report.over(tokens, arguments.span, message);
    None
}

impl LayerNorm {
    fn arguments(&self) -> TokenStream {
        self.eps.unwrap_or(Fraction(1, 100_000)).arguments()
    }
}

impl Layer for LayerNorm {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        self.eps.map_or_else(|| "layer_norm".into(), |eps| format!("layer_norm({})", eps.value()))
    }

    fn frames(&self) -> Frames {
        Frames::Each
    }

    fn tensors(&self, takes: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        let shape = vec![takes.known()?];
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
        let (Names { nn, scalar, .. }, length, eps) = (names, names.length(ends.gives), self.arguments());
        quote!(#nn::layer::LayerNorm<#nn::#scalar, #length, #eps>)
    }

    fn after(&self, names: &Names, before: &TokenStream, _: &Ends<'_>) -> Option<TokenStream> {
        let (nn, eps) = (&names.nn, self.arguments());
        Some(quote!(#nn::layer::LayerNormAfter<#before, #eps>))
    }

    fn accessor(&self, names: &Names, ends: &Ends<'_>) -> Option<Accessor> {
        let (Names { nn, scalar, .. }, length) = (names, names.written(ends.gives));
        let of = quote!(#nn::layer::LayerNormParameters<#nn::#scalar, #length>);
        Some(Accessor { of, by: Some(["arrays", "arrays_mut"]) })
    }
}
