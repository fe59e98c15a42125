//! The compiler of the language of `nn-core`'s `network!`; use it through that crate.
//!
#![doc = include_str!("../docs/language.md")]

mod ast;
mod check;
mod expand;
#[cfg(test)]
mod fuzz;
mod parse;
mod report;
mod weights;
mod words;

use proc_macro2::{Ident, TokenStream, TokenTree};

/// Expands a declaration that follows the `$crate` of `nn-core`.
#[doc(hidden)]
#[proc_macro]
pub fn expand(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let mut tokens = TokenStream::from(tokens).into_iter();
    let Some(TokenTree::Ident(krate)) = tokens.next() else {
        return proc_macro::TokenStream::new();
    };
    compile(&krate, tokens.collect()).0.into()
}

/// The expansion of a declaration, and whether nothing was wrong with it.
fn compile(krate: &Ident, tokens: Vec<TokenTree>) -> (TokenStream, bool) {
    let mut report = report::Report::default();
    let declaration = parse::declaration(tokens, &mut report);
    let warnings = check::check(&declaration, &mut report);
    let files = if report.is_empty() { weights::read(&declaration, &mut report) } else { weights::Files::default() };
    (expand::declaration(krate, &declaration, &warnings, &files, &report), report.is_empty())
}
