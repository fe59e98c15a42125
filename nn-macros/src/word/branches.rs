//! `( … | … )`, `( … + … )` and `( … * … )`: branches on one input, their outputs one after the other, added or multiplied.

use super::residual::different;
use crate::ast::Join;
use crate::layer::{Ends, Given, Layer};
use crate::names::{Names, respan};
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// Branches that are joined.
pub struct Branches(pub Join, pub Span);

impl Branches {
    /// That branches are of so many frames, and of as many channels if they are added or multiplied.
    fn compare(&self, inside: &[Shape], report: &mut Report) {
        for pair in inside.windows(2) {
            let [a, b] = pair else { continue };
            if a.is_unknown() || b.is_unknown() {
                continue;
            }
            let is_beside = self.0 == Join::Beside;
            // A vector is a value for each channel.
            let is_each = !is_beside && a.has_places() != b.has_places();
            let (a, b) = if is_beside || is_each {
                let alike = |shape: &Shape| match is_each {
                    false => shape.with(Size::of(1, self.1)),
                    true => shape.place(),
                };
                match different(&alike(a), &alike(b)) {
                    Some(_) => (a.shown(), b.shown()),
                    None => continue,
                }
            } else {
                match different(a, b) {
                    Some((a, b)) => (Some(a), Some(b)),
                    None => continue,
                }
            };
            let [a, b] = [a, b].map(|shown| shown.unwrap_or_else(|| "what only the compiler knows".into()));
            let what = match self.0 {
                Join::Beside => "branches are joined at each place",
                Join::Added => "branches are added value by value",
                Join::Multiplied => "branches are multiplied value by value",
            };
            report.at(self.1, format!("{what}; one gives {a}, another {b}"));
            return;
        }
    }
}

impl Layer for Branches {
    fn span(&self) -> Span {
        self.1
    }

    fn label(&self) -> String {
        match self.0 {
            Join::Beside => "branches".into(),
            Join::Added => "branches, added".into(),
            Join::Multiplied => "branches, multiplied".into(),
        }
    }

    fn gives(&self, takes: &Given, inside: &[Shape], report: &mut Report) -> Shape {
        self.compare(inside, report);
        let Some(first) = inside.first() else { return takes.shape.clone() };
        if self.0 != Join::Beside {
            return inside.iter().find(|shape| shape.has_places()).unwrap_or(first).clone();
        }
        for width in inside.iter().filter_map(Shape::width) {
            if let Some(parameter) = width.parameter() {
                report.at(
                    width.span,
                    format!("a branch can't end in the parameter `{parameter}`; Rust can't add to it yet"),
                );
            }
        }
        first.with(Size::Sum(inside.iter().map(|shape| shape.channels().clone()).collect()))
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let nn = &names.nn;
        let branches = ends.chains.iter().map(|layers| quote!(#nn::Nested<#layers>));
        let all = branches.reduce(|all, branch| match self.0 {
            Join::Beside => quote!(#nn::Parallel<#all, #branch>),
            Join::Added => quote!(#nn::Parallel<#all, #branch, #nn::Addition>),
            Join::Multiplied => quote!(#nn::Parallel<#all, #branch, #nn::Multiplication>),
        });
        quote!(#nn::Nested<#all>)
    }

    /// That what only the compiler knows can be added.
    fn check(&self, names: &Names, ends: &Ends<'_>) -> Option<TokenStream> {
        if self.0 == Join::Beside || ends.inside.iter().all(|shape| shape.known().is_some() || shape.has_places()) {
            return None;
        }
        let values: Vec<_> = ends.inside.iter().map(|shape| respan(names.value(shape), self.1)).collect();
        let first = values.first()?.to_string();
        if values.iter().all(|value| value.to_string() == first) {
            return None;
        }
        let alike = quote_spanned!(self.1=> __nn::Stage::alike(&[#(#values),*]));
        Some(names.constant(&alike, self.1))
    }

    fn fields(&self, at: usize, count: usize) -> TokenStream {
        // Pairs of pairs, of which `a` has all branches but the last.
        let outer = (at.max(1)..count - 1).map(|_| quote!(.a));
        let own = if at == 0 { quote!(.a) } else { quote!(.b) };
        let own = (count > 1).then_some(own);
        quote!(.0 #(#outer)* #own .0)
    }
}
