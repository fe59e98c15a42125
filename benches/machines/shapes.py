#!/usr/bin/env python3
"""What each shape of nn-audio adds to a program, in bytes of `.text` and `.rodata`, as a table.

Each program has the pointer of one function, which plays a block with a network and a state that it is given; what it has beyond a
program whose function does nothing is counted. Needs `size` and the Rust target thumbv7em-none-eabihf.
"""

import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE / "target/shapes"
SHAPES = re.findall(r'(\w+) = "(.+?)": \[', (HERE / "../../nn-audio/src/shapes.rs").read_text())
MANIFEST = f"""
[workspace]
[package]
name = "shapes"
edition = "2024"
[features]
portable = ["nn-core/portable"]
[dependencies]
nn-audio = {{ path = "{HERE}/../../nn-audio", default-features = false }}
nn-core = {{ path = "{HERE}/../../nn-core" }}
[profile.release]
codegen-units = 1
lto = true
panic = "abort"
"""
PROGRAM = """
#![cfg_attr(target_os = "none", no_std, no_main)]
use core::hint::black_box;

#[cfg(target_os = "none")]
nn_core::no_panic_handler!();

#[cfg_attr(target_os = "none", unsafe(no_mangle))]
fn main() {
    PLAYS
}
"""
PLAY = """{
        use nn_audio::shapes::NAME;
        use nn_core::prelude::*;
        black_box(NAME::process as fn(&NAME, &[[f32; 1]], &mut [[f32; 1]], &mut State<NAME>) -> _);
    }"""
NOTHING = """black_box((|_| ()) as fn(&mut [[f32; 1]]));"""


def sizes(target, level, *options):
    """Bytes of code and constants of each program."""
    command = ["cargo", "build", "--quiet", "--release", "--target", target, "--config", f"profile.release.opt-level={level}"]
    flags = ["--config", 'target.thumbv7em-none-eabihf.rustflags=["-Clink-arg=-emain"]']
    subprocess.run([*command, *flags, *options], check=True, cwd=PACKAGE)

    def of(program):
        lines = subprocess.run(["size", "-A", PACKAGE / "target" / target / "release" / program], check=True, text=True,
                               stdout=subprocess.PIPE).stdout
        return sum(int(size) for size in re.findall(r"^\.(?:text|rodata) +(\d+)", lines, re.M))

    return {name: of(name) - of("nothing") for name in [*dict(SHAPES), "all"]}


def main():
    (PACKAGE / "src/bin").mkdir(parents=True, exist_ok=True)
    (PACKAGE / "Cargo.toml").write_text(MANIFEST)
    plays = {name: PLAY.replace("NAME", name) for name, _ in SHAPES}
    for name, text in {**plays, "all": "\n    ".join(plays.values()), "nothing": NOTHING}.items():
        (PACKAGE / f"src/bin/{name}.rs").write_text(PROGRAM.replace("PLAYS", text))
    all_sizes = [
        sizes("x86_64-unknown-linux-gnu", "3"),
        sizes("x86_64-unknown-linux-gnu", "3", "--features", "portable"),
        sizes("thumbv7em-none-eabihf", '"s"'),
    ]
    print("| | x86-64 | `portable` | Cortex-M4F, \"s\" |")
    print("|---|---:|---:|---:|")
    for name, shown in [*SHAPES, ("all", "all of them")]:
        print("|", " | ".join([shown, *(f"{of[name]:,}" for of in all_sizes)]), "|")


if __name__ == "__main__":
    main()
