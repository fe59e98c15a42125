//! Builds the programs of `examples/bare-metal` for five cores, small and fast, runs them in qemu, checks what they promise, and
//! prints what they take as a table.
//!
//! `cargo run -p bare-metal`; with `--check` the table must be the one in the README, and with `--write` it is put there.
//! Needs the five targets, qemu-system-arm, qemu-system-riscv32 and gcc: `.ci/bare-metal` installs what is missing.

mod elf;
mod programs;
mod run;
mod table;

use programs::{CORES, Core, Level, PROGRAMS, Program, Report};
use std::error::Error;
use std::path::Path;
use table::Row;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let plugin = run::plugin(&root)?;
    let mut rows = Vec::new();
    for core in &CORES {
        let small = measured(&root, &plugin, core, Level::Small)?;
        let fast = measured(&root, &plugin, core, Level::Fast)?;
        for (program, small) in small {
            let fast = fast.iter().find(|(of, _)| of.name == program.name).map(|(_, report)| report.clone());
            rows.push(Row { program, core, small, fast });
        }
    }
    let table = table::markdown(&rows);
    println!("{table}");
    match std::env::args().nth(1).as_deref() {
        Some("--write") => table::write(&root.join("README.md"), &table),
        Some("--check") => table::check(&root.join("README.md"), &table),
        _ => Ok(()),
    }
}

/// Builds, runs and checks the programs of a core, and says what they take.
fn measured(
    root: &Path,
    plugin: &Path,
    core: &Core,
    level: Level,
) -> Result<Vec<(&'static Program, Report)>, Box<dyn Error>> {
    let programs: Vec<_> = PROGRAMS.iter().filter(|program| program.is_for(core, level)).collect();
    let names: Vec<_> = programs.iter().map(|program| program.name).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    run::build(root, core, level, &names)?;
    let mut runtime: Option<Report> = None;
    let report = |program: &'static Program| {
        let report = run::run(root, plugin, core, program)?;
        let report = report.clone().beside(runtime.get_or_insert(report));
        program.check(core, level, &report)?;
        Ok((program, report))
    };
    let at = level.opt_level();
    let explained = |(program, result): (&Program, Result<_, Box<dyn Error>>)| {
        result.map_err(|error| format!("{} on {} at opt-level {at}: {error}", program.name, core.name).into())
    };
    programs.iter().copied().zip(programs.iter().copied().map(report)).map(explained).collect()
}
