//! Files of parameters, from and to bytes, without a heap. What users see of it is [`weights`](crate::weights); what reads is
//! [`nn_files`], which the macro has too.

mod error;
mod header;
mod name;

pub use error::WeightsError;
pub use name::TensorName;

use crate::kernel::Scalar;
use crate::number::size::sum;
use crate::part::learn::Learn;
use crate::part::place::Place;
use crate::part::run::Part;
use crate::part::tensor::Tensor;
use nn_files::{File, Numbers, Problem, Spoken, Wanted};

/// The bytes of a file of a part's parameters.
pub(crate) const fn saved_len<P: Part>() -> usize {
    sum(8 + P::ABOUT.header.len(), P::ABOUT.bytes)
}

/// Calls `each` with every tensor of a part: its number, the place of its layer, and what it is.
fn describe<P: Part>(mut each: impl FnMut(usize, &Place<'_>, &Tensor)) {
    let mut index = 0;
    P::describe(Place::FIRST, &mut |module| {
        for tensor in module.tensors {
            each(index, &module.place, tensor);
            index += 1;
        }
    });
}

/// What PyTorch calls what a layer may have there, but not here: a second layer in the same module, another direction, a projection, a
/// bias. A network that leaves it unread computes something else.
const EXTRA: [&str; 5] = ["weight_ih_l1", "weight_ih_l0_reverse", "weight_hr_l0", "bias_ih_l0", "bias"];

/// Calls `each` with the names of all tensors that the layers of a part don't have, but may have elsewhere, and their number.
fn extra<P: Part>(mut each: impl FnMut(usize, Spoken<'_>)) {
    let mut index = 0;
    P::describe(Place::FIRST, &mut |module| {
        for name in EXTRA {
            if !module.tensors.is_empty() && module.tensors.iter().all(|tensor| tensor.name != name) {
                each(index, &|each: &mut dyn FnMut(&str)| name::say(&module.place, name, each));
            }
            index += 1;
        }
    });
}

/// Sets the parameters to those of a file. Nothing is written before everything was found to be right.
pub(crate) fn load<P: Learn>(part: &mut P, bytes: &[u8]) -> Result<(), WeightsError> {
    let file = File::open(bytes).map_err(|problem| WeightsError::of(problem, TensorName::of::<P>(0)))?;
    let mut result = Ok(());
    describe::<P>(|index, place, tensor| {
        if result.is_ok() {
            result = numbers::<P>(&file, index, place, tensor).map(drop);
        }
    });
    result?;
    extra::<P>(|index, spoken| {
        if result.is_ok() && !matches!(file.find(spoken), Err(Problem::Missing)) {
            result = Err(WeightsError::Extra { name: TensorName::extra::<P>(index) });
        }
    });
    result?;
    let mut number = 0;
    P::walk([part], &mut |_, [values]| {
        describe::<P>(|index, place, tensor| {
            if index == number
                && let Ok(numbers) = numbers::<P>(&file, index, place, tensor)
            {
                values.iter_mut().zip(numbers.iter()).for_each(|(value, number)| *value = P::T::from_f64(number));
            }
        });
        number += 1;
    });
    Ok(())
}

/// The numbers of a tensor in the order of memory.
fn numbers<'a, P: Learn>(
    file: &File<'a>,
    index: usize,
    place: &Place<'_>,
    tensor: &Tensor,
) -> Result<Numbers<'a>, WeightsError> {
    let &Tensor { name, shape, is_transposed, .. } = tensor;
    let layer = |each: &mut dyn FnMut(&str)| place.say(each);
    let numbers = file.numbers(&Wanted { layer: &layer, name, shape, is_transposed, bytes: size_of::<P::T>() });
    numbers.map_err(|problem| WeightsError::of(problem, TensorName::of::<P>(index)))
}

/// Writes the parameters as a file, and returns its length.
pub(crate) fn save<P: Learn>(part: &P, bytes: &mut [u8]) -> Result<usize, WeightsError> {
    let (needed, found) = (const { saved_len::<P>() }, bytes.len());
    let file = bytes.get_mut(..needed).ok_or(WeightsError::Buffer { needed, found })?;
    let (head, mut data) = file.split_at_mut_checked(needed - P::ABOUT.bytes).unwrap_or_default();
    header::write::<P>(head)?;
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
        let place = if tensor.is_transposed { turned(place, tensor.shape) } else { place };
        let value = values.get(place).copied().unwrap_or(T::ZERO);
        to.iter_mut().zip(value.to_bits().to_le_bytes()).for_each(|(to, byte)| *to = byte);
    }
}

/// Where a number lies in memory if the dimensions are the other way round there than in a file of that shape.
fn turned(mut place: usize, shape: &[usize]) -> usize {
    let mut there = 0;
    for size in shape.iter().rev() {
        // The last index in the file is the first in memory.
        there = there * size + place.checked_rem(*size).unwrap_or(0);
        place = place.checked_div(*size).unwrap_or(0);
    }
    there
}

#[cfg(test)]
mod tests {
    use super::turned;

    #[test]
    fn dimensions_are_turned_round() {
        let memory: [usize; 6] = core::array::from_fn(|place| turned(place, &[2, 3]));
        assert_eq!(memory, [0, 2, 4, 1, 3, 5]);
        // `[o][i][k]` is at `[k][i][o]`.
        for (place, [o, i, k]) in (0..24).map(|at| (at, [at / 12, at / 4 % 3, at % 4])) {
            assert_eq!(turned(place, &[2, 3, 4]), (k * 3 + i) * 2 + o);
        }
    }
}
