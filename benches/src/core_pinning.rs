//! Staying on one core.

/// Pins this process, and the threads that it will start, to a core; by default to the one that it is on.
pub fn pin(core: Option<usize>) {
    const WORDS: usize = 16;
    unsafe extern "C" {
        fn sched_getcpu() -> i32;
        fn sched_setaffinity(process: i32, bytes: usize, mask: *const u64) -> i32;
    }
    // SAFETY: the function takes nothing and only returns a number.
    let core = core.or_else(|| usize::try_from(unsafe { sched_getcpu() }).ok()).unwrap_or(0);
    let mut mask = [0_u64; WORDS];
    if let Some(word) = mask.get_mut(core / 64) {
        *word = 1 << (core % 64);
    }
    // SAFETY: the mask has as many bytes as are said, and is only read.
    if unsafe { sched_setaffinity(0, size_of_val(&mask), mask.as_ptr()) } != 0 {
        eprintln!("could not stay on core {core}");
    }
}
