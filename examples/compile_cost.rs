//! What a declaration costs to compile: `cargo run --release --example compile_cost`.
//!
//! Writes a crate with one network of so many dense layers, and prints how long `cargo check` and `cargo build` take for it
//! beyond the same crate without the network: the best of several times each, nothing reused. Then the same of 101,770
//! parameters that are read from a file, and of the networks of images of `src/networks.rs`, with a release build.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const TIMES: usize = 5;
const BUILD: &[&str] = &["build"];
const CHECK: &[&str] = &["check"];
const RELEASE: &[&str] = &["build", "--release"];
const NETWORKS: &str = include_str!("src/networks.rs");

fn main() -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("compile-cost-{}", std::process::id()));
    fs::create_dir_all(folder.join("src"))?;
    let core = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../nn-core").canonicalize()?;
    let manifest = format!(
        "[package]\nname = \"cost\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nnn-core = {{ path = {core:?}, features = [\"weights\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;

    println!("{:>7}{:>18}{:>18}{:>18}{:>18}", "layers", "check, s", "a layer, ms", "build, s", "a layer, ms");
    let cost = |program: &str| Ok::<_, io::Error>([best(&folder, CHECK, program)?, best(&folder, BUILD, program)?]);
    const EMPTY: &str = "fn main() {}\n";
    let none = cost(EMPTY)?;
    // Layers that are alike, and such of different widths.
    for (layers, wider) in [(2, 0), (8, 0), (32, 0), (64, 0), (8, 1), (32, 1)] {
        let [check, build] = cost(&program(layers, wider))?;
        let (check, build) = (check - none[0], build - none[1]);
        let each = |seconds: f64| 1_000.0 * seconds / f64::from(layers);
        println!("{layers:>7}{check:>18.2}{:>18.1}{build:>18.2}{:>18.1}", each(check), each(build));
    }

    let file = core.join("../tests/models/mnist_mlp.safetensors");
    let weights = format!("#[weights({:?})]", file.display().to_string());
    let run = "println!(\"{:?}\", Net::TRAINED.forward(&[1.0; 784]));";
    let [with, without] = [
        cost(&mnist(&weights, run))?,
        cost(&mnist("", "let net = Net::ZERO; println!(\"{:?}\", net.forward(&[1.0; 784]));"))?,
    ];
    println!(
        "101,770 parameters from a file: {:.2} s more in a check, {:.2} s more in a build",
        with[0] - without[0],
        with[1] - without[1]
    );

    println!("{:>10}{:>18}{:>18}", "network", "check, s", "release build, s");
    let none = [none[0], best(&folder, RELEASE, EMPTY)?];
    let networks: [&[&str]; 4] = [&["Lenet5"], &["DsCnn"], &["Resnet8"], &["Mobilenet", "Separable", "MobilenetEnd"]];
    for names in networks {
        let program = images(names);
        let (check, release) = (best(&folder, CHECK, &program)?, best(&folder, RELEASE, &program)?);
        println!("{:>10}{:>18.2}{:>18.2}", names[0], check - none[0], release - none[1]);
    }
    fs::remove_dir_all(folder)
}

/// A program that declares a network of so many layers, each so much wider than the one before it, initialises and runs it.
fn program(layers: u32, wider: u32) -> String {
    let hidden: String = (1..layers).map(|layer| format!(" => {} relu", 32 + wider * layer)).collect();
    format!(
        "use nn_core::prelude::*;\n\
         network! {{ struct Net: 32{hidden} => 10; }}\n\
         fn main() {{\n\
             let mut net = Net::ZERO;\n\
             net.init(&mut ChaCha8Rng::seed_from_u64(1));\n\
             println!(\"{{:?}}\", net.forward(&[1.0; 32]));\n\
         }}\n"
    )
}

/// A program that runs 784-128-10.
fn mnist(attribute: &str, run: &str) -> String {
    format!(
        "use nn_core::prelude::*;\n\
         network! {{ {attribute} struct Net: 784 => 128 relu => 10; }}\n\
         fn main() {{ {run} }}\n"
    )
}

/// A program that runs the first of these networks, which needs the others.
fn images(names: &[&str]) -> String {
    let declarations: String = names
        .iter()
        .map(|name| {
            let at = NETWORKS.find(&format!("pub struct {name}:")).expect("the network");
            let (begin, end) = (NETWORKS[..at].rfind("network! {"), NETWORKS[at..].find("\n}\n"));
            &NETWORKS[begin.expect("its beginning")..at + end.expect("its end") + 3]
        })
        .collect();
    let name = names[0];
    format!(
        "use nn_core::prelude::*;\n\
         {declarations}\n\
         static NET: {name} = {name}::ZERO;\n\
         fn main() {{ println!(\"{{:?}}\", NET.forward(&[1.0; {name}::IN])); }}\n"
    )
}

/// The best time of a cargo command for a program.
fn best(folder: &Path, command: &[&str], program: &str) -> io::Result<f64> {
    let main = folder.join("src/main.rs");
    let mut best = f64::INFINITY;
    for time in 0..=TIMES {
        fs::write(&main, format!("// {time}\n{program}"))?;
        let start = Instant::now();
        let status = Command::new("cargo")
            .args(command)
            .args(["--quiet", "--offline"])
            .env("CARGO_INCREMENTAL", "0")
            .current_dir(folder)
            .status()?;
        assert!(status.success(), "cargo {command:?} failed for\n{program}");
        // The first time builds the library.
        if time > 0 {
            best = best.min(start.elapsed().as_secs_f64());
        }
    }
    Ok(best)
}
