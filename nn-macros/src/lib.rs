//! The compiler of the language of `nn-core`'s `network!`; use it through that crate.
//!
#![doc = include_str!("../docs/language.md")]

mod arguments;
mod ast;
mod condition;
mod expand;
mod expression;
mod fraction;
#[cfg(test)]
mod fuzz;
mod layer;
mod names;
mod near;
mod parse;
mod reader;
mod report;
mod resolve;
mod shape;
mod tokens;
mod warning;
mod weights;
mod word;

use proc_macro2::{Ident, TokenStream, TokenTree};
use report::Report;

/// Expands a declaration that follows the `$crate` of `nn-core`.
#[doc(hidden)]
#[proc_macro]
pub fn expand(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_for(false, tokens)
}

/// The same for a target on which the highest byte of a number comes first.
#[doc(hidden)]
#[proc_macro]
pub fn expand_big_endian(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_for(true, tokens)
}

fn expand_for(is_big_endian: bool, tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let mut tokens = TokenStream::from(tokens).into_iter();
    let Some(TokenTree::Ident(krate)) = tokens.next() else {
        return proc_macro::TokenStream::new();
    };
    compile(&krate, is_big_endian, tokens.collect()).0.into()
}

/// The expansion of a declaration, and what was wrong with it.
fn compile(krate: &Ident, is_big_endian: bool, tokens: Vec<TokenTree>) -> (TokenStream, Report) {
    let tokens = tokens::plain(tokens);
    if let Some(conditional) = condition::split(krate, &tokens) {
        return (conditional, Report::default());
    }
    let mut report = Report::default();
    let declaration = parse::declaration(tokens, &mut report);
    let network = resolve::network(&declaration, &mut report);
    let warnings = warning::warnings(&declaration, &network);
    let files = if report.is_empty() {
        weights::read(&declaration, &network, is_big_endian, &mut report)
    } else {
        weights::Files::default()
    };
    (expand::declaration(krate, &declaration, &network, &warnings, &files, &report), report)
}
