//! The cores, the programs, and what each must keep.

use examples::digits;
use nn_core::metric::largest;
use nn_core::prelude::*;

/// A core, and the machine of qemu that has it.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) name: &'static str,
    pub(crate) target: &'static str,
    pub(crate) qemu: &'static str,
    pub(crate) machine: &'static str,
    /// Its RAM in bytes.
    pub(crate) ram: u64,
    /// Whether it runs the fast programs, too. Those for RV32IMC are the same code as those for RV32IMAC: nothing in them is atomic.
    fast: bool,
}

const ARM: &str = "qemu-system-arm";
const RISCV: &str = "qemu-system-riscv32";

#[rustfmt::skip]
pub(crate) const CORES: [Core; 5] = [
    Core { name: "Cortex-M0", target: "thumbv6m-none-eabi", qemu: ARM, machine: "microbit", ram: 16_384, fast: true },
    Core { name: "Cortex-M3", target: "thumbv7m-none-eabi", qemu: ARM, machine: "lm3s6965evb", ram: 65_536, fast: true },
    Core { name: "Cortex-M4F", target: "thumbv7em-none-eabihf", qemu: ARM, machine: "mps2-an386", ram: 131_072, fast: true },
    Core { name: "RV32IMAC", target: "riscv32imac-unknown-none-elf", qemu: RISCV, machine: "sifive_e", ram: 16_384, fast: true },
    Core { name: "RV32IMC", target: "riscv32imc-unknown-none-elf", qemu: RISCV, machine: "virt", ram: 65_536, fast: false },
];

/// A program of `examples/bare-metal`.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    /// What it does; empty if it is not a row of the table.
    pub(crate) title: &'static str,
    /// What is counted.
    pub(crate) counted: &'static str,
    /// The RAM it needs at least.
    ram: u64,
    /// By how many bytes stack and static RAM together may exceed what the network's constants say.
    margin: u64,
    /// The largest flash of the small and of the fast program on a Cortex-M4F, beside the runtime and the data set; 0 if any will do.
    flash: [u64; 2],
    /// The most instructions of the fast program on each core that runs one, a hundredth more than there were in November 2026; 0 if they are
    /// not counted, and none if there is no such program.
    most: Option<[u64; 4]>,
}

/// What a program is compiled for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Level {
    Small,
    Fast,
}

impl Level {
    pub(crate) fn opt_level(self) -> &'static str {
        match self {
            Self::Small => "s",
            Self::Fast => "3",
        }
    }
}

/// The first has no network: what it takes is the runtime.
#[rustfmt::skip]
pub(crate) const PROGRAMS: [Program; 11] = [
    Program {
        name: "empty", title: "", counted: "",
        ram: 0, margin: 256, flash: [0, 0], most: Some([0; 4]),
    },
    Program {
        name: "xor", title: "2-8-4-1", counted: "forward",
        ram: 0, margin: 640, flash: [2_048, 2_048], most: Some([17_920, 10_230, 353, 11_560]),
    },
    Program {
        name: "sine", title: "1-16-16-1", counted: "forward",
        ram: 0, margin: 640, flash: [3_072, 3_072], most: Some([46_700, 21_650, 861, 24_150]),
    },
    Program {
        name: "digits", title: "64-32-10", counted: "forward",
        ram: 0, margin: 640, flash: [12_288, 13_824], most: Some([303_900, 119_650, 5_017, 143_700]),
    },
    Program {
        name: "xor_learns", title: "2-8-4-1 learns", counted: "step of 4 samples",
        ram: 0, margin: 1_536, flash: [6_144, 11_520], most: Some([178_500, 107_300, 13_970, 107_000]),
    },
    Program {
        name: "digits_learns", title: "64-32-10 learns", counted: "step of 16 samples",
        ram: 65_536, margin: 1_536, flash: [14_336, 0], most: None,
    },
    Program {
        name: "cnn_learns", title: "CNN learns", counted: "step of 4 samples",
        ram: 65_536, margin: 1_536, flash: [18_432, 48_128], most: Some([0, 10_164_000, 789_700, 0]),
    },
    Program {
        name: "amp", title: "wavenet(a2_lite)", counted: "block of 64 samples",
        ram: 131_072, margin: 6_656, flash: [16_384, 16_384], most: Some([0, 0, 277_500, 0]),
    },
    Program {
        name: "policy", title: "22-16-gru(16)-4", counted: "step",
        ram: 131_072, margin: 1_280, flash: [12_288, 12_288], most: Some([0, 0, 7_420, 0]),
    },
    Program {
        name: "same_streams", title: "", counted: "",
        ram: 0, margin: 14_336, flash: [131_072, 0], most: Some([0; 4]),
    },
    Program {
        name: "same_answer", title: "", counted: "",
        ram: 0, margin: 14_336, flash: [131_072, 0], most: Some([0; 4]),
    },
];

impl Program {
    /// Whether there is one for this core.
    pub(crate) fn is_for(&self, core: &Core, level: Level) -> bool {
        self.ram <= core.ram && (level == Level::Small || core.fast && self.most.is_some())
    }

    /// What must be true of a program that ran to its end.
    pub(crate) fn check(&self, core: &Core, level: Level, report: &Report) -> Result<(), String> {
        let promised = report.number("promised").ok_or("it did not say what its constants are")?;
        let used = report.ram + report.stack;
        if used >= core.ram {
            return Err("its stack went through all of the RAM".into());
        }
        if !self.counted.is_empty() && report.instructions == 0 {
            return Err("nothing was counted".into());
        }
        if used > promised + self.margin {
            return Err(format!("takes {used} bytes of RAM; its constants are {promised}, the margin {}", self.margin));
        }
        let flash = self.flash[usize::from(level == Level::Fast)];
        if flash > 0 && core.name == "Cortex-M4F" && report.flash > flash {
            return Err(format!("takes {} bytes of flash; at most {flash}", report.flash));
        }
        let most =
            CORES.iter().filter(|of| of.fast).zip(self.most.unwrap_or_default()).find(|(of, _)| of.name == core.name);
        if let (Level::Fast, Some((_, most @ 1..))) = (level, most)
            && report.instructions > most
        {
            return Err(format!("takes {} instructions; at most {most}", report.instructions));
        }
        match report.text("classes") {
            None if self.name == "digits" => Err("it did not say its classes".into()),
            Some(found) if found != classes() => Err(format!("classes {found}, but {} on the host", classes())),
            _ => Ok(()),
        }
    }
}

/// What became of a program.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// Bytes of flash and of static RAM.
    pub(crate) flash: u64,
    pub(crate) ram: u64,
    /// The deepest stack in bytes.
    pub(crate) stack: u64,
    /// The most instructions of what was counted, if anything.
    pub(crate) instructions: u64,
    /// Its lines.
    pub(crate) lines: Vec<(String, String)>,
}

impl Report {
    /// Without the flash of the runtime and of a data set, and the instructions of counting.
    pub(crate) fn beside(self, runtime: &Self) -> Self {
        let flash = self.flash - runtime.flash - self.number("data").unwrap_or(0);
        Self { flash, instructions: self.instructions.saturating_sub(runtime.instructions), ..self }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(line, _)| line == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }
}

network! {
    #[weights("../models/digits_mlp.safetensors")]
    struct Digits: 64 => 32 relu => 10;
}

/// What the host takes the held-out digits for.
fn classes() -> String {
    let class = |image| largest(&Digits::TRAINED.forward(&digits::pixels(image)));
    digits::test().into_iter().map(|image| class(image).to_string()).collect()
}
