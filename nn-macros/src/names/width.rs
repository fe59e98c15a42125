//! What an expansion calls widths.

use super::Names;
use crate::ast::{Number, Width};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

impl Names {
    /// A width as a constant.
    pub fn width(&self, width: &Width) -> TokenStream {
        if let Some((value, at)) = self.computed(width) {
            let alias = width_alias(at);
            return if self.is_item { quote!(<#alias>::VALUE) } else { value };
        }
        match &width.number {
            Number::Literal(number) => {
                let mut literal = Literal::u32_unsuffixed(*number);
                literal.set_span(width.span);
                literal.into_token_stream()
            }
            // Without the braces it could be a type of that name.
            Number::Parameter(name) => quote!({ #name }),
            Number::Expression(..) | Number::Type(..) => TokenStream::new(),
        }
    }

    /// A width as a type.
    pub(super) fn width_length(&self, width: &Width) -> TokenStream {
        let nn = &self.nn;
        match &width.number {
            Number::Literal(number) => self.bits(*number),
            Number::Parameter(name) => quote!(<#nn::Free<{ #name }> as #nn::FreeWidth>::Width),
            Number::Type(tokens, _) if !self.is_item => tokens.clone(),
            Number::Expression(..) | Number::Type(..) => self.digits(&self.width(width)),
        }
    }

    /// A constant as a type.
    pub(super) fn digits(&self, value: &TokenStream) -> TokenStream {
        let nn = &self.nn;
        let digits = [2_u32, 1, 0].map(|place| quote!({ #nn::digit(#value, #place) }));
        quote!(#nn::Digits<#(#digits),*>)
    }

    /// A number as a `typenum` type. Its own names stop at 1024, so it is always written bit by bit.
    pub fn bits(&self, number: u32) -> TokenStream {
        let nn = &self.nn;
        let mut bits = quote!(#nn::UTerm);
        for bit in (0..u32::BITS - number.leading_zeros()).rev() {
            let bit = if number >> bit & 1 == 1 { quote!(B1) } else { quote!(B0) };
            bits = quote!(#nn::UInt<#bits, #nn::#bit>);
        }
        bits
    }

    /// What a width is computed by, and how many of these stand before it in the declaration.
    fn computed(&self, width: &Width) -> Option<(TokenStream, usize)> {
        let nn = &self.nn;
        match &width.number {
            Number::Expression(tokens, at) => Some((quote!({ #tokens }), *at)),
            Number::Type(tokens, at) => Some((quote!(<#tokens as #nn::Unsigned>::USIZE), *at)),
            Number::Literal(_) | Number::Parameter(_) => None,
        }
    }

    /// The alias of a width that is computed. In an item it is evaluated there and nowhere else, so that what is wrong with it
    /// is told once.
    pub fn width_alias(&self, width: &Width, zero: &str) -> Option<TokenStream> {
        let (value, at) = self.computed(width).filter(|_| self.is_item)?;
        let (nn, alias) = (&self.nn, width_alias(at));
        let call = quote_spanned!(width.span=> __nn::Stage::width(#value, #zero));
        let value = self.constant(&call, width.span);
        Some(quote!(type #alias = #nn::Computed<#value>;))
    }

    /// The check of a width that is computed in a type, which has no place for an alias.
    pub fn width_check(&self, width: &Width, zero: &str) -> Option<TokenStream> {
        let (value, _) = self.computed(width).filter(|_| !self.is_item)?;
        let call = quote_spanned!(width.span=> __nn::Stage::width(#value, #zero) > 0);
        Some(self.constant(&call, width.span))
    }
}

fn width_alias(at: usize) -> Ident {
    format_ident!("__Width{at}")
}
