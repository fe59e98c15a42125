//! Mistakes and what the user reads: each file of `compile_fail` must fail with exactly the errors beside it.
//!
//! `TRYBUILD=overwrite cargo test -p tests --test compile` writes them anew, with the toolchain that is pinned.

use std::fs;
use std::path::Path;

/// Without a passing case trybuild runs `cargo check`, as an editor does.
#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("compile_fail/*.rs");
}

#[test]
fn what_is_right_compiles() {
    trybuild::TestCases::new().pass("compile_pass/*.rs");
}

/// One error for one mistake, on the user's own line, without type-level numbers and private paths.
#[test]
fn errors_are_for_people() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("compile_fail");
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("the folder of mistakes") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        files += 1;
        let name = path.display();
        let source = fs::read_to_string(&path).expect("a source");
        let errors =
            fs::read_to_string(path.with_extension("stderr")).unwrap_or_else(|_| panic!("{name} has no errors"));
        for word in ["UInt<", "UTerm", "__private", "<<", "$crate"] {
            assert!(!errors.contains(word), "{name}: {word} in\n{errors}");
        }
        // A mistake is marked in the source: `//~ what the error says`.
        let expected: Vec<_> =
            source.lines().enumerate().filter_map(|(at, line)| Some((at + 1, line.split_once("//~ ")?.1))).collect();
        assert!(!expected.is_empty(), "{name}: no mistake is marked");
        let mut found: Vec<_> = errors.split("\n\n").filter(|error| error.starts_with("error")).collect();
        assert_eq!(found.len(), expected.len(), "{name}: as many errors as mistakes, not\n{errors}");
        for (line, words) in expected {
            let place = format!("{}:{line}:", path.file_name().expect("a name").display());
            let first_place = |error: &&str| error.lines().nth(1).is_some_and(|second| second.contains(&place));
            let at = found.iter().position(|error| first_place(error) && error.contains(words));
            let at = at.unwrap_or_else(|| panic!("{name}: no error at line {line} that says `{words}` in\n{errors}"));
            found.remove(at);
        }
    }
    assert!(files > 0);
}
