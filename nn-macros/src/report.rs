//! All mistakes of a declaration, each on its token.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;

/// Collects mistakes, so that one compile tells them all.
#[derive(Default)]
pub struct Report {
    errors: Vec<(Span, Span, String)>,
}

impl Report {
    /// A mistake at one token.
    pub fn at(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push((span, span, message.into()));
    }

    /// A mistake that reaches over tokens; at `otherwise` if there are none.
    pub fn over(&mut self, tokens: &[TokenTree], otherwise: Span, message: impl Into<String>) {
        let first = tokens.first().map_or(otherwise, TokenTree::span);
        let last = tokens.last().map_or(otherwise, TokenTree::span);
        self.errors.push((first, last, message.into()));
    }

    /// Whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// An invocation of `compile_error!` for each mistake.
    pub fn errors(&self) -> impl Iterator<Item = TokenStream> {
        self.errors.iter().map(|(first, last, message)| {
            // The compiler underlines from the first token of the path to the last of the invocation.
            let path = quote_spanned!(*first=> ::core::compile_error);
            let call = quote_spanned!(*last=> { #message });
            quote_spanned!(*first=> #path ! #call)
        })
    }
}
