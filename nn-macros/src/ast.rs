//! A declaration as it is written; what its words mean is for [`resolve`](crate::resolve).

use crate::arguments::Arguments;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// What stands in the braces of `network!`.
pub struct Declaration {
    /// The attributes, visibility and name of an item; without one, the declaration is a type.
    pub item: Option<Item>,
    /// The attributes that are the language's own.
    pub attributes: Attributes,
    /// The number type.
    pub scalar: Ident,
    /// The word `stream`, if the network remembers.
    pub stream: Option<Span>,
    /// The word `u8`, if the inputs are bytes.
    pub bytes: Option<Span>,
    /// The shape of the input.
    pub input: Option<Input>,
    /// What stands between it and the first arrow, where nothing may.
    pub after_input: Vec<TokenTree>,
    /// The stages, those that could be read.
    pub stages: Vec<Stage>,
}

/// `784`, `3x40`, or `1x28x28`.
pub struct Input {
    /// The number of values, or of channels.
    pub width: TokenTree,
    /// How many places of these along each axis; none of a vector, and one or two axes of a signal or an image.
    pub sizes: Vec<u64>,
}

/// The attributes that are the language's own.
#[derive(Default)]
pub struct Attributes {
    /// Warnings that are allowed.
    pub allowed: Vec<String>,
    /// Ceilings on what the network needs.
    pub budgets: Vec<Budget>,
    /// The word that asks for approximations of its activations.
    pub approximate: Option<Span>,
    /// Whether it derives `Default`.
    pub has_default: bool,
    /// The file of its parameters.
    pub weights: Option<Weights>,
    /// The file of its samples.
    pub golden: Option<Golden>,
    /// Whether signals and images at its ends lie place by place.
    pub channels_last: bool,
}

/// `/// docs  pub struct Xor`.
pub struct Item {
    /// The attributes that are passed on to the struct.
    pub attributes: TokenStream,
    /// Visibility.
    pub visibility: TokenStream,
    /// The token `struct`.
    pub keyword: Ident,
    /// The name.
    pub name: Ident,
    /// The names of its parameters, all of them `const NAME: usize`.
    pub parameters: Vec<Ident>,
    /// Whether it derives `Default`.
    pub has_default: bool,
}

/// `ram = 2_048`.
pub struct Budget {
    /// The variant of `Budget` in the library.
    pub of: &'static str,
    /// The ceiling.
    pub most: u64,
    /// Its token.
    pub span: Span,
}

/// `#[weights("models/digits.safetensors", names("0" = "fc1"))]`.
#[cfg_attr(not(feature = "weights"), allow(dead_code, reason = "nobody reads files"))]
pub struct Weights {
    /// The path, relative to the crate's folder.
    pub path: String,
    /// Names of layers here, and what the file calls them.
    pub names: Vec<(String, String, Span)>,
    /// The token of the path.
    pub span: Span,
}

/// `#[golden("models/digits.expected.safetensors", tolerance = 1e-4)]`.
#[cfg_attr(not(feature = "weights"), allow(dead_code, reason = "nobody reads files"))]
pub struct Golden {
    /// The path, relative to the crate's folder.
    pub path: String,
    /// How far an output may be off.
    pub tolerance: f64,
    /// The token of the path.
    pub span: Span,
}

/// A number of values.
#[derive(Clone)]
pub struct Width {
    /// What it is.
    pub number: Number,
    /// Its token.
    pub span: Span,
}

/// What a width is.
#[derive(Clone)]
pub enum Number {
    /// `8`.
    Literal(u32),
    /// `{H}`, a parameter of the item.
    Parameter(Ident),
    /// `{ HIDDEN }`, a constant expression, and how many computed widths stand before it in the declaration.
    Expression(TokenStream, usize),
    /// `dense(typenum::U8)`, a `typenum` type, and the same.
    Type(TokenStream, usize),
}

/// A layer and its activation.
pub struct Stage {
    /// Its name.
    pub name: Option<Ident>,
    /// The layer, if one could be read.
    pub layer: Option<Layer>,
    /// The activation after it.
    pub activation: Option<Call>,
    /// What stands after that, where nothing may.
    pub rest: Vec<TokenTree>,
}

/// A layer.
pub enum Layer {
    /// `8`, or a constant in braces.
    Width(TokenTree),
    /// `dropout(0.2)`, or `Encoder`.
    Call(Call),
    /// `[ … ]`: stages whose output is added to their input.
    Residual(Vec<Stage>, Span),
    /// `( … | … )`: branches whose outputs are joined.
    Branches(Vec<Vec<Stage>>, Join, Span),
}

/// What stands between branches.
#[derive(Clone, Copy, PartialEq)]
pub enum Join {
    /// `|`: outputs one after another, along channels.
    Beside,
    /// `+`: their sum.
    Added,
    /// `*`: their product.
    Multiplied,
}

/// A word or a path, and its arguments.
pub struct Call {
    /// The path, of one identifier for a word.
    pub path: Path,
    /// What stands in parentheses after it.
    pub arguments: Option<Arguments>,
}

/// The path of a type, or a word.
#[derive(Clone)]
pub struct Path {
    /// Its tokens.
    pub tokens: TokenStream,
    /// As messages show it.
    pub name: String,
    /// Its first identifier, if no `::` is next to it; a path of more is the user's, whatever it begins with.
    pub word: Option<Ident>,
    /// Its last token.
    pub span: Span,
}

impl Path {
    /// The identifier that is all of it.
    pub fn alone(&self) -> Option<&Ident> {
        self.word.as_ref().filter(|word| *word == self.name.as_str())
    }
}
