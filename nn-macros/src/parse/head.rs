//! What stands before the layers of an item.

use super::attributes;
use crate::ast::{Attributes, Item};
use crate::report::Report;
use crate::tokens::{is_joint, is_keyword, is_punct, last_span};
use proc_macro2::{Delimiter, Ident, TokenTree};
use quote::quote;
use syn::parse::Parser;
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
    let mut head = Head::default();
    let Some((attributes, rest)) = attributes(&tokens, report) else { return (head, Vec::new()) };
    let own = &mut head.attributes;
    let attributes: Vec<_> = attributes.into_iter().filter_map(|each| attributes::take(each, own, report)).collect();
    let (visibility, rest) = rest.split_at(match rest {
        [TokenTree::Ident(word), TokenTree::Group(group), ..]
            if word == "pub" && group.delimiter() == Delimiter::Parenthesis =>
        {
            2
        }
        [TokenTree::Ident(word), ..] if word == "pub" => 1,
        _ => 0,
    });
    if let [_, group] = visibility
        && syn::parse2::<Visibility>(visibility.iter().cloned().collect()).is_err()
    {
        report.at(group.span(), "expected a visibility, as in `pub(crate)`");
        return (head, Vec::new());
    }
    let is_item = !attributes.is_empty() || !visibility.is_empty();
    let keyword = match rest.first() {
        Some(TokenTree::Ident(word)) if word == "struct" => word.clone(),
        other => {
            // A name and a colon, or another keyword and a name: an item whose `struct` is missing.
            let is_item = is_item
                || matches!(rest, [TokenTree::Ident(_), TokenTree::Ident(_), ..])
                || matches!(rest, [TokenTree::Ident(_), colon, ..] if is_punct(Some(colon), ':'));
            if is_item {
                let span = other.map_or_else(|| last_span(&tokens), TokenTree::span);
                report.at(span, "expected `struct` and a name, as in `pub struct Xor: 2 => 1;`");
                return (head, Vec::new());
            }
            if let [TokenTree::Group(group), ..] = rest
                && group.delimiter() == Delimiter::Bracket
            {
                report.at(group.span(), "expected `#` before an attribute, as in `#[budget(…)]`");
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
            return (head, rest.to_vec());
        }
    };
    let Some(TokenTree::Ident(name)) = rest.get(1) else {
        let span = rest.get(1).map_or(keyword.span(), TokenTree::span);
        report.at(span, "expected the name of the network after `struct`");
        return (head, Vec::new());
    };
    if is_keyword(name) {
        report.at(name.span(), format!("`{name}` is a keyword and can't be the name of a network"));
        return (head, Vec::new());
    }
    let Some((parameters, at)) = parameters(rest, 2, report) else { return (head, Vec::new()) };
    if let (false, Some(budget)) = (parameters.is_empty(), own.budgets.first()) {
        report.at(budget.span, "a network with parameters has no budget; what it needs depends on them");
        own.budgets.clear();
    }
    if let Some(weights) = own.weights.take_if(|_| !parameters.is_empty()) {
        report.at(weights.span, "a network with parameters has no weights; their number depends on them");
    }
    head.item = Some(Item {
        attributes: quote!(#(#attributes)*),
        visibility: visibility.iter().cloned().collect(),
        keyword,
        name: name.clone(),
        parameters,
        has_default: own.has_default,
    });
    (head, body(&rest[at..], name, report))
}

/// The attributes, and what follows them.
fn attributes<'a>(mut tokens: &'a [TokenTree], report: &mut Report) -> Option<(Vec<Attribute>, &'a [TokenTree])> {
    let mut attributes = Vec::new();
    while let [sign, rest @ ..] = tokens
        && is_punct(Some(sign), '#')
    {
        let [brackets @ TokenTree::Group(group), rest @ ..] = rest else {
            report.at(rest.first().unwrap_or(sign).span(), "expected square brackets");
            return None;
        };
        match Attribute::parse_outer.parse2([sign.clone(), brackets.clone()].into_iter().collect()) {
            Ok(parsed) if group.delimiter() == Delimiter::Bracket => attributes.extend(parsed),
            _ if group.delimiter() == Delimiter::Bracket => {
                report.at(group.span(), "expected an attribute, as in `#[budget(…)]`");
            }
            _ => {
                report.at(group.span(), "expected square brackets");
                return None;
            }
        }
        tokens = rest;
    }
    Some((attributes, tokens))
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
fn parameters(tokens: &[TokenTree], at: usize, report: &mut Report) -> Option<(Vec<Ident>, usize)> {
    if !is_punct(tokens.get(at), '<') {
        return Some((Vec::new(), at));
    }
    let is_end = |end: &usize| is_punct(tokens.get(*end), '>') && !is_joint(&tokens[end - 1], '=');
    let Some(end) = (at + 1..tokens.len()).find(is_end) else {
        report.at(tokens[at].span(), "expected `>` after the parameters");
        return None;
    };
    let mut names = Vec::new();
    for parameter in tokens[at + 1..end].split(|token| is_punct(Some(token), ',')) {
        match parameter {
            [TokenTree::Ident(word), TokenTree::Ident(name), colon, TokenTree::Ident(of)]
                if word == "const" && of == "usize" && is_punct(Some(colon), ':') =>
            {
                if is_keyword(name) {
                    report.at(name.span(), format!("`{name}` is a keyword and can't be the name of a parameter"));
                    continue;
                }
                if names.contains(name) {
                    report.at(name.span(), format!("the parameter `{name}` is written twice"));
                    continue;
                }
                names.push(name.clone());
            }
            [] => {}
            other => {
                report.over(other, tokens[at].span(), "a parameter of a network is a width, `const H: usize`");
                if let [TokenTree::Ident(_), TokenTree::Ident(name), ..] = other
                    && !is_keyword(name)
                {
                    names.push(name.clone());
                }
            }
        }
    }
    Some((names, end + 1))
}
