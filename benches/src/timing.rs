//! Who runs, and how long it takes.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Something that does the task of a row.
pub trait Contestant {
    /// Does it once.
    fn call(&mut self);

    /// What the last call gave: the outputs, or in training the parameters, `weights[input][output]` and biases in the
    /// order of the layers.
    fn values(&mut self) -> Vec<f32>;

    /// The time of so many calls. It is here so that the loop is compiled with the call.
    fn run(&mut self, calls: u32) -> Duration {
        let start = Instant::now();
        for _ in 0..calls {
            self.call();
        }
        start.elapsed()
    }
}

/// A contestant made of a state and two functions.
pub struct Job<S, C, V> {
    pub state: S,
    pub call: C,
    pub values: V,
}

impl<S, T, C: FnMut(&mut S) -> T, V: FnMut(&mut S) -> Vec<f32>> Contestant for Job<S, C, V> {
    #[inline(always)]
    fn call(&mut self) {
        black_box((self.call)(black_box(&mut self.state)));
    }

    fn values(&mut self) -> Vec<f32> {
        (self.values)(&mut self.state)
    }
}

/// A contestant with its name.
pub struct Entry {
    pub name: &'static str,
    pub contestant: Box<dyn Contestant>,
}

impl Entry {
    pub fn new(name: &'static str, contestant: impl Contestant + 'static) -> Self {
        Self { name, contestant: Box::new(contestant) }
    }

    /// A contestant that is called with its state, and shows its values.
    pub fn job<S: 'static, T: 'static>(
        name: &'static str,
        state: S,
        call: impl FnMut(&mut S) -> T + 'static,
        values: impl FnMut(&mut S) -> Vec<f32> + 'static,
    ) -> Self {
        Self::new(name, Job { state, call, values })
    }
}

/// The length of a sample.
const SAMPLE: Duration = Duration::from_micros(400);

/// The best nanoseconds a call of each, in turn, so that a busy machine hits all alike.
pub fn race(entries: &mut [Entry], rounds: usize) -> Vec<f64> {
    let calls: Vec<u32> = entries.iter_mut().map(|entry| calls(entry.contestant.as_mut())).collect();
    let mut best = vec![f64::INFINITY; entries.len()];
    for _ in 0..rounds {
        for ((entry, calls), best) in entries.iter_mut().zip(&calls).zip(&mut best) {
            clean_registers();
            // The others have had the caches since.
            entry.contestant.call();
            *best = best.min(entry.contestant.run(*calls).as_nanos() as f64 / f64::from(*calls));
        }
    }
    best
}

/// Clears the upper halves of the vector registers. Who leaves numbers in them, as `tract` does, makes the code for SSE2 that
/// comes after it up to four times slower.
fn clean_registers() {
    if is_x86_feature_detected!("avx") {
        // SAFETY: the processor has the instruction.
        unsafe { std::arch::x86_64::_mm256_zeroupper() };
    }
}

/// How many calls make a sample.
fn calls(contestant: &mut dyn Contestant) -> u32 {
    let mut calls = 1;
    loop {
        let time = contestant.run(calls);
        if time >= SAMPLE / 4 {
            return (f64::from(calls) * SAMPLE.as_secs_f64() / time.as_secs_f64()).max(1.0) as u32;
        }
        calls *= 2;
    }
}
