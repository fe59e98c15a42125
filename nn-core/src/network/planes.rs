//! What is otherwise at the ends of a network than inside: values lie channel by channel, in planes, and inside place by place; and
//! inputs may be bytes.

use super::Network;
use crate::number::arena::Flag;
use crate::number::element::Element;
use crate::number::shape::{Row, Shape};
use crate::number::storage::{Plain, numbers};
use crate::part::run::Part;

/// Whether rows of a shape lie otherwise inside a network than at its ends.
const fn differs<N: Network, S: Shape>() -> bool {
    N::Planes::IS && S::DIMS[0] > 1 && S::DIMS[1] * S::DIMS[2] > 1
}

/// Whether the inputs of a network lie otherwise inside.
pub const fn takes_planes<N: Network>() -> bool {
    differs::<N, <N::Layers as Part>::In>()
}

/// Whether its outputs do.
pub const fn gives_planes<N: Network>() -> bool {
    differs::<N, <N::Layers as Part>::Out>()
}

/// An input as the layers take it.
pub type RowOf<N> = Row<<N as Network>::Number, <<N as Network>::Layers as Part>::In>;

/// Whether inputs are not as the layers take them.
pub const fn is_read<N: Network>() -> bool {
    !N::Element::IS_NUMBER || takes_planes::<N>()
}

/// Inputs as the layers take them, if they are so.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn as_rows<N: Network>(inputs: &[N::Input]) -> Option<&[RowOf<N>]> {
    if const { takes_planes::<N>() } {
        return None;
    }
    N::Element::numbers(numbers(inputs)).map(Plain::blocks)
}

/// The same of one that is to be written.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn as_input<N: Network>(row: &mut RowOf<N>) -> Option<&mut N::Input> {
    if const { takes_planes::<N>() } {
        return None;
    }
    N::Element::elements(row.values_mut()).and_then(|elements| N::Input::blocks_mut(elements).first_mut())
}

/// Rows for the layers: numbers of elements, places of planes.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn read<N: Network>(inputs: &[N::Input], rows: &mut [RowOf<N>]) {
    let [channels, height, width] = <<N::Layers as Part>::In as Shape>::DIMS;
    for (input, row) in inputs.iter().zip(rows) {
        if const { takes_planes::<N>() } {
            turn(input.values(), height * width, row.values_mut(), channels, Element::number);
        } else {
            row.values_mut().iter_mut().zip(input.values()).for_each(|(to, element)| *to = element.number());
        }
    }
}

/// Rows of planes from rows of places, of the outputs or of what lies as they do.
pub fn to_planes<N: Network>(places: &[N::Output], planes: &mut [N::Output]) {
    let [channels, ..] = <<N::Layers as Part>::Out as Shape>::DIMS;
    let len = <N::Output as Plain<N::Number>>::LEN;
    for (places, planes) in places.iter().zip(planes) {
        turn(places.values(), channels, planes.values_mut(), len / channels, |value| value);
    }
}

/// A row of planes from one of places, of what lies as an input does.
pub fn turned_back<N: Network>(places: &RowOf<N>, planes: &mut RowOf<N>) {
    let [channels, height, width] = <<N::Layers as Part>::In as Shape>::DIMS;
    turn(places.values(), channels, planes.values_mut(), height * width, |value| value);
}

/// Rows of places from rows of planes, of what lies as the outputs do.
pub fn slopes_to_places<N: Network>(planes: &N::Output, places: &mut N::Output) {
    let [channels, ..] = <<N::Layers as Part>::Out as Shape>::DIMS;
    let len = <N::Output as Plain<N::Number>>::LEN;
    turn(planes.values(), len / channels, places.values_mut(), channels, |value| value);
}

/// `to[column][row] = number(from[row][column])`, whose rows are so long.
fn turn<E: Copy, T>(from: &[E], from_width: usize, to: &mut [T], to_width: usize, number: impl Fn(E) -> T) {
    for (row, from) in from.chunks(from_width.max(1)).enumerate() {
        for (from, to) in from.iter().zip(to.iter_mut().skip(row).step_by(to_width.max(1))) {
            *to = number(*from);
        }
    }
}
