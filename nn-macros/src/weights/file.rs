//! A file of tensors, read by its format's library.

use super::npz;
use super::tensor::{Encoding, Tensor};
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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
            Dtype::BF16 => Some(Encoding::BRAIN),
            Dtype::F32 => Some(Encoding::SINGLE),
            Dtype::F64 => Some(Encoding::DOUBLE),
            _ => None,
        };
        let numbers = encoding.map(|encoding| encoding.read(view.data()));
        (name, Tensor { shape: view.shape().to_vec(), dtype: format!("{:?}", view.dtype()), numbers })
    });
    Ok(tensors.collect())
}
