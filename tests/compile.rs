//! Mistakes and what the user reads: each file of `compile_fail` must fail with exactly the errors beside it.
//!
//! `TRYBUILD=overwrite cargo test -p tests --test compile` writes them anew, with the toolchain that is pinned.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Without a passing case trybuild runs `cargo check`, as an editor does.
#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("compile_fail/*.rs");
}

#[test]
fn what_is_right_compiles() {
    trybuild::TestCases::new().pass("compile_pass/*.rs");
}

/// One error for one mistake, short, on the user's own line, without type-level numbers and private paths.
#[test]
fn errors_are_for_people() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("compile_fail");
    let entries = fs::read_dir(folder).expect("the folder of mistakes").map(|entry| entry.expect("an entry").path());
    let sources: Vec<_> = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect();
    assert!(sources.len() > 20);
    let faults: Vec<_> = sources.iter().flat_map(|path| faults(path)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// Mistakes are told by the front of the compiler, as `cargo check` and editors run it, not first by a build.
#[test]
fn mistakes_are_told_before_code_is_generated() {
    for name in ["networks_that_do_not_fit", "layers_that_do_not_fit", "activations", "budgets", "input_length"] {
        is_told(&format!("compile_fail/{name}.rs"), &["--emit=metadata"]);
    }
}

/// What only generated code shows is told by a build, and that a test would never run by `cargo test`.
#[test]
fn mistakes_that_a_check_can_not_see_are_told_by_a_build() {
    is_told("build_fail/tensors.rs", &["--emit=obj"]);
    is_told("build_fail/no_steps.rs", &["--emit=obj"]);
    is_told("build_fail/too_large.rs", &["--emit=obj"]);
    is_told("build_fail/golden_in_a_function.rs", &["--emit=metadata", "--test"]);
}

/// That a compile with these arguments fails, and says what the first mark of the source says.
fn is_told(source: &str, arguments: &[&str]) {
    let deps = std::env::current_exe().expect("this test").parent().expect("its folder").to_path_buf();
    let built = fs::read_dir(&deps).expect("the folder of builds").filter_map(|entry| {
        let path = entry.ok()?.path();
        let name = path.file_name()?.to_str()?;
        (name.starts_with("libnn_core-") && name.ends_with(".rlib")).then_some(())?;
        Some((fs::metadata(&path).ok()?.modified().ok()?, path))
    });
    let (_, library) = built.max().expect("the library, built for this test");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "--crate-type=bin", "--out-dir", env!("CARGO_TARGET_TMPDIR")])
        .args(arguments)
        .arg(format!("-Ldependency={}", deps.display()))
        .arg(format!("--extern=nn_core={}", library.display()))
        .arg(&source)
        .output()
        .expect("rustc");
    let errors = String::from_utf8_lossy(&output.stderr);
    let text = fs::read_to_string(&source).expect("a source");
    let (_, words) = marks(&text)[0];
    assert!(
        !output.status.success()
            && errors.lines().any(|line| line.split("//~").next().is_some_and(|line| line.contains(words))),
        "{}:\n{errors}",
        source.display()
    );
}

/// What is wrong with the errors of one file.
fn faults(path: &Path) -> Vec<String> {
    let name = path.file_name().expect("a name").display().to_string();
    let source = fs::read_to_string(path).expect("a source");
    let Ok(errors) = fs::read_to_string(path.with_extension("stderr")) else {
        return vec![format!("{name} has no errors")];
    };
    let mut faults = Vec::new();
    for word in ["UInt<", "UTerm", "__private", "<<", "$crate"] {
        if errors.contains(word) {
            faults.push(format!("{name}: {word} in\n{errors}"));
        }
    }
    // The compiler shows the source, marks included: what they say must not be found in themselves.
    let errors: String =
        errors.lines().map(|line| format!("{}\n", line.split("//~").next().unwrap_or_default())).collect();
    let mut found: Vec<_> = errors.split("\n\n").filter(|error| error.starts_with("error")).collect();
    for error in &found {
        let own =
            error.starts_with("error: ") && !error.contains("lint level") || error.contains("evaluation panicked");
        let most = if own { 8 } else { 22 };
        if error.lines().count() > most {
            faults.push(format!("{name}: more than {most} lines in\n{error}"));
        }
    }
    for (line, words) in marks(&source) {
        let place = format!("{name}:{line}:");
        let is_there = |error: &&str| error.lines().nth(1).is_some_and(|second| second.contains(&place));
        match found.iter().position(|error| is_there(error) && error.contains(words)) {
            Some(at) => drop(found.remove(at)),
            None => faults.push(format!("{name}: no error at line {line} that says `{words}`")),
        }
    }
    faults.extend(found.iter().map(|error| format!("{name}: an error that is not marked:\n{error}")));
    faults
}

/// The lines of mistakes and what their errors say: `//~ words` marks its own line, each `^` one line further up.
fn marks(source: &str) -> Vec<(usize, &str)> {
    let marked = source.lines().enumerate().filter_map(|(at, line)| {
        let words = line.split_once("//~")?.1;
        let up = words.bytes().take_while(|byte| *byte == b'^').count();
        Some((at + 1 - up, words[up..].trim()))
    });
    marked.collect()
}
