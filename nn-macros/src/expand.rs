//! From a declaration to Rust: the type of its chain, and for an item the struct around it.

use crate::ast::{Activation, Declaration, Layer, Stage, Width};
use crate::report::Report;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// The expansion. If there are mistakes, the item still has the right ends, as far as they are known, so that its uses
/// add no errors of their own.
pub fn declaration(krate: &Ident, declaration: Declaration, report: Report) -> TokenStream {
    let Declaration { item, scalar, input, stages } = declaration;
    let expansion = Expansion { nn: quote!(#krate::__private), scalar, is_item: item.is_some() };
    let one = Width { number: 1, span: Span::call_site() };
    let input = input.unwrap_or(one);
    let ends = |out: &TokenStream| [Literal::u32_unsuffixed(input.number).into_token_stream(), out.clone()];

    if !report.is_empty() {
        let errors = report.errors();
        let Some(item) = item else {
            let errors: Vec<_> = errors.collect();
            return if let [error] = errors.as_slice() { error.clone() } else { quote!((#(#errors),*)) };
        };
        let unknown = Layer::Dense(one);
        let last = stages.last().map_or(&unknown, |stage| &stage.layer);
        let [input_len, out] = ends(&expansion.gives(last).0);
        let layers = expansion.dense(&expansion.number(input.number), &expansion.len(last));
        let item = expansion.item(krate, item, &input_len, &out, &layers);
        return quote!(#item #(#errors)*);
    }

    let (layers, out) = expansion.chain(input, &stages);
    let [input_len, out] = ends(&out);
    match item {
        Some(item) => expansion.item(krate, item, &input_len, &out, &layers),
        None => {
            let nn = &expansion.nn;
            quote!(#nn::Net<#input_len, { #out }, #layers>)
        }
    }
}

/// What every part of an expansion needs.
struct Expansion {
    /// The path of the hidden module of `nn-core`.
    nn: TokenStream,
    /// The number type.
    scalar: Ident,
    /// Whether the declaration is an item.
    is_item: bool,
}

impl Expansion {
    /// The item: a struct around the chain.
    fn item(
        &self,
        krate: &Ident,
        item: crate::ast::Item,
        input: &TokenStream,
        out: &TokenStream,
        layers: &TokenStream,
    ) -> TokenStream {
        let Self { nn, scalar, .. } = self;
        let crate::ast::Item { attributes, visibility, keyword, name } = item;
        let text = name.to_string();
        let text = text.trim_start_matches("r#");
        quote! {
            #attributes
            #visibility #keyword #name(<Self as #nn::Network>::Layers, #nn::Last);
            #krate::__network_item! { #name, #text, #nn::#scalar, [#input], [#out], [#layers] }
        }
    }

    /// The type of the chain, and the number of its outputs.
    fn chain(&self, input: Width, stages: &[Stage]) -> (TokenStream, TokenStream) {
        let Self { nn, scalar, .. } = self;
        let mut chain: Option<TokenStream> = None;
        let mut len = self.number(input.number);
        let mut gives = (Literal::u32_unsuffixed(input.number).into_token_stream(), "the input has".to_string());
        for Stage { layer, activation } in stages {
            let part = match layer {
                Layer::Dense(_) => self.dense(&len, &self.len(layer)),
                Layer::Path { path, name, span } => {
                    let check = self.check(path, name, *span, &gives);
                    quote!(#nn::Checked<#path, #check>)
                }
            };
            gives = self.gives(layer);
            len = self.len(layer);
            chain = Some(link(nn, chain, &part));
            if let Some(activation) = activation {
                let activation = match activation {
                    Activation::Path(path) => path.clone(),
                    Activation::Word(word, arguments) => {
                        let arguments = arguments.iter().map(|number| Literal::i64_unsuffixed(*number));
                        let arguments = (arguments.len() > 0).then(|| quote!(<#({#arguments}),*>));
                        quote!(#nn::words::#word #arguments)
                    }
                };
                let part = quote!(#nn::Activate<#activation, #nn::#scalar, #nn::Vector<#len>>);
                chain = Some(link(nn, chain, &part));
            }
        }
        (chain.unwrap_or_default(), gives.0)
    }

    /// A dense layer between two lengths.
    fn dense(&self, input: &TokenStream, output: &TokenStream) -> TokenStream {
        let Self { nn, scalar, .. } = self;
        quote!(#nn::Dense<#nn::#scalar, #input, #output>)
    }

    /// How many values come out of a layer, as a type.
    fn len(&self, layer: &Layer) -> TokenStream {
        let nn = &self.nn;
        match layer {
            Layer::Dense(width) => self.number(width.number),
            Layer::Path { path, .. } => quote!(#nn::Len<<#path as #nn::Part>::Out>),
        }
    }

    /// How many values come out of a layer, and who gives them.
    fn gives(&self, layer: &Layer) -> (TokenStream, String) {
        let nn = &self.nn;
        match layer {
            Layer::Dense(width) => {
                let mut number = Literal::u32_unsuffixed(width.number);
                number.set_span(width.span);
                (number.into_token_stream(), "the layer before gives".to_string())
            }
            Layer::Path { path, name, .. } => (quote!(<#path as #nn::Part>::OUT), format!("`{name}` gives")),
        }
    }

    /// A block that is true, or fails to evaluate with a message. Every token that takes part in the call has the
    /// stage's span; one with another would widen what the compiler underlines.
    fn check(&self, path: &TokenStream, name: &str, span: Span, gives: &(TokenStream, String)) -> TokenStream {
        let nn = &self.nn;
        let (number, before) = gives;
        let scalar = self.scalar.to_string();
        let path = respan(path.clone(), span);
        let number = respan(number.clone(), span);
        let gives = quote!(use #nn as __nn; const __GIVES: __nn::usize = #number;);
        let call = quote_spanned!(span=> __nn::Stage::of::<#path>(#name).fits(__GIVES, #scalar, #before));
        if self.is_item {
            return quote!({ #gives #call });
        }
        // An alias that nobody uses is not evaluated, while an item inside it is, and only once.
        let fits = Ident::new("__FITS", span);
        quote!({ #gives const #fits: __nn::bool = #call; #fits })
    }

    /// A number as a `typenum` type. Its own names stop at 1024, so it is always written bit by bit.
    fn number(&self, number: u32) -> TokenStream {
        let nn = &self.nn;
        let mut bits = quote!(#nn::UTerm);
        for bit in (0..u32::BITS - number.leading_zeros()).rev() {
            let bit = if number >> bit & 1 == 1 { quote!(B1) } else { quote!(B0) };
            bits = quote!(#nn::UInt<#bits, #nn::#bit>);
        }
        bits
    }
}

/// One part more at the end of a chain.
fn link(nn: &TokenStream, chain: Option<TokenStream>, part: &TokenStream) -> TokenStream {
    match chain {
        Some(chain) => quote!(#nn::Chain<#chain, #part>),
        None => part.clone(),
    }
}

/// The same tokens at another place, but for `$crate`, which would no longer be found.
fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let respanned = tokens.into_iter().map(|mut token| {
        match &mut token {
            TokenTree::Group(group) => {
                let mut inner = proc_macro2::Group::new(group.delimiter(), respan(group.stream(), span));
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
