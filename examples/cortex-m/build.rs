//! Writes the memory of the chip for the linker.

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    // As in the smallest common parts: the nRF51 of the first micro:bit, and 64 KiB for the larger cores.
    let ram = if env::var("TARGET")?.starts_with("thumbv6m") { "16K" } else { "64K" };
    let memory = format!("MEMORY {{ FLASH : ORIGIN = 0, LENGTH = 256K  RAM : ORIGIN = 0x20000000, LENGTH = {ram} }}\n");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("memory.x"), memory)?;
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
