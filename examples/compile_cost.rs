//! What a declaration costs to compile: `cargo run --release --example compile_cost`.
//!
//! Writes a crate with one network of so many dense layers, and prints how long `cargo check` and `cargo build` take for it
//! beyond the same crate without the network: the best of several times each, nothing reused.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const TIMES: usize = 5;

fn main() -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("compile-cost-{}", std::process::id()));
    fs::create_dir_all(folder.join("src"))?;
    let core = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../nn-core").canonicalize()?;
    let manifest = format!(
        "[package]\nname = \"cost\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nnn-core = {{ path = {core:?} }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;

    println!("{:>7}{:>18}{:>18}{:>18}{:>18}", "layers", "check, s", "a layer, ms", "build, s", "a layer, ms");
    let none = [best(&folder, "check", 0)?, best(&folder, "build", 0)?];
    for layers in [2, 8, 32, 64] {
        let [check, build] = [best(&folder, "check", layers)? - none[0], best(&folder, "build", layers)? - none[1]];
        let each = |seconds: f64| 1_000.0 * seconds / f64::from(layers);
        println!("{layers:>7}{check:>18.2}{:>18.1}{build:>18.2}{:>18.1}", each(check), each(build));
    }
    fs::remove_dir_all(folder)
}

/// The best time of a cargo command for a program that declares a network of so many layers, initialises and runs it.
fn best(folder: &Path, command: &str, layers: u32) -> io::Result<f64> {
    let hidden = " => 32 relu".repeat(layers.saturating_sub(1) as usize);
    let program = format!(
        "use nn_core::prelude::*;\n\
         network! {{ struct Net: 32{hidden} => 10; }}\n\
         fn main() {{\n\
             let mut net = Net::ZERO;\n\
             net.init(&mut ChaCha8Rng::seed_from_u64(1));\n\
             println!(\"{{:?}}\", net.forward(&[1.0; 32]));\n\
         }}\n"
    );
    let main = folder.join("src/main.rs");
    let mut best = f64::INFINITY;
    for time in 0..=TIMES {
        let change = format!("// {time}\n");
        fs::write(&main, if layers == 0 { format!("{change}fn main() {{}}\n") } else { change + &program })?;
        let start = Instant::now();
        let status = Command::new("cargo")
            .args([command, "--quiet", "--offline"])
            .env("CARGO_INCREMENTAL", "0")
            .current_dir(folder)
            .status()?;
        assert!(status.success(), "cargo {command} failed for {layers} layers");
        // The first time builds the library.
        if time > 0 {
            best = best.min(start.elapsed().as_secs_f64());
        }
    }
    Ok(best)
}
