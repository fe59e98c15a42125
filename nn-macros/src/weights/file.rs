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
        let encoding = match view.dtype() {
            Dtype::F16 => Some(Encoding::HALF),
            Dtype::BF16 => Some(Encoding { bytes: 2, number: |bits| f32::from_bits((bits as u32) << 16).into() }),
            Dtype::F32 => Some(Encoding::SINGLE),
            Dtype::F64 => Some(Encoding::DOUBLE),
            _ => None,
        };
        let numbers = encoding.map(|encoding| encoding.read(view.data()));
        (name, Tensor { shape: view.shape().to_vec(), dtype: format!("{:?}", view.dtype()), numbers })
    });
    Ok(tensors.collect())
}

/// How a floating-point number is written.
pub struct Encoding {
    /// Its bytes, least significant first.
    bytes: usize,
    /// The number of its bits.
    number: fn(u64) -> f64,
}

impl Encoding {
    /// Half precision.
    pub const HALF: Self = Self { bytes: 2, number: half };
    /// Single precision.
    pub const SINGLE: Self = Self { bytes: 4, number: |bits| f32::from_bits(bits as u32).into() };
    /// Double precision.
    pub const DOUBLE: Self = Self { bytes: 8, number: f64::from_bits };

    /// All numbers of a tensor.
    pub fn read(&self, data: &[u8]) -> Vec<f64> {
        let bits = |chunk: &[u8]| chunk.iter().rev().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        data.chunks_exact(self.bytes).map(|chunk| (self.number)(bits(chunk))).collect()
    }
}

fn half(bits: u64) -> f64 {
    let (exponent, fraction) = ((bits >> 10 & 31) as i32, (bits & 1023) as f64 / 1024.0);
    let size = match exponent {
        0 => fraction * 2_f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    };
    if bits >> 15 & 1 == 0 { size } else { -size }
}
