//! The methods of named layers.

use crate::ast::Item;
use crate::layer::Accessor;
use crate::tokens::is_keyword;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashSet;

/// A layer with a name.
pub struct Named {
    /// Its name.
    pub name: Ident,
    /// The fields that lead to it.
    pub to: TokenStream,
    /// What its methods return.
    pub accessor: Accessor,
}

/// The methods, in an `impl` that begins with `header`. If the declaration is not `right`, nothing will run and they are
/// there for their signatures.
pub fn accessors(item: &Item, named: &[Named], header: &TokenStream, right: bool) -> Option<TokenStream> {
    let visibility = &item.visibility;
    let mut seen = HashSet::new();
    // Names that are wrong have been told of.
    let named = named.iter().filter(|Named { name, .. }| {
        let methods = [name.to_string(), format!("{name}_mut")];
        let is_right = !is_keyword(name) && methods.iter().all(|name| !seen.contains(name));
        seen.extend(methods);
        is_right
    });
    let methods = named.map(|Named { name, to, accessor: Accessor { of, by } }| {
        let name_mut = format_ident!("{name}_mut");
        let (body, body_mut) = match by {
            _ if !right => (quote!(loop {}), quote!(loop {})),
            None => (quote!(&self.0 #to), quote!(&mut self.0 #to)),
            Some(by) => {
                let [by, by_mut] = by.map(|method| format_ident!("{method}"));
                (quote!(self.0 #to.#by()), quote!(self.0 #to.#by_mut()))
            }
        };
        let doc = format!("The parameters of the layer `{name}`.");
        let doc_mut = format!("The parameters of the layer `{name}`, to be changed.");
        quote! {
            #[doc = #doc]
            #[allow(dead_code, clippy::must_use_candidate)]
            #[inline]
            #visibility fn #name(&self) -> &#of {
                #body
            }
            #[doc = #doc_mut]
            #[allow(dead_code)]
            #[inline]
            #visibility fn #name_mut(&mut self) -> &mut #of {
                #body_mut
            }
        }
    });
    let methods: TokenStream = methods.collect();
    (!methods.is_empty()).then(|| quote!(#[automatically_derived] #header { #methods }))
}

/// The fields that lead from a tree of `count` parts to the one at `at`.
pub fn fields(at: usize, count: usize) -> TokenStream {
    let first = count.div_ceil(2);
    if count < 2 {
        TokenStream::new()
    } else if at < first {
        let inside = fields(at, first);
        quote!(.first #inside)
    } else {
        let inside = fields(at - first, count - first);
        quote!(.then #inside)
    }
}
