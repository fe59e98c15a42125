//! `rnn(20)`, `gru(20)`, `lstm(20)`: cells, which remember from one frame to the next.

use crate::arguments::Arguments;
use crate::ast::Width;
use crate::layer::{Ends, Frames, Given, Layer, Tensor};
use crate::names::Names;
use crate::reader::Reader;
use crate::report::Report;
use crate::shape::{Shape, Size};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// A kind of cell.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    /// As one writes it.
    example: &'static str,
    /// Its type in the library.
    of: &'static str,
    gates: u64,
    /// What a stream may begin with.
    starts: &'static [&'static str],
}

const RNN: Kind = Kind { name: "rnn", example: "rnn(20)", of: "Rnn", gates: 1, starts: &["h0"] };
const GRU: Kind = Kind { name: "gru", example: "gru(20)", of: "Gru", gates: 3, starts: &["h0"] };
const LSTM: Kind = Kind { name: "lstm", example: "lstm(20)", of: "Lstm", gates: 4, starts: &["h0", "c0"] };

/// A cell of so many nodes.
struct Cell {
    kind: Kind,
    width: Width,
    has_bias: bool,
    /// Whether what a stream begins with is learnt.
    is_started: bool,
    /// Whether a simple one has `relu` in place of `tanh`.
    has_relu: bool,
    /// Whether the reset gate of a gated recurrent unit works before the product.
    resets_before: bool,
}

/// `rnn(20)`, perhaps with `activation = relu`, `bias = false` and `start = learned`.
pub fn rnn(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    read(RNN, word, arguments, reader)
}

/// `gru(20)`, perhaps with `bias = false`, `start = learned` and `reset_after = false`.
pub fn gru(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    read(GRU, word, arguments, reader)
}

/// `lstm(20)`, perhaps with `bias = false` and `start = learned`.
pub fn lstm(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    read(LSTM, word, arguments, reader)
}

fn read(kind: Kind, word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>> {
    let name = kind.name;
    let Some(arguments) = arguments else {
        reader.report.at(word.span(), format!("expected the number of nodes, as in `{name}(20)`"));
        return None;
    };
    let Some(([width], [bias, start, function, reset_after])) =
        arguments.read(["bias", "start", "activation", "reset_after"])
    else {
        let message = format!("expected `{name}(20)`, `{name}(20, bias = false)` or `{name}(20, start = learned)`");
        reader.report.at(arguments.span, message);
        return None;
    };
    let has_bias = choice(bias, ["false", "true"], "`bias = true` or `bias = false`", arguments.span, reader)?;
    let is_started = choice(start, ["zero", "learned"], "`start = zero` or `start = learned`", arguments.span, reader)?;
    let has_relu = match function {
        Some(function) if name != "rnn" => {
            let message = format!("the activations of `{name}` are `sigmoid` and `tanh`; leave `activation` out");
            reader.report.over(function, arguments.span, message);
            return None;
        }
        function => {
            choice(function, ["tanh", "relu"], "`activation = tanh` or `activation = relu`", arguments.span, reader)?
        }
    };
    let resets_before = match reset_after {
        Some(value) if name != "gru" => {
            reader.report.over(value, arguments.span, format!("`{name}` has no reset gate; leave `reset_after` out"));
            return None;
        }
        value => {
            let expected = "`reset_after = true` or `reset_after = false`";
            choice(value, ["true", "false"], expected, arguments.span, reader)?
        }
    };
    let width = reader.argument(width, arguments.span, &format!("`{name}(20)`"))?;
    Some(Box::new(Cell { kind, width, has_bias: bias.is_none() || has_bias, is_started, has_relu, resets_before }))
}

/// Whether the second of two words was chosen; the first, if nothing is said.
fn choice(
    value: Option<&[TokenTree]>,
    words: [&str; 2],
    expected: &str,
    around: Span,
    reader: &mut Reader<'_>,
) -> Option<bool> {
    match value {
        None => Some(false),
        Some([TokenTree::Ident(word)]) if words.iter().any(|each| word == each) => Some(word == words[1]),
        Some(other) => {
            reader.report.over(other, around, format!("expected {expected}"));
            None
        }
    }
}

/// A decision of the type system.
fn flag(is: bool) -> Ident {
    format_ident!("{}", if is { "Yes" } else { "No" })
}

impl Cell {
    /// What its type says beside the number type and the input.
    fn rest(&self, names: &Names, gives: &Shape) -> TokenStream {
        let (nn, length) = (&names.nn, names.length(gives));
        let activation = self.has_relu.then(|| quote!(, #nn::activation::Relu));
        let biased = flag(self.has_bias);
        quote!(#length, #nn::#biased #activation)
    }
}

impl Layer for Cell {
    fn span(&self) -> Span {
        self.width.span
    }

    fn label(&self) -> String {
        let name = self.kind.name;
        let bias = if self.has_bias { "" } else { ", no bias" };
        let start = if self.is_started { ", start learned" } else { "" };
        let activation = if self.has_relu { ", relu" } else { "" };
        let reset = if self.resets_before { ", reset before" } else { "" };
        format!("{name}{activation}{reset}{bias}{start}")
    }

    fn gives(&self, _: &Given, _: &[Shape], _: &mut Report) -> Shape {
        Shape::Vector(Size::Width(self.width.clone()))
    }

    fn frames(&self) -> Frames {
        Frames::InOrder(self.kind.example)
    }

    fn width(&self) -> Option<&Width> {
        Some(&self.width)
    }

    fn tensors(&self, takes: &Shape, gives: &Shape) -> Option<Vec<Tensor>> {
        let (inputs, nodes) = (takes.known()?, gives.known()?);
        let rows = self.kind.gates * nodes;
        let weight =
            |name: &'static str, columns| Tensor { name: name.into(), shape: vec![rows, columns], is_transposed: true };
        let row = |name: &'static str, len| Tensor { name: name.into(), shape: vec![len], is_transposed: false };
        let mut tensors = vec![weight("weight_ih_l0", inputs), weight("weight_hh_l0", nodes)];
        if self.has_bias {
            tensors.extend(["bias_ih_l0", "bias_hh_l0"].map(|name| row(name, rows)));
        }
        if self.is_started {
            tensors.extend(self.kind.starts.iter().map(|name| row(name, nodes)));
        }
        Some(tensors)
    }

    fn multiplies(&self, takes: &Shape, gives: &Shape) -> Option<u64> {
        let (inputs, nodes) = (takes.known()?, gives.known()?);
        Some(self.kind.gates * nodes * (inputs + nodes))
    }

    fn remembers(&self, gives: &Shape) -> Option<u64> {
        Some(gives.known()? * self.kind.starts.len() as u64)
    }

    fn is_started(&self) -> bool {
        self.is_started
    }

    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream {
        let of = format_ident!("{}", if self.resets_before { "GruResetBefore" } else { self.kind.of });
        let Names { nn, scalar, .. } = names;
        let (input, rest) = (names.length(&ends.takes.shape), self.rest(names, ends.gives));
        let learnt = self.is_started.then(|| quote!(, #nn::Yes));
        quote!(#nn::layer::Remembers<#nn::layer::#of<#nn::#scalar, #input, #rest> #learnt>)
    }
}
