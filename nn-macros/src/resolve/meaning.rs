//! What the words of a stage mean.

use crate::ast::{self, Call, Stage};
use crate::layer::Layer;
use crate::report::Report;
use crate::shape::Elsewhere;
use crate::tokens::shown;
use crate::word::branches::Branches;
use crate::word::dense::Dense;
use crate::word::residual::Residual;
use crate::word::{self, Meaning};
use proc_macro2::{Span, TokenTree};

type Found = Option<Box<dyn Layer>>;

/// The layer of a stage and its activation, of which nothing is said if it can't be told where the layer ends.
/// `elsewhere` is the number of paths before it.
pub fn of(stage: &Stage, elsewhere: usize, report: &mut Report) -> (Found, Found) {
    let (layer, goes_on) = match &stage.layer {
        None => (None, true),
        Some(ast::Layer::Width(width)) => (found(Dense(width.clone())), true),
        Some(ast::Layer::Residual(_, span)) => (found(Residual(*span)), true),
        Some(ast::Layer::Branches(_, span)) => (found(Branches(*span)), true),
        Some(ast::Layer::Call(call)) => layer(call, elsewhere, report),
    };
    let activation = if goes_on { activation(stage, report) } else { None };
    (layer, activation)
}

fn found(layer: impl Layer + 'static) -> Found {
    Some(Box::new(layer))
}

/// A word or a path, and whether an activation may follow it.
fn layer(Call { path, arguments }: &Call, elsewhere: usize, report: &mut Report) -> (Found, bool) {
    if let Some(word) = &path.word {
        let name = word.to_string();
        let arguments = arguments.as_ref().filter(|_| path.alone().is_some());
        let message = match word::layer(&name) {
            // Without arguments, what follows is perhaps what should stand in parentheses.
            Some(Meaning::Layer(read)) => {
                let layer = read(word, arguments, report);
                let goes_on = layer.is_some() || arguments.is_some();
                return (layer, goes_on);
            }
            Some(Meaning::Later) => Some(format!("`{name}` is not available yet")),
            None if word::activation(&name).is_some() => {
                Some(format!("`{name}` is an activation; write the layer before it, as in `8 {name}`"))
            }
            None if arguments.is_some() && name.starts_with(char::is_lowercase) => {
                Some(format!("unknown layer `{name}`{}", word::layer_like(&name)))
            }
            None => None,
        };
        if let Some(message) = message {
            report.at(word.span(), message);
            return (None, false);
        }
    }
    if let Some(arguments) = arguments {
        unexpected(arguments.span, "`(…)`", report);
    }
    (found(Elsewhere { path: path.clone(), at: elsewhere }), arguments.is_none())
}

/// The activation, if there is one, and that nothing follows it.
fn activation(Stage { activation, rest, .. }: &Stage, report: &mut Report) -> Found {
    let layer = match activation {
        None => None,
        Some(Call { path, arguments }) => match (path.alone(), arguments) {
            // A path of one identifier is the user's if it begins with a capital, as types do.
            (Some(word), arguments) if !path.name.starts_with(char::is_uppercase) => {
                match (word::activation(&path.name), word::layer(&path.name)) {
                    (Some(known), _) => known.read(word, arguments.as_ref(), report),
                    (None, Some(_)) => {
                        report.at(word.span(), format!("`{word}` is a layer; write `=>` before it"));
                        None
                    }
                    (None, None) => {
                        let like = word::activation_like(&path.name);
                        report.at(word.span(), format!("unknown activation `{word}`{like}"));
                        None
                    }
                }
            }
            (_, None) => found(word::activation::path(path)),
            (_, Some(arguments)) => {
                unexpected(arguments.span, "`(…)`", report);
                return None;
            }
        },
    };
    match rest.first() {
        None => {}
        Some(TokenTree::Ident(second)) if word::activation(&second.to_string()).is_some() => {
            report.at(second.span(), format!("a layer has one activation, found a second, `{second}`"));
        }
        Some(TokenTree::Literal(width)) => report.at(width.span(), format!("expected `=>` before `{width}`")),
        Some(TokenTree::Punct(end)) if end.as_char() == ';' => {
            report.at(end.span(), "each network has a `network!` of its own");
        }
        Some(token) => unexpected(token.span(), &shown(token), report),
    }
    layer
}

fn unexpected(span: Span, shown: &str, report: &mut Report) {
    report.at(span, format!("expected an activation or `=>`, found {shown}"));
}
