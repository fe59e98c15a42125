//! `batch_norm(eps = 1e-5, momentum = 0.1)`: each channel less its mean, over its deviation, both of the batch.

use crate::arguments::Arguments;
use crate::fraction::Fraction;
use crate::layer::{Accessor, Ends, Frames, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::shape::Shape;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

struct BatchNorm {
    /// What is added to the variance.
    eps: Fraction,
    /// By how much the running statistics follow.
    momentum: Fraction,
    span: Span,
}

/// What PyTorch begins with.
const EPS: Fraction = Fraction(1, 100_000);
const MOMENTUM: Fraction = Fraction(1, 10);

/// `batch_norm`, or `batch_norm(eps = 1e-3, momentum = 0.01)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let mut norm = BatchNorm { eps: EPS, momentum: MOMENTUM, span: word.span() };
    let Some(arguments) = arguments else { return Some(Box::new(norm)) };
    let Some(([], [eps, momentum])) = arguments.read(["eps", "momentum"]) else {
        let message = "expected `batch_norm`, or `batch_norm(eps = 1e-5, momentum = 0.1)`";
        reader.report.over(&arguments.tokens, arguments.span, message);
        return None;
    };
    let (above_zero, to_one) = (|of: f64| of > 0.0, |of: f64| of > 0.0 && of <= 1.0);
    let all: [(_, _, &dyn Fn(f64) -> bool, _); 2] = [
        (eps, &mut norm.eps, &above_zero, "`eps` is a decimal number above zero, as in `eps = 1e-5`"),
        (
            momentum,
            &mut norm.momentum,
            &to_one,
            "`momentum` is a decimal number above 0, 1 at most, as in `momentum = 0.1`",
        ),
    ];
    for (tokens, to, is_right, message) in all {
        let Some(tokens) = tokens else { continue };
        match Fraction::read(tokens).filter(|fraction| is_right(fraction.value())) {
            Some(fraction) => *to = fraction,
            None => {
                reader.report.over(tokens, arguments.span, message);
                return None;
            }
        }
    }
    Some(Box::new(norm))
}

impl Layer for BatchNorm {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        match (self.eps, self.momentum) {
            (EPS, MOMENTUM) => "batch_norm".into(),
            (eps, momentum) => format!("batch_norm({}, {})", eps.value(), momentum.value()),
        }
    }

    fn frames(&self) -> Frames {
        Frames::EachOfStream
    }

    fn tensors(&self, takes: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        let shape = vec![takes.channels().known()?];
        Some(
            ["weight", "bias", "running_mean", "running_var"]
                .map(|name| Tensor { name: name.into(), shape: shape.clone(), is_transposed: false })
                .into(),
        )
    }

    fn multiplies(&self, takes: &Shape, _: &Shape) -> Option<u64> {
        takes.known()
    }

    fn accessor(&self, names: &Names, ends: &Ends<'_>) -> Option<Accessor> {
        let (Names { nn, scalar, .. }, channels) = (names, names.written(&ends.gives.place()));
        let of = quote!(#nn::layer::BatchNormParameters<#nn::#scalar, #channels>);
        Some(Accessor { of, by: Some(["arrays", "arrays_mut"]) })
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let (Names { nn, scalar, .. }, shape) = (names, names.shape(ends.gives));
        let (eps, momentum) = (self.eps.arguments(), self.momentum.arguments());
        quote!(#nn::layer::BatchNorm<#nn::#scalar, #shape, #eps, #momentum>)
    }
}
