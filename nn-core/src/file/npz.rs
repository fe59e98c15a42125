//! NumPy's `.npz`: a zip archive (APPNOTE 6.3.10) of `.npy` files (NEP 1), here those that are stored, not compressed.

use super::{Dims, Dtype, Entry, TensorName, WeightsError};

/// An archive whose list of files was found to be right.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    bytes: &'a [u8],
    /// Where the list begins, and how many files it has.
    list: usize,
    count: usize,
}

pub(super) const MAGIC: &[u8] = b"PK\x03\x04";
/// The longest comment at the end of an archive.
const COMMENT: usize = 65_535;

/// One file of an archive.
struct Member<'a> {
    name: &'a [u8],
    method: usize,
    data: &'a [u8],
    /// Where its data begin.
    offset: usize,
}

const fn wrong(offset: usize, problem: &'static str) -> WeightsError {
    WeightsError::Malformed { offset, problem }
}

/// So many bytes at `at`, the least significant first.
fn number(bytes: &[u8], at: usize, len: usize) -> Result<usize, WeightsError> {
    let field = at.checked_add(len).and_then(|end| bytes.get(at..end)).ok_or(wrong(at, "the archive ends"))?;
    Ok(field.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

impl<'a> File<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        // The end is found from behind: a comment of any length follows it.
        let last = bytes.len().saturating_sub(22);
        let end = (last.saturating_sub(COMMENT)..=last).rev().find(|at| {
            bytes.get(*at..).is_some_and(|end| end.starts_with(b"PK\x05\x06"))
                && number(bytes, at + 20, 2).is_ok_and(|comment| at + 22 + comment == bytes.len())
        });
        let end = end.ok_or(wrong(bytes.len(), "the archive has no end"))?;
        let file = Self { bytes, list: number(bytes, end + 16, 4)?, count: number(bytes, end + 10, 2)? };
        file.members(|_| Ok(()))?;
        Ok(file)
    }

    /// Calls `each` with every file.
    fn members(&self, mut each: impl FnMut(Member<'a>) -> Result<(), WeightsError>) -> Result<(), WeightsError> {
        let (bytes, mut at) = (self.bytes, self.list);
        for _ in 0..self.count {
            if number(bytes, at, 4)? != 0x0201_4b50 {
                return Err(wrong(at, "expected an entry of the archive's list"));
            }
            let [method, size] = [number(bytes, at + 10, 2)?, number(bytes, at + 20, 4)?];
            let [name_len, extra, comment] = [28, 30, 32].map(|field| number(bytes, at + field, 2));
            let (name_len, local) = (name_len?, number(bytes, at + 42, 4)?);
            let ends = wrong(at, "the archive ends");
            let name = bytes.get(at + 46..at + 46 + name_len).ok_or(ends)?;
            if number(bytes, local, 4)? != 0x0403_4b50 {
                return Err(wrong(local, "expected a file of the archive"));
            }
            let offset = local + 30 + number(bytes, local + 26, 2)? + number(bytes, local + 28, 2)?;
            let end = offset.checked_add(size).ok_or(ends)?;
            let data = bytes.get(offset..end).ok_or(wrong(offset, "the archive ends"))?;
            each(Member { name, method, data, offset })?;
            at += 46 + name_len + extra? + comment?;
        }
        Ok(())
    }

    /// The array of that name.
    pub(super) fn find(&self, name: &TensorName) -> Result<Option<Entry<'a>>, WeightsError> {
        let mut found = None;
        self.members(|member| {
            if member.name.strip_suffix(b".npy") != Some(name.as_str().as_bytes()) {
                return Ok(());
            }
            if member.method != 0 {
                return Err(wrong(member.offset, "an array is compressed; write it with `numpy.savez`"));
            }
            let entry = array(member.data, member.offset)?;
            if found.replace(entry).is_some() { Err(WeightsError::Repeated { name: *name }) } else { Ok(()) }
        })?;
        Ok(found)
    }
}

/// Reads a `.npy` file, which begins at `offset` of the archive.
fn array(file: &[u8], offset: usize) -> Result<Entry<'_>, WeightsError> {
    let not_an_array = wrong(offset, "expected a NumPy array");
    let version = file.strip_prefix(b"\x93NUMPY").and_then(|rest| rest.first()).ok_or(not_an_array)?;
    let field = if *version == 1 { 2 } else { 4 };
    let start = 8 + field;
    let len = number(file, 8, field).map_err(|_| not_an_array)?;
    let (header, data) = file
        .split_at_checked(start.saturating_add(len))
        .ok_or(wrong(offset, "the header of an array is longer than the array"))?;
    let header = header.get(start..).unwrap_or_default();
    let dtype = match value(header, b"'descr':") {
        Some([b'\'', dtype @ .., b'\'']) => match dtype {
            b"<f2" => Dtype::F16,
            b"<f4" => Dtype::F32,
            b"<f8" => Dtype::F64,
            _ => Dtype::Other,
        },
        _ => return Err(wrong(offset, "an array has no `descr`")),
    };
    let is_fortran = match value(header, b"'fortran_order':") {
        Some(b"True") => true,
        Some(b"False") => false,
        _ => return Err(wrong(offset, "an array has no `fortran_order`")),
    };
    let no_shape = wrong(offset, "an array has no `shape`");
    let shape = value(header, b"'shape':").and_then(|shape| shape.strip_prefix(b"(")?.strip_suffix(b")"));
    let (mut dims, mut count) = (Dims::SCALAR, 1_usize);
    for size in shape.ok_or(no_shape)?.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
        if size.is_empty() {
            continue;
        }
        let size: usize = core::str::from_utf8(size).ok().and_then(|size| size.parse().ok()).ok_or(no_shape)?;
        count = count.checked_mul(size).ok_or(no_shape)?;
        dims = dims.and(size as u64);
    }
    let bytes = dtype.bytes().map(|bytes| count.checked_mul(bytes));
    if bytes.is_some_and(|bytes| bytes != Some(data.len())) {
        return Err(wrong(offset, "the data of an array are not as long as its shape"));
    }
    Ok(Entry { dtype, shape: dims, is_fortran, data })
}

/// What follows a key in the literal of a Python dictionary, up to the comma or brace after it.
fn value<'a>(header: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let start = header.windows(key.len()).position(|window| window == key)? + key.len();
    let rest = header.get(start..)?;
    let mut depth = 0_usize;
    let end = rest.iter().position(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(byte, b',' | b'}')
    })?;
    rest.get(..end).map(<[u8]>::trim_ascii)
}
