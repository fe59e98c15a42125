//! What an expansion calls things: the library, number types, sizes, checks.

use crate::ast::{Number, Width};
use crate::shape::{Elsewhere, Shape, Size};
use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// What every part of an expansion needs.
pub struct Names {
    /// `$crate`.
    pub krate: Ident,
    /// The path of the hidden module of `nn-core`.
    pub nn: TokenStream,
    /// The number type.
    pub scalar: Ident,
    /// Whether the declaration is an item.
    pub is_item: bool,
    /// Whether its activations are approximated.
    pub approximate: bool,
}

impl Names {
    /// A shape as a type.
    pub fn shape(&self, shape: &Shape) -> TokenStream {
        let nn = &self.nn;
        match shape {
            Shape::Vector(size) => {
                let length = self.size(size);
                quote!(#nn::Vector<#length>)
            }
        }
    }

    /// A part that changes rows of that shape where they lie.
    pub fn activate(&self, kind: &TokenStream, shape: &Shape) -> TokenStream {
        let (Self { nn, scalar, .. }, shape) = (self, self.shape(shape));
        quote!(#nn::activation::Activate<#kind, #nn::#scalar, #shape>)
    }

    /// The same after a part, which says the shape.
    pub fn activate_after(&self, before: &TokenStream, kind: &TokenStream) -> TokenStream {
        let nn = &self.nn;
        quote!(#nn::activation::ActivateAfter<#before, #kind>)
    }

    /// How many values a shape has, as a type.
    pub fn length(&self, shape: &Shape) -> TokenStream {
        self.size(shape.size())
    }

    fn size(&self, size: &Size) -> TokenStream {
        let nn = &self.nn;
        match size {
            Size::Width(width) => self.width_length(width),
            Size::Elsewhere(elsewhere) => {
                let part = self.elsewhere(elsewhere);
                quote!(#nn::Len<<#part as #nn::Part>::Out>)
            }
            Size::Sum(sizes) => {
                let sizes = sizes.iter().map(|size| self.size(size));
                sizes.reduce(|sum, size| quote!(#nn::Sum<#sum, #size>)).unwrap_or_default()
            }
            Size::Unknown => self.bits(1),
        }
    }

    /// How many values a shape has, as a constant.
    pub fn value(&self, shape: &Shape) -> TokenStream {
        self.size_value(shape.size())
    }

    fn size_value(&self, size: &Size) -> TokenStream {
        let nn = &self.nn;
        match size {
            Size::Width(width) => self.width(width),
            Size::Elsewhere(elsewhere) if self.is_item => {
                let part = self.elsewhere(elsewhere);
                quote!(<#part as #nn::Part>::OUT)
            }
            Size::Elsewhere(Elsewhere { path, .. }) => {
                let path = &path.tokens;
                quote!({ #[allow(unused_imports)] use #nn::Fallback as _; #nn::Probe::<#path>::STAGE.gives })
            }
            Size::Sum(sizes) => {
                let sizes = sizes.iter().map(|size| self.size_value(size));
                sizes.reduce(|sum, size| quote!(#sum + #size)).unwrap_or_default()
            }
            Size::Unknown => quote!(1),
        }
    }

    /// A part that is declared elsewhere. In an item there is one alias of its checked type, so that a check that fails is
    /// told once, and nothing more is said of what is no part at all. A type has no place for an alias.
    pub fn elsewhere(&self, elsewhere: &Elsewhere) -> TokenStream {
        if self.is_item { self.alias(elsewhere).into_token_stream() } else { elsewhere.path.tokens.clone() }
    }

    /// The name of that alias.
    pub fn alias(&self, elsewhere: &Elsewhere) -> Ident {
        format_ident!("__Stage{}", elsewhere.at)
    }

    /// A width as a constant.
    pub fn width(&self, width: &Width) -> TokenStream {
        let nn = &self.nn;
        match &width.number {
            Number::Literal(number) => {
                let mut literal = Literal::u32_unsuffixed(*number);
                literal.set_span(width.span);
                literal.into_token_stream()
            }
            Number::Parameter(name) => name.to_token_stream(),
            Number::Expression(tokens) => quote!({ #tokens }),
            Number::Type(tokens) => quote!(<#tokens as #nn::Unsigned>::USIZE),
        }
    }

    /// A width as a type.
    fn width_length(&self, width: &Width) -> TokenStream {
        let nn = &self.nn;
        match &width.number {
            Number::Literal(number) => self.bits(*number),
            Number::Parameter(name) => quote!(<#nn::Free<#name> as #nn::FreeWidth>::Width),
            Number::Expression(tokens) => {
                let digits = [2_u32, 1, 0].map(|place| quote!({ #nn::digit({ #tokens }, #place) }));
                quote!(#nn::Digits<#(#digits),*>)
            }
            Number::Type(tokens) => tokens.clone(),
        }
    }

    /// A number as a `typenum` type. Its own names stop at 1024, so it is always written bit by bit.
    fn bits(&self, number: u32) -> TokenStream {
        let nn = &self.nn;
        let mut bits = quote!(#nn::UTerm);
        for bit in (0..u32::BITS - number.leading_zeros()).rev() {
            let bit = if number >> bit & 1 == 1 { quote!(B1) } else { quote!(B0) };
            bits = quote!(#nn::UInt<#bits, #nn::#bit>);
        }
        bits
    }

    /// The check of a width that is computed.
    pub fn width_check(&self, width: &Width, zero: &str) -> Option<TokenStream> {
        if let Number::Literal(_) | Number::Parameter(_) = width.number {
            return None;
        }
        let value = self.width(width);
        let call = quote_spanned!(width.span=> __nn::Stage::is_width(#value, #zero));
        Some(self.constant(&call, width.span))
    }

    /// A block that is true, or fails to evaluate with a message. Every token that takes part in the call has the
    /// stage's span; one with another would widen what the compiler underlines.
    pub fn constant(&self, call: &TokenStream, span: Span) -> TokenStream {
        let nn = &self.nn;
        let names = quote!(use #nn as __nn; #[allow(unused_imports)] use __nn::Fallback as _;);
        if self.is_item {
            return quote!({ #names #call });
        }
        // An alias that nobody uses is not evaluated, while an item inside it is, and only once.
        let fits = Ident::new("__FITS", span);
        quote!({ #names const #fits: __nn::bool = #call; #fits })
    }
}

/// The same tokens at another place, but for `$crate`, which would no longer be found.
pub fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let respanned = tokens.into_iter().map(|mut token| {
        match &mut token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), respan(group.stream(), span));
                inner.set_span(span);
                *group = inner;
            }
            TokenTree::Ident(word) if word == "$crate" => {}
            token => token.set_span(span),
        }
        token
    });
    respanned.collect()
}

/// A constant as a const argument, which needs braces if it is more than a token.
pub fn braced(value: TokenStream) -> TokenStream {
    if value.clone().into_iter().count() == 1 { value } else { quote!({ #value }) }
}
