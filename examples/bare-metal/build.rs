//! Writes the memory of the chip for the linker.

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    // As in the smallest common parts: the nRF51 of the first micro:bit and the FE310, 64 KiB for the larger cores, and
    // 128 KiB for those that compute in floating point.
    let target = env::var("TARGET")?;
    let [flash, ram, size] = match &*target {
        "thumbv6m-none-eabi" => ["0", "0x20000000", "16K"],
        "riscv32imac-unknown-none-elf" => ["0x20400000", "0x80000000", "16K"],
        "riscv32imc-unknown-none-elf" => ["0x80000000", "0x80040000", "64K"],
        "thumbv7em-none-eabihf" => ["0", "0x20000000", "128K"],
        _ => ["0", "0x20000000", "64K"],
    };
    let memory =
        format!("MEMORY {{ FLASH : ORIGIN = {flash}, LENGTH = 256K  RAM : ORIGIN = {ram}, LENGTH = {size} }}\n");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("memory.x"), memory)?;
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rustc-link-search={}", env::var("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=riscv.ld");
    Ok(())
}
