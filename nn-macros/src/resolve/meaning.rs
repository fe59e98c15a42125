//! What the words of a stage mean.

use crate::ast::{self, Call, Stage};
use crate::layer::Layer;
use crate::reader::{NO_NODES, Reader, typenum};
use crate::shape::Elsewhere;
use crate::tokens::shown;
use crate::word::branches::Branches;
use crate::word::dense::Dense;
use crate::word::residual::Residual;
use crate::word::{self, activation};
use proc_macro2::{Span, TokenTree};

type Found = Option<Box<dyn Layer>>;

/// The layer of a stage and its activation, of which nothing is said if it can't be told where the layer ends.
/// `elsewhere` is the number of paths before it.
pub fn of(stage: &Stage, elsewhere: usize, reader: &mut Reader<'_>) -> (Found, Found) {
    let (layer, goes_on) = match &stage.layer {
        None => (None, true),
        Some(ast::Layer::Width(width)) => {
            let width = reader.width(width, NO_NODES);
            (width.map(Dense::new).and_then(found), true)
        }
        Some(ast::Layer::Residual(_, span)) => (found(Residual(*span)), true),
        Some(ast::Layer::Branches(_, join, span)) => (found(Branches(*join, *span)), true),
        Some(ast::Layer::Call(call)) => layer(call, elsewhere, reader),
    };
    let activation = if goes_on { function(stage, reader) } else { None };
    (layer, activation)
}

fn found(layer: impl Layer + 'static) -> Found {
    Some(Box::new(layer))
}

/// A word or a path, and whether an activation may follow it.
fn layer(Call { path, arguments }: &Call, elsewhere: usize, reader: &mut Reader<'_>) -> (Found, bool) {
    if let Some(word) = &path.word {
        let name = word.to_string();
        let width = typenum(word)
            .map(|width| format!("`{name}` is a number; write `{width}`; a type of your own is `self::{name}`"));
        let parameter =
            reader.parameters.contains(word).then(|| format!("`{name}` is a parameter; write `{{{name}}}`"));
        if let Some(message) = parameter.or(width).filter(|_| path.alone().is_some()) {
            reader.report.at(word.span(), message);
            return (None, true);
        }
        let arguments = arguments.as_ref().filter(|_| path.alone().is_some());
        let message = match word::find(&name) {
            // Without arguments, what follows is perhaps what should stand in parentheses.
            Some(read) => {
                let layer = read(word, arguments, reader);
                let goes_on = layer.is_some() || arguments.is_some();
                return (layer, goes_on);
            }
            None if activation::find(&name).is_some() => {
                Some(format!("`{name}` is an activation; write the layer before it, as in `8 {name}`"))
            }
            None if name == "stream" => {
                Some("`stream` stands before the width of a frame, as in `stream 1 => …`".into())
            }
            None if arguments.is_some() => {
                let like = word::like(&name).unwrap_or_else(|| match name.starts_with(char::is_uppercase) {
                    true => format!("; a network or a layer of your own stands alone, `{name}`"),
                    false => String::new(),
                });
                Some(format!("unknown layer `{name}`{like}"))
            }
            None => None,
        };
        if let Some(message) = message {
            reader.report.at(word.span(), message);
            return (None, false);
        }
    }
    if let Some(arguments) = arguments {
        unexpected(arguments.span, "`(…)`", reader);
    }
    if reader.is_itself(path) {
        return (None, true);
    }
    (found(Elsewhere { path: path.clone(), at: elsewhere }), arguments.is_none())
}

/// The activation, if there is one, and that nothing follows it.
fn function(Stage { activation, rest, .. }: &Stage, reader: &mut Reader<'_>) -> Found {
    let layer = match activation {
        None => None,
        Some(Call { path, arguments }) => match (path.alone(), arguments) {
            // A path of one identifier is the user's if it begins with a capital, as types do.
            (Some(word), arguments) if !path.name.starts_with(char::is_uppercase) => {
                match (activation::find(&path.name), word::find(&path.name)) {
                    (Some(known), _) => known.read(word, arguments.as_ref(), reader),
                    (None, Some(_)) => {
                        reader.report.at(word.span(), format!("`{word}` is a layer; write `=>` before it"));
                        None
                    }
                    (None, None) => {
                        let like = activation::like(&path.name);
                        reader.report.at(word.span(), format!("unknown activation `{word}`{like}"));
                        None
                    }
                }
            }
            (Some(word), None) => match activation::of_type(&path.name) {
                Some(ours) => {
                    reader.report.at(word.span(), format!("write `{ours}`; a type of your own is `self::{word}`"));
                    None
                }
                None => found(activation::path(path)),
            },
            (None, None) => found(activation::path(path)),
            (Some(word), Some(_)) => {
                reader.report.at(word.span(), format!("unknown activation `{word}`{}", activation::like(&path.name)));
                return None;
            }
            (None, Some(arguments)) => {
                unexpected(arguments.span, "`(…)`", reader);
                return None;
            }
        },
    };
    let layer = layer.filter(|_| !activation.as_ref().is_some_and(|call| reader.is_itself(&call.path)));
    match rest.first() {
        None => {}
        Some(TokenTree::Ident(second)) if activation::find(&second.to_string()).is_some() => {
            reader.report.at(second.span(), format!("a layer has one activation, found a second, `{second}`"));
        }
        Some(TokenTree::Literal(width)) => reader.report.at(width.span(), format!("expected `=>` before `{width}`")),
        Some(TokenTree::Punct(end)) if end.as_char() == ';' => {
            reader.report.at(end.span(), "each network has a `network!` of its own");
        }
        Some(token) => unexpected(token.span(), &shown(token), reader),
    }
    layer
}

fn unexpected(span: Span, shown: &str, reader: &mut Reader<'_>) {
    reader.report.at(span, format!("expected an activation or `=>`, found {shown}"));
}
