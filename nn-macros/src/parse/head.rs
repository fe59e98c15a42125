//! What stands before the layers of an item.

use super::attributes;
use crate::ast::{Attributes, Item};
use crate::report::Report;
use crate::tokens::{is_punct, last_span};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Visibility};

/// What stands before the number type and the layers.
#[derive(Default)]
pub struct Head {
    /// The item, if it is one.
    pub item: Option<Item>,
    /// The attributes that are the language's own.
    pub attributes: Attributes,
}

/// The head, and the tokens that follow the colon of an item, or all of a type.
pub fn head(tokens: Vec<TokenTree>, report: &mut Report) -> (Head, Vec<TokenTree>) {
    let parse = |input: ParseStream<'_>| {
        let attributes = Attribute::parse_outer(input)?;
        let visibility: Visibility = input.parse()?;
        Ok((attributes, visibility, input.parse::<TokenStream>()?))
    };
    let (attributes, visibility, rest) = match parse.parse2(tokens.iter().cloned().collect()) {
        Ok(parts) => parts,
        Err(error) => {
            report.at(error.span(), error.to_string());
            return (Head::default(), Vec::new());
        }
    };
    let mut head = Head::default();
    let own = &mut head.attributes;
    let attributes: Vec<_> = attributes.into_iter().filter_map(|each| attributes::take(each, own, report)).collect();
    let rest: Vec<_> = rest.into_iter().collect();
    let is_item = !attributes.is_empty() || !matches!(visibility, Visibility::Inherited);
    let keyword = match rest.first() {
        Some(TokenTree::Ident(word)) if word == "struct" => word.clone(),
        other => {
            // A name and a colon, or another keyword and a name: an item whose `struct` is missing.
            let is_item = is_item
                || matches!(rest.as_slice(), [TokenTree::Ident(_), TokenTree::Ident(_), ..])
                || matches!(rest.as_slice(), [TokenTree::Ident(_), colon, ..] if is_punct(Some(colon), ':'));
            if is_item {
                let span = other.map_or_else(|| last_span(&tokens), TokenTree::span);
                report.at(span, "expected `struct` and a name, as in `pub struct Xor: 2 => 1;`");
                return (head, Vec::new());
            }
            if let Some(budget) = own.budgets.first() {
                report.at(budget.span, "a budget belongs to an item: `pub struct Name: …;`");
            }
            let files = own.weights.as_ref().map(|weights| weights.span);
            if let Some(span) = files.or(own.golden.as_ref().map(|golden| golden.span)) {
                report.at(span, "a file belongs to an item: `pub struct Name: …;`");
            }
            (own.weights, own.golden) = (None, None);
            return (head, rest);
        }
    };
    let Some(TokenTree::Ident(name)) = rest.get(1) else {
        let span = rest.get(1).map_or(keyword.span(), TokenTree::span);
        report.at(span, "expected the name of the network after `struct`");
        return (head, Vec::new());
    };
    let (parameters, at) = parameters(&rest, 2, report);
    if let (false, Some(budget)) = (parameters.is_empty(), own.budgets.first()) {
        report.at(budget.span, "a network with parameters has no budget; what it needs depends on them");
        own.budgets.clear();
    }
    if let Some(weights) = own.weights.take_if(|_| !parameters.is_empty()) {
        report.at(weights.span, "a network with parameters has no weights; their number depends on them");
    }
    let (conditions, attributes): (Vec<_>, Vec<_>) =
        attributes.into_iter().partition(|each| each.path().is_ident("cfg"));
    head.item = Some(Item {
        conditions: conditions.iter().map(ToTokens::to_token_stream).collect(),
        attributes: quote!(#(#attributes)*),
        visibility: visibility.to_token_stream(),
        keyword,
        name: name.clone(),
        parameters,
        has_default: own.has_default,
    });
    (head, body(&rest[at.min(rest.len())..], name, report))
}

/// What follows the colon, up to the semicolon.
fn body(rest: &[TokenTree], name: &Ident, report: &mut Report) -> Vec<TokenTree> {
    let body = match rest {
        [colon, body @ ..] if is_punct(Some(colon), ':') => body,
        rest => {
            let span = rest.first().map_or(name.span(), TokenTree::span);
            report.at(span, format!("expected `:` and the layers after `{name}`"));
            return Vec::new();
        }
    };
    match body {
        [] => report.at(name.span(), "expected the layers and `;` after the name, as in `2 => 1;`"),
        [end] if is_punct(Some(end), ';') => report.at(name.span(), format!("`{name}` has no layers, as in `2 => 1`")),
        [body @ .., end] if is_punct(Some(end), ';') => return body.to_vec(),
        body => report.at(last_span(body), "expected `;` after the declaration"),
    }
    body.iter().filter(|_| body.len() > 1).cloned().collect()
}

/// `<const H: usize, …>` from `at` on, and where it ends.
fn parameters(tokens: &[TokenTree], at: usize, report: &mut Report) -> (Vec<Ident>, usize) {
    if !is_punct(tokens.get(at), '<') {
        return (Vec::new(), at);
    }
    let end = tokens.iter().skip(at).position(|token| is_punct(Some(token), '>')).map_or(tokens.len(), |end| at + end);
    let mut names = Vec::new();
    for parameter in tokens[at + 1..end].split(|token| is_punct(Some(token), ',')) {
        match parameter {
            [TokenTree::Ident(word), TokenTree::Ident(name), colon, TokenTree::Ident(of)]
                if word == "const" && of == "usize" && is_punct(Some(colon), ':') =>
            {
                names.push(name.clone());
            }
            [] => {}
            other => {
                report.over(other, tokens[at].span(), "a parameter of a network is a width, `const H: usize`");
                if let [TokenTree::Ident(_), TokenTree::Ident(name), ..] = other {
                    names.push(name.clone());
                }
            }
        }
    }
    (names, end + 1)
}
