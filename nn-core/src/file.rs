//! Files of parameters, from and to bytes, without a heap: safetensors and `.npz`. What users see of it is
//! [`weights`](crate::weights).

mod error;
mod json;
mod npz;
mod safetensors;

pub use error::{Dims, TensorName, WeightsError};

use crate::kernel::Scalar;
use crate::number::size::sum;
use crate::part::learn::Learn;
use crate::part::place::Place;
use crate::part::run::Part;
use crate::part::tensor::Tensor;
use core::fmt::Write;

/// What the numbers of a tensor in a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dtype {
    /// Half precision.
    F16,
    /// The upper half of single precision.
    Bf16,
    /// Single precision.
    F32,
    /// Double precision.
    F64,
    /// Integers, or others that parameters can't be.
    Other,
}

impl Dtype {
    /// Bytes a number, if it can be a parameter.
    const fn bytes(self) -> Option<usize> {
        match self {
            Self::F16 | Self::Bf16 => Some(2),
            Self::F32 => Some(4),
            Self::F64 => Some(8),
            Self::Other => None,
        }
    }

    /// The number in so many bytes, least significant first.
    fn number(self, bytes: &[u8]) -> f64 {
        let mut all = [0; 8];
        all.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        let bits = u64::from_le_bytes(all);
        match self {
            Self::F16 => half(bits as u16),
            Self::Bf16 => f32::from_bits((bits as u32) << 16).into(),
            Self::F32 => f32::from_bits(bits as u32).into(),
            Self::F64 => f64::from_bits(bits),
            Self::Other => f64::NAN,
        }
    }
}

/// A number of half precision (IEEE 754-2019, binary16).
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    let size = match exponent {
        0 => fraction * libm::exp2(-14.0),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * libm::exp2(f64::from(exponent - 15)),
    };
    if bits >> 15 == 0 { size } else { -size }
}

/// A tensor in a file.
#[derive(Clone, Copy)]
struct Entry<'a> {
    dtype: Dtype,
    shape: Dims,
    /// Whether the first dimension varies fastest.
    is_fortran: bool,
    /// Its numbers.
    data: &'a [u8],
}

/// A file of one of the formats, whose structure was found to be right.
#[derive(Clone, Copy)]
enum Source<'a> {
    Safetensors(safetensors::File<'a>),
    Npz(npz::File<'a>),
}

impl<'a> Source<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        if let Some(what) = other_file(bytes) {
            return Err(WeightsError::Other { what });
        }
        if bytes.starts_with(npz::MAGIC) {
            npz::File::open(bytes).map(Self::Npz)
        } else {
            safetensors::File::open(bytes).map(Self::Safetensors)
        }
    }

    /// The tensor of a network, if it is there and fits.
    fn find<T: Scalar>(&self, name: &TensorName, tensor: &Tensor) -> Result<Entry<'a>, WeightsError> {
        let entry = match self {
            Self::Safetensors(file) => file.find(name)?,
            Self::Npz(file) => file.find(name)?,
        };
        let (name, expected) = (*name, Dims::of(tensor.shape));
        let entry = entry.ok_or(WeightsError::Missing { name })?;
        if entry.shape != expected {
            return Err(WeightsError::Shape { name, expected, found: entry.shape });
        }
        let bytes = entry.dtype.bytes().filter(|bytes| *bytes <= size_of::<T>());
        let bytes = bytes.ok_or(WeightsError::Dtype { name, found: entry.dtype })?;
        let mut numbers = entry.data.chunks_exact(bytes);
        match numbers.position(|number| !entry.dtype.number(number).is_finite()) {
            Some(index) => Err(WeightsError::NotFinite { name, index }),
            None => Ok(entry),
        }
    }
}

/// What a file is that is often taken for one of weights.
fn other_file(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"version https://git-lfs") {
        return Some("a Git LFS pointer, not the file itself; run `git lfs pull`");
    }
    // An archive whose first file is a pickle, or, before PyTorch 1.6, pickles of which the first is a magic number.
    let head = bytes.get(..100).unwrap_or(bytes);
    let is_archive = head.starts_with(npz::MAGIC) && head.windows(9).any(|name| name == b"/data.pkl");
    (is_archive || head.starts_with(b"\x80\x02\x8a\x0al\xfc\x9cF\xf9"))
        .then_some("written by `torch.save`; write it with safetensors' `save_file`")
}

/// The bytes of a file of a part's parameters.
pub(crate) const fn saved_len<P: Part>() -> usize {
    sum(8 + P::ABOUT.header.len(), P::ABOUT.bytes)
}

