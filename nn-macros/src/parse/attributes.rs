//! The attributes that are the language's own, in both forms.

use super::files;
use crate::ast::{Attributes, Budget};
use crate::near::distance;
use crate::report::Report;
use crate::tokens::{inside, is_punct, shown};
use proc_macro2::{Delimiter, Group, TokenTree};
use quote::ToTokens;
use syn::Attribute;

/// Those that a near miss is told of.
const OWN: &[&str] = &["approximate", "budget", "golden", "weights"];

/// Takes an attribute that is the language's own.
pub fn take(attribute: &Attribute, own: &mut Attributes, report: &mut Report) -> bool {
    let mut tokens = attribute.meta.to_token_stream().into_iter();
    let (Some(TokenTree::Ident(word)), rest) = (tokens.next(), tokens.collect::<Vec<_>>()) else { return false };
    let group = match rest.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    };
    if word == "budget" {
        match group {
            Some(group) => budgets(group, own, report),
            None => report.at(word.span(), "expected `#[budget(ram = …, flash = …, macs = …, parameters = …)]`"),
        }
        return true;
    }
    if word == "approximate" {
        if !rest.is_empty() {
            report.over(&rest, word.span(), "`#[approximate]` takes no arguments");
        } else if own.approximate.is_some() {
            report.at(word.span(), "`#[approximate]` is written twice");
        }
        own.approximate = Some(word.span());
        return true;
    }
    if word == "weights" {
        own.weights = files::weights(&word, group, report);
        return true;
    }
    if word == "golden" {
        own.golden = files::golden(&word, group, report);
        return true;
    }
    if let (true, Some(meant)) = (attribute.path().get_ident().is_some(), meant(&word.to_string())) {
        report.at(word.span(), format!("unknown attribute `{word}`; did you mean `{meant}`?"));
        return true;
    }
    let Some(group) = group else { return false };
    let allowed: Vec<_> = inside(group).iter().map(ToString::to_string).collect();
    let names = ["missing_activation", "vanishing_gradient", "nothing_to_approximate", "deprecated"];
    let ours = word == "allow" && allowed.iter().all(|name| names.contains(&name.as_str()) || name == ",");
    if ours {
        own.allowed.extend(allowed);
    }
    ours
}

/// `ram = 2_048, flash = 16_384`.
fn budgets(group: &Group, own: &mut Attributes, report: &mut Report) {
    for budget in inside(group).split(|token| is_punct(Some(token), ',')) {
        let (name, most) = match budget {
            [] => continue,
            [TokenTree::Ident(name), equals, TokenTree::Literal(most)] if is_punct(Some(equals), '=') => (name, most),
            other => {
                report.over(other, group.span(), "expected a budget, as `ram = 2_048`");
                continue;
            }
        };
        let of = match name.to_string().as_str() {
            "ram" => "Ram",
            "flash" => "Flash",
            "macs" => "Macs",
            "parameters" => "Parameters",
            other => {
                report.at(
                    name.span(),
                    format!("unknown budget `{other}`; there are `ram`, `flash`, `macs` and `parameters`"),
                );
                continue;
            }
        };
        match most.to_string().replace('_', "").parse() {
            Ok(number) => own.budgets.push(Budget { of, most: number, span: most.span() }),
            Err(_) => {
                report.at(most.span(), format!("expected a plain integer, found {}", shown(&most.clone().into())))
            }
        }
    }
}

/// The attribute that is meant by another, if they are so near that it can't be one of the user's.
fn meant(name: &str) -> Option<&'static str> {
    OWN.iter().copied().find(|word| *word != name && distance(name, word) <= word.len() / 5)
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn attributes_that_are_near_are_meant() {
        assert_eq!(
            ["aproximate", "approximated", "budgets"].map(meant),
            ["approximate", "approximate", "budget"].map(Some)
        );
        for other in ["allow", "cfg", "derive", "doc", "repr", "must_use", "height", "approximate", "budget"] {
            assert_eq!(meant(other), None);
        }
    }
}
