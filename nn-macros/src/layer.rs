//! What a word of the language says of itself, and with it everything that the compiler asks of a stage.

use crate::arguments::Arguments;
use crate::ast::Width;
use crate::names::Names;
use crate::reader::{NO_NODES, Reader};
use crate::report::Report;
use crate::shape::{Elsewhere, Shape};
use proc_macro2::{Ident, Span, TokenStream};
use std::borrow::Cow;

/// Reads a word with its arguments.
pub type Read = fn(word: &Ident, arguments: Option<&Arguments>, reader: &mut Reader<'_>) -> Option<Box<dyn Layer>>;

/// A layer or an activation with its arguments.
pub trait Layer {
    /// The token that errors of it stand on.
    fn span(&self) -> Span;

    /// As the table in the documentation of an item shows it.
    fn label(&self) -> String;

    /// The shape that it gives; where it can't take what arrives, that goes to the report. `inside` is what its blocks or
    /// branches give.
    fn gives(&self, takes: &Given, _inside: &[Shape], _report: &mut Report) -> Shape {
        takes.shape.clone()
    }

    /// How it takes the frames of a signal, or of a step of a stream.
    fn frames(&self) -> Frames {
        Frames::Together
    }

    /// For so many frames of a stream it gives so many, as it says there; no numbers if it makes one of all that arrive in a step.
    fn rate(&self) -> (Option<[u64; 2]>, Span) {
        (Some([1, 1]), self.span())
    }

    /// Whether it takes what comes from elsewhere, whatever shape that is.
    fn takes_any_shape(&self) -> bool {
        false
    }

    /// The width that is written in it.
    fn width(&self) -> Option<&Width> {
        None
    }

    /// What is declared elsewhere, of which only the compiler knows more.
    fn elsewhere(&self) -> Option<&Elsewhere> {
        None
    }

    /// Its tensors in the order of its memory, if their shapes are known.
    fn tensors(&self, _takes: &Shape, _gives: &Shape) -> Option<Vec<Tensor>> {
        Some(Vec::new())
    }

    /// Multiplications by weights, if their number is known.
    fn multiplies(&self, _takes: &Shape, _gives: &Shape) -> Option<u64> {
        Some(0)
    }

    /// How many places it takes among the names of a PyTorch `Sequential`.
    fn places(&self) -> usize {
        1
    }

    /// How many numbers it remembers from one frame to the next, if that is known.
    fn remembers(&self, _gives: &Shape) -> Option<u64> {
        Some(0)
    }

    /// Whether it learns what a stream begins with.
    fn is_started(&self) -> bool {
        false
    }

    /// Its type.
    fn part(&self, names: &Names, ends: &Ends<'_>) -> TokenStream;

    /// The type of `before` and it, which says the shape between them by the type of `before`. In a declaration that is a
    /// type, a path must be written once; without this it is written again.
    fn after(&self, _names: &Names, _before: &TokenStream, _ends: &Ends<'_>) -> Option<TokenStream> {
        None
    }

    /// A check of its own that the compiler evaluates, as a constant.
    fn check(&self, names: &Names, _ends: &Ends<'_>) -> Option<TokenStream> {
        self.width().and_then(|width| names.width_check(width, NO_NODES))
    }

    /// The fields that lead to the block or branch `at` of `count`.
    fn fields(&self, _at: usize, _count: usize) -> TokenStream {
        TokenStream::new()
    }

    /// What the methods of its name return, if it has a name.
    fn accessor(&self, _names: &Names, _ends: &Ends<'_>) -> Option<Accessor> {
        None
    }

    /// Whether some rows of the image that it gives can be computed alone.
    fn gives_rows(&self) -> bool {
        false
    }

    /// Rows and columns of its tiles, if it is a pool of such side by side.
    fn tile(&self, _takes: &Shape) -> Option<[u64; 2]> {
        None
    }

    /// Whether it is a weighted sum, or nothing at all: two of them in a row are one.
    fn is_linear(&self) -> bool {
        false
    }

    /// Whether its slope is small nearly everywhere.
    fn saturates(&self) -> bool {
        false
    }

    /// Whether it shifts and divides each channel, so that a convolution after it can do so while it reads.
    fn scales(&self) -> bool {
        false
    }

    /// How many rows its windows are high, if it can take an image row by row.
    fn rows_under(&self, _takes: &Shape) -> Option<u64> {
        None
    }

    /// Whether gradients pass it as if it were not there.
    fn is_transparent(&self) -> bool {
        false
    }

    /// Whether there is an approximation of it, or may be.
    fn has_approximation(&self) -> bool {
        false
    }
}

/// How a layer takes several frames.
pub enum Frames {
    /// All of them: it knows of signals.
    Together,
    /// One by one, so that it need not know of signals.
    Each,
    /// One by one, but only those of a stream.
    EachOfStream,
    /// One by one, and it remembers from one to the next, so that it takes nothing else where the network is no stream; an example.
    InOrder(&'static str),
}

impl Frames {
    /// Whether it takes them one by one.
    pub fn are_apart(&self, is_stream: bool) -> bool {
        match self {
            Self::Together => false,
            Self::Each | Self::InOrder(_) => true,
            Self::EachOfStream => is_stream,
        }
    }
}

/// What arrives at a stage.
#[derive(Clone)]
pub struct Given {
    /// Its shape.
    pub shape: Shape,
    /// How a message begins that says how many values these are.
    pub said: String,
}

impl Given {
    /// What arrives, as a message says it.
    pub fn with_shape(&self) -> String {
        let shown = self.shape.shown().unwrap_or_else(|| "what only the compiler knows".into());
        format!("{} {shown}", self.said)
    }
}

/// What stands around a layer and in it.
pub struct Ends<'a> {
    /// What it takes.
    pub takes: &'a Given,
    /// What it gives.
    pub gives: &'a Shape,
    /// What its blocks or branches give.
    pub inside: &'a [Shape],
    /// The types of its blocks or branches.
    pub chains: &'a [TokenStream],
}

/// A tensor of parameters.
#[cfg_attr(not(feature = "weights"), allow(dead_code, reason = "nobody reads files"))]
pub struct Tensor {
    /// Its name, which follows that of its layer: `weight` in `features.weight`.
    pub name: Cow<'static, str>,
    /// Its shape in a file.
    pub shape: Vec<u64>,
    /// Whether its dimensions are the other way round in memory: the columns of a matrix lie one after another, not its rows.
    pub is_transposed: bool,
}

impl Tensor {
    /// How many numbers it has, if that is a number.
    pub fn len(&self) -> Option<u64> {
        self.shape.iter().try_fold(1_u64, |len, size| len.checked_mul(*size))
    }
}

/// What the methods of a named layer return.
pub struct Accessor {
    /// The type, to which they give a reference.
    pub of: TokenStream,
    /// The methods of the layer that give it, to be read and to be changed; without them it is the layer itself.
    pub by: Option<[&'static str; 2]>,
}
