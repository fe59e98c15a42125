//! `#[cfg(…)]` and `#[cfg_attr(…)]` before an item. Whether they hold only the compiler knows, which expands what is left of
//! the declaration where they do; so nothing is said, and no file read, of what is compiled out.

use crate::tokens::{inside, is_punct};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;

/// The declaration without its first condition, under that condition; nothing if it has none.
pub fn split(krate: &Ident, tokens: &[TokenTree]) -> Option<TokenStream> {
    let (mut at, mut found) = (0, None);
    while let [sign, TokenTree::Group(group), ..] = &tokens[at..]
        && is_punct(Some(sign), '#')
        && group.delimiter() == Delimiter::Bracket
    {
        found = found.or_else(|| Some((at, condition(&inside(group))?)));
        at += 2;
    }
    let is_item = matches!(tokens.get(at), Some(TokenTree::Ident(word)) if word == "pub" || word == "struct");
    let (at, condition) = found.filter(|_| is_item)?;
    let (before, after) = (&tokens[..at], &tokens[at + 2..]);
    let under = |predicate: TokenStream, attributes: TokenStream| {
        quote! {
            #[cfg(#predicate)]
            #krate::__private::expand! { #krate #(#before)* #attributes #(#after)* }
        }
    };
    Some(match condition {
        Condition::Item(predicate) => under(predicate, TokenStream::new()),
        Condition::Attributes(predicate, attributes) => {
            let with = under(predicate.clone(), quote!(#(#[#attributes])*));
            let without = under(quote!(not(#predicate)), TokenStream::new());
            quote!(#with #without)
        }
    })
}

/// What an attribute says under which condition.
enum Condition {
    /// `cfg(predicate)`: the item is there.
    Item(TokenStream),
    /// `cfg_attr(predicate, attribute, …)`: it has these attributes.
    Attributes(TokenStream, Vec<TokenStream>),
}

fn condition(attribute: &[TokenTree]) -> Option<Condition> {
    let [TokenTree::Ident(word), TokenTree::Group(group)] = attribute else { return None };
    if word == "cfg" {
        return Some(Condition::Item(group.stream()));
    }
    let tokens: Vec<_> = group.stream().into_iter().collect();
    let parts = tokens.split(|token| is_punct(Some(token), ',')).filter(|part| !part.is_empty());
    let mut parts = parts.map(|part| part.iter().cloned().collect());
    let predicate = parts.next().filter(|_| word == "cfg_attr")?;
    Some(Condition::Attributes(predicate, parts.collect()))
}
