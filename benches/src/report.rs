//! The table.

use crate::{machine::Machine, naive, ours};

/// The figures of a row: nanoseconds by name.
pub struct Row {
    pub name: &'static str,
    pub limit: f64,
    pub figures: Vec<(String, f64)>,
    /// What this library gave after the first call.
    pub expected: Vec<f32>,
}

impl Row {
    fn of(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|(figure, _)| figure == name).map(|(_, time)| *time)
    }

    fn ours(&self) -> f64 {
        self.of(ours::NAME).unwrap_or(f64::NAN)
    }

    /// The best of the kernels written by hand.
    fn yardstick(&self) -> Option<f64> {
        self.figures.iter().filter(|(name, _)| is_yardstick(name)).map(|(_, time)| *time).reduce(f64::min)
    }

    /// What one would take instead, and is faster than this library; kernels written by hand apart.
    fn faster(&self) -> impl Iterator<Item = String> + '_ {
        let ours = self.ours();
        let is_faster = move |(name, time): &&(String, f64)| name != ours::NAME && !is_yardstick(name) && *time < ours;
        self.figures
            .iter()
            .filter(is_faster)
            .map(move |(name, time)| format!("{}: {name} takes {time:.1} ns, {} {ours:.1} ns", self.name, ours::NAME))
    }
}

fn is_yardstick(name: &str) -> bool {
    name.starts_with("by hand")
}

/// Prints the machine.
pub fn head(machine: &Machine, date: &str) {
    println!("{}, one core, {date}.", machine.name);
    let [avx2, avx512] = machine.peaks;
    println!("Peak: {avx2:.1} multiply-accumulates a nanosecond by AVX2, {avx512:.1} by AVX-512.");
    let level = |at: usize| format!("{:.0} (L{}, {} KiB)", machine.levels[at].1, at + 1, machine.levels[at].0 >> 10);
    println!("Bytes read a nanosecond: {}, {}, {}.\n", level(0), level(1), level(2));
}

/// Prints the machine and the rows as Markdown.
pub fn print(machine: &Machine, rows: &[Row], date: &str) {
    head(machine, date);
    let names: Vec<_> = rows.iter().map(|row| row.name.to_owned()).collect();
    line("nanoseconds", &names);
    println!("|---|{}", "---:|".repeat(rows.len()));
    line("the machine's limit", &rows.iter().map(|row| nanoseconds(row.limit)).collect::<Vec<_>>());
    let mut all: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| &row.figures) {
        if !all.contains(&name.as_str()) {
            all.push(name);
        }
    }
    for name in &all {
        line(name, &rows.iter().map(|row| row.of(name).map_or_else(String::new, nanoseconds)).collect::<Vec<_>>());
    }

    println!();
    line("times as long as nn-core", &names);
    println!("|---|{}", "---:|".repeat(rows.len()));
    for name in all.iter().filter(|name| **name != ours::NAME) {
        let ratio = |row: &Row| row.of(name).map_or_else(String::new, |time| ratio(time / row.ours()));
        line(name, &rows.iter().map(ratio).collect::<Vec<_>>());
    }
    println!();
    line("nn-core, times as long as", &names);
    println!("|---|{}", "---:|".repeat(rows.len()));
    let by_hand = |row: &Row| row.yardstick().map_or_else(String::new, |time| ratio(row.ours() / time));
    line("the best by hand", &rows.iter().map(by_hand).collect::<Vec<_>>());
    line("the machine's limit", &rows.iter().map(|row| ratio(row.ours() / row.limit)).collect::<Vec<_>>());
    let best_peer = |row: &Row| {
        let is_peer = |name: &str| name != ours::NAME && name != naive::NAME && !is_yardstick(name);
        let best = row.figures.iter().filter(|(name, _)| is_peer(name)).map(|(_, time)| *time).reduce(f64::min);
        best.map_or_else(String::new, |time| ratio(row.ours() / time))
    };
    line("the best peer", &rows.iter().map(best_peer).collect::<Vec<_>>());
}

/// Prints who is faster, and returns whether anyone is.
pub fn is_beaten(rows: &[Row]) -> bool {
    let faster: Vec<_> = rows.iter().flat_map(Row::faster).collect();
    faster.iter().for_each(|line| println!("faster: {line}"));
    !faster.is_empty()
}

fn line(name: &str, cells: &[String]) {
    println!("| {name} | {} |", cells.join(" | "));
}

fn nanoseconds(time: f64) -> String {
    if time < 100.0 { format!("{time:.1}") } else { format!("{time:.0}") }
}

fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}") } else { format!("{ratio:.0}") }
}
