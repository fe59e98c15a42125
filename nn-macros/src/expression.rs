//! Whether tokens can be a constant expression. What can't be one would break the whole expansion, not the width alone.

use crate::tokens::is_keyword;
use proc_macro2::{Delimiter, TokenTree};

/// Words that do not begin a form of their own.
const PLAIN: &[&str] = &["as", "crate", "false", "self", "Self", "super", "true"];

/// Whether it is no expression. Blocks and what they belong to are left to the compiler.
pub fn is_wrong(tokens: &[TokenTree]) -> bool {
    is_plain(tokens) && syn::parse2::<syn::Expr>(tokens.iter().cloned().collect()).is_err()
}

/// Whether nothing has a block: neither braces, nor arrays, nor a word like `if`.
fn is_plain(tokens: &[TokenTree]) -> bool {
    tokens.iter().all(|token| match token {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::Parenthesis && is_plain(&group.stream().into_iter().collect::<Vec<_>>())
        }
        TokenTree::Ident(word) => !is_keyword(word) || PLAIN.iter().any(|plain| word == plain),
        TokenTree::Literal(_) | TokenTree::Punct(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::is_wrong;
    use proc_macro2::TokenStream;

    #[test]
    fn what_is_typed_halfway_is_no_expression() {
        let of = |text: &str| {
            let tokens: Vec<_> = text.parse::<TokenStream>().unwrap().into_iter().collect();
            is_wrong(&tokens)
        };
        for right in [
            "8",
            "-1 + SIDE",
            "SIDE * SIDE",
            "f(1, 2)",
            "f::<u8, 3>()",
            "<[u8; 3] as Size<2, 3>>::LEN",
            "if A < B { 1 } else { 2 }",
            "match A { 1 => 2, _ => 3 }",
            "let x = 3; x",
            "A as usize",
            "*&A",
            "::a::B",
            "unsafe { f() }",
            "a.b.0",
            "A | B",
            "!A",
            "a!(1)",
        ] {
            assert!(!of(right), "{right}");
        }
        for wrong in
            ["", "SIDE *", "SIDE, SIDE", "* 2 +", "SIDE SIDE", "8 8", "/ 2", "SIDE.", "a::", "f(1,, 2)", "f::<3"]
        {
            assert!(of(wrong), "{wrong}");
        }
    }
}
