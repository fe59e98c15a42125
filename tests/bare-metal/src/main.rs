//! Builds the programs of `examples/cortex-m` for three cores, runs them in qemu, checks what they promise, and prints what
//! they take as a table.
//!
//! `cargo run -p bare-metal`; with `--check` the table must be the one in the README, and with `--write` it is put there.
//! Needs the three targets, qemu-system-arm and gcc: `.ci/bare-metal` installs what is missing.

mod elf;
mod programs;
mod run;
mod table;

use programs::{CORES, PROGRAMS, Report};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let plugin = run::plugin(&root)?;
    let mut rows = Vec::new();
    for core in &CORES {
        let names: Vec<_> = PROGRAMS.iter().filter(|program| program.fits(core)).map(|program| program.name).collect();
        run::build(&root, core, &names)?;
        let mut runtime: Option<Report> = None;
        for program in PROGRAMS.iter().filter(|program| program.fits(core)) {
            let report = run::run(&root, &plugin, core, program)
                .map_err(|error| format!("{} on {}: {error}", program.name, core.name))?;
            let runtime = runtime.get_or_insert_with(|| report.clone());
            let report = report.beside(runtime);
            program.check(core, &report).map_err(|error| format!("{} on {}: {error}", program.name, core.name))?;
            rows.push((program, core, report));
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
