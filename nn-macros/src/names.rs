//! What an expansion calls things: the library, number types, sizes, checks.

mod chain;
mod path;
mod width;

pub use path::Import;

use crate::ast::Number;
use crate::shape::{Elsewhere, Shape, Size};
use crate::tokens::path;
use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// What every part of an expansion needs.
#[derive(Clone)]
pub struct Names {
    /// `$crate`.
    pub krate: Ident,
    /// The path of the hidden module of `nn-core`.
    pub nn: TokenStream,
    /// The number type.
    pub scalar: Ident,
    /// The type of the numbers of an input.
    pub element: Ident,
    /// Whether the declaration is an item.
    pub is_item: bool,
    /// Whether the network is a stream.
    pub is_stream: bool,
    /// Whether its activations are approximated.
    pub approximate: bool,
}

impl Names {
    /// A shape as a type.
    pub fn shape(&self, shape: &Shape) -> TokenStream {
        let nn = &self.nn;
        match shape {
            Shape::Vector(Size::Elsewhere(elsewhere)) => {
                let part = self.elsewhere(elsewhere);
                quote!(<#part as #nn::Part>::Out)
            }
            Shape::Vector(size) => {
                let length = self.size(size);
                quote!(#nn::Vector<#length>)
            }
            Shape::Signal(size, _) | Shape::Image(size, _) => {
                let kind = Ident::new(if shape.frames().is_some() { "Signal" } else { "Image" }, Span::call_site());
                let (channels, sizes) = (self.size(size), literals(shape));
                quote!(#nn::#kind<#channels, #(#sizes),*>)
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

    /// How many values a vector has, or channels a signal, as a type.
    pub fn length(&self, shape: &Shape) -> TokenStream {
        self.size(shape.channels())
    }

    /// What remembers so many frames of `inputs` values.
    pub fn past(&self, frames: u32, inputs: &TokenStream) -> TokenStream {
        let Self { nn, scalar, .. } = self;
        let count = self.bits(frames);
        match frames {
            0 => quote!(()),
            _ => quote!(#nn::layer::Past<#nn::#scalar, #nn::shape::GenericArray<#nn::#scalar, #inputs>, #count>),
        }
    }

    /// A part over the frames of a step and so many before it, of which `takes` are those that arrive.
    pub fn with_past(&self, part: &TokenStream, takes: &Shape, frames: u32, lowest: bool) -> TokenStream {
        let (nn, past, takes) = (&self.nn, self.past(frames, &self.length(takes)), self.shape(takes));
        let lowest = Ident::new(if lowest { "Yes" } else { "No" }, Span::call_site());
        quote!(#nn::WithPast<#part, #takes, #past, #nn::#lowest>)
    }

    fn size(&self, size: &Size) -> TokenStream {
        let nn = &self.nn;
        match size {
            Size::Width(width) => self.width_length(width),
            Size::Elsewhere(elsewhere) => {
                let part = self.elsewhere(elsewhere);
                quote!(#nn::Len<<#part as #nn::Part>::Out>)
            }
            Size::Flat(_) => self.digits(&self.size_value(size)),
            Size::Sum(sizes) => {
                let sizes = sizes.iter().map(|size| self.size(size));
                sizes.reduce(|sum, size| quote!(#nn::Sum<#sum, #size>)).unwrap_or_default()
            }
            Size::Unknown => self.bits(1),
        }
    }

    /// How many values a shape has, as a constant.
    pub fn value(&self, shape: &Shape) -> TokenStream {
        let channels = self.size_value(shape.channels());
        match literals(shape) {
            sizes if sizes.is_empty() => channels,
            sizes if matches!(shape.channels(), Size::Sum(_)) => quote!((#channels) #(* #sizes)*),
            sizes => quote!(#channels #(* #sizes)*),
        }
    }

    /// Its channels, rows and columns, as constants.
    pub fn dims(&self, shape: &Shape) -> TokenStream {
        let nn = &self.nn;
        match shape.channels() {
            Size::Elsewhere(elsewhere) if !shape.has_places() && self.is_item => {
                let part = self.elsewhere(elsewhere);
                quote!(#nn::dims::<<#part as #nn::Part>::Out>())
            }
            Size::Elsewhere(Elsewhere { path, .. }) if !shape.has_places() => {
                let path = &path.tokens;
                quote!({ #[allow(unused_imports)] use #nn::Fallback as _; #nn::Probe::<#path>::STAGE.gives })
            }
            channels => {
                let (channels, sizes) = (self.size_value(channels), literals(shape));
                let ones = (sizes.len()..2).map(|_| quote!(1));
                quote!([#channels, #(#sizes,)* #(#ones),*])
            }
        }
    }

    /// The array of a shape at an end of an item. A step of a stream is its frames. Rust can't compute with a parameter, so channels
    /// of its number are arrays of their own.
    pub fn array(&self, of: &Ident, shape: &Shape, channels_last: bool) -> TokenStream {
        let nn = &self.nn;
        let channels = shape.width().filter(|width| width.parameter().is_some()).map(|width| self.width(width));
        let nested = |sizes: Vec<TokenStream>| {
            sizes.into_iter().rev().fold(quote!(#nn::#of), |array, size| quote!([#array; #size]))
        };
        let sizes = literals(shape).into_iter().map(ToTokens::into_token_stream);
        match channels {
            _ if self.is_stream => nested(sizes.chain([self.size_value(shape.channels())]).collect()),
            Some(channels) if channels_last => nested(sizes.chain([channels]).collect()),
            Some(channels) => nested([channels].into_iter().chain(sizes).collect()),
            None => nested(vec![self.value(shape)]),
        }
    }

    /// The same as an argument in a signature: of a constant the documentation shows the name.
    pub fn written(&self, shape: &Shape) -> TokenStream {
        let value = match shape.width().map(|width| &width.number) {
            Some(Number::Expression(tokens, _)) if is_path(tokens) => quote!({ #tokens }),
            _ => self.value(shape),
        };
        // An argument that is more than a token needs braces.
        if value.clone().into_iter().count() == 1 { value } else { quote!({ #value }) }
    }

    fn size_value(&self, size: &Size) -> TokenStream {
        let nn = &self.nn;
        match size {
            Size::Width(width) => self.width(width),
            Size::Elsewhere(elsewhere) | Size::Flat(elsewhere) if self.is_item => {
                let part = self.elsewhere(elsewhere);
                quote!(<#part as #nn::Part>::OUT)
            }
            Size::Elsewhere(Elsewhere { path, .. }) | Size::Flat(Elsewhere { path, .. }) => {
                let path = &path.tokens;
                quote!({ #[allow(unused_imports)] use #nn::Fallback as _; #nn::Probe::<#path>::STAGE.values() })
            }
            Size::Sum(sizes) => {
                let sizes = sizes.iter().map(|size| self.size_value(size));
                sizes.reduce(|sum, size| quote!(#sum + #size)).unwrap_or_default()
            }
            Size::Unknown => quote!(1),
        }
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

/// How many places there are along each axis.
fn literals(shape: &Shape) -> Vec<Literal> {
    shape.sizes().iter().map(|size| Literal::u64_unsuffixed(*size)).collect()
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

/// Whether they are a path, which by itself can't go wrong.
fn is_path(tokens: &TokenStream) -> bool {
    matches!(path(&tokens.clone().into_iter().collect::<Vec<_>>()), Some((_, [])))
}
