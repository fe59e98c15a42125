//! All mistakes of a declaration, each on its token.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

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

    /// The first and the last token of each mistake, and what is said of it.
    #[cfg(test)]
    pub fn mistakes(&self) -> &[(Span, Span, String)] {
        &self.errors
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

    /// All of them as one invocation, where it is unknown whether items or a type are wanted: a macro that expands its
    /// arguments first, and fails silently if one of them did.
    pub fn anywhere(&self) -> TokenStream {
        let mut errors: Vec<_> = self.errors().collect();
        if errors.len() == 1 { errors.remove(0) } else { quote!(::core::concat! { #(#errors),* }) }
    }
}
