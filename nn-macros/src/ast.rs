//! A declaration as it was understood.

use crate::words::APPROXIMATED;
use proc_macro2::{Ident, Span, TokenStream};

/// What stands in the braces of `network!`.
pub struct Declaration {
    /// The attributes, visibility and name of an item; without one, the declaration is a type.
    pub item: Option<Item>,
    /// Warnings that are allowed.
    pub allowed: Vec<String>,
    /// Ceilings on what the network needs.
    pub budgets: Vec<Budget>,
    /// The word that asks for approximations of its activations.
    pub approximate: Option<Span>,
    /// The file of its parameters.
    pub weights: Option<Weights>,
    /// The file of its samples.
    pub golden: Option<Golden>,
    /// The number type.
    pub scalar: Ident,
    /// The number of inputs.
    pub input: Option<Width>,
    /// The stages, those that could be understood.
    pub stages: Vec<Stage>,
}

/// `/// docs  pub struct Xor`.
pub struct Item {
    /// `#[cfg(…)]`, passed on to everything.
    pub conditions: Vec<TokenStream>,
    /// The other attributes, passed on to the struct.
    pub attributes: TokenStream,
    /// Visibility.
    pub visibility: TokenStream,
    /// The token `struct`.
    pub keyword: Ident,
    /// The name.
    pub name: Ident,
    /// The names of its parameters, all of them `const NAME: usize`.
    pub parameters: Vec<Ident>,
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
    /// `{ HIDDEN }`, a constant expression.
    Expression(TokenStream),
    /// `dense(U8)`, a `typenum` type.
    Type(TokenStream),
}

/// A layer and its activation.
pub struct Stage {
    /// Its name.
    pub name: Option<Ident>,
    /// The layer.
    pub layer: Layer,
    /// The activation after it.
    pub activation: Option<Activation>,
}

/// A layer.
pub enum Layer {
    /// `8`: a dense layer.
    Dense(Width),
    /// `Encoder`: a network or a layer of the user's.
    Path(Path),
    /// `dropout(0.2)`: its rate as a fraction.
    Dropout([i64; 2]),
    /// `[ … ]`: stages whose output is added to their input.
    Residual(Vec<Stage>, Span),
    /// `( … | … )`: branches whose outputs are concatenated.
    Parallel(Vec<Vec<Stage>>, Span),
}

/// The path of a type.
#[derive(Clone)]
pub struct Path {
    /// Its tokens.
    pub tokens: TokenStream,
    /// As messages show it.
    pub name: String,
    /// Its last token.
    pub span: Span,
}

/// An activation.
pub struct Activation {
    /// Its type.
    pub kind: ActivationKind,
    /// Its first token.
    pub span: Span,
}

/// The type of an activation, without the crate's name.
pub enum ActivationKind {
    /// A word of the language, `relu`, with its arguments as fractions.
    Word(Ident, Vec<i64>),
    /// The user's own type.
    Path(TokenStream),
}

impl Activation {
    /// Whether there is an approximation of it, or may be, in one of the user's own.
    pub fn has_approximation(&self) -> bool {
        match &self.kind {
            ActivationKind::Word(word, _) => APPROXIMATED.contains(&word.to_string().as_str()),
            ActivationKind::Path(_) => true,
        }
    }

    /// Whether it is that word of the language.
    pub fn is(&self, name: &str) -> bool {
        matches!(&self.kind, ActivationKind::Word(word, _) if word == name)
    }
}
