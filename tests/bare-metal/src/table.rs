//! The table, and its place in the README.

use crate::programs::{Core, Program, Report};
use std::error::Error;
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- made by `cargo run -p bare-metal -- --write` -->\n";
const END: &str = "<!-- end -->";

pub(crate) fn markdown(rows: &[(&Program, &Core, Report)]) -> String {
    let mut table = String::from(
        "| program | core | flash, bytes | static RAM | peak stack | counted | instructions |\n\
         |---|---|---:|---:|---:|---|---:|\n",
    );
    for (program, core, report) in rows.iter().filter(|(program, ..)| !program.title.is_empty()) {
        let [flash, ram, stack, instructions] =
            [report.flash, report.ram, report.stack, report.instructions].map(thousands);
        let Program { title, counted, .. } = program;
        table += &format!("| {title} | {} | {flash} | {ram} | {stack} | {counted} | {instructions} |\n", core.name);
    }
    table
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// The text before the table, the table, and the text after it.
fn parts(readme: &str) -> Option<[&str; 3]> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (table, after) = rest.split_once(END)?;
    Some([before, table, after])
}

pub(crate) fn write(readme: &Path, table: &str) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(readme)?;
    let [before, _, after] = parts(&text).ok_or("the README has no place for the table")?;
    Ok(fs::write(readme, format!("{before}{BEGIN}{table}{END}{after}"))?)
}

pub(crate) fn check(readme: &Path, table: &str) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(readme)?;
    match parts(&text) {
        Some([_, found, _]) if found == table => Ok(()),
        _ => Err("the table in the README is another one: `cargo run -p bare-metal -- --write`".into()),
    }
}
