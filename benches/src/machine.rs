//! What the machine can do, and so how fast a row could be at best.

use crate::networks::Case;
use crate::yardstick::{Avx2, Avx512};
use std::arch::x86_64::*;
use std::fs::read_to_string;
use std::hint::black_box;
use std::time::Instant;

/// One core.
pub struct Machine {
    pub name: String,
    /// Multiply-accumulates a nanosecond, by AVX2 and by AVX-512.
    pub peaks: [f64; 2],
    /// The caches: bytes, and bytes read a nanosecond.
    pub levels: [(usize, f64); 3],
}

impl Machine {
    pub fn measure() -> Self {
        let sizes =
            [(0, 32 << 10), (2, 512 << 10), (3, 16 << 20)].map(|(index, otherwise)| size(index).unwrap_or(otherwise));
        // A block that surely lies in a level: half of it, and of the last a few times the level before.
        let blocks = [sizes[0] / 2, sizes[1] / 2, (4 * sizes[1]).min(sizes[2] / 2)];
        let mut machine = Self { name: name(), peaks: [0.0; 2], levels: [0, 1, 2].map(|level| (sizes[level], 0.0)) };
        for _ in 0..20 {
            machine.peaks = [machine.peaks[0].max(peak_avx2()), machine.peaks[1].max(peak_avx512())];
            for (level, block) in machine.levels.iter_mut().zip(blocks) {
                level.1 = level.1.max(bandwidth(block));
            }
        }
        machine
    }

    /// Nanoseconds that a case takes at least.
    pub fn limit(&self, case: &Case) -> f64 {
        let layer = |layer: &crate::networks::Layer| layer.inputs * layer.outputs;
        let (forward, first) = (case.layers.iter().map(layer).sum::<usize>(), layer(&case.layers[0]));
        let macs = case.rows * if case.is_training() { 3 * forward - first } else { forward };
        let bytes = 4 * case.parameters();
        let work = self.limit_of(macs, bytes);
        work + if case.is_adam() { self.reading(4 * bytes) } else { 0.0 }
    }

    /// Nanoseconds that so many multiply-accumulates with so many bytes of weights take at least.
    pub fn limit_of(&self, macs: usize, bytes: usize) -> f64 {
        (macs as f64 / self.peaks[0].max(self.peaks[1])).max(self.reading(bytes))
    }

    /// The time to read as many bytes from the smallest cache that holds them.
    fn reading(&self, bytes: usize) -> f64 {
        let level = self.levels.iter().find(|(size, _)| bytes <= *size).unwrap_or(&self.levels[2]);
        bytes as f64 / level.1
    }
}

/// The name in `/proc/cpuinfo`.
fn name() -> String {
    let info = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = info.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
        Some(line.split(':').nth(1)?.trim().to_owned())
    };
    let [family, model] = ["cpu family", "model"].map(|name| field(name).unwrap_or_default());
    format!("{} (family {family}, model {model})", field("model name").unwrap_or_default())
}

/// The bytes of a cache.
fn size(index: usize) -> Option<usize> {
    let text = read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index{index}/size")).ok()?;
    let kibibytes: usize = text.trim().strip_suffix('K')?.parse().ok()?;
    Some(kibibytes << 10)
}

/// Runs of the inner loops below.
const RUNS: usize = 20_000;

fn peak_avx2() -> f64 {
    // SAFETY: the instructions are there if they were detected.
    Avx2::detect().map_or(0.0, |_| unsafe { multiply_avx2() })
}

fn peak_avx512() -> f64 {
    // SAFETY: the instructions are there if they were detected.
    Avx512::detect().map_or(0.0, |_| unsafe { multiply_avx512() })
}

/// Twelve chains, which is more than it takes to be always busy.
#[target_feature(enable = "avx2,fma")]
fn multiply_avx2() -> f64 {
    let (a, b) = (_mm256_set1_ps(black_box(0.999)), _mm256_set1_ps(black_box(0.001)));
    let mut sums = [b; 12];
    let start = Instant::now();
    for _ in 0..RUNS {
        for sum in &mut sums {
            *sum = _mm256_fmadd_ps(*sum, a, b);
        }
    }
    let time = start.elapsed();
    black_box(sums);
    (12 * 8 * RUNS) as f64 / time.as_nanos() as f64
}

#[target_feature(enable = "avx512f")]
fn multiply_avx512() -> f64 {
    let (a, b) = (_mm512_set1_ps(black_box(0.999)), _mm512_set1_ps(black_box(0.001)));
    let mut sums = [b; 12];
    let start = Instant::now();
    for _ in 0..RUNS {
        for sum in &mut sums {
            *sum = _mm512_fmadd_ps(*sum, a, b);
        }
    }
    let time = start.elapsed();
    black_box(sums);
    (12 * 16 * RUNS) as f64 / time.as_nanos() as f64
}

/// Bytes a nanosecond, the better of the two instruction sets.
fn bandwidth(block: usize) -> f64 {
    let numbers = vec![1.0_f32; block / 4 + 16];
    let aligned = numbers.as_ptr().align_offset(64);
    let numbers = &numbers[aligned..][..block / 4];
    // SAFETY: the instructions are there if they were detected.
    let avx2 = Avx2::detect().map_or(0.0, |_| unsafe { read_avx2(numbers) });
    // SAFETY: the instructions are there if they were detected.
    let avx512 = Avx512::detect().map_or(0.0, |_| unsafe { read_avx512(numbers) });
    avx2.max(avx512)
}

/// The bytes that are read for one figure, in as many passes as it takes.
const READ: usize = 8 << 20;

#[target_feature(enable = "avx2")]
fn read_avx2(numbers: &[f32]) -> f64 {
    let mut sums = [_mm256_setzero_ps(); 8];
    let mut pass = |numbers: &[f32]| {
        for chunk in numbers.as_chunks::<64>().0 {
            for (sum, numbers) in sums.iter_mut().zip(chunk.as_chunks::<8>().0) {
                // SAFETY: there are eight numbers.
                *sum = _mm256_add_ps(*sum, unsafe { _mm256_loadu_ps(numbers.as_ptr()) });
            }
        }
    };
    pass(numbers);
    let passes = READ / size_of_val(numbers);
    let start = Instant::now();
    (0..passes).for_each(|_| pass(black_box(numbers)));
    let time = start.elapsed();
    black_box(sums);
    (passes * size_of_val(numbers)) as f64 / time.as_nanos() as f64
}

#[target_feature(enable = "avx512f")]
fn read_avx512(numbers: &[f32]) -> f64 {
    let mut sums = [_mm512_setzero_ps(); 8];
    let mut pass = |numbers: &[f32]| {
        for chunk in numbers.as_chunks::<128>().0 {
            for (sum, numbers) in sums.iter_mut().zip(chunk.as_chunks::<16>().0) {
                // SAFETY: there are sixteen numbers.
                *sum = _mm512_add_ps(*sum, unsafe { _mm512_loadu_ps(numbers.as_ptr()) });
            }
        }
    };
    pass(numbers);
    let passes = READ / size_of_val(numbers);
    let start = Instant::now();
    (0..passes).for_each(|_| pass(black_box(numbers)));
    let time = start.elapsed();
    black_box(sums);
    (passes * size_of_val(numbers)) as f64 / time.as_nanos() as f64
}
