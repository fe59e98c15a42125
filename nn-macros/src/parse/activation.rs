//! The activation of a stage, and its arguments.

use super::stage::path;
use super::{inside, is_punct, shown};
use crate::ast::{Activation, ActivationKind};
use crate::report::Report;
use crate::words::{self, Arguments};
use proc_macro2::{Delimiter, Group, Ident, TokenTree};

/// The activation in what follows a layer, if there is one.
pub fn activation(tokens: &[TokenTree], report: &mut Report) -> Option<Activation> {
    let span = tokens.first()?.span();
    let (kind, rest) = match tokens {
        [TokenTree::Ident(word), TokenTree::Group(group), rest @ ..]
            if group.delimiter() == Delimiter::Parenthesis && !is_type_name(word) =>
        {
            (named(word, Some(group), report), rest)
        }
        [TokenTree::Ident(word)] if !is_type_name(word) => (named(word, None, report), &tokens[1..]),
        [TokenTree::Ident(word), rest @ ..]
            if !is_type_name(word) && path(tokens).is_none_or(|(path, _)| path.len() == 1) =>
        {
            (named(word, None, report), rest)
        }
        _ => match path(tokens) {
            Some((path, rest)) => (Some(ActivationKind::Path(path.iter().cloned().collect())), rest),
            None => {
                unexpected(tokens, report);
                return None;
            }
        },
    };
    match rest {
        [] => {}
        [TokenTree::Ident(second), ..] if words::activation(&second.to_string()).is_some() => {
            report.at(second.span(), format!("a layer has one activation, found a second, `{second}`"));
        }
        rest => unexpected(rest, report),
    }
    Some(Activation { kind: kind?, span })
}

/// A path of one identifier is the user's if it begins with a capital, as types do.
fn is_type_name(word: &Ident) -> bool {
    word.to_string().starts_with(char::is_uppercase)
}

fn unexpected(tokens: &[TokenTree], report: &mut Report) {
    let Some(token) = tokens.first() else { return };
    report.at(
        token.span(),
        match token {
            TokenTree::Literal(width) => format!("expected `=>` before `{width}`"),
            TokenTree::Punct(end) if end.as_char() == ';' => "each network has a `network!` of its own".to_string(),
            token => format!("expected an activation or `=>`, found {}", shown(token)),
        },
    );
}

/// A word of the language.
fn named(word: &Ident, group: Option<&Group>, report: &mut Report) -> Option<ActivationKind> {
    let name = word.to_string();
    let Some(known) = words::activation(&name) else {
        let message = if words::RESERVED.contains(&name.as_str()) {
            format!("`{name}` is a layer; write `=>` before it")
        } else {
            format!("unknown activation `{name}`{}", words::suggestion(&name))
        };
        report.at(word.span(), message);
        return None;
    };
    let Some(group) = group else { return Some(ActivationKind::Word(word.clone(), Vec::new())) };
    let tokens = inside(group);
    if let (Arguments::OrTanh, [TokenTree::Ident(argument)]) = (known.takes, tokens.as_slice())
        && argument == "tanh"
    {
        return Some(ActivationKind::Word(Ident::new("gelu_tanh", word.span()), Vec::new()));
    }
    let expected = match known.takes {
        Arguments::Nothing => {
            report.at(group.span(), format!("`{name}` takes no argument"));
            return None;
        }
        Arguments::OrTanh => {
            report.at(group.span(), format!("expected `{name}` or `{name}(tanh)`"));
            return None;
        }
        Arguments::NotNegative(what) | Arguments::Positive(what) => format!("{name}({what})"),
        Arguments::Bounds => format!("{name}(min, max)"),
    };
    let wanted = if known.takes == Arguments::Bounds { 2 } else { 1 };
    let arguments: Vec<_> = tokens.split(|token| is_punct(Some(token), ',')).collect();
    if arguments.len() != wanted || arguments.iter().any(|argument| argument.is_empty()) {
        let message = format!("expected `{expected}`, each a number");
        report.at(group.span(), message.replace(", each a", if wanted == 1 { ", a" } else { ", each a" }));
        return None;
    }
    let mut fractions = Vec::new();
    for tokens in &arguments {
        match fraction(tokens) {
            Some(fraction) => fractions.push(fraction),
            None => {
                report.over(tokens, group.span(), "expected a decimal number of at most 15 digits");
                return None;
            }
        }
    }
    let value = |at: usize| fractions[at].0 as f64 / fractions[at].1 as f64;
    let wrong = match known.takes {
        Arguments::NotNegative(what) if value(0) < 0.0 => Some(format!("the {what} must not be negative")),
        Arguments::Positive(what) if value(0) <= 0.0 => Some(format!("the {what} must be above zero")),
        Arguments::Bounds if value(0) >= value(1) => Some("the first bound must be below the second".to_string()),
        _ => None,
    };
    if let Some(message) = wrong {
        report.over(&tokens, group.span(), message);
        return None;
    }
    Some(ActivationKind::Word(word.clone(), fractions.into_iter().flat_map(|(num, den)| [num, den]).collect()))
}

/// A decimal literal, perhaps with a sign and an exponent, as numerator and denominator.
pub fn fraction(tokens: &[TokenTree]) -> Option<(i64, i64)> {
    let (sign, literal) = match tokens {
        [TokenTree::Literal(literal)] => (1, literal),
        [minus, TokenTree::Literal(literal)] if is_punct(Some(minus), '-') => (-1, literal),
        _ => return None,
    };
    let text = literal.to_string().replace('_', "").to_lowercase();
    let (digits, exponent) = match text.split_once('e') {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text.as_str(), 0),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = part.trim_end_matches('0');
    if !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Both are below 2^53, so their quotient in f64 is the number nearest to the decimal.
    let number = |digits: String| digits.parse::<i64>().ok().filter(|number| *number < 1_000_000_000_000_000);
    let scale = exponent.checked_sub(i32::try_from(part.len()).ok()?)?;
    let zeros = |count: i32| "0".repeat(count.clamp(0, 20) as usize);
    let num = number(format!("0{whole}{part}{}", zeros(scale)))?;
    let den = number(format!("1{}", zeros(scale.checked_neg()?)))?;
    Some((sign * num, den))
}

#[cfg(test)]
mod tests {
    use super::fraction;
    use proc_macro2::{TokenStream, TokenTree};

    #[test]
    fn decimals_are_exact_fractions() {
        let of = |text: &str| {
            let tokens: Vec<TokenTree> = text.parse::<TokenStream>().unwrap().into_iter().collect();
            fraction(&tokens)
        };
        assert_eq!(of("0.01"), Some((1, 100)));
        assert_eq!(of("1"), Some((1, 1)));
        assert_eq!(of("-1.50"), Some((-15, 10)));
        assert_eq!(of("2.5e-3"), Some((25, 10_000)));
        assert_eq!(of("1e3"), Some((1_000, 1)));
        assert_eq!(of("1_000.5"), Some((10_005, 10)));
        for wrong in [
            "0x10",
            "1f32",
            "1e300",
            "1e-300",
            "1e-2147483648",
            "1e2147483647",
            "\"1\"",
            "0.12345678901234567",
            "x",
            "1 2",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
