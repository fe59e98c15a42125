//! A declaration as it was understood.

use proc_macro2::{Ident, Span, TokenStream};

/// What stands in the braces of `network!`.
pub struct Declaration {
    /// The attributes, visibility and name of an item; without one, the declaration is a type.
    pub item: Option<Item>,
    /// The number type.
    pub scalar: Ident,
    /// The number of inputs.
    pub input: Option<Width>,
    /// The stages, those that could be understood.
    pub stages: Vec<Stage>,
}

/// `/// docs  pub struct Xor`.
pub struct Item {
    /// Attributes, passed on to the struct.
    pub attributes: TokenStream,
    /// Visibility.
    pub visibility: TokenStream,
    /// The token `struct`.
    pub keyword: Ident,
    /// The name.
    pub name: Ident,
}

/// A number of values.
#[derive(Clone, Copy)]
pub struct Width {
    /// The number, above zero.
    pub number: u32,
    /// Its token.
    pub span: Span,
}

/// A layer and its activation.
pub struct Stage {
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
    Path {
        /// The path.
        path: TokenStream,
        /// The path as messages show it.
        name: String,
        /// Its last token.
        span: Span,
    },
}

/// The type of an activation, without the crate's name.
pub enum Activation {
    /// A word of the language, `relu`, with its arguments as fractions.
    Word(Ident, Vec<i64>),
    /// The user's own type.
    Path(TokenStream),
}
