//! The peers that live in Python, in a process of their own.

use crate::networks::{Case, Targets, Task};
use crate::report::Row;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A case as the script reads it: a line of words, and numbers.
pub fn written(case: &Case, expected: &[f32]) -> (String, Vec<u8>) {
    let task = match &case.task {
        Task::Forward => "forward",
        Task::Train { adam: false, .. } => "sgd",
        Task::Train { adam: true, .. } => "adam",
    };
    let mut line = format!("{}|{task}|{}|{}|", case.name, case.rows, case.rate());
    let mut numbers: Vec<f32> = Vec::new();
    for (at, layer) in case.layers.iter().enumerate() {
        let separator = if at == 0 { "" } else { ";" };
        let activation = format!("{:?}", layer.activation).to_lowercase();
        write!(line, "{separator}{},{},{activation}", layer.inputs, layer.outputs).expect("room for a word");
        numbers.extend(layer.weights.iter().chain(&layer.bias));
    }
    numbers.extend(&case.x);
    match &case.task {
        Task::Forward => {}
        Task::Train { targets: Targets::Values(values), .. } => numbers.extend(values),
        Task::Train { targets: Targets::Classes(classes), .. } => numbers.extend(classes.iter().map(|c| *c as f32)),
    }
    numbers.extend(expected);
    (line, numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
}

/// Adds the figures of a script, run by the interpreter that the environment variable `PYTHON` names, from the cases as they
/// are written.
pub fn add_figures(script: &str, cases: &[(String, Vec<u8>)], rows: &mut [Row], rounds: usize) -> std::io::Result<()> {
    let Some(python) = std::env::var_os("PYTHON") else { return Ok(()) };
    let folder = std::env::temp_dir().join(format!("nn-core-benches-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut lines = String::new();
    for (at, (line, numbers)) in cases.iter().enumerate() {
        lines += line;
        lines.push('\n');
        std::fs::write(folder.join(format!("{at}.f32")), numbers)?;
    }
    std::fs::write(folder.join("cases"), lines)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    let rounds = rounds.to_string();
    let arguments = [script.as_os_str(), folder.as_os_str(), rounds.as_ref()];
    let output = Command::new(python).args(arguments).stderr(Stdio::inherit()).output()?;
    std::fs::remove_dir_all(&folder)?;
    assert!(output.status.success(), "the script in Python failed");
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, row, time] = fields[..] else { continue };
        let row = rows.iter_mut().find(|other| other.name == row).expect("a row of the table");
        row.figures.push((name.to_owned(), time.parse().expect("a number")));
    }
    Ok(())
}
