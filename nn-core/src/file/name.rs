//! The names of tensors.

use super::describe;
use crate::part::place::Place;
use crate::part::run::Part;
use core::fmt::{self, Debug, Display, Formatter};

/// Says the name of the tensor of that number, piece by piece.
type Say = fn(usize, &mut dyn FnMut(&str));

/// The name of a tensor of a network, of any length: what a file calls it. It can be printed, and compared with a text.
#[derive(Clone, Copy)]
pub struct TensorName {
    say: Say,
    index: usize,
}

impl TensorName {
    /// The name of the tensor of that number.
    pub(super) const fn of<P: Part>(index: usize) -> Self {
        fn say<P: Part>(number: usize, each: &mut dyn FnMut(&str)) {
            describe::<P>(|index, place, tensor| {
                if index == number {
                    self::say(place, tensor.name, each);
                }
            });
        }
        Self { say: say::<P>, index }
    }

    /// The name of that number among those that the network does not have.
    pub(super) const fn extra<P: Part>(index: usize) -> Self {
        fn say<P: Part>(number: usize, each: &mut dyn FnMut(&str)) {
            super::extra::<P>(|index, spoken| {
                if index == number {
                    spoken(each);
                }
            });
        }
        Self { say: say::<P>, index }
    }

    /// Its bytes.
    fn bytes(&self) -> impl Iterator<Item = u8> {
        let byte = |at: usize| {
            let (mut rest, mut found) = (Some(at), None);
            (self.say)(self.index, &mut |piece| {
                if let Some(at) = rest {
                    found = piece.as_bytes().get(at).copied();
                    rest = at.checked_sub(piece.len());
                }
            });
            found
        };
        (0..).map_while(byte)
    }
}

/// Calls `each` with the pieces of a tensor's name.
pub(super) fn say(place: &Place<'_>, name: &str, each: &mut dyn FnMut(&str)) {
    place.say(each);
    each(".");
    each(name);
}

impl PartialEq for TensorName {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl Eq for TensorName {}

impl PartialEq<str> for TensorName {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl PartialEq<&str> for TensorName {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl Display for TensorName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut result = Ok(());
        (self.say)(self.index, &mut |piece| result = result.and_then(|()| f.write_str(piece)));
        result
    }
}

impl Debug for TensorName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
