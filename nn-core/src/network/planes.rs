//! The two orders of values: at the ends of a network channel by channel, in planes, and inside place by place.

use super::Network;
use crate::number::shape::Shape;
use crate::number::storage::Plain;
use crate::part::run::Part;

/// Whether rows of a shape lie otherwise inside a network than at its ends.
const fn differs<N: Network, S: Shape>() -> bool {
    N::PLANES && S::DIMS[0] > 1 && S::DIMS[1] * S::DIMS[2] > 1
}

/// Whether the inputs of a network lie otherwise inside.
pub const fn takes_planes<N: Network>() -> bool {
    differs::<N, <N::Layers as Part>::In>()
}

/// Whether its outputs do.
pub const fn gives_planes<N: Network>() -> bool {
    differs::<N, <N::Layers as Part>::Out>()
}

/// Rows of places from rows of planes.
pub fn to_places<N: Network>(planes: &[N::Input], places: &mut [N::Input]) {
    let [channels, rows, columns] = <<N::Layers as Part>::In as Shape>::DIMS;
    for (planes, places) in planes.iter().zip(places) {
        turn(planes.values(), rows * columns, places.values_mut(), channels);
    }
}

/// Rows of planes from rows of places, of the outputs or of what lies as they do.
pub fn to_planes<N: Network>(places: &[N::Output], planes: &mut [N::Output]) {
    let [channels, ..] = <<N::Layers as Part>::Out as Shape>::DIMS;
    let len = <N::Output as Plain<N::Number>>::LEN;
    for (places, planes) in places.iter().zip(planes) {
        turn(places.values(), channels, planes.values_mut(), len / channels);
    }
}

/// Rows of places from rows of planes, of what lies as the outputs do.
pub fn slopes_to_places<N: Network>(planes: &N::Output, places: &mut N::Output) {
    let [channels, ..] = <<N::Layers as Part>::Out as Shape>::DIMS;
    let len = <N::Output as Plain<N::Number>>::LEN;
    turn(planes.values(), len / channels, places.values_mut(), channels);
}

/// `to[column][row] = from[row][column]`, whose rows are so long.
fn turn<T: Copy>(from: &[T], from_width: usize, to: &mut [T], to_width: usize) {
    for (row, from) in from.chunks(from_width.max(1)).enumerate() {
        for (from, to) in from.iter().zip(to.iter_mut().skip(row).step_by(to_width.max(1))) {
            *to = *from;
        }
    }
}
