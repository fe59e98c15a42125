//! One stage: a layer and its activation.

use super::{activation, is_punct};
use crate::ast::{Layer, Stage, Width};
use crate::report::Report;
use crate::words;
use proc_macro2::{Ident, Literal, TokenStream, TokenTree};

/// Parses a stage of at least one token.
pub fn stage(tokens: &[TokenTree], report: &mut Report) -> Option<Stage> {
    let (layer, rest) = layer(tokens, report)?;
    let activation = activation::activation(rest, report);
    Some(Stage { layer: layer?, activation })
}

/// The layer and what follows it; `None` if that can't be told, a layer of `None` if only the layer is wrong.
#[allow(clippy::option_option)]
fn layer<'a>(tokens: &'a [TokenTree], report: &mut Report) -> Option<(Option<Layer>, &'a [TokenTree])> {
    match tokens {
        [TokenTree::Literal(literal), rest @ ..] => {
            let width = width(literal, "a layer must have at least one node", report);
            Some((width.map(Layer::Dense), rest))
        }
        [TokenTree::Ident(word), rest @ ..] if is_word(word, rest) => {
            if words::activation(&word.to_string()).is_some() {
                report
                    .at(word.span(), format!("`{word}` is an activation; write the layer before it, as in `8 {word}`"));
            } else {
                report.at(word.span(), format!("`{word}` is not available yet"));
            }
            None
        }
        [TokenTree::Ident(_) | TokenTree::Punct(_), ..] => match path(tokens) {
            Some((path, rest)) => {
                let name = text(path);
                let span = path[path.len() - 1].span();
                Some((Some(Layer::Path { path: path.iter().cloned().collect(), name, span }), rest))
            }
            None => {
                let message = format!("expected a width or the path of a network or layer, found `{}`", tokens[0]);
                report.at(tokens[0].span(), message);
                None
            }
        },
        _ => {
            report.over(&tokens[..1], tokens[0].span(), "expected a width or the path of a network or layer");
            None
        }
    }
}

/// Whether an identifier is a word of the language; a path that begins with one is the user's.
fn is_word(word: &Ident, rest: &[TokenTree]) -> bool {
    let word = word.to_string();
    let known = words::activation(&word).is_some() || words::RESERVED.contains(&word.as_str());
    known && !(is_punct(rest.first(), ':') && is_punct(rest.get(1), ':'))
}

/// The tokens of a path, with generic arguments, at the beginning of `tokens`, and the rest.
pub fn path(tokens: &[TokenTree]) -> Option<(&[TokenTree], &[TokenTree])> {
    let colons = |at: usize| is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':');
    let mut at = if colons(0) { 2 } else { 0 };
    loop {
        let Some(TokenTree::Ident(_)) = tokens.get(at) else { return None };
        at += 1;
        let open = if colons(at) && is_punct(tokens.get(at + 2), '<') { at + 2 } else { at };
        if is_punct(tokens.get(open), '<') {
            at = open + angle_brackets(&tokens[open..])?;
        }
        if !colons(at) {
            return Some(tokens.split_at(at));
        }
        at += 2;
    }
}

/// How many tokens reach from `<` to its `>`.
fn angle_brackets(tokens: &[TokenTree]) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        if is_punct(Some(token), '<') {
            depth += 1;
        } else if is_punct(Some(token), '>') {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}

/// Tokens as one would write them.
fn text(tokens: &[TokenTree]) -> String {
    tokens.iter().cloned().collect::<TokenStream>().to_string().replace(' ', "").replace(',', ", ")
}

/// A plain integer above zero.
pub fn width(literal: &Literal, zero: &str, report: &mut Report) -> Option<Width> {
    let text = literal.to_string();
    let digits = text.replace('_', "");
    let span = literal.span();
    if digits.contains('x')
        && digits.split('x').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        && !digits.starts_with("0x")
    {
        report.at(span, format!("signals and images, as `{text}`, are not available yet; write the number of values"));
        return None;
    }
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        report.at(span, format!("expected a plain integer, found `{text}`"));
        return None;
    }
    match digits.parse::<u32>() {
        Ok(0) => report.at(span, zero),
        Ok(number) => return Some(Width { number, span }),
        Err(_) => report.at(span, format!("`{text}` is too large; a width is at most {}", u32::MAX)),
    }
    None
}
