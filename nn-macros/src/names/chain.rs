//! How an expansion composes parts.

use super::Names;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

impl Names {
    /// The parts as a balanced tree of chains: the compiler limits how deep a type is.
    pub fn tree(&self, parts: &[TokenStream]) -> TokenStream {
        let nn = &self.nn;
        match parts {
            [] => TokenStream::new(),
            [part] => part.clone(),
            parts => {
                let (first, then) = parts.split_at(parts.len().div_ceil(2));
                let (first, then) = (self.tree(first), self.tree(then));
                quote!(#nn::Chain<#first, #then>)
            }
        }
    }

    /// A part with a name, which is written into two numbers.
    pub fn named(&self, name: &str, part: &TokenStream) -> TokenStream {
        let nn = &self.nn;
        let mut bytes = [0; 32];
        name.bytes().zip(&mut bytes).for_each(|(byte, to)| *to = byte);
        let [head, tail] = [0, 16].map(|start| {
            let half = bytes[start..start + 16].iter().fold(0, |half, byte| half << 8 | u128::from(*byte));
            Literal::u128_unsuffixed(half)
        });
        quote!(#nn::Named<#part, #head, #tail>)
    }
}
