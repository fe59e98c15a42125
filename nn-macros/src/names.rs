//! What an expansion calls things: the library, number types, sizes, checks.

use crate::ast::{Number, Width};
use crate::shape::{Elsewhere, Shape, Size};
use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
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

/// An import of what may be a type or a constant, and around it what the name stands for among types if it is a constant.
pub struct Import {
    /// The name.
    pub name: Ident,
    /// A type of the library by that name.
    pub otherwise: TokenStream,
    /// The import.
    pub import: TokenStream,
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

    /// The type that a path stands for, by the name of its import if there is one.
    pub fn path(&self, elsewhere: &Elsewhere) -> TokenStream {
        self.import(elsewhere).map_or_else(|| elsewhere.path.tokens.clone(), |import| import.name.into_token_stream())
    }

    /// The import of a path that is written as one of a constant, but could be one of a type.
    pub fn import(&self, elsewhere: &Elsewhere) -> Option<Import> {
        if !self.is_item || !elsewhere.is_like_constant() {
            return None;
        }
        let (nn, Elsewhere { path, at }) = (&self.nn, elsewhere);
        let tokens = &path.tokens;
        let [name, module] = ["__Path", "__path"].map(|of| format_ident!("{of}{at}", span = path.span));
        let otherwise = quote!(mod #module { pub type #name = #nn::Constant; } use #module::*;);
        let import = respan(quote!(use #tokens as #name;), path.span);
        Some(Import { otherwise, import: quote!(#[allow(unused_imports)] #import), name })
    }

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
    fn width_length(&self, width: &Width) -> TokenStream {
        let nn = &self.nn;
        match &width.number {
            Number::Literal(number) => self.bits(*number),
            Number::Parameter(name) => quote!(<#nn::Free<{ #name }> as #nn::FreeWidth>::Width),
            Number::Type(tokens, _) if !self.is_item => tokens.clone(),
            Number::Expression(..) | Number::Type(..) => {
                let value = self.width(width);
                let digits = [2_u32, 1, 0].map(|place| quote!({ #nn::digit(#value, #place) }));
                quote!(#nn::Digits<#(#digits),*>)
            }
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

    /// A block that is true, or fails to evaluate with a message. Every token that takes part in the call has the
    /// stage's span; one with another would widen what the compiler underlines.
    pub fn constant(&self, call: &TokenStream, span: Span) -> TokenStream {
        let nn = &self.nn;
        let names = quote!(use #nn as __nn; #[allow(unused_imports)] use __nn::{Fallback as _, Foreign as _};);
        let body = if self.is_item {
            quote!(#names #call)
        } else {
            // An alias that nobody uses is not evaluated, while an item inside it is, and only once.
            let fits = Ident::new("__FITS", span);
            quote!(#names const #fits: __nn::bool = #call; #fits)
        };
        let mut block = Group::new(Delimiter::Brace, body);
        block.set_span(span);
        block.into_token_stream()
    }
}

fn width_alias(at: usize) -> Ident {
    format_ident!("__Width{at}")
}

/// The same tokens at another place; `$crate` is still what it is where it stands.
pub fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let respanned = tokens.into_iter().map(|mut token| {
        match &mut token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), respan(group.stream(), span));
                inner.set_span(span);
                *group = inner;
            }
            TokenTree::Ident(word) if word == "$crate" => word.set_span(span.resolved_at(word.span())),
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
