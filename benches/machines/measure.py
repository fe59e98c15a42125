#!/usr/bin/env python3
"""What small networks take in WebAssembly, in nanoseconds of node, and on aarch64, in instructions that qemu counts, as tables.

Needs the Rust targets wasm32-unknown-unknown and aarch64-unknown-linux-gnu, node, gcc, aarch64-linux-gnu-gcc and qemu-aarch64
(Debian's gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user).
"""

import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE / "target"
ROWS = re.findall(r'"([A-D][^"]*)"', re.search(r"ROWS.*?\];", (HERE / "src/lib.rs").read_text(), re.S)[0])
TITLES = {"A": "2-8-4-1", "B": "4-16-3", "C": "64-32-10", "D": "784-128-10"}


def run(*command, **variables):
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET), **variables}
    return subprocess.run([str(part) for part in command], check=True, text=True, stdout=subprocess.PIPE, cwd=HERE,
                          env=environment).stdout


def build(target, folder, *features, **variables):
    flags = f"-Ctarget-feature={','.join(features)}" if features else ""
    run("cargo", "build", "--quiet", "--release", "--locked", "--target", target, "--target-dir", TARGET / folder,
        RUSTFLAGS=flags, **variables)
    return TARGET / folder / target / "release"


def wasm():
    """By row: without vectors, and with them."""
    target = "wasm32-unknown-unknown"
    modules = [build(target, "plain") / "machines.wasm", build(target, "simd", "+simd128") / "machines.wasm"]
    lines = run("node", "wasm.mjs", *modules, len(ROWS)).splitlines()
    return {row: [float(time) for time in line.split()] for row, line in zip(ROWS, lines)}


def aarch64():
    """By row: the instructions of a call."""
    target = "aarch64-unknown-linux-gnu"
    linker = {"CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER": "aarch64-linux-gnu-gcc"}
    program = build(target, "aarch64", **linker) / "machines"
    plugin, counts = TARGET / "count.so", TARGET / "counts"
    run("gcc", "-O2", "-shared", "-fPIC", "-o", plugin, HERE / "../../tests/bare-metal/count.c")

    def count(row, calls):
        run("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "-plugin", f"{plugin},out={counts}", program, row, calls)
        return int(counts.read_text().split()[-1])

    return {row: round((count(at, 110) - count(at, 10)) / 100) for at, row in enumerate(ROWS)}


def main():
    times, instructions = wasm(), aarch64()
    print("| | WebAssembly, ns | with `simd128` | a loop | aarch64, instructions | a loop |")
    print("|---|---:|---:|---:|---:|---:|")
    for row in (row for row in ROWS if "plain" not in row):
        name, _, step = row.partition(" ")
        title = TITLES[name] + (", step of SGD" if step else "")
        loop = times.get(f"{name} plain") if not step else None
        cells = [f"{time:,.0f}" for time in times[row]] + [f"{min(loop):,.0f}" if loop else ""]
        cells += [f"{instructions[row]:,}", f"{instructions[f'{name} plain']:,}" if loop else ""]
        print("|", " | ".join([title, *cells]), "|")


if __name__ == "__main__":
    main()
