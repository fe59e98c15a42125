//! How many frames a step of a stream has, where strides divide it.

use crate::layer::{Given, Layer};
use crate::shape::Shape;
use proc_macro2::Span;

/// The strides of a stream, as far as it was walked.
pub struct Steps {
    /// For so many frames of a step so many arrive; nothing where they were joined.
    pub rate: Option<[u64; 2]>,
    /// The least number of frames a step that all strides divide.
    least: Option<u64>,
    /// The first stride that does not divide what arrives.
    undivided: Option<(Span, [u64; 2])>,
}

impl Default for Steps {
    fn default() -> Self {
        Self { rate: Some([1, 1]), least: Some(1), undivided: None }
    }
}

impl Steps {
    /// What a layer takes; where its stride does not divide that, as much as it does, so that those that follow are met, too.
    pub fn divide(&mut self, takes: Given, layer: &dyn Layer) -> Given {
        let (Some([stride, times]), span) = layer.rate() else {
            self.rate = None;
            return takes;
        };
        self.rate = self.rate.and_then(|[from, to]| {
            let (from, to) = (from.checked_mul(stride)?, to.checked_mul(times)?);
            let common = divisor(from, to);
            Some([from / common, to / common])
        });
        self.least = self.least.zip(self.rate).and_then(|(least, [from, _])| multiple(least, from));
        let frames = takes.shape.frames().unwrap_or(1);
        if frames.is_multiple_of(stride) || takes.shape.is_unknown() {
            return takes;
        }
        self.undivided.get_or_insert((span, [stride, frames]));
        Given { shape: Shape::Signal(takes.shape.channels().clone(), stride), ..takes }
    }

    /// What is wrong with the number of frames of a step.
    pub fn mistake(&self, step: &Shape) -> Option<(Span, String)> {
        let (span, [stride, frames]) = self.undivided?;
        let arrive = if frames == 1 { "1 frame arrives".into() } else { format!("{frames} frames arrive") };
        let mut message = format!("a stride of {stride} does not divide a step, in which {arrive}");
        if let Some((least, channels)) = self.least.zip(step.channels().known()) {
            message += &format!("; the least that all strides divide is `stream {channels}x{least}`");
        }
        Some((span, message))
    }
}

/// The greatest common divisor.
fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// The least common multiple.
fn multiple(a: u64, b: u64) -> Option<u64> {
    (a / divisor(a, b)).checked_mul(b)
}
