//! `dropout(0.2)`: values left out in training.

use crate::arguments::Arguments;
use crate::fraction::Fraction;
use crate::layer::{Ends, Layer};
use crate::names::Names;
use crate::reader::Reader;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The share of the values that are left out.
struct Dropout {
    rate: Fraction,
    span: Span,
}

/// `dropout(0.2)`.
pub fn read(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let what = "expected the share of the values that are left out";
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("{what}, as in `dropout(0.2)`"));
        return None;
    };
    let rate = arguments.read([]).and_then(|([rate], [])| Fraction::read(rate));
    let wrong = match rate {
        None => format!("{what}, {}", Fraction::wanted(&arguments.tokens)),
        Some(Fraction(num, den)) if num < 0 || num >= den => "the rate of dropout is from 0 to below 1".into(),
        Some(rate) => return Some(Box::new(Dropout { rate, span: word.span() })),
    };
    reader.report.over(&arguments.tokens, arguments.span, wrong);
    None
}

impl Dropout {
    fn kind(&self, names: &Names) -> TokenStream {
        let (nn, rate) = (&names.nn, self.rate.arguments());
        quote!(#nn::activation::Dropout<#rate>)
    }
}

impl Layer for Dropout {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        format!("dropout({})", self.rate.value())
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        names.activate(&self.kind(names), ends.gives)
    }

    fn after(&self, names: &Names, before: &TokenStream, _: &Ends<'_>) -> Option<TokenStream> {
        Some(names.activate_after(before, &self.kind(names)))
    }

    fn takes_any_shape(&self) -> bool {
        true
    }

    fn is_transparent(&self) -> bool {
        true
    }
}
