//! Building and running.

use crate::elf;
use crate::programs::{Core, Level, Program, Report};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles the plugin of qemu that counts instructions.
pub(crate) fn plugin(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let plugin = root.join("examples/bare-metal/target/count.so");
    fs::create_dir_all(root.join("examples/bare-metal/target"))?;
    let source = root.join("tests/bare-metal/count.c");
    done(Command::new("gcc").args(["-O2", "-Wall", "-shared", "-fPIC", "-o"]).arg(&plugin).arg(source))?;
    Ok(plugin)
}

/// Builds programs for a core.
pub(crate) fn build(root: &Path, core: &Core, level: Level, names: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root.join("examples/bare-metal")).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level.opt_level());
    cargo.args(["build", "--quiet", "--release", "--locked", "--target", core.target, "--target-dir", "target"]);
    done(cargo.args(names.iter().flat_map(|name| ["--bin", name])))
}

/// Runs a program to its end, which must be a success.
pub(crate) fn run(root: &Path, plugin: &Path, core: &Core, program: &Program) -> Result<Report, Box<dyn Error>> {
    let folder = root.join("examples/bare-metal/target").join(core.target).join("release");
    let (path, counts) = (folder.join(program.name), folder.join(format!("{}.counts", program.name)));
    let image = elf::Image::read(&path)?;
    let mut qemu = Command::new(core.qemu);
    qemu.args(["-M", core.machine, "-bios", "none", "-nographic", "-monitor", "none", "-serial", "none"]);
    qemu.args(["-semihosting-config", "enable=on,target=native"]);
    qemu.arg("-plugin").arg(format!("{},out={}", plugin.display(), counts.display()));
    let output = qemu.arg("-kernel").arg(&path).output()?;
    let text = String::from_utf8(output.stdout)?;
    if !output.status.success() {
        return Err(format!("{}\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr)).into());
    }
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    let mut report = Report {
        flash: image.flash,
        ram: image.ram,
        stack: 0,
        instructions: 0,
        lines: lines.map(|(name, value)| (name.to_string(), value.to_string())).collect(),
    };
    report.stack = report.number("stack").ok_or("it did not say how deep its stack was")?;
    let counts = fs::read_to_string(counts)?;
    report.instructions = counts.lines().filter_map(|count| count.parse().ok()).max().unwrap_or(0);
    Ok(report)
}

fn done(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}
