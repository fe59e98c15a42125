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
        if let Some(what) = other_file(&bytes) {
            return Err(format!("`{}` is {what}", path.display()));
        }
        let tensors = if bytes.starts_with(b"PK\x03\x04") { npz::read(&bytes) } else { safetensors(&bytes) };
        let what = if is_npz(&path) { "an uncompressed `.npz` file" } else { "a safetensors file" };
        let tensors = tensors.map_err(|error| format!("`{}` is not {what}: {error}", path.display()))?;
        Ok(Self { path, tensors })
    }
}

/// What a file is that is often taken for one of weights; the same as in `nn-core`.
fn other_file(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"version https://git-lfs") {
        return Some("a Git LFS pointer, not the file itself; run `git lfs pull`");
    }
    // An archive whose first file is a pickle, or, before PyTorch 1.6, pickles of which the first is a magic number.
    let head = bytes.get(..100).unwrap_or(bytes);
    let is_archive = head.starts_with(b"PK\x03\x04") && head.windows(9).any(|name| name == b"/data.pkl");
    (is_archive || head.starts_with(b"\x80\x02\x8a\x0al\xfc\x9cF\xf9"))
        .then_some("written by `torch.save`; write it with safetensors' `save_file`")
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
