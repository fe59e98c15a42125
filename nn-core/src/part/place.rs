//! Where the layers of a network stand, and what each is.

use super::about::About;
use super::layout::before;
use super::tensor::Tensor;
use crate::text::{Text, decimal};
use core::fmt::{self, Display, Formatter};

/// Where a layer stands: its index in its network, and that network's place in the one around it.
///
/// It is written as PyTorch writes the names of modules in a `Sequential`: `2`, or `0.2` in a nested network; a named layer has
/// its name, `features`.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    around: Option<&'a Place<'a>>,
    index: usize,
    name: Option<&'static str>,
}

impl Place<'_> {
    /// The first place of a network.
    pub const FIRST: Self = Self { around: None, index: 0, name: None };

    /// So many places further on.
    pub const fn skip(self, places: usize) -> Self {
        Self { index: self.index + places, name: None, ..self }
    }

    /// This place with a name, which stands for its index.
    pub const fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// The first place of the network that stands at this place.
    pub const fn inside(&self) -> Place<'_> {
        Place { around: Some(self), index: 0, name: None }
    }
}

impl Place<'_> {
    /// Calls `each` with the pieces of what is written.
    pub(crate) fn say(&self, each: &mut dyn FnMut(&str)) {
        if let Some(around) = self.around {
            around.say(each);
            each(".");
        }
        match self.name {
            Some(name) => each(name),
            None => decimal(self.index, each),
        }
    }

    /// The same at the end of a text, while compiling.
    pub(super) const fn text(&self, text: Text) -> Text {
        let text = match self.around {
            Some(around) => around.text(text).and("."),
            None => text,
        };
        match self.name {
            Some(name) => text.and(name),
            None => text.digits(self.index as u64),
        }
    }

    /// Whether that is what is written, while compiling.
    pub(super) const fn is(&self, written: &[u8]) -> bool {
        let own = match self.name {
            Some(name) => before(written, name),
            None => before(written, Text::EMPTY.digits(self.index as u64).text()),
        };
        match (self.around, own) {
            (Some(around), Some([before @ .., b'.'])) => around.is(before),
            (None, Some([])) => true,
            _ => false,
        }
    }
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut result = Ok(());
        self.say(&mut |piece| result = result.and_then(|()| f.write_str(piece)));
        result
    }
}

/// A layer as the summary shows it.
#[derive(Clone, Debug)]
pub struct Module<'a> {
    /// Where it stands.
    pub place: Place<'a>,
    /// What it is.
    pub label: &'static str,
    /// Channels, rows and columns of its output.
    pub output: [usize; 3],
    /// Trainable numbers.
    pub parameters: usize,
    /// Multiplications by weights, for one sample.
    pub macs: usize,
    /// Its tensors of parameters.
    pub tensors: &'static [Tensor],
    /// The least and the largest value that it can give, if it is an activation with bounds.
    pub range: [f64; 2],
}

const UNBOUNDED: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

impl<'a> Module<'a> {
    pub(crate) const fn of(place: Place<'a>, label: &'static str, output: [usize; 3], about: About) -> Self {
        let About { parameters, macs, .. } = about;
        Self { place, label, output, parameters, macs, tensors: &[], range: UNBOUNDED }
    }
}
