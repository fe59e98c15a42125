//! NumPy's `.npz`: a zip archive of `.npy` files, here those that are stored, not compressed.

use super::tensor::{Encoding, Tensor};
use std::collections::BTreeMap;

/// The arrays of an archive by their names.
pub fn read(bytes: &[u8]) -> Result<BTreeMap<String, Tensor>, String> {
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").ok_or("the archive has no end")?;
    let (count, mut at) = (number(bytes, end + 10, 2)?, number(bytes, end + 16, 4)?);
    let mut tensors = BTreeMap::new();
    for _ in 0..count {
        let [name_len, extra, comment] = [28, 30, 32].map(|field| number(bytes, at + field, 2));
        let (name_len, local) = (name_len?, number(bytes, at + 42, 4)?);
        let name = String::from_utf8_lossy(part(bytes, at + 46, name_len)?).into_owned();
        if number(bytes, at + 10, 2)? != 0 {
            return Err(format!("`{name}` is compressed; write it with `numpy.savez`"));
        }
        let start = local + 30 + number(bytes, local + 26, 2)? + number(bytes, local + 28, 2)?;
        let file = part(bytes, start, number(bytes, at + 20, 4)?)?;
        let array = array(file).ok_or(format!("`{name}` is not an array of NumPy"))?;
        tensors.insert(name.trim_end_matches(".npy").to_string(), array);
        at += 46 + name_len + extra? + comment?;
    }
    Ok(tensors)
}

fn part(bytes: &[u8], at: usize, len: usize) -> Result<&[u8], String> {
    at.checked_add(len).and_then(|end| bytes.get(at..end)).ok_or_else(|| "the archive ends too early".into())
}

/// So many bytes at `at`, the least significant first.
fn number(bytes: &[u8], at: usize, len: usize) -> Result<usize, String> {
    Ok(part(bytes, at, len)?.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// Reads a `.npy` file (NEP 1).
fn array(file: &[u8]) -> Option<Tensor> {
    let field = if *file.strip_prefix(b"\x93NUMPY")?.first()? == 1 { 2 } else { 4 };
    let start = 8 + field;
    let end = start + number(file, 8, field).ok()?;
    let header = std::str::from_utf8(file.get(start..end)?).ok()?;
    let value = |key: &str| header.split_once(&format!("'{key}':")).map(|(_, rest)| rest.trim_start());
    let dtype = value("descr")?.strip_prefix('\'')?.split_once('\'')?.0.to_string();
    let shape = value("shape")?.strip_prefix('(')?.split_once(')')?.0;
    let sizes = shape.split(',').map(str::trim).filter(|size| !size.is_empty());
    let shape: Vec<usize> = sizes.map(str::parse).collect::<Result<_, _>>().ok()?;
    let encoding = match dtype.as_str() {
        "<f2" => Some(Encoding::HALF),
        "<f4" => Some(Encoding::SINGLE),
        "<f8" => Some(Encoding::DOUBLE),
        _ => None,
    };
    let mut values = encoding.map(|encoding| encoding.read(&file[end..]));
    let len = shape.iter().try_fold(1_usize, |len, size| len.checked_mul(*size))?;
    if values.as_ref().is_some_and(|values| values.len() != len) {
        return None;
    }
    if value("fortran_order")?.starts_with("True")
        && let ([rows, columns], Some(values)) = (shape.as_slice(), &mut values)
    {
        let by_columns = values.clone();
        for (place, value) in values.iter_mut().enumerate() {
            *value = by_columns[place % columns * rows + place / columns];
        }
    }
    Some(Tensor { shape, dtype, numbers: values })
}

#[cfg(test)]
mod tests {
    use super::array;

    fn npy(shape: &str, numbers: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = u16::try_from(header.len()).expect("a short header").to_le_bytes();
        [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), numbers].concat()
    }

    #[test]
    fn shapes_that_overflow_are_no_arrays() {
        assert!(array(&npy("(1, 2)", &[0; 8])).is_some_and(|tensor| tensor.shape == [1, 2]));
        for shape in ["(4294967296, 4294967296)", "(2, 9223372036854775808)", "(18446744073709551616,)", "(1, 3)"] {
            assert!(array(&npy(shape, &[0; 8])).is_none(), "{shape}");
        }
    }
}
