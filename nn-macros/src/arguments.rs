//! What stands in parentheses after a word: values in order, then `key = value`.

use crate::tokens::{inside, is_punct};
use proc_macro2::{Group, Span, TokenTree};

/// The tokens of a value.
type Value<'a> = &'a [TokenTree];

/// The arguments of a word, of which only the word knows what they mean.
pub struct Arguments {
    /// The parentheses.
    pub span: Span,
    /// All tokens in them.
    pub tokens: Vec<TokenTree>,
}

impl Arguments {
    /// Those in a group.
    pub fn new(group: &Group) -> Self {
        Self { span: group.span(), tokens: inside(group) }
    }

    /// Exactly `N` values, then those of the keys that are there; nothing if there are more, fewer, or a key is written
    /// twice. What looks like a key, but is none of these, is a value, which the word refuses where it stands.
    pub fn read<const N: usize, const K: usize>(
        &self,
        keys: [&str; K],
    ) -> Option<([Value<'_>; N], [Option<Value<'_>>; K])> {
        let (mut values, mut named) = (Vec::new(), [None; K]);
        for argument in self.split() {
            let key = match argument {
                [TokenTree::Ident(key), equals, ..] if is_punct(Some(equals), '=') => {
                    keys.iter().position(|each| key == each)
                }
                _ => None,
            };
            match key {
                Some(key) if named[key].is_none() && argument.len() > 2 => named[key] = Some(&argument[2..]),
                None if !argument.is_empty() && named.iter().all(Option::is_none) => values.push(argument),
                _ => return None,
            }
        }
        Some((values.try_into().ok()?, named))
    }

    /// The arguments, split at the commas outside of the angle brackets of types.
    pub fn split(&self) -> Vec<Value<'_>> {
        let (mut arguments, mut start, mut depth) = (Vec::new(), 0, 0_usize);
        for (at, token) in self.tokens.iter().enumerate() {
            if is_punct(Some(token), '<') {
                depth += 1;
            } else if is_punct(Some(token), '>') {
                depth = depth.saturating_sub(1);
            } else if is_punct(Some(token), ',') && depth == 0 {
                arguments.push(&self.tokens[start..at]);
                start = at + 1;
            }
        }
        if !self.tokens.is_empty() {
            arguments.push(&self.tokens[start..]);
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use proc_macro2::{Span, TokenStream};

    #[test]
    fn values_stand_before_keys() {
        let of = |text: &str| Arguments {
            span: Span::call_site(),
            tokens: text.parse::<TokenStream>().unwrap().into_iter().collect(),
        };
        let read = |text: &str| {
            let arguments = of(text);
            let ([value], keys) = arguments.read(["eps", "bias"])?;
            let lengths = keys.map(|key| key.map_or(0, <[_]>::len));
            Some((value.len(), lengths))
        };
        assert_eq!(read("8"), Some((1, [0, 0])));
        assert_eq!(read("A<B, C>, bias = false"), Some((6, [0, 1])));
        assert_eq!(read("-1, bias = false, eps = -1e-5"), Some((2, [2, 1])));
        assert_eq!(read("other = 1"), Some((3, [0, 0])));
        for wrong in ["", "8,", "8, 9", "bias = false", "bias = false, 8", "8, bias =", "8, eps = 1, eps = 2"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
