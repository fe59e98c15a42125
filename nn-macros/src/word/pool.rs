//! `max_pool(2)`, `avg_pool(3, stride = 1, padding = 1)`, `global_avg_pool` and `global_max_pool`.

use super::conv::by_name;
use super::sliding::{ByName, Sliding, choice, no_places};
use crate::arguments::Arguments;
use crate::layer::{Ends, Given, Layer};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

/// A pool.
struct Pool {
    word: &'static str,
    /// Its window; without one, it is over all places.
    sliding: Option<Sliding>,
    is_max: bool,
    /// Whether places of the padding count.
    counts_padding: bool,
    span: Span,
}

/// `max_pool(2, stride = 1, padding = 1, dilation = 2)`.
pub fn max_pool(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    read("max_pool", word, arguments, ["stride", "padding", "dilation"], reader)
}

/// `avg_pool(2, stride = 1, padding = 1, count_padding = false)`.
pub fn avg_pool(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    read("avg_pool", word, arguments, ["stride", "padding", "count_padding"], reader)
}

fn read(
    name: &'static str,
    word: &Ident,
    arguments: Option<&Arguments>,
    keys: [&str; 3],
    reader: &mut Reader<'_>,
) -> Option<Box<dyn Layer>> {
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected the places that are joined, as in `{name}(2)`"));
        return None;
    };
    let around = arguments.span;
    let Some(([kernel], [stride, padding, third])) = arguments.read(keys) else {
        let (tokens, message) = match arguments.read::<2, 3>(keys) {
            Some(([_, second], _)) => (second, by_name(name, second, &keys)),
            None => (&arguments.tokens[..], format!("expected `{name}(2)` or `{name}(3, stride = 1, padding = 1)`")),
        };
        reader.report.over(tokens, around, message);
        return None;
    };
    let is_max = name == "max_pool";
    let (dilation, count) = if is_max { (third, None) } else { (None, third) };
    let sliding = Sliding::read(kernel, ByName { stride, padding, dilation }, true, around, reader)?;
    let counts_padding = choice("count_padding", count, true, around, reader)?;
    if !counts_padding && reader.is_stream && sliding.past() > 0 {
        let message = "a stream doesn't know how many frames there were; leave `count_padding` out";
        reader.report.over(count.unwrap_or_default(), around, message);
        return None;
    }
    Some(Box::new(Pool { word: name, sliding: Some(sliding), is_max, counts_padding, span: word.span() }))
}

/// `global_avg_pool`.
pub fn global_avg_pool(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    global("global_avg_pool", word, arguments, reader)
}

/// `global_max_pool`.
pub fn global_max_pool(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    global("global_max_pool", word, arguments, reader)
}

fn global(
    name: &'static str,
    word: &Ident,
    arguments: Option<&Arguments>,
    reader: &mut Reader<'_>,
) -> Option<Box<dyn Layer>> {
    if let Some(arguments) = arguments {
        reader.report.at(arguments.span, format!("`{name}` takes no argument"));
        return None;
    }
    if reader.is_stream {
        let message =
            format!("`{name}` needs all frames of a signal, which a stream never has; it looks ahead without end");
        reader.report.at(word.span(), message);
        return None;
    }
    let is_max = name == "global_max_pool";
    Some(Box::new(Pool { word: name, sliding: None, is_max, counts_padding: false, span: word.span() }))
}

impl Layer for Pool {
    fn span(&self) -> Span {
        self.span
    }

    fn label(&self) -> String {
        match &self.sliding {
            Some(sliding) if self.counts_padding || self.is_max => {
                format!("{} {}", self.word, sliding.label(true))
            }
            Some(sliding) => format!("{} {}, padding not counted", self.word, sliding.label(true)),
            None => self.word.into(),
        }
    }

    fn gives(&self, takes: &Given, _: &[Shape], report: &mut Report) -> Shape {
        let channels = takes.shape.channels().clone();
        let Some(sliding) = &self.sliding else {
            if !takes.shape.has_places() && !takes.shape.is_unknown() {
                report.at(self.span, no_places(self.word, takes));
            }
            return Shape::Vector(channels);
        };
        match sliding.outputs(self.word, takes, report) {
            Some(outputs) => sliding.gives(self.word, channels, &outputs, report),
            None => Shape::Vector(Size::Unknown),
        }
    }

    fn rate(&self) -> (Option<[u64; 2]>, Span) {
        let sliding = self.sliding.as_ref();
        let span = sliding.map_or(self.span, |sliding| sliding.stride_span);
        (sliding.map(|sliding| [sliding.stride().into(), 1]), span)
    }

    fn remembers(&self, _: &Shape) -> Option<u64> {
        self.sliding.as_ref().filter(|sliding| sliding.past() > 0).map_or(Some(0), |_| None)
    }

    fn tile(&self, takes: &Shape) -> Option<[u64; 2]> {
        self.sliding.as_ref()?.tile(takes)
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let Names { nn, scalar, .. } = names;
        let (takes, to) = (&ends.takes.shape, names.shape(ends.gives));
        let padded = format_ident!("{}", if self.counts_padding { "Yes" } else { "No" });
        let how = if self.is_max { quote!(#nn::layer::Max) } else { quote!(#nn::layer::Mean<#nn::#padded>) };
        let part =
            |from: TokenStream, window: &TokenStream| quote!(#nn::layer::Pool<#nn::#scalar, #from, #to, #window, #how>);
        match &self.sliding {
            Some(sliding) => {
                let window = sliding.part(names, takes);
                sliding.along(names, takes, self.is_max, |from| part(from, &window))
            }
            None => {
                let [rows, columns] = match *takes.sizes() {
                    [rows, columns] => [rows, columns],
                    _ => [1, takes.places()],
                };
                let [rows, columns] = [rows, columns].map(Literal::u64_unsuffixed);
                part(names.shape(takes), &quote!(#nn::layer::Sliding<#rows, #columns, 1, 1, 1, 1, 0, 0>))
            }
        }
    }
}
