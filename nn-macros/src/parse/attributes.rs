//! The attributes that are the language's own, in both forms.

use super::files;
use crate::ast::{Attributes, Budget};
use crate::near::distance;
use crate::report::Report;
use crate::tokens::{inside, is_punct, shown};
use proc_macro2::{Delimiter, Group, Ident, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, parse_quote};

/// Those that a near miss is told of.
const OWN: &[&str] = &["approximate", "budget", "channels_last", "golden", "weights"];

/// What a network can't derive, and what there is instead.
const NOT_DERIVED: &[(&str, &str)] = &[
    ("Copy", "it may be large: derive `Clone`"),
    ("Eq", "its parameters are floating-point numbers: derive `PartialEq`"),
    ("Ord", "its parameters have no order"),
    ("PartialOrd", "its parameters have no order"),
    ("Hash", "its parameters are floating-point numbers"),
    ("Serialize", "its method `save` writes the parameters"),
    ("Deserialize", "its method `load` reads the parameters"),
];

/// The names of our warnings, which rustc does not know.
const WARNINGS: &[&str] = &["missing_activation", "vanishing_gradient", "nothing_to_approximate"];

/// Takes what is the language's own of an attribute, and gives back what is not.
pub fn take(attribute: Attribute, own: &mut Attributes, report: &mut Report) -> Option<Attribute> {
    let mut tokens = attribute.meta.to_token_stream().into_iter();
    let (Some(TokenTree::Ident(word)), rest) = (tokens.next(), tokens.collect::<Vec<_>>()) else {
        return Some(attribute);
    };
    let group = match rest.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    };
    let name = word.to_string();
    let is_again = match name.as_str() {
        "approximate" => own.approximate.is_some(),
        "weights" => own.weights.is_some(),
        "golden" => own.golden.is_some(),
        "channels_last" => own.channels_last,
        _ => false,
    };
    if is_again {
        report.at(word.span(), format!("`#[{name}]` is written twice"));
        return None;
    }
    match name.as_str() {
        "budget" => match group {
            Some(group) => budgets(group, own, report),
            None => {
                report.at(word.span(), "expected `#[budget(ram = …, flash = …, macs = …, parameters = …, state = …)]`")
            }
        },
        "approximate" => {
            if !rest.is_empty() {
                report.over(&rest, word.span(), "`#[approximate]` takes no arguments");
            }
            own.approximate = Some(word.span());
        }
        "channels_last" => {
            if !rest.is_empty() {
                report.over(&rest, word.span(), "`#[channels_last]` takes no arguments");
            }
            own.channels_last = true;
        }
        "weights" => own.weights = files::weights(&word, group, report),
        "golden" => own.golden = files::golden(&word, group, report),
        "derive" => {
            return match group {
                Some(group) => Some(derive(group, own, report)),
                None => Some(attribute),
            };
        }
        "allow" | "expect" => {
            return match group {
                Some(group) => allow(&word, group, own),
                None => Some(attribute),
            };
        }
        _ => match meant(&name).filter(|_| attribute.path().get_ident().is_some()) {
            Some(meant) => {
                report.at(word.span(), format!("unknown attribute `{word}`; did you mean `{meant}`?"));
            }
            None => return Some(attribute),
        },
    }
    None
}

/// The traits to derive but `Default`, which is the network of zeros; derived, it would be made part by part.
fn derive(group: &Group, own: &mut Attributes, report: &mut Report) -> Attribute {
    let tokens = inside(group);
    let is_default = |each: &&[TokenTree]| matches!(each, [.., TokenTree::Ident(name)] if name == "Default");
    let all = || tokens.split(|token| is_punct(Some(token), ','));
    own.has_default |= all().any(|each| is_default(&each));
    let is_possible = |each: &&[TokenTree]| {
        let Some(TokenTree::Ident(name)) = each.last() else { return true };
        let otherwise = NOT_DERIVED.iter().find(|(other, _)| name == other).map(|(_, otherwise)| otherwise);
        otherwise
            .inspect(|otherwise| report.at(name.span(), format!("a network can't derive `{name}`; {otherwise}")))
            .is_none()
    };
    let rest =
        all().filter(|each| !each.is_empty() && !is_default(each)).filter(is_possible).map(|each| quote!(#(#each)*));
    let rest: Vec<_> = rest.collect();
    parse_quote!(#[derive(#(#rest),*)])
}

/// `missing_activation, dead_code, reason = "…"`: takes our warnings, and gives back the rest as an attribute, if rustc has to
/// know of it. `deprecated` is both: our warnings are those of deprecated functions.
fn allow(word: &Ident, group: &Group, own: &mut Attributes) -> Option<Attribute> {
    let tokens = inside(group);
    let is_ours = |lint: &str| WARNINGS.contains(&lint);
    let (mut rest, mut is_wanted) = (Vec::new(), false);
    for lint in tokens.split(|token| is_punct(Some(token), ',')) {
        if let [TokenTree::Ident(name)] = lint {
            let name = name.to_string();
            is_wanted |= !is_ours(&name) && name != "deprecated";
            if is_ours(&name) || name == "deprecated" {
                own.allowed.push(name.clone());
            }
            if is_ours(&name) {
                continue;
            }
        } else {
            // A lint of a tool, or the reason, which is not one.
            is_wanted |= !lint.is_empty() && !matches!(lint, [_, equals, ..] if is_punct(Some(equals), '='));
        }
        if !lint.is_empty() {
            rest.push(quote!(#(#lint)*));
        }
    }
    is_wanted.then(|| parse_quote!(#[#word(#(#rest),*)]))
}

/// `ram = 2_048, flash = 16_384`.
fn budgets(group: &Group, own: &mut Attributes, report: &mut Report) {
    let tokens = inside(group);
    if tokens.is_empty() {
        report.at(group.span(), "expected a budget, as `ram = 2_048`");
    }
    for budget in tokens.split(|token| is_punct(Some(token), ',')) {
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
            "state" => "State",
            other => {
                report.at(
                    name.span(),
                    format!("unknown budget `{other}`; there are `ram`, `flash`, `macs`, `parameters` and `state`"),
                );
                continue;
            }
        };
        if own.budgets.iter().any(|other| other.of == of) {
            report.at(name.span(), format!("the budget `{name}` is written twice"));
            continue;
        }
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
