//! No network: what any program holds.

fn main() {}
