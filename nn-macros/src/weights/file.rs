//! A file of tensors, read by its format's library.

use super::npz;
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A tensor of floating-point numbers, or of others.
#[derive(Clone)]
pub struct Tensor {
    /// Its shape.
    pub shape: Vec<usize>,
    /// The type of its numbers as the file writes it.
    pub dtype: String,
    /// Its numbers in the order of the rows, if they are floating-point numbers.
    pub numbers: Option<Vec<f64>>,
}

/// The tensors of a file by their names.
pub struct File {
    /// The full path.
    pub path: PathBuf,
    /// The tensors.
    pub tensors: BTreeMap<String, Tensor>,
}

impl File {
    /// Reads a file whose path is relative to the folder of the crate's `Cargo.toml`.
    pub fn read(path: &str) -> Result<Self, String> {
        let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
        let path = folder.join(path);
        let bytes = fs::read(&path).map_err(|error| format!("can't read `{}`: {error}", path.display()))?;
        let tensors = if bytes.starts_with(b"PK\x03\x04") { npz::read(&bytes) } else { safetensors(&bytes) };
        let what = if is_npz(&path) { "an uncompressed `.npz` file" } else { "a safetensors file" };
        let tensors = tensors.map_err(|error| format!("`{}` is not {what}: {error}", path.display()))?;
        Ok(Self { path, tensors })
    }
}

fn is_npz(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "npz")
}

fn safetensors(bytes: &[u8]) -> Result<BTreeMap<String, Tensor>, String> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
    let tensors = file.tensors().into_iter().map(|(name, view)| {
        let of: Option<(usize, fn(u64) -> f64)> = match view.dtype() {
            Dtype::F16 => Some((2, half)),
            Dtype::BF16 => Some((2, |bits| f32::from_bits((bits as u32) << 16).into())),
            Dtype::F32 => Some((4, single)),
            Dtype::F64 => Some((8, f64::from_bits)),
            _ => None,
        };
        let numbers = of.map(|(bytes, number)| numbers(view.data(), bytes, number));
        (name, Tensor { shape: view.shape().to_vec(), dtype: format!("{:?}", view.dtype()), numbers })
    });
    Ok(tensors.collect())
}

/// The numbers of so many bytes each, least significant first.
pub fn numbers(data: &[u8], bytes: usize, number: fn(u64) -> f64) -> Vec<f64> {
    let bits = |chunk: &[u8]| chunk.iter().rev().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
    data.chunks_exact(bytes).map(|chunk| number(bits(chunk))).collect()
}

/// Single precision.
pub fn single(bits: u64) -> f64 {
    f32::from_bits(bits as u32).into()
}

/// Half precision.
pub fn half(bits: u64) -> f64 {
    let (exponent, fraction) = ((bits >> 10 & 31) as i32, (bits & 1023) as f64 / 1024.0);
    let size = match exponent {
        0 => fraction * 2_f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    };
    if bits >> 15 & 1 == 0 { size } else { -size }
}
