//! `( … | … )`: branches on one input, their outputs one after the other.

use crate::layer::{Ends, Given, Layer};
use crate::names::Names;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// Branches that are concatenated.
pub struct Branches(pub Span);

impl Layer for Branches {
    fn span(&self) -> Span {
        self.0
    }

    fn label(&self) -> String {
        "branches".into()
    }

    fn gives(&self, takes: &Given, inside: &[Shape], report: &mut Report) -> Shape {
        for width in inside.iter().filter_map(Shape::width) {
            if let Some(parameter) = width.parameter() {
                report.at(
                    width.span,
                    format!("a branch can't end in the parameter `{parameter}`; Rust can't add to it yet"),
                );
            }
        }
        match inside {
            [] => takes.shape.clone(),
            inside => Shape::Vector(Size::Sum(inside.iter().map(|shape| shape.size().clone()).collect())),
        }
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let nn = &names.nn;
        let branches = ends.chains.iter().map(|layers| quote!(#nn::Nested<#layers>));
        let all = branches.reduce(|all, branch| quote!(#nn::Parallel<#all, #branch>));
        quote!(#nn::Nested<#all>)
    }

    fn fields(&self, at: usize, count: usize) -> TokenStream {
        // Pairs of pairs, of which `a` has all branches but the last.
        let outer = (at.max(1)..count - 1).map(|_| quote!(.a));
        let own = if at == 0 { quote!(.a) } else { quote!(.b) };
        let own = (count > 1).then_some(own);
        quote!(.0 #(#outer)* #own .0)
    }
}
