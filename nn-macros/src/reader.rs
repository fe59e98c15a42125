//! What reads the widths of a declaration, and has the mistakes of what is read.

use crate::ast::{Number, Path, Width};
use crate::expression::is_wrong;
use crate::report::Report;
use crate::tokens::{inside, is_like_constant, last_span, path, shown};
use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenTree};

/// That the width of a layer may not be zero.
pub const NO_NODES: &str = "a layer must have at least one node";

/// Reads words and widths where the parameters of an item are known.
pub struct Reader<'a> {
    /// What is wrong.
    pub report: &'a mut Report,
    /// The names of the item's parameters.
    pub parameters: &'a [Ident],
    /// How many widths were met that are computed.
    pub computed: usize,
    /// The name of the item.
    pub item: Option<&'a Ident>,
    /// Whether the network is a stream.
    pub is_stream: bool,
}

/// `8` for `U8`, as `typenum` calls it; nobody has to import that.
pub fn typenum(word: &Ident) -> Option<Literal> {
    let name = word.to_string();
    let digits = name.strip_prefix('U').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let mut literal = Literal::u32_unsuffixed(digits.parse().ok()?);
    literal.set_span(word.span());
    Some(literal)
}

impl Reader<'_> {
    /// Whether a path is the item itself; that is told.
    pub fn is_itself(&mut self, path: &Path) -> bool {
        let Some(item) = self.item else { return false };
        let name = path.name.split('<').next().unwrap_or_default().trim_end_matches("::");
        let name = name.trim_start_matches("self::").trim_start_matches("r#");
        let is_itself = name == item.to_string().trim_start_matches("r#");
        if is_itself {
            self.report.at(path.span, format!("`{name}` contains itself"));
        }
        is_itself
    }

    /// `8`, `{H}` or `{ HIDDEN }`; `zero` says that it may not be zero.
    pub fn width(&mut self, token: &TokenTree, zero: &str) -> Option<Width> {
        match token {
            TokenTree::Literal(literal) => self.literal(literal, zero),
            TokenTree::Group(group) => self.braces(group),
            token => {
                self.report.at(token.span(), format!("expected a plain integer, found {}", shown(token)));
                None
            }
        }
    }

    /// A width among the arguments of a word: `8`, `{H}` or a `typenum` number, `U8`; `example` is one for the message.
    pub fn argument(&mut self, tokens: &[TokenTree], around: Span, example: &str) -> Option<Width> {
        match tokens {
            [token @ TokenTree::Literal(_)] => self.width(token, NO_NODES),
            [token @ TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => self.width(token, NO_NODES),
            [TokenTree::Ident(word)] if self.parameters.contains(word) => {
                self.report.at(word.span(), format!("`{word}` is a parameter; write `{{{word}}}`"));
                None
            }
            [TokenTree::Ident(word)] if is_like_constant(&word.to_string()) => match typenum(word) {
                Some(literal) => self.literal(&literal, NO_NODES),
                None => {
                    let message =
                        format!("a constant stands in braces, `{{{word}}}`; a type of that name is `self::{word}`");
                    self.report.at(word.span(), message);
                    None
                }
            },
            tokens if matches!(path(tokens), Some((_, []))) => {
                let number = Number::Type(tokens.iter().cloned().collect(), self.computed());
                Some(Width { number, span: last_span(tokens) })
            }
            tokens => {
                self.report.over(tokens, around, format!("expected a width, as in {example}"));
                None
            }
        }
    }

    /// A plain integer above zero.
    fn literal(&mut self, literal: &Literal, zero: &str) -> Option<Width> {
        let text = literal.to_string();
        let digits = text.replace('_', "");
        let span = literal.span();
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let message = if is_number(&digits) {
            match digits.parse::<u32>() {
                Ok(0) => zero.to_string(),
                Ok(number) if number < 1 << 30 => return Some(Width { number: Number::Literal(number), span }),
                _ => format!("`{text}` is too large; a width is below 1,073,741,824"),
            }
        } else if digits.contains('x') && !digits.starts_with("0x") && digits.split('x').all(is_number) {
            format!("`{text}` is the shape of an input; here stands a plain integer")
        } else {
            format!("expected a plain integer, found `{text}`")
        };
        self.report.at(span, message);
        None
    }

    /// `{H}` for a parameter of the item, else a constant expression.
    fn braces(&mut self, group: &Group) -> Option<Width> {
        let (tokens, span) = (inside(group), group.span());
        let number = match tokens.as_slice() {
            [] => {
                self.report.at(span, "expected a constant or a parameter in the braces, as in `{ HIDDEN }`");
                return None;
            }
            [TokenTree::Ident(word)] if self.parameters.contains(word) => Number::Parameter(word.clone()),
            tokens => {
                if let Some(parameter) = self.find(group) {
                    self.report.at(
                        parameter.span(),
                        format!(
                            "a parameter stands for a width alone, `{{{parameter}}}`; Rust can't compute with it yet"
                        ),
                    );
                    return None;
                }
                if is_wrong(tokens) {
                    self.report.at(
                        span,
                        "expected a constant expression in the braces, as in `{ HIDDEN }` or `{ 2 * HIDDEN }`",
                    );
                    return None;
                }
                Number::Expression(group.stream(), self.computed())
            }
        };
        Some(Width { number, span })
    }

    fn computed(&mut self) -> usize {
        self.computed += 1;
        self.computed - 1
    }

    /// A parameter somewhere in an expression.
    fn find(&self, group: &Group) -> Option<Ident> {
        inside(group).into_iter().find_map(|token| match token {
            TokenTree::Ident(word) if self.parameters.contains(&word) => Some(word),
            TokenTree::Group(group) => self.find(&group),
            _ => None,
        })
    }
}
