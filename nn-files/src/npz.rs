//! NumPy's `.npz`: a zip archive (APPNOTE 6.3.10) of `.npy` files (NEP 1), here those that are stored, not compressed.
//!
//! As in NumPy, a member is an array if it begins as one, and its name is that of the array, without `.npy` at its end.

use crate::dims::Dims;
use crate::dtype::Dtype;
use crate::json::integer;
use crate::name::Name;
use crate::problem::{Problem, wrong};
use crate::tensor::Tensor;

/// An archive whose list of files was found to be right.
#[derive(Clone, Copy)]
pub(crate) struct File<'a> {
    bytes: &'a [u8],
    /// Where the list begins, and how many files it has.
    list: usize,
    count: usize,
}

pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";
/// How every `.npy` file begins.
const NPY: &[u8] = b"\x93NUMPY";
/// The longest comment at the end of an archive.
const COMMENT: usize = 65_535;
/// The longest header of an array, as NumPy reads it.
const HEADER: usize = 10_000;

/// One file of an archive.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    pub(crate) name: Name<'a>,
    is_stored: bool,
    /// What it is said to be the check sum of.
    crc: u64,
    data: &'a [u8],
    /// Where its data begin.
    offset: usize,
}

/// So many bytes at `at`, the least significant first.
fn number(bytes: &[u8], at: usize, len: usize) -> Result<usize, Problem> {
    let field = bytes.get(at..).and_then(|bytes| bytes.get(..len)).ok_or(wrong(at, "the archive ends"))?;
    Ok(field.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

impl<'a> File<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        // The end is found from behind: a comment of any length follows it.
        let last = bytes.len().saturating_sub(22);
        let end = (last.saturating_sub(COMMENT)..=last).rev().find(|at| {
            bytes.get(*at..).is_some_and(|end| end.starts_with(b"PK\x05\x06"))
                && number(bytes, at + 20, 2).is_ok_and(|comment| at + 22 + comment == bytes.len())
        });
        let end = end.ok_or(wrong(bytes.len(), "the archive has no end"))?;
        let file = Self { bytes, list: number(bytes, end + 16, 4)?, count: number(bytes, end + 10, 2)? };
        file.members(&mut |_| Ok(()))?;
        Ok(file)
    }

    /// Calls `each` with every array.
    pub(crate) fn members(&self, each: &mut dyn FnMut(Member<'a>) -> Result<(), Problem>) -> Result<(), Problem> {
        let mut at = self.list;
        for _ in 0..self.count {
            let ends = wrong(at, "the archive ends");
            let entry = self.bytes.get(at..).ok_or(ends)?;
            if number(entry, 0, 4).map_err(|_| ends)? != 0x0201_4b50 {
                return Err(wrong(at, "expected an entry of the archive's list"));
            }
            let field = |at, len| number(entry, at, len).map_err(|_| ends);
            let (name_len, local) = (field(28, 2)?, field(42, 4)?);
            let name = entry.get(46..46 + name_len).ok_or(ends)?;
            let member = self.bytes.get(local..).unwrap_or_default();
            if !member.starts_with(MAGIC) {
                return Err(wrong(local, "expected a file of the archive"));
            }
            let start = 30 + number(member, 26, 2)? + number(member, 28, 2)?;
            let data = member.get(start..).and_then(|data| data.get(..field(20, 4).ok()?));
            let data = data.ok_or(wrong(local, "the archive ends"))?;
            let (is_stored, crc) = (field(10, 2)? == 0, field(16, 4)? as u64);
            if let Ok(name) = core::str::from_utf8(name) {
                let array = name.strip_suffix(".npy");
                if array.is_some() || data.starts_with(NPY) {
                    let name = Name::plain(array.unwrap_or(name));
                    each(Member { name, is_stored, crc, data, offset: local + start })?;
                }
            }
            at += 46 + name_len + field(30, 2)? + field(32, 2)?;
        }
        Ok(())
    }
}

impl<'a> Member<'a> {
    /// Its array, of which no byte was changed by accident.
    pub(crate) fn checked(&self) -> Result<Tensor<'a>, Problem> {
        let tensor = self.array()?;
        if crc(self.data) != self.crc {
            return Err(wrong(self.offset, "an array is not what its check sum says"));
        }
        Ok(tensor)
    }

    /// Its array.
    pub(crate) fn array(&self) -> Result<Tensor<'a>, Problem> {
        let here = |problem| wrong(self.offset, problem);
        if !self.is_stored {
            return Err(Problem::Other { what: "compressed; write it with `numpy.savez`" });
        }
        let not_an_array = here("expected a NumPy array");
        let (start, field) = match self.data.strip_prefix(NPY) {
            Some([1, _, ..]) => (10, 2),
            Some([2 | 3, _, ..]) => (12, 4),
            _ => return Err(not_an_array),
        };
        let len = number(self.data, 8, field).map_err(|_| not_an_array)?;
        if len > HEADER {
            return Err(here("the header of an array is too long"));
        }
        let rest = self.data.get(start..).unwrap_or_default();
        let (header, data) =
            rest.split_at_checked(len).ok_or(here("the header of an array is longer than the array"))?;

        let (written, dtype, is_big_endian) = dtype(value(header, b"'descr':").ok_or(here("an array has no `descr`"))?);
        let is_fortran = match value(header, b"'fortran_order':") {
            Some([b'T', b'r', b'u', b'e', ..]) => true,
            Some([b'F', b'a', b'l', b's', b'e', ..]) => false,
            _ => return Err(here("an array has no `fortran_order`")),
        };
        let shape = value(header, b"'shape':").and_then(shape).ok_or(here("an array has no `shape`"))?;
        let len = shape.1.ok_or(here("a shape is too large"))?;
        if dtype.bytes().is_some_and(|bytes| len.checked_mul(bytes as u64) != Some(data.len() as u64)) {
            return Err(here("the data of an array are not as long as its shape"));
        }
        Ok(Tensor { name: self.name, dtype, written, shape: shape.0, is_fortran, is_big_endian, data })
    }
}

