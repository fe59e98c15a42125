//! Widths: integers, constants and parameters.

use crate::ast::{Number, Width};
use crate::report::Report;
use crate::tokens::inside;
use proc_macro2::{Group, Ident, Literal, TokenTree};

/// A plain integer above zero.
pub fn literal(literal: &Literal, zero: &str, report: &mut Report) -> Option<Width> {
    let text = literal.to_string();
    let digits = text.replace('_', "");
    let span = literal.span();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(&digits) {
        match digits.parse::<u32>() {
            Ok(0) => report.at(span, zero),
            Ok(number) if number < 1 << 30 => return Some(Width { number: Number::Literal(number), span }),
            _ => report.at(span, format!("`{text}` is too large; a width is below 1,073,741,824")),
        }
    } else if digits.contains('x') && !digits.starts_with("0x") && digits.split('x').all(is_number) {
        report.at(span, format!("signals and images, as `{text}`, are not available yet; write the number of values"));
    } else {
        report.at(span, format!("expected a plain integer, found `{text}`"));
    }
    None
}

/// `{H}` for a parameter of the item, else a constant expression.
pub fn braces(group: &Group, parameters: &[Ident], report: &mut Report) -> Option<Width> {
    let (tokens, span) = (inside(group), group.span());
    let number = match tokens.as_slice() {
        [] => {
            report.at(span, "expected a constant or a parameter in the braces, as in `{ HIDDEN }`");
            return None;
        }
        [TokenTree::Ident(word)] if parameters.contains(word) => Number::Parameter(word.clone()),
        _ => {
            if let Some(parameter) = find(group, parameters) {
                report.at(
                    parameter.span(),
                    format!("a parameter stands for a width alone, `{{{parameter}}}`; Rust can't compute with it yet"),
                );
                return None;
            }
            Number::Expression(group.stream())
        }
    };
    Some(Width { number, span })
}

/// A parameter somewhere in an expression.
fn find(group: &Group, parameters: &[Ident]) -> Option<Ident> {
    inside(group).into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if parameters.contains(&word) => Some(word),
        TokenTree::Group(group) => find(&group, parameters),
        _ => None,
    })
}
