//! The header of a file that is written, safetensors.

use super::name::say;
use super::{WeightsError, describe};
use crate::part::run::Part;
use crate::text::decimal;

/// A text in a buffer, whose rest is filled with spaces.
struct Padded<'a> {
    rest: &'a mut [u8],
    /// Whether there was room for all.
    is_whole: bool,
}

impl Padded<'_> {
    fn and(&mut self, text: &str) {
        match core::mem::take(&mut self.rest).split_at_mut_checked(text.len()) {
            Some((to, rest)) => {
                to.iter_mut().zip(text.bytes()).for_each(|(to, byte)| *to = byte);
                self.rest = rest;
            }
            None => self.is_whole = false,
        }
    }
}

/// Writes the length of the header, and the header, so that they fill `head`.
pub(super) fn write<P: Part>(head: &mut [u8]) -> Result<(), WeightsError> {
    let (needed, bytes) = (head.len(), size_of::<P::T>());
    let short = WeightsError::Buffer { needed: needed + 1, found: needed };
    let (prefix, header) = head.split_first_chunk_mut().ok_or(short)?;
    *prefix = (header.len() as u64).to_le_bytes();
    let dtype = if bytes == 4 { "F32" } else { "F64" };
    let (mut text, mut begin) = (Padded { rest: header, is_whole: true }, 0);
    text.and("{");
    describe::<P>(|index, place, tensor| {
        text.and(if index == 0 { "\"" } else { ",\"" });
        say(place, tensor.name, &mut |piece| text.and(piece));
        text.and(r#"":{"dtype":""#);
        text.and(dtype);
        text.and(r#"","shape":["#);
        for (at, size) in tensor.shape.iter().enumerate() {
            text.and(if at == 0 { "" } else { "," });
            decimal(*size, &mut |digits| text.and(digits));
        }
        text.and(r#"],"data_offsets":["#);
        decimal(begin, &mut |digits| text.and(digits));
        text.and(",");
        // It is known to be a size: this is only written again without the check that could fail.
        begin += tensor.shape.iter().product::<usize>() * bytes;
        decimal(begin, &mut |digits| text.and(digits));
        text.and("]}");
    });
    text.and("}");
    text.rest.fill(b' ');
    if text.is_whole { Ok(()) } else { Err(short) }
}
