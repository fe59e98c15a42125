//! The format safetensors: the length of the header in eight bytes, the header in JSON, and the data.

use super::json::{Scanner, Text};
use super::{Dims, Dtype, Entry, TensorName, WeightsError, describe};
use crate::part::run::Part;
use core::fmt::{self, Write};

/// A file whose header and ranges were found to be right.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    header: &'a str,
    data: &'a [u8],
}

/// Bytes before the header.
const PREFIX: usize = 8;

/// What the header says of a tensor.
#[derive(Clone, Copy)]
struct Described {
    dtype: Dtype,
    shape: Dims,
    begin: u64,
    end: u64,
}

impl<'a> File<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        let wrong = |offset, problem| WeightsError::Malformed { offset, problem };
        let (prefix, rest) = bytes.split_first_chunk::<PREFIX>().ok_or(wrong(bytes.len(), "the file ends"))?;
        let len = usize::try_from(u64::from_le_bytes(*prefix)).unwrap_or(usize::MAX);
        let (header, data) = rest.split_at_checked(len).ok_or(wrong(0, "the header is longer than the file"))?;
        let header = core::str::from_utf8(header)
            .map_err(|error| wrong(PREFIX + error.valid_up_to(), "the header is no UTF-8"))?;
        let file = Self { header, data };
        file.check()?;
        Ok(file)
    }

    /// The data of all tensors follow one another without holes, to the end of the file.
    fn check(&self) -> Result<(), WeightsError> {
        let (mut reached, mut tensors) = (0, 0_usize);
        loop {
            let (mut count, mut taken, before) = (0_usize, 0, reached);
            self.entries(|_, entry| {
                let is_next = entry.begin == reached && entry.end > reached;
                count += usize::from(entry.end > entry.begin);
                if is_next {
                    (reached, taken) = (entry.end, taken + 1);
                }
                Ok(())
            })?;
            tensors += taken;
            if reached == self.data.len() as u64 && tensors == count {
                return Ok(());
            }
            if reached == before {
                let offset = PREFIX + self.header.len() + usize::try_from(reached).unwrap_or(usize::MAX);
                let problem = "the data of the tensors overlap, or have a hole";
                return Err(WeightsError::Malformed { offset, problem });
            }
        }
    }

    /// The tensor of that name.
    pub(super) fn find(&self, name: &TensorName) -> Result<Option<Entry<'a>>, WeightsError> {
        let mut found = None;
        self.entries(|key, entry| {
            if !key.is(name.as_str()) {
                return Ok(());
            }
            let range = entry.begin as usize..entry.end as usize;
            let data = self.data.get(range).unwrap_or_default();
            let entry = Entry { dtype: entry.dtype, shape: entry.shape, is_fortran: false, data };
            if found.replace(entry).is_some() { Err(WeightsError::Repeated { name: *name }) } else { Ok(()) }
        })?;
        Ok(found)
    }

    /// Calls `each` with the key and description of every tensor.
    fn entries(
        &self,
        mut each: impl FnMut(Text<'a>, Described) -> Result<(), WeightsError>,
    ) -> Result<(), WeightsError> {
        let mut scanner = Scanner::new(self.header, PREFIX);
        scanner.object(|scanner, key| {
            if key.is("__metadata__") {
                return scanner.object(|scanner, _| scanner.string().map(drop));
            }
            let entry = self.entry(scanner)?;
            each(key, entry)
        })?;
        scanner.end()
    }

    fn entry(&self, scanner: &mut Scanner<'a>) -> Result<Described, WeightsError> {
        let (mut dtype, mut shape, mut offsets) = (None, None, None);
        let start = *scanner;
        scanner.object(|scanner, key| {
            if key.is("dtype") && dtype.is_none() {
                dtype = Some(self::dtype(scanner.string()?).ok_or(scanner.wrong("unknown dtype"))?);
            } else if key.is("shape") && shape.is_none() {
                let (mut dims, mut count) = (Dims::SCALAR, Some(1_u64));
                scanner.array(|scanner| {
                    let size = scanner.integer()?;
                    (dims, count) = (dims.and(size), count.and_then(|count| count.checked_mul(size)));
                    Ok(())
                })?;
                shape = Some((dims, count.ok_or(scanner.wrong("a shape is too large"))?));
            } else if key.is("data_offsets") && offsets.is_none() {
                let (mut all, mut len) = ([0; 2], 0);
                scanner.array(|scanner| {
                    let place = all.get_mut(len).ok_or(scanner.wrong("expected two offsets"))?;
                    (*place, len) = (scanner.integer()?, len + 1);
                    Ok(())
                })?;
                if len < all.len() {
                    return Err(scanner.wrong("expected two offsets"));
                }
                offsets = Some(all);
            } else {
                return Err(scanner.wrong("expected `dtype`, `shape` and `data_offsets`"));
            }
            Ok(())
        })?;
        let (Some((dtype, bits)), Some((shape, count)), Some([begin, end])) = (dtype, shape, offsets) else {
            return Err(start.wrong("expected `dtype`, `shape` and `data_offsets`"));
        };
        let bytes = count.checked_mul(bits).filter(|bits| bits % 8 == 0).map(|bits| bits / 8);
        if end > self.data.len() as u64 {
            return Err(start.wrong("the data of a tensor end after the file"));
        }
        if end.checked_sub(begin) != bytes || bytes.is_none() {
            return Err(start.wrong("the data of a tensor are not as long as its shape"));
        }
        Ok(Described { dtype, shape, begin, end })
    }
}