/// Calls `each` with every tensor of a part, its number and its name.
fn describe<P: Part>(mut each: impl FnMut(usize, TensorName, &Tensor)) {
    let mut index = 0;
    P::describe(Place::FIRST, &mut |module| {
        for tensor in module.tensors {
            let mut name = TensorName::EMPTY;
            // A name that is too long is cut off.
            let _ = write!(name, "{}.{}", module.place, tensor.name);
            each(index, name, tensor);
            index += 1;
        }
    });
}

/// Sets the parameters to those of a file. Nothing is written before everything was found to be right.
pub(crate) fn load<P: Learn>(part: &mut P, bytes: &[u8]) -> Result<(), WeightsError> {
    let source = Source::open(bytes)?;
    let mut result = Ok(());
    describe::<P>(|_, name, tensor| {
        result = result.and_then(|()| source.find::<P::T>(&name, tensor).map(drop));
    });
    result?;
    let mut number = 0;
    P::walk([part], &mut |_, [values]| {
        describe::<P>(|index, name, tensor| {
            if index == number
                && let Ok(entry) = source.find::<P::T>(&name, tensor)
            {
                fill(values, &entry, tensor);
            }
        });
        number += 1;
    });
    Ok(())
}

/// Writes the numbers of a tensor where they belong.
fn fill<T: Scalar>(values: &mut [T], entry: &Entry<'_>, tensor: &Tensor) {
    let numbers = entry.data.chunks_exact(entry.dtype.bytes().unwrap_or(1));
    for (place, number) in numbers.enumerate() {
        // A matrix that is stored column by column in just one of the two is transposed on its way.
        let place = match *tensor.shape {
            [rows, columns] if entry.is_fortran != tensor.is_transposed => {
                if entry.is_fortran {
                    place % rows * columns + place / rows
                } else {
                    place % columns * rows + place / columns
                }
            }
            _ => place,
        };
        if let Some(value) = values.get_mut(place) {
            *value = T::from_f64(entry.dtype.number(number));
        }
    }
}

/// Writes the parameters as a file, and returns its length.
pub(crate) fn save<P: Learn>(part: &P, bytes: &mut [u8]) -> Result<usize, WeightsError> {
    let (needed, found) = (const { saved_len::<P>() }, bytes.len());
    let file = bytes.get_mut(..needed).ok_or(WeightsError::Buffer { needed, found })?;
    let (head, mut data) = file.split_at_mut_checked(needed - P::ABOUT.bytes).unwrap_or_default();
    safetensors::write_header::<P>(head)?;
    let mut number = 0;
    part.read(&mut |_, values| {
        describe::<P>(|index, _, tensor| {
            if index == number {
                let (to, rest) =
                    core::mem::take(&mut data).split_at_mut_checked(size_of_val(values)).unwrap_or_default();
                data = rest;
                put(values, to, tensor);
            }
        });
        number += 1;
    });
    Ok(needed)
}

/// Writes the numbers of a tensor in the order of the file.
fn put<T: Scalar>(values: &[T], to: &mut [u8], tensor: &Tensor) {
    for (place, to) in to.chunks_exact_mut(size_of::<T>()).enumerate() {
        let place = match *tensor.shape {
            [rows, columns] if tensor.is_transposed => place % columns * rows + place / columns,
            _ => place,
        };
        let value = values.get(place).copied().unwrap_or(T::ZERO);
        to.iter_mut().zip(value.to_bits().to_le_bytes()).for_each(|(to, byte)| *to = byte);
    }
}

#[cfg(test)]
mod tests {
    use super::{Dtype, half};

    #[test]
    #[cfg_attr(miri, ignore = "too many numbers for Miri")]
    fn every_half_is_what_its_bits_say() {
        for bits in 0..=u16::MAX {
            let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 31, bits & 1023);
            // Built as a single: the exponent has another bias, and small halves are not small singles.
            let size = match exponent {
                0 => f32::from(fraction) / f32::from_bits(0x4b80_0000), // 2^24
                31 => f32::from_bits(0x7f80_0000 | u32::from(fraction) << 13),
                _ => f32::from_bits((u32::from(exponent) + 112) << 23 | u32::from(fraction) << 13),
            };
            let expected = if sign == 1 { -size } else { size };
            assert!(half(bits) == f64::from(expected) || expected.is_nan() && half(bits).is_nan(), "{bits:#x}");
        }
        assert_eq!(Dtype::Bf16.number(&[0x80, 0xbf]), -1.0);
        assert_eq!(Dtype::F16.number(&[0x00, 0x3c]), 1.0);
    }
}
