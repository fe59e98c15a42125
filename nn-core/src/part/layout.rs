//! Where the tensors of a part lie in memory and what a file calls them, known when it compiles: how `#[weights]` fills what
//! only the compiler knows, and what may begin as zeros.

use super::learn::Learn;
use super::place::Place;
use super::run::{Part, zero};
use super::tensor::{Kind, Tensor};
use crate::number::arena::split_mut;
use crate::number::storage::numbers::Filled;
use crate::number::storage::zeros::Zeros;
use crate::text::Text;

/// Where the tensors of a part lie.
#[derive(Clone, Copy)]
pub enum Layout {
    /// They are all of it, one after another.
    Tensors(&'static [Tensor]),
    /// They are in these fields.
    Fields(&'static [Field]),
    /// It is a layer of the user's, of that label.
    Unknown(&'static str),
}

/// A part in another.
#[derive(Clone, Copy)]
pub struct Field {
    at: usize,
    step: Step,
    layout: &'static Layout,
}

/// From the place of a part to that of one in it.
#[derive(Clone, Copy)]
pub enum Step {
    /// So many places further on.
    Skip(usize),
    /// The first place inside.
    Inside,
    /// The same place, with a name.
    Named(&'static str),
}

impl Field {
    /// A field of `S`, which `offset_of!` says is at `at`.
    pub const fn of<S, F: Part>(_: fn(&S) -> &F, at: usize, step: Step) -> Self {
        Self { at, step, layout: const { &F::LAYOUT } }
    }
}

impl Layout {
    /// Whether a tensor of it [follows the data](Kind::Running).
    pub(crate) const fn runs(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Tensors(tensors) => {
                let mut tensors = *tensors;
                while let [tensor, rest @ ..] = tensors {
                    if matches!(tensor.kind, Kind::Running) {
                        return true;
                    }
                    tensors = rest;
                }
                false
            }
            Self::Fields(fields) => {
                let mut fields = *fields;
                while let [field, rest @ ..] = fields {
                    if field.layout.runs() {
                        return true;
                    }
                    fields = rest;
                }
                false
            }
        }
    }

    /// Whether there is no layer of the user's in it, so that it is numbers and what has no size.
    const fn is_known(&self) -> bool {
        match self {
            Self::Tensors(_) => true,
            Self::Unknown(_) => false,
            Self::Fields(fields) => {
                let mut fields = *fields;
                while let [field, rest @ ..] = fields {
                    if !field.layout.is_known() {
                        return false;
                    }
                    fields = rest;
                }
                true
            }
        }
    }
}

/// Calls `each` with every tensor of a part. One that is its numbers and nothing else goes by what it says of itself, so that little is
/// compiled for each part in it.
pub(crate) fn each_mut<P: Learn>(part: &mut P, each: &mut impl FnMut(Kind, &mut [P::T])) {
    if const { P::NUMBERS.is_some() && P::LAYOUT.is_known() } {
        let mut numbers = P::NUMBERS.as_ref().map_or(&mut [][..], |all| all.values_mut(part));
        P::describe(Place::FIRST, &mut |module| {
            for tensor in module.tensors {
                let (values, rest) = split_mut(core::mem::take(&mut numbers), tensor.len());
                each(tensor.kind, values);
                numbers = rest;
            }
        });
    } else {
        P::walk([part], &mut |kind, [values]| each(kind, values));
    }
}

/// That the bytes of a part may all be zero, if that is known.
pub const fn zeros<P: Part>() -> Option<Zeros<P>> {
    Zeros::known(P::LAYOUT.is_known())
}

/// A tensor of a file, as `#[weights]` writes it down.
pub struct Stored {
    /// Its name in the network.
    pub name: &'static str,
    /// Its shape.
    pub shape: &'static [usize],
    /// Its numbers, the dimensions the other way round: those of a matrix column by column.
    pub numbers: &'static [u8],
    /// Why a network can't have them, if so.
    pub problem: &'static str,
}

/// A compile error if the file does not have the tensors of a part at that place.
#[track_caller]
pub const fn fits<P: Part>(place: &'static str, file: &[Stored]) {
    fill::<P>(&P::LAYOUT, Place::FIRST.named(place), 0, file, &mut None);
}

/// The network whose tensors are those of a file. What does not fit stays zero; [`fits`] tells of it.
pub const fn trained_by_names<P: Part>(file: &[Stored]) -> P {
    let mut part = Some(Filled::new(zero()));
    fill::<P>(&P::LAYOUT, Place::FIRST, 0, file, &mut part);
    match part {
        Some(part) => part.done(),
        None => zero(),
    }
}

/// Fills what begins at `at` of a whole; without one, fails where the file does not fit.
#[track_caller]
const fn fill<P>(layout: &Layout, place: Place<'_>, at: usize, file: &[Stored], whole: &mut Option<Filled<P>>) {
    match *layout {
        Layout::Unknown(label) if whole.is_none() => {
            Text::EMPTY.and("`").and(label).and("` is a layer of your own, which `#[weights]` can't fill").fail()
        }
        Layout::Unknown(_) => {}
        Layout::Fields(mut fields) => {
            while let [Field { at: field, step, layout }, rest @ ..] = fields {
                let place = match *step {
                    Step::Skip(places) => place.skip(places),
                    Step::Inside => place.inside(),
                    Step::Named(name) => place.named(name),
                };
                fill(layout, place, at + *field, file, whole);
                fields = rest;
            }
        }
        Layout::Tensors(mut tensors) => {
            let mut at = at;
            while let [tensor, rest @ ..] = tensors {
                if let Some(numbers) = find(tensor, &place, file, whole.is_none()) {
                    if let Some(whole) = whole {
                        whole.put(at, numbers);
                    }
                    at += numbers.len();
                    tensors = rest;
                } else {
                    tensors = &[];
                }
            }
        }
    }
}

/// The numbers of a tensor at a place.
#[track_caller]
const fn find(tensor: &Tensor, place: &Place<'_>, mut file: &[Stored], must_fit: bool) -> Option<&'static [u8]> {
    assert!(
        tensor.is_transposed == (tensor.shape.len() >= 2),
        "a matrix in the order of rows, which no file is read into"
    );
    while let [stored, rest @ ..] = file {
        if is(tensor, place, stored.name) {
            let fits = stored.problem.is_empty() && is_same(tensor.shape, stored.shape);
            if !fits && must_fit {
                told(tensor, stored).fail();
            }
            return if fits { Some(stored.numbers) } else { None };
        }
        file = rest;
    }
    if must_fit {
        place.text(Text::EMPTY.and("`")).and(".").and(tensor.name).and("` not found in the file").fail();
    }
    None
}

/// Why a tensor of the file is not that of the network.
const fn told(tensor: &Tensor, stored: &Stored) -> Text {
    if !stored.problem.is_empty() {
        return Text::EMPTY.and(stored.problem);
    }
    let text = Text::EMPTY.and("`").and(stored.name).and("` is ").sizes(stored.shape).and(" in the file, but ");
    let text = text.sizes(tensor.shape).and(" here");
    match (tensor.shape, stored.shape) {
        ([a, b], [c, d]) if *a == *d && *b == *c => text.and("; it looks transposed"),
        _ => text,
    }
}

/// Whether a tensor at a place has that name.
const fn is(tensor: &Tensor, place: &Place<'_>, name: &str) -> bool {
    match before(name.as_bytes(), tensor.name) {
        Some([layer @ .., b'.']) => place.is(layer),
        _ => false,
    }
}

/// What stands before `end` in a text that ends so.
pub(super) const fn before<'a>(mut text: &'a [u8], end: &str) -> Option<&'a [u8]> {
    let mut end = end.as_bytes();
    while let [rest @ .., byte] = end {
        match text {
            [before @ .., last] if *last == *byte => (text, end) = (before, rest),
            _ => return None,
        }
    }
    Some(text)
}

const fn is_same(mut a: &[usize], mut b: &[usize]) -> bool {
    while let ([x, a_rest @ ..], [y, b_rest @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (a_rest, b_rest);
    }
    a.is_empty() && b.is_empty()
}
