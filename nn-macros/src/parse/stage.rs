//! One stage: a name, a layer and its activation.

use super::{activation, block, inside, is_joint, is_punct, shown, width};
use crate::ast::{Layer, Path, Stage};
use crate::report::Report;
use crate::words;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// Parses a stage of at least one token.
pub fn stage(tokens: &[TokenTree], parameters: &[Ident], report: &mut Report) -> Option<Stage> {
    let (name, tokens) = match tokens {
        [TokenTree::Ident(name), colon, rest @ ..]
            if is_punct(Some(colon), ':') && !(is_joint(colon, ':') && is_punct(rest.first(), ':')) =>
        {
            if rest.is_empty() {
                report.at(colon.span(), "expected a layer after the name");
                return None;
            }
            (Some(name.clone()), rest)
        }
        tokens => (None, tokens),
    };
    let (layer, rest) = layer(tokens, parameters, report)?;
    let activation = activation::activation(rest, report);
    Some(Stage { name, layer: layer?, activation })
}

/// The layer and what follows it; `None` if that can't be told, a layer of `None` if only the layer is wrong.
#[allow(clippy::option_option)]
fn layer<'a>(
    tokens: &'a [TokenTree],
    parameters: &[Ident],
    report: &mut Report,
) -> Option<(Option<Layer>, &'a [TokenTree])> {
    match tokens {
        [TokenTree::Literal(literal), rest @ ..] => {
            let width = width::literal(literal, "a layer must have at least one node", report);
            Some((width.map(Layer::Dense), rest))
        }
        [TokenTree::Group(group), rest @ ..] => Some((grouped(group, parameters, report), rest)),
        [TokenTree::Ident(word), TokenTree::Group(group), rest @ ..]
            if word == "dense" && group.delimiter() == Delimiter::Parenthesis =>
        {
            Some((width::typed(group, report).map(Layer::Dense), rest))
        }
        [TokenTree::Ident(word), TokenTree::Group(group), rest @ ..]
            if word == "dropout" && group.delimiter() == Delimiter::Parenthesis =>
        {
            Some((dropout(group, report), rest))
        }
        [TokenTree::Ident(word), rest @ ..] if is_word(word, rest) => {
            let message = if words::activation(&word.to_string()).is_some() {
                format!("`{word}` is an activation; write the layer before it, as in `8 {word}`")
            } else if word == "dense" {
                "expected a width, as in `8`, or a `typenum` number, as in `dense(U8)`".to_string()
            } else if word == "dropout" {
                "expected the share of the values that are left out, as in `dropout(0.2)`".to_string()
            } else {
                format!("`{word}` is not available yet")
            };
            report.at(word.span(), message);
            None
        }
        [TokenTree::Ident(word), TokenTree::Group(group), ..]
            if group.delimiter() == Delimiter::Parenthesis && word.to_string().starts_with(char::is_lowercase) =>
        {
            let name = word.to_string();
            report.at(word.span(), format!("unknown layer `{name}`{}", words::layer_suggestion(&name)));
            None
        }
        _ => match path(tokens) {
            Some((path, rest)) => {
                let (name, span) = (text(path), path[path.len() - 1].span());
                Some((Some(Layer::Path(Path { tokens: path.iter().cloned().collect(), name, span })), rest))
            }
            None => {
                let message = "expected a width, a block or the path of a network or layer, found";
                report.at(tokens[0].span(), format!("{message} {}", shown(&tokens[0])));
                None
            }
        },
    }
}

/// `dropout(0.2)`.
fn dropout(group: &Group, report: &mut Report) -> Option<Layer> {
    let tokens = inside(group);
    let Some((num, den)) = activation::fraction(&tokens) else {
        let message = "expected the share of the values that are left out, a decimal number of at most 15 digits";
        report.over(&tokens, group.span(), message);
        return None;
    };
    if num < 0 || num >= den {
        report.over(&tokens, group.span(), "the rate of dropout is from 0 to below 1");
        return None;
    }
    Some(Layer::Dropout([num, den]))
}

/// `{ HIDDEN }`, `[ … ]` or `( … | … )`.
fn grouped(group: &Group, parameters: &[Ident], report: &mut Report) -> Option<Layer> {
    let tokens = inside(group);
    match group.delimiter() {
        Delimiter::Bracket => Some(Layer::Residual(block(&tokens, group.span(), parameters, report), group.span())),
        Delimiter::Parenthesis => {
            let branches: Vec<_> = tokens.split(|token| is_punct(Some(token), '|')).collect();
            if branches.len() < 2 && !tokens.is_empty() {
                report.at(group.span(), "expected two or more branches, as in `(8 relu | 4 tanh)`");
                return None;
            }
            let branches = branches.into_iter().map(|branch| block(branch, group.span(), parameters, report));
            Some(Layer::Parallel(branches.collect(), group.span()))
        }
        _ => width::braces(group, parameters, report).map(Layer::Dense),
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
