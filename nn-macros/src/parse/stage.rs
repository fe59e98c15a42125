//! Stages: each a name, a layer and its activation.

use crate::arguments::Arguments;
use crate::ast::{Call, Join, Layer, Path, Stage};
use crate::report::Report;
use crate::tokens::{inside, is_colons, is_joint, is_punct, path, shown};
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// The tokens between the arrows, each with the arrow before it.
pub fn split<'a>(body: &'a [TokenTree], report: &mut Report) -> Vec<(&'a [TokenTree], &'a [TokenTree])> {
    let (mut segments, mut start, mut arrow) = (Vec::new(), 0, &body[..0]);
    let mut at = 0;
    while at + 1 < body.len() {
        let is_arrow = |first| is_joint(&body[at], first) && is_punct(Some(&body[at + 1]), '>');
        if !is_arrow('=') && !is_arrow('-') {
            at += 1;
            continue;
        }
        segments.push((&body[start..at], arrow));
        arrow = &body[at..at + 2];
        if is_arrow('-') {
            report.over(arrow, Span::call_site(), "expected `=>` between layers, found `->`");
        }
        at += 2;
        start = at;
    }
    segments.push((&body[start..], arrow));
    segments
}

/// The stages after an arrow each.
pub fn stages(segments: Vec<(&[TokenTree], &[TokenTree])>, report: &mut Report) -> Vec<Stage> {
    let mut stages = Vec::new();
    for (tokens, arrow) in segments {
        match tokens {
            [] => report.over(arrow, Span::call_site(), "expected a layer after `=>`"),
            tokens => stages.extend(stage(tokens, report)),
        }
    }
    stages
}

/// The stages of a block or branch, of which the first has no arrow before it.
fn block(tokens: &[TokenTree], around: Span, report: &mut Report) -> Vec<Stage> {
    let mut segments = split(tokens, report);
    if tokens.is_empty() {
        report.at(around, "expected a layer inside");
        return Vec::new();
    }
    if let Some(([], _)) = segments.first() {
        report.at(tokens[0].span(), "expected a layer before `=>`");
        segments.remove(0);
    }
    stages(segments, report)
}

/// A stage of at least one token.
fn stage(tokens: &[TokenTree], report: &mut Report) -> Option<Stage> {
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
    let (layer, rest) = match tokens {
        [width @ TokenTree::Literal(_), rest @ ..] => (Some(Layer::Width(width.clone())), rest),
        [TokenTree::Group(group), rest @ ..] => (grouped(group, report), rest),
        tokens => match path(tokens).map(call) {
            Some((call, rest)) => (Some(Layer::Call(call)), rest),
            None => {
                let message = "expected a width, a block or the path of a network or layer, found";
                report.at(tokens[0].span(), format!("{message} {}", shown(&tokens[0])));
                return None;
            }
        },
    };
    // What is no path may still begin with a word: `8 relu <`.
    let activation = path(rest).or_else(|| match rest {
        [TokenTree::Ident(word), ..] if word.to_string().starts_with(char::is_lowercase) => Some(rest.split_at(1)),
        _ => None,
    });
    let (activation, rest) = activation.map(call).map_or((None, rest), |(call, rest)| (Some(call), rest));
    Some(Stage { name, layer, activation, rest: rest.to_vec() })
}

/// What stands between branches.
const JOINS: &[(char, Join)] = &[('|', Join::Beside), ('+', Join::Added), ('*', Join::Multiplied)];

/// `{ HIDDEN }`, `[ … ]`, `( … | … )`, `( … + … )` or `( … * … )`.
fn grouped(group: &Group, report: &mut Report) -> Option<Layer> {
    let tokens = inside(group);
    match group.delimiter() {
        Delimiter::Bracket => Some(Layer::Residual(block(&tokens, group.span(), report), group.span())),
        Delimiter::Parenthesis => {
            let is_join = |token: &TokenTree| JOINS.iter().any(|(sign, _)| is_punct(Some(token), *sign));
            let mut signs = tokens.iter().filter(|token| is_join(token));
            let Some(first) = signs.next() else {
                if tokens.is_empty() {
                    report.at(group.span(), "expected a layer inside");
                } else {
                    report.at(group.span(), "expected two or more branches, as in `(8 relu | 4 tanh)`");
                }
                return None;
            };
            let first = shown(first);
            if let Some(other) = signs.find(|sign| shown(sign) != first) {
                let message = format!("between these branches stands {first}, and here {}", shown(other));
                report.at(other.span(), message + "; put some of them in parentheses of their own");
                return None;
            }
            let join =
                JOINS.iter().find(|(sign, _)| first == format!("`{sign}`")).map_or(Join::Beside, |(_, join)| *join);
            let branches = tokens.split(is_join).map(|branch| block(branch, group.span(), report));
            Some(Layer::Branches(branches.collect(), join, group.span()))
        }
        _ => Some(Layer::Width(group.clone().into())),
    }
}

/// A word or a path, with its arguments if they follow, and the rest.
fn call<'a>((path, rest): (&[TokenTree], &'a [TokenTree])) -> (Call, &'a [TokenTree]) {
    let word = match path {
        [TokenTree::Ident(word), ..] if !is_colons(path, 1) => Some(word.clone()),
        _ => None,
    };
    let path =
        Path { tokens: path.iter().cloned().collect(), name: text(path), word, span: path[path.len() - 1].span() };
    match rest {
        [TokenTree::Group(group), rest @ ..] if group.delimiter() == Delimiter::Parenthesis => {
            (Call { path, arguments: Some(Arguments::new(group)) }, rest)
        }
        rest => (Call { path, arguments: None }, rest),
    }
}

/// Tokens as one would write them.
fn text(tokens: &[TokenTree]) -> String {
    tokens.iter().cloned().collect::<TokenStream>().to_string().replace(' ', "").replace(',', ", ")
}
