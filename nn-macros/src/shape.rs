//! What flows from a stage to the next.

use crate::ast::{Number, Path, Width};
use crate::tokens::is_like_constant;

/// The shape of what a stage takes or gives.
#[derive(Clone)]
pub enum Shape {
    /// So many values.
    Vector(Size),
}

/// How many values.
#[derive(Clone)]
pub enum Size {
    /// As many as the declaration says.
    Width(Width),
    /// As many as a type gives, which only the compiler knows.
    Elsewhere(Elsewhere),
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
    /// How many values, of whatever shape.
    pub fn size(&self) -> &Size {
        match self {
            Self::Vector(size) => size,
        }
    }

    /// How many values, if the declaration says it as a number.
    pub fn known(&self) -> Option<u64> {
        self.size().known()
    }

    /// Whether only the compiler knows how many values.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.size(), Size::Elsewhere(_))
    }

    /// The width that says how many values, if one does.
    pub fn width(&self) -> Option<&Width> {
        match self.size() {
            Size::Width(width) => Some(width),
            _ => None,
        }
    }
}

impl Size {
    fn known(&self) -> Option<u64> {
        match self {
            Self::Width(width) => width.known(),
            Self::Sum(sizes) => sizes.iter().map(Self::known).sum(),
            Self::Elsewhere(_) | Self::Unknown => None,
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
