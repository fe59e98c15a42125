//! What is saved as bytes and must be known again: magic bytes, a fingerprint, numbers, and a checksum of all bytes before it.
//!
//! All numbers are little-endian. Fingerprint and checksum are CRC-64/XZ, which tells apart any two texts that differ in up to
//! 64 bits in a row.

use crate::number::Number;
use crate::number::size::sum;
use crate::part::memory::{Fill, Look};
use crate::part::place::Place;
use crate::part::run::Part;
use core::fmt::{self, Write};
use crc::{CRC_64_XZ, Crc, Digest};

static CRC: Crc<u64> = Crc::<u64>::new(&CRC_64_XZ);
/// Magic bytes and fingerprint.
const HEAD: usize = 2 * 8;
const CHECKSUM: usize = 8;

/// All bytes, of which so many are numbers.
pub const fn len(numbers: usize) -> usize {
    sum(HEAD + CHECKSUM, numbers)
}

/// Why bytes could not be written or read.
pub enum Fault {
    /// There is room for `found` bytes only.
    Buffer { needed: usize, found: usize },
    /// They begin with other magic bytes.
    Unknown,
    /// They are not those that were written.
    Damaged,
    /// They have another fingerprint.
    Foreign,
}

/// A text that is not kept, only its checksum.
struct Text(Digest<'static, u64>);

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// What the bytes must have in common with the program that reads them: the layers, and what else there is `of` them.
pub fn fingerprint<P: Part>(of: &str) -> u64 {
    let mut text = Text(CRC.digest());
    // Nothing here can fail: the text is not kept.
    let _ = write!(text, "{};{of};{};{};", P::T::NAME, P::IN, P::OUT);
    P::describe(Place::FIRST, &mut |module| {
        let _ = write!(text, "{} {} {:?} {};", module.place, module.label, module.output, module.parameters);
    });
    text.0.finalize()
}

/// Writes `needed` bytes, the numbers among them by `body`, and returns how many they are.
pub fn write(
    bytes: &mut [u8],
    needed: usize,
    [magic, fingerprint]: [u64; 2],
    body: impl FnOnce(&mut Writer<'_>),
) -> Result<usize, Fault> {
    let found = bytes.len();
    let (before, rest) = bytes
        .split_at_mut_checked(needed - CHECKSUM)
        .filter(|(_, rest)| rest.len() >= CHECKSUM)
        .ok_or(Fault::Buffer { needed, found })?;
    let mut writer = Writer(&mut *before);
    writer.put(magic, 8);
    writer.put(fingerprint, 8);
    body(&mut writer);
    Writer(rest).put(CRC.checksum(before), CHECKSUM);
    Ok(needed)
}

/// The numbers of `needed` bytes, if these are what was written.
pub fn read(bytes: &[u8], needed: usize, [magic, fingerprint]: [u64; 2]) -> Result<Reader<'_>, Fault> {
    if Reader(bytes).get(8) != magic {
        return Err(Fault::Unknown);
    }
    let (before, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(Fault::Damaged)?;
    if u64::from_le_bytes(*checksum) != CRC.checksum(before) || before.len() < HEAD {
        return Err(Fault::Damaged);
    }
    let mut reader = Reader(before);
    reader.get(8);
    if reader.get(8) != fingerprint || bytes.len() != needed {
        return Err(Fault::Foreign);
    }
    Ok(reader)
}

/// Where the next bytes go.
pub struct Writer<'a>(&'a mut [u8]);

impl Writer<'_> {
    /// Writes the lowest bytes of a number, as far as there is room.
    pub fn put(&mut self, number: u64, bytes: usize) {
        let (to, rest) = core::mem::take(&mut self.0).split_at_mut_checked(bytes).unwrap_or_default();
        to.iter_mut().zip(number.to_le_bytes()).for_each(|(to, byte)| *to = byte);
        self.0 = rest;
    }
}

impl Look for Writer<'_> {
    fn numbers<T: Number>(&mut self, numbers: &[T]) {
        numbers.iter().for_each(|number| self.put(number.to_bits(), size_of::<T>()));
    }

    fn place(&mut self, place: usize, _of: usize) {
        self.put(place as u64, 8);
    }
}

/// Where the next bytes come from.
pub struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// A number of so many bytes; what is missing is zero.
    pub fn get(&mut self, bytes: usize) -> u64 {
        let (from, rest) = self.0.split_at_checked(bytes).unwrap_or_default();
        let mut number = [0; 8];
        number.iter_mut().zip(from).for_each(|(to, byte)| *to = *byte);
        self.0 = rest;
        u64::from_le_bytes(number)
    }
}

impl Fill for Reader<'_> {
    fn numbers<T: Number>(&mut self, numbers: &mut [T]) {
        numbers.iter_mut().for_each(|number| *number = T::from_bits(self.get(size_of::<T>())));
    }

    fn place(&mut self, of: usize) -> usize {
        usize::try_from(self.get(8)).unwrap_or(of)
    }
}
