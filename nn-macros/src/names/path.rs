//! What an expansion calls what is declared elsewhere.

use super::{Names, respan};
use crate::shape::Elsewhere;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

/// An import of what may be a type or a constant, and around it what the name stands for among types if it is a constant.
pub struct Import {
    /// The name.
    pub name: Ident,
    /// A type of the library by that name.
    pub otherwise: TokenStream,
    /// The import.
    pub import: TokenStream,
}

impl Names {
    /// A part that is declared elsewhere. In an item there is one alias of its checked type, so that a check that fails is
    /// told once, and nothing more is said of what is no part at all. A type has no place for an alias.
    pub fn elsewhere(&self, elsewhere: &Elsewhere) -> TokenStream {
        if self.is_item { self.alias(elsewhere).into_token_stream() } else { elsewhere.path.tokens.clone() }
    }

    /// The name of that alias.
    pub fn alias(&self, elsewhere: &Elsewhere) -> Ident {
        format_ident!("__Stage{}", elsewhere.at)
    }

    /// The type that a path stands for, by the name of its import if there is one.
    pub fn path(&self, elsewhere: &Elsewhere) -> TokenStream {
        self.import(elsewhere).map_or_else(|| elsewhere.path.tokens.clone(), |import| import.name.into_token_stream())
    }

    /// The import of a path that is written as one of a constant, but could be one of a type.
    pub fn import(&self, elsewhere: &Elsewhere) -> Option<Import> {
        if !self.is_item || !elsewhere.is_like_constant() {
            return None;
        }
        let (nn, Elsewhere { path, at }) = (&self.nn, elsewhere);
        let tokens = &path.tokens;
        let [name, module] = ["__Path", "__path"].map(|of| format_ident!("{of}{at}", span = path.span));
        let otherwise = quote!(mod #module { pub type #name = #nn::Constant; } use #module::*;);
        let import = respan(quote!(use #tokens as #name;), path.span);
        Some(Import { otherwise, import: quote!(#[allow(unused_imports)] #import), name })
    }
}
