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
    /// Channels, and rows and columns of them.
    Image(Size, [u64; 2]),
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
    /// So many channels at places that lie along so many axes: none, one or two.
    pub fn of(channels: Size, sizes: &[u64]) -> Self {
        match *sizes {
            [] => Self::Vector(channels),
            [frames] => Self::Signal(channels, frames),
            [rows, columns, ..] => Self::Image(channels, [rows, columns]),
        }
    }

    /// The channels; of a vector, its values.
    pub fn channels(&self) -> &Size {
        match self {
            Self::Vector(size) | Self::Signal(size, _) | Self::Image(size, _) => size,
        }
    }

    /// How many places there are along each axis.
    pub fn sizes(&self) -> &[u64] {
        match self {
            Self::Vector(_) => &[],
            Self::Signal(_, frames) => std::slice::from_ref(frames),
            Self::Image(_, sizes) => sizes,
        }
    }

    /// Whether it has places.
    pub fn has_places(&self) -> bool {
        !self.sizes().is_empty()
    }

    /// How many places there are; a vector is one.
    pub fn places(&self) -> u64 {
        self.sizes().iter().product()
    }

    /// The frames of a signal.
    pub fn frames(&self) -> Option<u64> {
        match self {
            Self::Signal(_, frames) => Some(*frames),
            Self::Vector(_) | Self::Image(..) => None,
        }
    }

    /// One place; a vector as it is.
    pub fn place(&self) -> Self {
        Self::Vector(self.channels().clone())
    }

    /// So many channels in as many places as there are here.
    pub fn with(&self, channels: Size) -> Self {
        Self::of(channels, self.sizes())
    }

    /// How many values, of whatever shape, if the declaration says it as a number.
    pub fn known(&self) -> Option<u64> {
        self.channels().known()?.checked_mul(self.places())
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
        let kind = match self {
            Self::Vector(size) => {
                let values = || size.known().map(|number| format!("{} values", grouped(number)));
                return self.width().map(Width::values).or_else(values);
            }
            Self::Signal(..) => "a signal of ",
            Self::Image(..) => "an image of ",
        };
        let channels = match self.width() {
            Some(width) => width.number.plain(),
            None => self.channels().known()?.to_string(),
        };
        Some(format!("{kind}{channels}{}", by(self.sizes())))
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

/// Sizes as they follow channels: `x28x28`.
pub fn by(sizes: &[u64]) -> String {
    sizes.iter().map(|size| format!("x{size}")).collect()
}

/// In decimal, thousands separated.
pub fn grouped(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}