/// What follows a key in the literal of a Python dictionary.
fn value<'a>(header: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let start = header.windows(key.len()).position(|window| window == key)?;
    header.get(start..)?.get(key.len()..).map(<[u8]>::trim_ascii_start)
}

/// What the numbers are: as it is written, what that means, and whether the highest byte comes first.
fn dtype(text: &[u8]) -> (&str, Dtype, bool) {
    let text = text.strip_prefix(b"'").unwrap_or_default();
    let len = text.iter().position(|byte| *byte == b'\'').unwrap_or(0);
    let text = text.get(..len).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default();
    let dtype = match text {
        "<f2" | ">f2" => Dtype::F16,
        "<f4" | ">f4" => Dtype::F32,
        "<f8" | ">f8" => Dtype::F64,
        _ => Dtype::Other,
    };
    (if text.is_empty() { "records" } else { text }, dtype, text.starts_with('>'))
}

/// A tuple of sizes, and their product.
fn shape(text: &[u8]) -> Option<(Dims, Option<u64>)> {
    let (mut dims, mut count, mut rest) = (Dims::SCALAR, Some(1_u64), text.strip_prefix(b"(")?.trim_ascii_start());
    loop {
        if rest.starts_with(b")") {
            return Some((dims, count));
        }
        let (size, after) = integer(rest)?;
        (dims, count) = (dims.and(size), count.and_then(|count| count.checked_mul(size)));
        rest = match after.trim_ascii_start() {
            [b',', after @ ..] => after.trim_ascii_start(),
            end if end.starts_with(b")") => end,
            _ => return None,
        };
    }
}

/// The check sum of zip archives, CRC-32.
fn crc(data: &[u8]) -> u64 {
    let bit = |crc: u32, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
    let crc = data.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit));
    u64::from(!crc)
}

#[cfg(test)]
mod tests {
    use super::{crc, shape};

    #[test]
    fn the_check_sum_is_that_of_zip() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn shapes_are_tuples_of_integers() {
        let of = |text: &str| shape(text.as_bytes()).map(|(dims, count)| (std::format!("{dims}"), count));
        assert_eq!(of("(3, 4), }"), Some(("[3, 4]".into(), Some(12))));
        assert_eq!(of("(3,)"), Some(("[3]".into(), Some(3))));
        assert_eq!(of("()"), Some(("[]".into(), Some(1))));
        assert_eq!(of("(4294967296, 4294967296)"), Some(("[4294967295, 4294967295]".into(), None)));
        for wrong in ["3", "(3", "(,)", "(3,,4)", "(-1,)", "(1.5,)", "(18446744073709551616,)", "(3 4)"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
