//! The table, and its place in the README.

use crate::programs::{Core, Program, Report};
use std::error::Error;
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- made by `cargo run -p bare-metal -- --write` -->\n";
const END: &str = "<!-- end -->";

/// A program on a core, compiled to be small and to be fast.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) program: &'static Program,
    pub(crate) core: &'static Core,
    pub(crate) small: Report,
    pub(crate) fast: Option<Report>,
}

pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut table = String::from(
        "| program | core | flash, bytes | static RAM | peak stack | counted | instructions | flash at 3 | instructions at 3 |\n\
         |---|---|---:|---:|---:|---|---:|---:|---:|\n",
    );
    for Row { program, core, small, fast } in rows.iter().filter(|row| !row.program.title.is_empty()) {
        let [flash, ram, stack, instructions] =
            [small.flash, small.ram, small.stack, small.instructions].map(thousands);
        let [fast_flash, fast_instructions] =
            fast.as_ref().map_or_else(Default::default, |fast| [fast.flash, fast.instructions].map(thousands));
        let Program { title, counted, .. } = program;
        table += &format!("| {title} | {} | {flash} | {ram} | {stack} | {counted} | {instructions} ", core.name);
        table += &format!("| {fast_flash} | {fast_instructions} |\n");
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

/// How far a figure may be off. Cargo names crates by the folder that they are in, the linker orders their code by these names,
/// and a few bytes of padding and jumps depend on the order.
const MARGIN: u64 = 16;

/// Whether two tables say the same, figures up to the margin.
fn agree(a: &str, b: &str) -> bool {
    let cells = |table: &str| table.split('|').map(|cell| cell.trim().to_string()).collect::<Vec<_>>();
    let number = |cell: &str| cell.replace(',', "").parse::<u64>().ok();
    let (a, b) = (cells(a), cells(b));
    a.len() == b.len()
        && a.iter().zip(&b).all(|(a, b)| match (number(a), number(b)) {
            (Some(a), Some(b)) => a.abs_diff(b) <= MARGIN,
            _ => a == b,
        })
}

pub(crate) fn check(readme: &Path, table: &str) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(readme)?;
    match parts(&text) {
        Some([_, found, _]) if agree(found, table) => Ok(()),
        _ => Err("the table in the README is another one: `cargo run -p bare-metal -- --write`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::agree;

    #[test]
    fn figures_agree_up_to_the_margin() {
        let table = "| 2-8-4-1 | M3 | 3,972 | 0 |\n";
        assert!(agree(table, "| 2-8-4-1 | M3 | 3,988 | 0 |\n") && agree(table, "| 2-8-4-1 | M3 | 3,956 | 0 |\n"));
        let others = ["| 2-8-4-1 | M3 | 3,989 | 0 |\n", "| 2-8-4-2 | M3 | 3,972 | 0 |\n", "| 2-8-4-1 | M3 | 3,972 |\n"];
        assert!(others.iter().all(|other| !agree(table, other)));
    }
}
