//! The house: files import from their own floor and those below, never from one above.

use std::fs;
use std::path::{Path, PathBuf};

/// The files and folders of `nn-core/src` from the ground up. Those of one floor know nothing of each other.
const CORE: &[&[&str]] = &[
    &["text", "lint", "no_panic", "random"],
    &["number"],
    &["kernel", "input"],
    &["part", "setting", "distribution"],
    &["activation", "file", "saved", "error"],
    &["layer"],
    &["network", "dataset"],
    &["collapse", "loss", "metric", "optimizer", "statistics", "summary", "weights"],
    &["train"],
    &["lib"],
];

/// The same of `nn-files/src`.
const FILES: &[&[&str]] = &[
    &["dims", "dtype"],
    &["problem"],
    &["json"],
    &["name"],
    &["tensor"],
    &["npz", "safetensors"],
    &["file"],
    &["lib"],
];

/// The same of `nn-macros/src`.
const MACROS: &[&[&str]] = &[
    &["report", "tokens", "near"],
    &["arguments", "condition", "expression", "fraction"],
    &["ast"],
    &["parse", "shape", "reader"],
    &["names"],
    &["layer"],
    &["word"],
    &["resolve"],
    &["warning", "weights"],
    &["expand"],
    &["lib", "fuzz"],
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let all = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    all.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The names after `crate::` in a line of code.
fn imports(line: &str) -> Vec<&str> {
    let code = line.trim_start();
    let ends = |rest: &str| rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let after = code.split("crate::").skip(1).map(|rest| &rest[..ends(rest)]);
    // Macros, and what they refer to in their users' crates, are reached from everywhere.
    if code.starts_with("//") { Vec::new() } else { after.filter(|name| !name.starts_with("__")).collect() }
}

/// The lines that import from a floor above.
fn upward(folder: &Path, floors: &[&[&str]]) -> Vec<String> {
    let floor = |name: &str| floors.iter().position(|floor| floor.contains(&name));
    let mut wrong = Vec::new();
    // The tests of a room may use the whole house.
    for path in sources(folder).into_iter().filter(|path| !path.ends_with("tests.rs")) {
        let inside = path.strip_prefix(folder).expect("a path inside").with_extension("");
        let own = inside.iter().next().expect("a name").to_str().expect("a name in UTF-8");
        let here = floor(own).unwrap_or_else(|| panic!("`{own}` stands on no floor; `FLOORS` says which it should be"));
        for (at, line) in fs::read_to_string(&path).expect("a source").lines().enumerate() {
            let is_wrong = |name: &&str| *name != own && floor(name).is_none_or(|there| there >= here);
            if let Some(name) = imports(line).into_iter().find(is_wrong) {
                wrong.push(format!("{}:{}: `{name}` is not below `{own}`: {}", path.display(), at + 1, line.trim()));
            }
        }
    }
    wrong
}

fn crates() -> [PathBuf; 3] {
    ["nn-core/src", "nn-macros/src", "nn-files/src"]
        .map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder))
}

#[test]
fn imports_run_downwards() {
    let [core, macros, files] = crates();
    let wrong = [upward(&core, CORE), upward(&macros, MACROS), upward(&files, FILES)].concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is unsafe is checked where it stands, and stands in two places.
#[test]
fn unsafe_code_is_in_storage_and_kernels() {
    for folder in crates() {
        for path in sources(&folder) {
            let inside = path.strip_prefix(&folder).expect("a path inside");
            let may = ["kernel", "number/storage", "number/storage.rs"].iter().any(|place| inside.starts_with(place));
            let text = fs::read_to_string(&path).expect("a source");
            assert!(may || !text.contains("allow(unsafe_code)"), "{} allows unsafe code", path.display());
        }
    }
}

/// A reader finds a file by its folder, and sees the whole of it.
#[test]
fn folders_are_two_deep_and_files_short() {
    for folder in crates() {
        for path in sources(&folder) {
            let lines = fs::read_to_string(&path).expect("a source").lines().count();
            let depth = path.strip_prefix(&folder).expect("a path inside").iter().count() - 1;
            assert!(depth <= 2 && lines <= 400, "{}: {lines} lines, {depth} folders deep", path.display());
        }
    }
}
