//! What is asked of tokens everywhere.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenTree};

/// Without the groups that a fragment of another macro stands in: invisible ones, and parentheses around nothing but a number or
/// braces, which other tools write for them.
pub fn plain(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => all.extend(inside(&group)),
            // After a word they are its arguments.
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Parenthesis && !is_called(&all) && is_value(&inside(&group)) =>
            {
                all.extend(inside(&group));
            }
            token => all.push(token),
        }
    }
    all
}

/// Whether a word or a path with generic arguments stands last.
fn is_called(tokens: &[TokenTree]) -> bool {
    match tokens {
        [.., TokenTree::Ident(_)] => true,
        [.., before, TokenTree::Punct(last)] => {
            last.as_char() == '>' && !is_joint(before, '=') && !is_joint(before, '-')
        }
        _ => false,
    }
}

/// Whether these are a number, perhaps with a sign, or braces.
fn is_value(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Literal(_)] => true,
        [minus, TokenTree::Literal(_)] => is_punct(Some(minus), '-'),
        [TokenTree::Group(group)] => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

/// The tokens inside a group.
pub fn inside(group: &Group) -> Vec<TokenTree> {
    plain(group.stream().into_iter().collect())
}

/// A token as a message shows it.
pub fn shown(token: &TokenTree) -> String {
    match token {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Parenthesis => "`(…)`".into(),
            Delimiter::Bracket => "`[…]`".into(),
            _ => "`{…}`".into(),
        },
        token => format!("`{token}`"),
    }
}

/// Whether it is that character.
pub fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

/// Whether it is that character, with another one right after it.
pub fn is_joint(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char && punct.spacing() == Spacing::Joint)
}

/// Whether Rust takes the word for its own, so that nothing can have it for a name.
pub fn is_keyword(word: &Ident) -> bool {
    syn::parse_str::<Ident>(&word.to_string()).is_err()
}

/// Whether a name is written as those of constants are.
pub fn is_like_constant(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && !name.contains(char::is_lowercase)
}

/// The place of the last token.
pub fn last_span(tokens: &[TokenTree]) -> Span {
    tokens.last().map_or_else(Span::call_site, TokenTree::span)
}

/// The tokens of a path, with generic arguments, at the beginning of `tokens`, and the rest.
pub fn path(tokens: &[TokenTree]) -> Option<(&[TokenTree], &[TokenTree])> {
    let mut at = if is_colons(tokens, 0) { 2 } else { 0 };
    loop {
        let Some(TokenTree::Ident(_)) = tokens.get(at) else { return None };
        at += 1;
        let open = if is_colons(tokens, at) && is_punct(tokens.get(at + 2), '<') { at + 2 } else { at };
        if is_punct(tokens.get(open), '<') {
            at = open + angle_brackets(&tokens[open..])?;
        }
        if !is_colons(tokens, at) {
            let (path, rest) = tokens.split_at(at);
            let is_right = syn::parse2::<syn::Path>(path.iter().cloned().collect()).is_ok();
            return is_right.then_some((path, rest));
        }
        at += 2;
    }
}

/// Whether `::` stands there.
pub fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| is_joint(token, ':')) && is_punct(tokens.get(at + 1), ':')
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
