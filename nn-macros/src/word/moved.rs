//! `flatten`, `last`, `reverse`, `pass` and `take(2..5)`: values of the input at other places.

use super::sliding::no_signal;
use crate::arguments::Arguments;
use crate::layer::{Ends, Given, Layer};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size, grouped};
use crate::tokens::is_punct;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

/// What is moved where.
#[derive(Clone, Copy, PartialEq)]
enum Move {
    Flatten,
    Last,
    Reverse,
    Pass,
    Take(u32, u32),
}

/// A layer that moves values.
struct Moved {
    how: Move,
    span: Span,
    /// Whether it moves the frames of the steps of a stream.
    is_stream: bool,
}

/// `flatten`.
pub fn flatten(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    alone(Move::Flatten, word, arguments, reader)
}

/// `last`.
pub fn last(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    ahead(Move::Last, word, arguments, reader)
}

/// `reverse`.
pub fn reverse(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    ahead(Move::Reverse, word, arguments, reader)
}

/// `pass`.
pub fn pass(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    alone(Move::Pass, word, arguments, reader)
}

/// What needs the end of a signal.
fn ahead(how: Move, word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    if reader.is_stream {
        let message =
            format!("`{word}` needs the end of a signal, which a stream never has; it looks ahead without end");
        reader.report.at(word.span(), message);
        return None;
    }
    alone(how, word, arguments, reader)
}

fn alone(how: Move, word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    if let Some(arguments) = arguments {
        reader.report.at(arguments.span, format!("`{word}` takes no argument"));
        return None;
    }
    Some(Box::new(Moved { how, span: word.span(), is_stream: reader.is_stream }))
}

/// `take(2..5)`.
pub fn take(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let example = "as in `take(0..3)`, which takes the values 0, 1 and 2";
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected a range, {example}"));
        return None;
    };
    let number = |token: &TokenTree| token.to_string().replace('_', "").parse::<u32>().ok().filter(|at| *at < 1 << 30);
    let range = match arguments.tokens.as_slice() {
        [from, dot, also, to] if is_punct(Some(dot), '.') && is_punct(Some(also), '.') => number(from).zip(number(to)),
        _ => None,
    };
    let message = match range {
        None => format!("expected a range, {example}"),
        Some((from, to)) if from >= to => format!("`take` takes at least one value, {example}"),
        Some((from, to)) => {
            let (how, span, is_stream) = (Move::Take(from, to), word.span(), reader.is_stream);
            return Some(Box::new(Moved { how, span, is_stream }));
        }
    };
    reader.report.over(&arguments.tokens, arguments.span, message);
    None
}

impl Moved {
    fn word(&self) -> &'static str {
        match self.how {
            Move::Flatten => "flatten",
            Move::Last => "last",
            Move::Reverse => "reverse",
            Move::Pass => "pass",
            Move::Take(..) => "take",
        }
    }

    /// So many values, if that is not too many.
    fn values(&self, number: Option<u64>, what: &str, takes: &Given, report: &mut Report) -> Size {
        let message = match number.map(u32::try_from) {
            Some(Ok(number)) if number < 1 << 30 => return Size::of(number, self.span),
            Some(_) => format!("`{}` gives too many values; a vector has below 1,073,741,824", self.word()),
            None if takes.shape.is_unknown() => return Size::Unknown,
            None => format!("`{}` needs {what} that are written as a number", self.word()),
        };
        report.at(self.span, message);
        Size::Unknown
    }
}

impl Layer for Moved {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        match self.how {
            Move::Take(from, to) => format!("take {from}..{to}"),
            _ => self.word().into(),
        }
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let shape = &takes.shape;
        match self.how {
            Move::Pass => shape.clone(),
            Move::Take(from, to) => {
                match shape.channels().known() {
                    Some(all) if u64::from(to) > all => {
                        let what = if shape.has_places() { "channels" } else { "values" };
                        let message =
                            format!("`take({from}..{to})` is out of range: there are {} {what}", grouped(all));
                        report.at(self.span, message);
                    }
                    Some(_) => {}
                    None if shape.is_unknown() => {}
                    None => report.at(self.span, "`take` needs values that are written as a number"),
                }
                shape.with(Size::of(to - from, self.span))
            }
            // What comes from elsewhere may be of any shape; after a global pool PyTorch has it, too.
            Move::Flatten => match (shape.channels(), shape.has_places()) {
                (_, false) if self.is_stream && !shape.is_unknown() => {
                    report.at(self.span, "a frame of a stream is a vector already; leave `flatten` out");
                    shape.clone()
                }
                (Size::Elsewhere(elsewhere), false) => Shape::Vector(Size::Flat(elsewhere.clone())),
                (_, false) => shape.clone(),
                _ => Shape::Vector(self.values(shape.known(), "channels", takes, report)),
            },
            _ if shape.is_unknown() => shape.clone(),
            Move::Last | Move::Reverse if shape.frames().is_none() => {
                report.at(self.span, no_signal(self.word(), takes));
                Shape::Vector(Size::Unknown)
            }
            Move::Last => Shape::Vector(shape.channels().clone()),
            Move::Reverse => shape.clone(),
        }
    }

    fn rate(&self) -> (Option<[u64; 2]>, Span) {
        let rate = if self.how == Move::Flatten { None } else { Some([1, 1]) };
        (rate, self.span)
    }

    fn takes_any_shape(&self) -> bool {
        matches!(self.how, Move::Flatten | Move::Pass)
    }

    fn places(&self) -> usize {
        usize::from(self.how == Move::Flatten)
    }

    fn is_transparent(&self) -> bool {
        true
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let Names { nn, scalar, .. } = names;
        let (from, to) = (names.shape(&ends.takes.shape), names.shape(ends.gives));
        let how = match self.how {
            Move::Flatten => quote!(Flatten),
            Move::Last => quote!(Last),
            Move::Reverse => quote!(Reverse),
            Move::Pass => quote!(Pass),
            Move::Take(first, _) => {
                let first = Literal::u32_unsuffixed(first);
                quote!(Take<#first>)
            }
        };
        let part = quote!(#nn::layer::Moved<#nn::#scalar, #from, #to, #nn::layer::#how>);
        match self.is_stream && self.how == Move::Flatten {
            true => names.with_past(&part, &ends.takes.shape, 0, false),
            false => part,
        }
    }
}
