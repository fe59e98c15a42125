//! A file whose path stands in a declaration.

use nn_files::File;
use std::ffi::OsString;
use std::path::{Path, PathBuf, absolute};

/// The bytes of a file.
pub struct Source {
    /// The full path, by which a change of the file is noticed too.
    pub path: String,
    pub(super) bytes: Vec<u8>,
}

impl Source {
    /// Reads a file whose path is relative to the folder of the crate's `Cargo.toml`.
    pub fn read(path: &str) -> Result<Self, String> {
        let path = full(std::env::var_os("CARGO_MANIFEST_DIR"), path)?;
        let bytes = std::fs::read(&path).map_err(|error| format!("can't read `{path}`: {error}"))?;
        Ok(Self { path, bytes })
    }

    /// Looks at its structure.
    pub fn file(&self) -> Result<File<'_>, String> {
        File::open(&self.bytes).map_err(|problem| self.wrong(problem))
    }

    /// That something is wrong with the whole of it.
    pub fn wrong(&self, problem: nn_files::Problem) -> String {
        let path = &self.path;
        let is_npz = Path::new(path).extension().is_some_and(|extension| extension == "npz");
        match problem {
            nn_files::Problem::Other { what } => format!("`{path}` is {what}"),
            problem if is_npz => format!("`{path}` is not an uncompressed `.npz` file: {problem}"),
            problem => format!("`{path}` is not a safetensors file: {problem}"),
        }
    }
}

/// The full path of a file; `folder` is that of the crate, from where the compiler was started.
fn full(folder: Option<OsString>, path: &str) -> Result<String, String> {
    let joined = folder.map(PathBuf::from).unwrap_or_default().join(path);
    let full = absolute(&joined).map_err(|error| format!("can't find `{}`: {error}", joined.display()))?;
    full.into_os_string().into_string().map_err(|full| format!("the path `{}` is not UTF-8", full.display()))
}

#[cfg(test)]
mod tests {
    use super::full;

    #[test]
    fn paths_are_full_whatever_the_folder_is() {
        let here = std::env::current_dir().expect("a folder");
        let expected = |path: &str| here.join(path).to_str().map(str::to_string).ok_or(String::new());
        assert_eq!(full(None, "a.npz"), expected("a.npz"));
        assert_eq!(full(Some("crates/net".into()), "a.npz"), expected("crates/net/a.npz"));
        assert_eq!(full(Some(here.clone().into()), "a.npz"), expected("a.npz"));
        let other = here.join("b.npz");
        assert_eq!(full(Some("crates/net".into()), other.to_str().expect("a path")), expected("b.npz"));
    }
}