/// What the numbers are, and their bits.
fn dtype(name: Text<'_>) -> Option<(Dtype, u64)> {
    Some(match name.bytes() {
        b"F16" => (Dtype::F16, 16),
        b"BF16" => (Dtype::Bf16, 16),
        b"F32" => (Dtype::F32, 32),
        b"F64" => (Dtype::F64, 64),
        b"F4" => (Dtype::Other, 4),
        b"F6_E2M3" | b"F6_E3M2" => (Dtype::Other, 6),
        b"BOOL" | b"U8" | b"I8" | b"F8_E5M2" | b"F8_E4M3" | b"F8_E8M0" | b"F8_E4M3FNUZ" | b"F8_E5M2FNUZ" => {
            (Dtype::Other, 8)
        }
        b"U16" | b"I16" => (Dtype::Other, 16),
        b"U32" | b"I32" => (Dtype::Other, 32),
        b"U64" | b"I64" | b"C64" => (Dtype::Other, 64),
        _ => return None,
    })
}

/// A text in a buffer, whose rest is filled with spaces.
struct Padded<'a>(&'a mut [u8]);

impl Write for Padded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let (to, rest) = core::mem::take(&mut self.0).split_at_mut_checked(text.len()).ok_or(fmt::Error)?;
        to.iter_mut().zip(text.bytes()).for_each(|(to, byte)| *to = byte);
        self.0 = rest;
        Ok(())
    }
}

/// Writes the length of the header, and the header, so that they fill `head`.
pub(super) fn write_header<P: Part>(head: &mut [u8]) -> Result<(), WeightsError> {
    let (needed, bytes) = (head.len(), size_of::<P::T>());
    let short = WeightsError::Buffer { needed: needed + 1, found: needed };
    let (prefix, header) = head.split_first_chunk_mut::<PREFIX>().ok_or(short)?;
    *prefix = (header.len() as u64).to_le_bytes();
    let dtype = if bytes == 4 { "F32" } else { "F64" };
    let mut text = Padded(header);
    let (mut result, mut begin) = (text.write_str("{"), 0);
    describe::<P>(|index, name, tensor| {
        let (end, comma) = (begin + tensor.len() * bytes, if index == 0 { "" } else { "," });
        let mut entry = || {
            write!(text, r#"{comma}"{name}":{{"dtype":"{dtype}","shape":["#)?;
            for (at, size) in tensor.shape.iter().enumerate() {
                write!(text, "{}{size}", if at == 0 { "" } else { "," })?;
            }
            write!(text, r#"],"data_offsets":[{begin},{end}]}}"#)
        };
        result = result.and_then(|()| entry());
        begin = end;
    });
    result.and_then(|()| text.write_str("}")).map_err(|_| short)?;
    text.0.fill(b' ');
    Ok(())
}
