//! From tokens to a declaration.
//!
//! The declaration is split at `=>` first and each stage is parsed alone, so that a mistake in one does not hide those
//! of the others.

mod attributes;
mod files;
mod head;
mod stage;

use crate::ast::{Declaration, Input};
use crate::near::distance;
use crate::report::Report;
use crate::tokens::{is_punct, last_span};
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenTree};

/// Parses a declaration; what is wrong goes to the report, what could be read is returned.
pub fn declaration(tokens: Vec<TokenTree>, report: &mut Report) -> Declaration {
    let tokens = without_angle_brackets(tokens);
    let end = last_span(&tokens);
    let (head, body) = head::head(tokens, report);
    let (scalar, body) = scalar(body, report);
    let (stream, body) = stream(body, report);
    let (bytes, body) = bytes(body, report);
    let mut segments = stage::split(&body, report).into_iter();
    let (input, after_input) = match segments.next() {
        Some(([], _)) | None => (no_input(&body, stream, end, report), &[][..]),
        Some((tokens, _)) => input(tokens, report),
    };
    let after_input = after_input.to_vec();
    let segments: Vec<_> = segments.collect();
    if segments.is_empty() && input.is_some() && after_input.is_empty() {
        report.over(&body, end, "a network must have at least one layer, as in `2 => 1`");
    }
    let stages = stage::stages(segments, report);
    if stages.len() > 64 {
        report.at(
            last_span(&body),
            "more than 64 stages in a row; declare a part of them as a network and write its name",
        );
    }
    let head::Head { item, attributes } = head;
    Declaration { item, attributes, scalar, stream, bytes, input, after_input, stages }
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
        if word == "stream" {
            return (f32(), body);
        }
        body.drain(..2);
        if word == "f32" || word == "f64" {
            return (word, body);
        }
        let more = if word == "u8" { "; inputs of bytes are `u8 1x28x28 => …`" } else { "" };
        report.at(word.span(), format!("unknown number type `{word}`; there are `f32` and `f64`{more}"));
    }
    (f32(), body)
}

/// What a network computes in, if nothing is said.
fn f32() -> Ident {
    Ident::new("f32", Span::call_site())
}

/// The word `stream`, and what follows it.
fn stream(mut body: Vec<TokenTree>, report: &mut Report) -> (Option<Span>, Vec<TokenTree>) {
    let is_stream = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Ident(word)) if word == "stream");
    match body.as_slice() {
        [TokenTree::Ident(word), ..] if word == "stream" => {}
        [TokenTree::Ident(word), TokenTree::Literal(_), ..]
            if distance(&word.to_string().to_lowercase(), "stream") < 3 =>
        {
            report.at(word.span(), format!("unknown word `{word}`; did you mean `stream`?"));
        }
        _ => return (None, body),
    }
    let span = body.remove(0).span();
    while is_stream(body.first()) {
        report.at(body.remove(0).span(), "`stream` is written twice");
    }
    if let [TokenTree::Ident(word), semicolon, ..] = body.as_slice()
        && is_punct(Some(semicolon), ';')
    {
        report.at(word.span(), format!("the number type stands before `stream`, `{word}; stream …`"));
        body.drain(..2);
    }
    if is_punct(body.first(), ';') {
        report.at(body.remove(0).span(), "expected the width of a frame after `stream`, found `;`");
    }
    (Some(span), body)
}

/// The word `u8`, and what follows it.
fn bytes(mut body: Vec<TokenTree>, report: &mut Report) -> (Option<Span>, Vec<TokenTree>) {
    let is = |token: Option<&TokenTree>, name: &str| matches!(token, Some(TokenTree::Ident(word)) if word == name);
    if !is(body.first(), "u8") {
        return (None, body);
    }
    let span = body.remove(0).span();
    while is(body.first(), "u8") {
        report.at(body.remove(0).span(), "`u8` is written twice");
    }
    if is(body.first(), "stream") {
        report.at(body.remove(0).span(), "`stream` stands before the type of its inputs, `stream u8 …`");
    }
    (Some(span), body)
}

