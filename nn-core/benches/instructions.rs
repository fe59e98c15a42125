//! Instructions of one call, counted by valgrind's callgrind: the same however busy the machine is.
//!
//! `cargo bench --bench instructions` prints them beside the most that are allowed; with `--check` it fails if there are more.
//! Without valgrind it prints that it counted nothing. AVX-512 is not counted, as valgrind does not know it.

use nn_core::kernel::InstructionSet::{self, Avx2, Portable};
use nn_core::loss::LossOf;
use nn_core::prelude::*;
use std::hint::black_box;
use std::process::Command;

network! { struct A: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct B: 4 => 16 relu => 3; }
network! { struct C: 64 => 32 relu => 10; }
network! { struct D: 784 => 128 relu => 10; }

/// What is counted, on which set, and the most instructions of a call: a twelfth more than there were in November 2026.
const ROWS: [(&str, InstructionSet, u64); 11] = [
    ("A", Avx2, 110),
    ("B", Avx2, 105),
    ("C", Avx2, 630),
    ("D", Avx2, 32_000),
    ("A b32", Avx2, 1_350),
    ("A", Portable, 135),
    ("C", Portable, 2_730),
    ("A SGD", Avx2, 6_280),
    ("C SGD", Avx2, 79_200),
    ("C Adam", Avx2, 83_400),
    ("C SGD", Portable, 240_300),
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, count, row, calls] = &arguments[..]
        && count == "--count"
    {
        let (name, set, _) = ROWS[row.parse::<usize>().expect("a row")];
        assert!(set.select(), "this machine has {set:?}");
        return call(name, calls.parse().expect("a number of calls"));
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        return println!("valgrind is not installed: no instructions were counted");
    }
    println!("{:<10}{:<10}{:>14}{:>14}", "a call of", "on", "instructions", "at most");
    let mut failed = false;
    for (row, (name, set, most)) in ROWS.into_iter().enumerate() {
        if !set.is_available() {
            println!("{name:<10}{:<10}{:>14}", format!("{set:?}"), "not here");
            continue;
        }
        let [few, many] = [10, 110].map(|calls| count(row, calls));
        let instructions = (many - few) / 100;
        println!("{name:<10}{:<10}{instructions:>14}{most:>14}", format!("{set:?}"));
        failed |= instructions > most;
    }
    if failed && arguments.iter().any(|argument| argument == "--check") {
        println!("a call takes more instructions than it should");
        std::process::exit(1);
    }
}

/// The instructions of this program with so many calls of a row.
fn count(row: usize, calls: usize) -> u64 {
    let program = std::env::current_exe().expect("this program");
    // Not the null device: callgrind puts a file in its place, if it may.
    let profile = std::env::temp_dir().join(format!("instructions-{}", std::process::id()));
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program)
        .args(["--count", &row.to_string(), &calls.to_string()])
        .output()
        .expect("valgrind runs");
    drop(std::fs::remove_file(profile));
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let number = collected.and_then(|(_, number)| number.trim().parse().ok());
    number.unwrap_or_else(|| panic!("callgrind counted nothing: {text}"))
}

/// Calls what a row is about.
fn call(name: &str, calls: usize) {
    match name {
        "A" => forward::<A, 2>(calls),
        "B" => forward::<B, 4>(calls),
        "C" => forward::<C, 64>(calls),
        "D" => forward::<D, 784>(calls),
        "A b32" => forward_batch(calls),
        "A SGD" => train::<A, 2, _, _>(calls, Sgd::new(0.01), MeanSquaredError, [0.5]),
        "C SGD" => train::<C, 64, _, _>(calls, Sgd::new(0.01), CrossEntropy, 3),
        "C Adam" => train::<C, 64, _, _>(calls, Adam::new(0.01), CrossEntropy, 3),
        _ => unreachable!("a row without a name"),
    }
}

fn initialised<N: Trainable<Number = f32>>() -> Box<N> {
    let mut net = Box::new(N::ZERO);
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    net
}

fn forward<N: Trainable<Number = f32, Input = [f32; I]>, const I: usize>(calls: usize) {
    let (net, x) = (initialised::<N>(), [0.5; I]);
    for _ in 0..calls {
        black_box(net.forward(black_box(&x)));
    }
}

/// A batch of 32 of A.
fn forward_batch(calls: usize) {
    let (net, mut y) = (initialised::<A>(), [[0.0; 1]; 32]);
    for _ in 0..calls {
        net.forward_batch(black_box(&[[0.5; 2]; 32]), black_box(&mut y));
    }
}

/// Steps with a batch of 32.
fn train<N, const I: usize, O, L>(calls: usize, mut optimizer: O, loss: L, target: L::Target)
where
    N: Trainable<Number = f32, Input = [f32; I]>,
    O: Optimizer<Network = N>,
    L: LossOf<N, Target: Clone>,
{
    let mut net = initialised::<N>();
    let data: Vec<_> = (0..32).map(|_| ([0.5; I], target.clone())).collect();
    let mut memory = Box::new(Training::<N, 32>::ZERO);
    let order: [usize; 32] = core::array::from_fn(|at| at);
    let mut trainer = Trainer::new(&mut memory, &mut optimizer, loss);
    for _ in 0..calls {
        trainer.step(&mut net, &data[..], black_box(&order)).expect("a step");
    }
}
