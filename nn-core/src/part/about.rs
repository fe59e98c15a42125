//! How large a part is, and what it needs.

use super::header::Header;
use super::tensor::Tensor;

/// What is known of a part when it compiles, in one constant. Where a size is too large for the target, it is the largest number.
#[derive(Clone, Copy)]
pub struct About {
    /// Trainable numbers.
    pub parameters: usize,
    /// Bytes of parameters.
    pub bytes: usize,
    /// Multiplications by weights, for one row.
    pub macs: usize,
    /// How many frames of input a frame of output of a stream depends on, the newest included. Nothing if on all of them.
    pub field: Option<usize>,
    /// For so many frames of input there are so many of output.
    pub rate: [usize; 2],
    /// How many rows a batch has at least.
    pub least_rows: usize,
    /// How many places it takes in its network: one, or as many as a chain has links.
    pub places: usize,
    /// What its tensors need in the header of a weights file.
    pub header: Header,
    /// The layers with the largest output, with the most parameters and with the most multiplications.
    pub largest: [Largest; 3],
}

impl About {
    /// A single layer.
    pub(crate) const fn layer(
        label: &'static str,
        nodes: usize,
        tensors: &[Tensor],
        macs: usize,
        bytes: usize,
    ) -> Self {
        let parameters = Tensor::total(tensors);
        let largest = Largest { place: 0, label, nodes, needs: nodes };
        let largest = [largest, Largest { needs: parameters, ..largest }, Largest { needs: macs, ..largest }];
        let header = Header::of(tensors);
        Self { parameters, bytes, macs, field: Some(1), rate: [1, 1], least_rows: 1, places: 1, header, largest }
    }

    /// A layer that remembers so many frames.
    pub(crate) const fn with_past(self, frames: usize) -> Self {
        Self { field: Some(frames.saturating_add(1)), ..self }
    }

    /// A part of frames, of which so many, with so many values together, are one row.
    pub(crate) const fn of_frames(self, frames: usize, nodes: usize) -> Self {
        let [largest, parameters, macs] = self.largest;
        let needs = macs.needs.saturating_mul(frames);
        let largest = [
            Largest { nodes, needs: nodes, ..largest },
            Largest { nodes, ..parameters },
            Largest { nodes, needs, ..macs },
        ];
        Self { macs: self.macs.saturating_mul(frames), largest, ..self }
    }

    /// In a plain network, where rows know nothing of one another.
    pub(crate) const fn of_row(self) -> Self {
        Self { field: Some(1), rate: [1, 1], ..self }
    }

    /// This part and another beside it.
    pub(crate) const fn beside(self, other: Self) -> Self {
        let field = match (self.field, other.field) {
            (Some(field), Some(others)) => Some(if field > others { field } else { others }),
            _ => None,
        };
        Self { field, ..self.and(other) }
    }

    /// This part and another after it.
    pub(crate) const fn and(self, then: Self) -> Self {
        let mut largest = self.largest;
        let mut at = 0;
        while at < largest.len() {
            if then.largest[at].needs > largest[at].needs {
                largest[at] = Largest { place: then.largest[at].place + self.places, ..then.largest[at] };
            }
            at += 1;
        }
        Self {
            parameters: self.parameters.saturating_add(then.parameters),
            bytes: self.bytes.saturating_add(then.bytes),
            macs: self.macs.saturating_add(then.macs),
            field: match (self.field, then.field) {
                // From one frame between the two parts to the next are so many frames of input.
                (Some(field), Some(then)) => {
                    let before = then.saturating_sub(1).saturating_mul(self.rate[0]).div_ceil(self.rate[1]);
                    Some(field.saturating_add(before))
                }
                _ => None,
            },
            rate: [self.rate[0].saturating_mul(then.rate[0]), self.rate[1].saturating_mul(then.rate[1])],
            least_rows: if self.least_rows > then.least_rows { self.least_rows } else { then.least_rows },
            places: self.places + then.places,
            header: self.header.and(then.header),
            largest,
        }
    }

    /// This part as one place of its network, with places of its own inside.
    pub const fn inside(self) -> Self {
        let [a, b, c] = self.largest;
        let largest = [Largest { place: 0, ..a }, Largest { place: 0, ..b }, Largest { place: 0, ..c }];
        Self { places: 1, header: self.header.inside(), largest, ..self }
    }

    /// This part under a name.
    pub const fn named(self, name: &str) -> Self {
        Self { header: self.header.named(name), ..self }
    }
}

/// The layer that needs the most of something.
#[derive(Clone, Copy)]
pub struct Largest {
    /// Its place in the network.
    pub place: usize,
    /// What it is.
    pub label: &'static str,
    /// How many values it gives.
    pub nodes: usize,
    /// How much it needs.
    pub needs: usize,
}
