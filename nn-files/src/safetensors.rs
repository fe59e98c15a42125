//! The format safetensors: the length of the header in eight bytes, the header in JSON, and the data.

use crate::dims::Dims;
use crate::dtype::Dtype;
use crate::json::Scanner;
use crate::name::Name;
use crate::problem::{Problem, wrong};
use crate::tensor::Tensor;

/// A file whose header and ranges were found to be right.
#[derive(Clone, Copy)]
pub(crate) struct File<'a> {
    header: &'a str,
    data: &'a [u8],
}

/// Bytes before the header.
const PREFIX: usize = 8;

impl<'a> File<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
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
    ///
    /// Each range leads from a place to a later one. They are one way from the beginning to the end just if every place
    /// between is reached as often as it is left. So that no file takes longer than it is long, in whatever order it lists its
    /// tensors, this is seen from a sum over all places; a file that was made to deceive it shares bytes among tensors, on
    /// which nothing relies.
    fn check(&self) -> Result<(), Problem> {
        let (mut sum, mut reached) = (mixed(0).wrapping_sub(mixed(self.data.len() as u64)), 0);
        self.entries(&mut |_, entry| {
            sum = sum.wrapping_add(mixed(entry.end)).wrapping_sub(mixed(entry.begin));
            reached = if entry.begin == reached { entry.end } else { reached };
            Ok(())
        })?;
        if sum == 0 {
            return Ok(());
        }
        let offset = PREFIX + self.header.len() + usize::try_from(reached).unwrap_or(usize::MAX);
        Err(wrong(offset, "the data of the tensors overlap, or have a hole"))
    }

    /// Calls `each` with every tensor.
    pub(crate) fn tensors(&self, each: &mut dyn FnMut(Tensor<'a>) -> Result<(), Problem>) -> Result<(), Problem> {
        self.entries(&mut |name, Entry { dtype, written, shape, begin, end }| {
            let data = self.data.get(begin as usize..end as usize).unwrap_or_default();
            each(Tensor { name, dtype, written, shape, is_fortran: false, is_big_endian: false, data })
        })
    }

    fn entries(&self, each: &mut dyn FnMut(Name<'a>, Entry<'a>) -> Result<(), Problem>) -> Result<(), Problem> {
        let mut scanner = Scanner::new(self.header, PREFIX);
        scanner.object(|scanner, key| {
            if Name::json(key).is("__metadata__") {
                return scanner.object(|scanner, _| scanner.string().map(drop));
            }
            let entry = self.entry(scanner)?;
            each(Name::json(key), entry)
        })?;
        scanner.end()
    }

    fn entry(&self, scanner: &mut Scanner<'a>) -> Result<Entry<'a>, Problem> {
        let (mut dtype, mut shape, mut offsets) = (None, None, None);
        let start = *scanner;
        scanner.object(|scanner, key| {
            let key = Name::json(key);
            if key.is("dtype") && dtype.is_none() {
                let written = scanner.string()?;
                let (known, bits) = self::dtype(written).ok_or(scanner.wrong("unknown dtype"))?;
                dtype = Some((known, bits, written));
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
        let (Some((dtype, bits, written)), Some((shape, count)), Some([begin, end])) = (dtype, shape, offsets) else {
            return Err(start.wrong("expected `dtype`, `shape` and `data_offsets`"));
        };
        let bytes = count.checked_mul(bits).filter(|bits| bits % 8 == 0).map(|bits| bits / 8);
        if end > self.data.len() as u64 {
            return Err(start.wrong("the data of a tensor end after the file"));
        }
        if end.checked_sub(begin) != bytes || bytes.is_none() {
            return Err(start.wrong("the data of a tensor are not as long as its shape"));
        }
        Ok(Entry { dtype, written, shape, begin, end })
    }
}

/// What the header says of a tensor.
struct Entry<'a> {
    dtype: Dtype,
    written: &'a str,
    shape: Dims,
    begin: u64,
    end: u64,
}

/// A number with its bits mixed (the finaliser of SplitMix64), so that different numbers have different sums.
const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// What the numbers are, and their bits.
fn dtype(name: &str) -> Option<(Dtype, u64)> {
    Some(match name {
        "F16" => (Dtype::F16, 16),
        "BF16" => (Dtype::Bf16, 16),
        "F32" => (Dtype::F32, 32),
        "F64" => (Dtype::F64, 64),
        "F4" => (Dtype::Other, 4),
        "F6_E2M3" | "F6_E3M2" => (Dtype::Other, 6),
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" | "F8_E4M3FNUZ" | "F8_E5M2FNUZ" => (Dtype::Other, 8),
        "U16" | "I16" => (Dtype::Other, 16),
        "U32" | "I32" => (Dtype::Other, 32),
        "U64" | "I64" | "C64" => (Dtype::Other, 64),
        _ => return None,
    })
}
