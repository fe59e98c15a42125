//! From tokens to a declaration.
//!
//! The declaration is split at `=>` first and each stage is parsed alone, so that a mistake in one does not hide those
//! of the others.

mod activation;
mod files;
mod head;
mod stage;
mod width;

use crate::ast::{Declaration, Stage, Width};
use crate::report::Report;
use crate::words;
use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenTree};

/// Parses a declaration; what is wrong goes to the report, what could be understood is returned.
pub fn declaration(tokens: Vec<TokenTree>, report: &mut Report) -> Declaration {
    let tokens = without_angle_brackets(plain(tokens));
    let end = last_span(&tokens);
    let (head, body) = head::head(tokens, report);
    let (scalar, body) = scalar(body, report);
    let parameters = head.item.as_ref().map_or(&[][..], |item| &item.parameters);
    let mut segments = split(&body, report).into_iter();
    let input = segments.next().and_then(|(tokens, _)| input(tokens, &body, end, parameters, report));
    let segments: Vec<_> = segments.collect();
    if segments.is_empty() && !body.is_empty() {
        report.over(&body, end, "a network must have at least one layer, as in `2 => 1`");
    }
    let stages = stages(segments, parameters, report);
    if stages.len() > 64 {
        report.at(
            last_span(&body),
            "more than 64 stages in a row; declare a part of them as a network and write its name",
        );
    }
    let head::Head { item, allowed, budgets, approximate, weights, golden } = head;
    Declaration { item, allowed, budgets, approximate, weights, golden, scalar, input, stages }
}

/// The stages after an arrow each.
fn stages(segments: Vec<(&[TokenTree], &[TokenTree])>, parameters: &[Ident], report: &mut Report) -> Vec<Stage> {
    let mut stages = Vec::new();
    for (tokens, arrow) in segments {
        match tokens {
            [] => report.over(arrow, Span::call_site(), "expected a layer after `=>`"),
            tokens => stages.extend(stage::stage(tokens, parameters, report)),
        }
    }
    stages
}

/// The stages of a block or branch, of which the first has no arrow before it.
fn block(tokens: &[TokenTree], around: Span, parameters: &[Ident], report: &mut Report) -> Vec<Stage> {
    let mut segments = split(tokens, report);
    if tokens.is_empty() {
        report.at(around, "expected a layer inside");
        return Vec::new();
    }
    if let Some(([], _)) = segments.first() {
        report.at(tokens[0].span(), "expected a layer before `=>`");
        segments.remove(0);
    }
    stages(segments, parameters, report)
}

/// Without the invisible groups that a fragment of another macro stands in.
fn plain(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                all.extend(plain(group.stream().into_iter().collect()));
            }
            token => all.push(token),
        }
    }
    all
}

/// The tokens inside a group.
fn inside(group: &proc_macro2::Group) -> Vec<TokenTree> {
    plain(group.stream().into_iter().collect())
}

/// The body of `network!(< … >)`.
fn without_angle_brackets(mut tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    if is_punct(tokens.first(), '<') && is_punct(tokens.last(), '>') && tokens.len() > 1 {
        tokens.pop();
        tokens.remove(0);
    }
    tokens
}

/// The number type and what follows its semicolon.
fn scalar(mut body: Vec<TokenTree>, report: &mut Report) -> (Ident, Vec<TokenTree>) {
    if let [TokenTree::Ident(word), semicolon, ..] = body.as_slice()
        && is_punct(Some(semicolon), ';')
    {
        let word = word.clone();
        body.drain(..2);
        if word == "f32" || word == "f64" {
            return (word, body);
        }
        report.at(word.span(), format!("unknown number type `{word}`; there are `f32` and `f64`"));
    }
    (Ident::new("f32", Span::call_site()), body)
}

/// The tokens between the arrows, each with the arrow before it.
fn split<'a>(body: &'a [TokenTree], report: &mut Report) -> Vec<(&'a [TokenTree], &'a [TokenTree])> {
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

/// The number of inputs.
fn input(
    tokens: &[TokenTree],
    body: &[TokenTree],
    end: Span,
    parameters: &[Ident],
    report: &mut Report,
) -> Option<Width> {
    let Some(first) = tokens.first() else {
        match body.first() {
            Some(arrow) => report.at(arrow.span(), "expected the number of inputs before `=>`"),
            None if report.is_empty() => report.at(end, "expected a network, as in `2 => 8 relu => 1`"),
            None => {}
        }
        return None;
    };
    let width = match first {
        TokenTree::Literal(literal) => width::literal(literal, "a network must have at least one input", report),
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => width::braces(group, parameters, report),
        first => {
            report.over(tokens, first.span(), "expected the number of inputs, a plain integer or `{ CONSTANT }`");
            return None;
        }
    };
    match tokens.get(1) {
        None => {}
        Some(TokenTree::Ident(word)) if words::activation(&word.to_string()).is_some() => {
            report.at(word.span(), format!("the input has no activation; write `=>` and a layer before `{word}`"))
        }
        Some(token) => {
            report.at(token.span(), format!("expected `=>` after the number of inputs, found {}", shown(token)))
        }
    }
    width
}

/// A token as a message shows it.
fn shown(token: &TokenTree) -> String {
    match token {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Parenthesis => "`(…)`".into(),
            Delimiter::Bracket => "`[…]`".into(),
            _ => "`{…}`".into(),
        },
        token => format!("`{token}`"),
    }
}

fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

fn is_joint(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char && punct.spacing() == Spacing::Joint)
}

fn last_span(tokens: &[TokenTree]) -> Span {
    tokens.last().map_or_else(Span::call_site, TokenTree::span)
}
