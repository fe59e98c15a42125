//! From tokens to a declaration.
//!
//! The declaration is split at `=>` first and each stage is parsed alone, so that a mistake in one does not hide those
//! of the others.

mod activation;
mod stage;

use crate::ast::{Declaration, Item, Width};
use crate::report::Report;
use crate::words;
use proc_macro2::{Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{Attribute, Visibility};

/// Parses a declaration; what is wrong goes to the report, what could be understood is returned.
pub fn declaration(tokens: Vec<TokenTree>, report: &mut Report) -> Declaration {
    let end = last_span(&tokens);
    let (item, body) = head(without_angle_brackets(tokens), report);
    let (scalar, body) = scalar(body, report);
    let segments = split(&body, report);
    let mut segments = segments.into_iter();

    let input = segments.next().and_then(|(tokens, _)| input(tokens, &body, end, report));
    let mut stages = Vec::new();
    let mut count = 0;
    for (tokens, arrow) in segments {
        count += 1;
        match tokens {
            [] => report.over(arrow, Span::call_site(), "expected a layer after `=>`"),
            tokens => stages.extend(stage::stage(tokens, report)),
        }
    }
    if count == 0 && !body.is_empty() {
        report.over(&body, Span::call_site(), "a network must have at least one layer, as in `2 => 1`");
    }
    Declaration { item, scalar, input, stages }
}

/// The body of `network!(< … >)`.
fn without_angle_brackets(mut tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    if is_punct(tokens.first(), '<') && is_punct(tokens.last(), '>') && tokens.len() > 1 {
        tokens.pop();
        tokens.remove(0);
    }
    tokens
}

/// Attributes, visibility and name of an item, and what follows its colon; or everything, of a type.
fn head(tokens: Vec<TokenTree>, report: &mut Report) -> (Option<Item>, Vec<TokenTree>) {
    let start = |input: syn::parse::ParseStream<'_>| {
        let attributes = Attribute::parse_outer(input)?;
        let visibility: Visibility = input.parse()?;
        Ok((attributes, visibility, input.parse::<TokenStream>()?))
    };
    let all: TokenStream = tokens.iter().cloned().collect();
    let (attributes, visibility, rest) = match start.parse2(all) {
        Ok(parts) => parts,
        Err(error) => {
            report.at(error.span(), error.to_string());
            return (None, Vec::new());
        }
    };
    let has_head = !attributes.is_empty() || !matches!(visibility, Visibility::Inherited);
    let mut rest = rest.into_iter().peekable();
    let keyword = match rest.peek() {
        Some(TokenTree::Ident(word)) if word == "struct" => word.clone(),
        other => {
            if has_head {
                let span = other.map_or_else(|| last_span(&tokens), TokenTree::span);
                report.at(span, "expected `struct` and a name, as in `pub struct Xor: 2 => 1;`");
                return (None, Vec::new());
            }
            return (None, rest.collect());
        }
    };
    rest.next();
    let name = match rest.next() {
        Some(TokenTree::Ident(name)) => name,
        other => {
            let span = other.map_or(keyword.span(), |token| token.span());
            report.at(span, "expected the name of the network after `struct`");
            return (None, Vec::new());
        }
    };
    let item = Item { attributes: quote!(#(#attributes)*), visibility: visibility.to_token_stream(), keyword, name };
    let mut body: Vec<_> = match rest.next() {
        Some(colon) if is_punct(Some(&colon), ':') => rest.collect(),
        other => {
            let span = other.map_or(item.name.span(), |token| token.span());
            report.at(span, format!("expected `:` and the layers after `{}`", item.name));
            return (Some(item), Vec::new());
        }
    };
    if is_punct(body.last(), ';') {
        body.pop();
        if body.is_empty() {
            report.at(item.name.span(), format!("`{}` has no layers, as in `2 => 1`", item.name));
        }
    } else {
        report.at(body.last().map_or(item.name.span(), TokenTree::span), "expected `;` after the declaration");
    }
    (Some(item), body)
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
fn input(tokens: &[TokenTree], body: &[TokenTree], end: Span, report: &mut Report) -> Option<Width> {
    match tokens {
        [TokenTree::Literal(literal)] => stage::width(literal, "a network must have at least one input", report),
        [] => {
            match body.first() {
                Some(arrow) => report.at(arrow.span(), "expected the number of inputs before `=>`"),
                None if report.is_empty() => report.at(end, "expected a network, as in `2 => 8 relu => 1`"),
                None => {}
            }
            None
        }
        [TokenTree::Literal(literal), rest @ ..] => {
            let width = stage::width(literal, "a network must have at least one input", report);
            match &rest[0] {
                TokenTree::Ident(word) if words::activation(&word.to_string()).is_some() => report
                    .at(word.span(), format!("the input has no activation; write `=>` and a layer before `{word}`")),
                token => report.at(token.span(), format!("expected `=>` after the number of inputs, found `{token}`")),
            }
            width
        }
        [token, ..] => {
            report.over(tokens, token.span(), "expected the number of inputs, a plain integer");
            None
        }
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
