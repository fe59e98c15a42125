//! The attributes that name files.

use crate::ast::{Golden, Weights};
use crate::report::Report;
use crate::tokens::{inside, is_punct};
use proc_macro2::{Delimiter, Group, Ident, TokenTree};

/// `("models/digits.safetensors", names("0" = "fc1"))`.
pub fn weights(word: &Ident, group: Option<&Group>, report: &mut Report) -> Option<Weights> {
    let form = "expected `#[weights(\"path\")]`, or `#[weights(\"path\", names(\"0\" = \"fc1\"))]`";
    let Some((path, token, rest)) = path(group) else {
        report.at(word.span(), form);
        return None;
    };
    let mut names = Vec::new();
    match rest.as_slice() {
        [] => {}
        [comma] if is_punct(Some(comma), ',') => {}
        [comma, TokenTree::Ident(word), TokenTree::Group(table), end @ ..]
            if is_punct(Some(comma), ',') && word == "names" && end.iter().all(|token| is_punct(Some(token), ',')) =>
        {
            for pair in inside(table).split(|token| is_punct(Some(token), ',')) {
                match pair {
                    [] => {}
                    [ours, equals, theirs] if is_punct(Some(equals), '=') => {
                        let ours_text =
                            if let TokenTree::Ident(ours) = ours { Some(ours.to_string()) } else { text(ours) };
                        match (ours_text, text(theirs)) {
                            (Some(our), Some(their)) => names.push((our, their, ours.span())),
                            _ => report.over(pair, table.span(), "expected a pair of names, as `\"0\" = \"fc1\"`"),
                        }
                    }
                    pair => report.over(pair, table.span(), "expected a pair of names, as `\"0\" = \"fc1\"`"),
                }
            }
        }
        rest => report.over(rest, word.span(), form),
    }
    Some(Weights { path, names, span: token.span() })
}

/// `("models/digits.expected.safetensors", tolerance = 1e-4)`.
pub fn golden(word: &Ident, group: Option<&Group>, report: &mut Report) -> Option<Golden> {
    let form = "expected `#[golden(\"path\", tolerance = 1e-4)]`";
    let Some((path, token, rest)) = path(group) else {
        report.at(word.span(), form);
        return None;
    };
    let tolerance = match rest.as_slice() {
        [comma, TokenTree::Ident(name), equals, TokenTree::Literal(number), end @ ..]
            if is_punct(Some(comma), ',')
                && name == "tolerance"
                && is_punct(Some(equals), '=')
                && end.iter().all(|token| is_punct(Some(token), ',')) =>
        {
            number.to_string().replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0)
        }
        _ => None,
    };
    let Some(tolerance) = tolerance else {
        report.over(&rest, token.span(), format!("{form}, with a tolerance above zero"));
        return None;
    };
    Some(Golden { path, tolerance, span: token.span() })
}

/// The string at the beginning of a group, its token, and what follows.
fn path(group: Option<&Group>) -> Option<(String, TokenTree, Vec<TokenTree>)> {
    let group = group.filter(|group| group.delimiter() == Delimiter::Parenthesis)?;
    let mut tokens = inside(group);
    let first = if tokens.is_empty() { return None } else { tokens.remove(0) };
    Some((text(&first)?, first, tokens))
}

/// The value of a string.
fn text(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}