/// Nothing stands before the first arrow.
fn no_input(body: &[TokenTree], stream: Option<Span>, end: Span, report: &mut Report) -> Option<Input> {
    match body.first() {
        Some(arrow) if stream.is_some() => {
            report.at(arrow.span(), "expected the width of a frame before `=>`, as in `stream 1 => …`");
        }
        Some(arrow) => report.at(arrow.span(), "expected the number of inputs before `=>`"),
        None if report.is_empty() => report.at(end, "expected a network, as in `2 => 8 relu => 1`"),
        None => {}
    }
    None
}

/// The shape of the input, and what follows it.
fn input<'a>(tokens: &'a [TokenTree], report: &mut Report) -> (Option<Input>, &'a [TokenTree]) {
    let vector = |width: &TokenTree| Some(Input { width: width.clone(), sizes: Vec::new() });
    match tokens {
        [TokenTree::Literal(literal), rest @ ..] => match shape(literal, report) {
            Some(input) => (input, rest),
            None => (vector(&tokens[0]), rest),
        },
        // `{C}x40`
        [width @ TokenTree::Group(group), TokenTree::Ident(places), rest @ ..]
            if group.delimiter() == Delimiter::Brace && split(&format!("1{places}")).is_some() =>
        {
            let sizes = split(&format!("1{places}")).unwrap_or_default();
            let sizes = self::sizes(&sizes[1..], 1, &format!("{{…}}{places}"), places.span(), report);
            (sizes.map(|sizes| Input { width: width.clone(), sizes }), rest)
        }
        [width @ TokenTree::Group(group), rest @ ..] if group.delimiter() == Delimiter::Brace => (vector(width), rest),
        [TokenTree::Ident(word), second, ..] if word == "f32" || word == "f64" => {
            report.at(second.span(), format!("expected `;` after the number type `{word}`"));
            (None, &[])
        }
        [TokenTree::Ident(word), TokenTree::Literal(_) | TokenTree::Group(_), ..]
            if ["i8", "u16", "i16", "u32", "i32"].iter().any(|name| word == name) =>
        {
            let message = format!("inputs are numbers that the network computes in, or bytes, `u8`; no `{word}`");
            report.at(word.span(), message);
            (None, &[])
        }
        tokens => {
            let message = "expected the number of inputs, a plain integer or `{ CONSTANT }`";
            report.over(tokens, tokens[0].span(), message);
            (None, &[])
        }
    }
}

/// The numbers of `3x40`, if it is two or more.
fn split(text: &str) -> Option<Vec<String>> {
    let numbers: Vec<_> = text.split('x').map(String::from).collect();
    let is_number = |part: &String| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (numbers.len() > 1 && !text.starts_with("0x") && numbers.iter().all(is_number)).then_some(numbers)
}

/// `3x40` or `1x28x28`, if it is one; nothing inside if it is wrong, which goes to the report.
#[allow(clippy::option_option, reason = "wrong, or not a shape")]
fn shape(literal: &Literal, report: &mut Report) -> Option<Option<Input>> {
    let (text, span) = (literal.to_string(), literal.span());
    let numbers = split(&text)?;
    let channels = numbers[0].parse::<u32>().unwrap_or(u32::MAX);
    let sizes = sizes(&numbers[1..], channels.into(), &text, span, report);
    let mut width = Literal::u32_unsuffixed(channels);
    width.set_span(span);
    Some(sizes.map(|sizes| Input { width: width.into(), sizes }))
}

/// How many places of so many channels lie along each axis; what is wrong goes to the report.
fn sizes(digits: &[String], channels: u64, text: &str, span: Span, report: &mut Report) -> Option<Vec<u64>> {
    let sizes: Vec<_> = digits.iter().map(|digits| digits.parse().unwrap_or(u64::MAX)).collect();
    let (kind, place) = match sizes.len() {
        1 => ("a signal", "frame"),
        2 => ("an image", "row and column"),
        _ => {
            report.at(
                span,
                format!("`{text}` has {} axes; there are signals, `3x40`, and images, `1x28x28`", sizes.len() + 1),
            );
            return None;
        }
    };
    let message = match sizes.iter().fold(channels, |all, size| all.saturating_mul(*size)) {
        _ if sizes.contains(&0) => format!("{kind} must have at least one {place}"),
        all if all >= 1 << 30 => format!("`{text}` is too large; {kind} has below 1,073,741,824 values"),
        _ => return Some(sizes),
    };
    report.at(span, message);
    None
}
