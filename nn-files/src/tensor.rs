//! A tensor in a file, and its numbers.

use crate::dims::Dims;
use crate::dtype::Dtype;
use crate::name::Name;
use crate::problem::Problem;

/// A tensor in a file.
#[derive(Clone, Copy)]
pub struct Tensor<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// What its numbers are.
    pub dtype: Dtype,
    /// The same as the file writes it.
    pub written: &'a str,
    /// Its shape.
    pub shape: Dims,
    /// Whether the first dimension varies fastest.
    pub(crate) is_fortran: bool,
    /// Whether the first byte of a number is its highest.
    pub(crate) is_big_endian: bool,
    pub(crate) data: &'a [u8],
}

impl<'a> Tensor<'a> {
    /// Its numbers, if it has that shape and no number has more bytes than `bytes`. They are in the order of rows, or if
    /// `by_columns` in that of columns.
    pub fn numbers(self, shape: &[usize], bytes: usize, by_columns: bool) -> Result<Numbers<'a>, Problem> {
        let (found, expected) = (self.shape, Dims::of(shape));
        if found != expected || !found.is_whole() {
            return Err(Problem::Shape { expected, found });
        }
        let each = self.dtype.bytes().filter(|each| *each <= bytes).ok_or(Problem::Dtype { found: self.dtype })?;
        let len = self.data.len() / each;
        match (0..len).find(|place| !self.number(*place).is_finite()) {
            Some(index) => Err(Problem::NotFinite { index }),
            None => Ok(Numbers { tensor: self, len, is_turned: self.is_fortran != by_columns }),
        }
    }

    /// The number at a place of the file.
    pub fn number(&self, place: usize) -> f64 {
        let each = self.dtype.bytes().unwrap_or(0);
        let bytes = self.data.get(place * each..).and_then(|data| data.get(..each)).unwrap_or_default().iter();
        let bits = |bits, byte: &u8| bits << 8 | u64::from(*byte);
        self.dtype.number(if self.is_big_endian { bytes.fold(0, bits) } else { bytes.rev().fold(0, bits) })
    }

    /// The same with its dimensions the other way round: nothing moves.
    pub fn turned(self) -> Self {
        let shape = self.shape.sizes().iter().rev().fold(Dims::SCALAR, |dims, size| dims.and((*size).into()));
        Self { shape, is_fortran: !self.is_fortran, ..self }
    }
}

/// The numbers of a tensor in an order of choice.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    /// The tensor.
    pub tensor: Tensor<'a>,
    len: usize,
    /// Whether the file has them in the other order.
    is_turned: bool,
}

impl<'a> Numbers<'a> {
    /// How many.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The numbers.
    pub fn iter(self) -> impl Iterator<Item = f64> + use<'a> {
        (0..self.len).map(move |place| self.tensor.number(if self.is_turned { self.turned(place) } else { place }))
    }

    /// Where a number lies in the file that has this place in the other order.
    fn turned(&self, place: usize) -> usize {
        let (sizes, by_rows) = (self.tensor.shape.sizes(), self.tensor.is_fortran);
        let (mut rest, mut stride, mut there) = (place, self.len, 0);
        for at in 0..sizes.len() {
            // Of the order that is asked for, the dimension that varies fastest comes first.
            let size = sizes.get(if by_rows { sizes.len() - 1 - at } else { at }).map_or(1, |size| *size as usize);
            stride = stride.checked_div(size).unwrap_or(0);
            there += rest.checked_rem(size).unwrap_or(0) * stride;
            rest = rest.checked_div(size).unwrap_or(0);
        }
        there
    }
}
