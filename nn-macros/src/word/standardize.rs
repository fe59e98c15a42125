//! `standardize`: each channel less its mean, over its deviation.

use crate::arguments::Arguments;
use crate::layer::{Ends, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::shape::Shape;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

struct Standardize(Span);

/// `standardize`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    if let Some(arguments) = arguments {
        reader.report.at(arguments.span, "`standardize` takes no argument; it learns mean and deviation from data");
        return None;
    }
    Some(Box::new(Standardize(word.span())))
}

impl Layer for Standardize {
    fn span(&self) -> Span {
        self.0
    }

    fn label(&self) -> String {
        "standardize".into()
    }

    fn tensors(&self, takes: &Shape, _: &Shape) -> Option<Vec<Tensor>> {
        let shape = vec![takes.channels().known()?];
        Some(
            ["mean", "deviation"]
                .map(|name| Tensor { name: name.into(), shape: shape.clone(), is_transposed: false })
                .into(),
        )
    }

    fn multiplies(&self, takes: &Shape, _: &Shape) -> Option<u64> {
        takes.known()
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let (Names { nn, scalar, .. }, shape) = (names, names.shape(&ends.takes.shape));
        quote!(#nn::layer::Standardize<#nn::#scalar, #shape>)
    }
}
