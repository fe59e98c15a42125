//! What flows from a stage to the next.

use crate::ast::{Number, Path, Width};
use crate::tokens::is_like_constant;
use proc_macro2::Span;

/// The shape of what a stage takes or gives.
#[derive(Clone)]
pub enum Shape {
    /// So many values.
    Vector(Size),
    /// Channels, and how many frames of them.
    Signal(Size, u64),
}

/// How many values.
#[derive(Clone)]
pub enum Size {
    /// As many as the declaration says.
    Width(Width),
    /// As many as a type gives, which only the compiler knows.
    Elsewhere(Elsewhere),
    /// As many as a type gives, of whatever shape.
    Flat(Elsewhere),
    /// Those of several, one after another.
    Sum(Vec<Size>),
    /// What could not be read; one value, for what still has to be said.
    Unknown,
}

/// A network or layer that is declared elsewhere.
#[derive(Clone)]
pub struct Elsewhere {
    /// Its path.
    pub path: Path,
    /// How many paths stand before it in the declaration.
    pub at: usize,
}

impl Elsewhere {
    /// Whether its path could be that of a constant.
    pub fn is_like_constant(&self) -> bool {
        let last = self.path.name.rsplit("::").next();
        !self.path.name.contains('<') && last.is_some_and(is_like_constant)
    }
}

impl Shape {
    /// The channels; of a vector, its values.
    pub fn channels(&self) -> &Size {
        match self {
            Self::Vector(size) | Self::Signal(size, _) => size,
        }
    }

    /// The frames of a signal.
    pub fn frames(&self) -> Option<u64> {
        match self {
            Self::Vector(_) => None,
            Self::Signal(_, frames) => Some(*frames),
        }
    }

    /// One frame of a signal; a vector as it is.
    pub fn frame(&self) -> Self {
        Self::Vector(self.channels().clone())
    }

    /// So many channels in as many places as there are here.
    pub fn with(&self, channels: Size) -> Self {
        match self {
            Self::Vector(_) => Self::Vector(channels),
            Self::Signal(_, frames) => Self::Signal(channels, *frames),
        }
    }

    /// How many values, of whatever shape, if the declaration says it as a number.
    pub fn known(&self) -> Option<u64> {
        self.channels().known()?.checked_mul(self.frames().unwrap_or(1))
    }

    /// Whether only the compiler knows how many values.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.channels(), Size::Elsewhere(_))
    }

    /// Whether it could not be read, which was told.
    pub fn is_unknown(&self) -> bool {
        matches!(self.channels(), Size::Unknown)
    }

    /// The width that says how many values or channels, if one does.
    pub fn width(&self) -> Option<&Width> {
        match self.channels() {
            Size::Width(width) => Some(width),
            _ => None,
        }
    }

    /// As messages show it, if the declaration says it.
    pub fn shown(&self) -> Option<String> {
        let width = self.width().map(|width| match self {
            Self::Vector(_) => width.values(),
            Self::Signal(_, frames) => format!("a signal of {}x{frames}", width.number.plain()),
        });
        width.or_else(|| match self {
            Self::Vector(size) => size.known().map(|number| format!("{} values", grouped(number))),
            Self::Signal(size, frames) => size.known().map(|number| format!("a signal of {number}x{frames}")),
        })
    }
}

impl Size {
    /// So many.
    pub fn of(number: u32, span: Span) -> Self {
        Self::Width(Width { number: Number::Literal(number), span })
    }

    /// How many, if the declaration says it as a number.
    pub fn known(&self) -> Option<u64> {
        match self {
            Self::Width(width) => width.known(),
            Self::Sum(sizes) => sizes.iter().map(Self::known).sum(),
            Self::Elsewhere(_) | Self::Flat(_) | Self::Unknown => None,
        }
    }
}

impl Number {
    /// As in a shape.
    fn plain(&self) -> String {
        match self {
            Self::Literal(number) => number.to_string(),
            Self::Parameter(name) => format!("{{{name}}}"),
            Self::Expression(tokens, _) | Self::Type(tokens, _) => format!("{{{tokens}}}"),
        }
    }
}

impl Width {
    /// The number, if it is written as one.
    pub fn known(&self) -> Option<u64> {
        match self.number {
            Number::Literal(number) => Some(number.into()),
            _ => None,
        }
    }

    /// As messages and tables show it.
    pub fn shown(&self) -> String {
        match &self.number {
            Number::Literal(number) => grouped(*number),
            Number::Parameter(name) => format!("`{name}`"),
            Number::Expression(tokens, _) | Number::Type(tokens, _) => format!("`{tokens}`"),
        }
    }

    /// With its noun.
    pub fn values(&self) -> String {
        match self.number {
            Number::Literal(1) => "1 value".into(),
            _ => format!("{} values", self.shown()),
        }
    }

    /// The parameter that it is.
    pub fn parameter(&self) -> Option<&proc_macro2::Ident> {
        match &self.number {
            Number::Parameter(name) => Some(name),
            _ => None,
        }
    }
}

/// In decimal, thousands separated.
pub fn grouped(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}
