#!/usr/bin/env python3
"""What emlearn's C takes on Cortex-M, beside nn-core, as a markdown table.

    pip install emlearn==0.23.2 numpy safetensors scikit-learn && python3 measure.py

Needs what `cargo run -p bare-metal` needs, which it runs for nn-core's figures, and arm-none-eabi-gcc with newlib. Figures are
taken as there: the flash and the instructions of a program without a network are subtracted. emlearn is measured in both of
its modes, compiled for size and for speed. Its answers must be the recorded ones.
"""

import pathlib
import subprocess
from networks import EMLEARN, check, generate

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PLUGIN = ROOT / "examples/bare-metal/target/count.so"
TITLES = {"xor": "2-8-4-1", "sine": "1-16-16-1", "digits": "64-32-10"}
# The machine of qemu, its RAM, and the compiler's flags.
CORES = {
    "Cortex-M0": ("microbit", 16_384, "-mcpu=cortex-m0 -mfloat-abi=soft"),
    "Cortex-M3": ("lm3s6965evb", 65_536, "-mcpu=cortex-m3 -mfloat-abi=soft"),
    "Cortex-M4F": ("mps2-an386", 65_536, "-mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard"),
}
FLAGS = "-std=gnu11 -Wall -mthumb -flto -ffunction-sections -fdata-sections -Wl,--gc-sections"
FLAGS += " -nostartfiles --specs=nano.specs --specs=nosys.specs"
# The images, which lie in flash beside the network that reads them.
DATA = {"digits": 1797 * 65}


def run(*command, **options):
    options = {"check": True, "text": True, "stdout": subprocess.PIPE, **options}
    return subprocess.run([str(part) for part in command], **options).stdout


def program(source, core, level, folder):
    """Builds a program and runs it to its end, which must be a success: its figures, and its lines."""
    machine, ram, cpu = CORES[core]
    place = folder / core / level
    place.mkdir(parents=True, exist_ok=True)
    path, counts = place / source, place / f"{source}.counts"
    gcc = ["arm-none-eabi-gcc", level, *cpu.split(), *FLAGS.split(), f"-I{folder}", f"-I{folder.parent}"]
    gcc += ["-isystem", EMLEARN, f"-Wa,-I{ROOT}/examples/data", f"-T{HERE}/board.ld", f"-Wl,--defsym=RAM_SIZE={ram}"]
    run(*gcc, HERE / "board.c", HERE / f"{source}.c", "-lm", "-o", path)
    qemu = ["qemu-system-arm", "-M", machine, "-nographic", "-monitor", "none", "-serial", "none"]
    qemu += ["-semihosting-config", "enable=on,target=native", "-plugin", f"{PLUGIN},out={counts}"]
    # What a program writes by semihosting comes out of qemu's standard error.
    output = run(*qemu, "-kernel", path, stderr=subprocess.STDOUT)
    lines = [line.split(": ") for line in output.splitlines() if ": " in line]
    sizes = [line.split() for line in run("arm-none-eabi-size", "-A", path).splitlines()]
    sizes = {line[0]: int(line[1]) for line in sizes if len(line) == 3 and line[0].startswith(".")}
    figures = {
        "flash": sum(sizes.get(name, 0) for name in (".vector_table", ".text", ".rodata", ".data")),
        "ram": sizes.get(".data", 0) + sizes.get(".bss", 0),
        "stack": int(dict(lines)["stack"]),
        "instructions": max(map(int, counts.read_text().split()), default=0),
    }
    return figures, lines


def emlearn(name, core, level, folder, logits):
    """The figures of emlearn, and the largest error of its answers."""
    runtime, _ = program("empty", core, level, folder)
    figures, _ = program(name, core, level, folder)
    for what in ("flash", "instructions"):
        figures[what] -= runtime[what]
    figures["flash"] -= DATA.get(name, 0)
    _, lines = program("recorded", core, level, folder)
    return figures, check(name, [int(value) for what, value in lines if what == "logit"], logits)


def nn_core():
    """The figures of nn-core, by core and network."""
    rows = {}
    for line in run("cargo", "run", "-p", "bare-metal", cwd=ROOT).splitlines():
        cells = [cell.strip().replace(",", "") for cell in line.strip("|").split("|")]
        if len(cells) == 9 and cells[5] == "forward":
            keys = "flash", "ram", "stack", "instructions", "flash at 3", "instructions at 3"
            rows[cells[1], cells[0]] = dict(zip(keys, map(int, cells[2:5] + cells[6:])))
    return rows


def cell(text, amount, own):
    """With how many times as much as nn-core's it is."""
    return f"{text} ({amount / own:.2f})"


def row(small, fast, own):
    """Flash for size and for speed, RAM for size, instructions for size and for speed."""
    cells = [cell(f"{built['flash']:,}", built["flash"], own["flash"]) for built in (small, fast)]
    cells.append(cell(f"{small['ram']} + {small['stack']}", small["ram"] + small["stack"], own["ram"] + own["stack"]))
    what = "instructions"
    return cells + [cell(f"{built[what]:,}", built[what], own[what]) for built in (small, fast)]


def main():
    rust, errors = nn_core(), {}
    print("| network | core | program | flash | `-O3` | static RAM + stack | instructions | `-O3` |")
    print("|---|---|---|---:|---:|---:|---:|---:|")
    for name, title in TITLES.items():
        folder = HERE / "target" / name
        logits = generate(ROOT / "tests/models", name, folder)
        for core in CORES:
            own = rust[core, title]
            cells = [f"{own[key]:,}" for key in ("flash", "flash at 3", "instructions", "instructions at 3")]
            cells.insert(2, f"{own['ram']} + {own['stack']}")
            print("|", " | ".join([title, core, "nn-core", *cells]), "|")
            for mode in ("loadable", "inline"):
                built = [emlearn(name, core, level, folder / mode, logits) for level in ("-Os", "-O3")]
                (small, first), (fast, second) = built
                errors[name] = max(errors.get(name, 0), first, second)
                print("|", " | ".join(["", "", mode, *row(small, fast, own)]), "|", flush=True)
    print("\nLargest difference from the recorded answers:")
    for name, error in errors.items():
        print(f"{TITLES[name]}: {error:.1e}")


if __name__ == "__main__":
    main()
