//! Files that were damaged, and what the audio thread may not do.

use nn_audio::Capture;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Counts what this thread takes.
struct Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
    static NOW: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    CALLS.set(CALLS.get() + 1);
    NOW.set(NOW.get() + bytes);
    MOST.set(MOST.get().max(NOW.get()));
}

// SAFETY: the system's allocator does it; the counters are cells without destructors.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most bytes beside those that were there, while `work` ran.
fn most_bytes<R>(work: impl FnOnce() -> R) -> isize {
    let before = NOW.get();
    MOST.set(before);
    work();
    MOST.get() - before
}

const FILES: [&str; 5] = [
    include_str!("captures/a1_nano.nam"),
    include_str!("captures/a1_feather.nam"),
    include_str!("captures/wavenet.nam"),
    include_str!("captures/lstm8_ts9.json"),
    include_str!("captures/gru8_ts9.json"),
];

#[test]
fn nothing_is_allocated_while_it_plays() {
    for text in FILES.into_iter().chain([include_str!("captures/A2.nam")]) {
        let Ok(capture) = Capture::read(text, 1.0) else { continue };
        let warm = capture.warm_channel();
        let (mut channel, mut samples, mut output) = (capture.channel(), [0.1; 480], [0.0; 480]);
        let before = CALLS.get();
        capture.process(&mut samples, &mut channel).expect("its channel");
        capture.process_to(&samples, &mut output, &mut channel).expect("its channel");
        capture.restart(&mut channel).expect("its channel");
        channel.copy_from(&warm).expect("the same shape");
        assert!(channel.is_finite() && output != [0.0; 480]);
        assert_eq!(CALLS.get(), before, "{capture:?}");
    }
}

/// Bytes of a file replaced, taken out, repeated and put elsewhere: an error, or a capture that plays. Never more than four megabytes.
fn damage(rounds: u64) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut played = 0;
    for round in 0..rounds {
        let mut bytes = FILES[round as usize % FILES.len()].as_bytes().to_vec();
        // Most of a file is numbers; keys are at its ends.
        let len = bytes.len();
        let mut place = |len: usize| match random(3) {
            0 => random(len),
            1 => random(len.min(700)),
            _ => len - 1 - random(len.min(300)),
        };
        let (from, to) = (place(len), place(len));
        match round % 5 {
            0 => bytes[from] = b"{}[]:,\"-0123456789.eE ntfa\\"[to % 27],
            1 => drop(bytes.drain(from.min(to)..from.max(to).min(from.min(to) + 40))),
            2 => bytes.swap(from, to),
            3 => {
                let piece = bytes[from.min(to)..from.max(to).min(from.min(to) + 40)].to_vec();
                bytes.splice(to..to, piece);
            }
            _ => bytes.truncate(from),
        }
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let bytes = most_bytes(|| {
            if let Ok(capture) = Capture::read(&text, 1.0) {
                let mut samples = [0.25; 4];
                capture.process(&mut samples, &mut capture.channel()).expect("its channel");
                played += 1;
            }
        });
        assert!(bytes < 4 << 20, "{bytes} bytes");
    }
    assert!(played > 0, "a digit that changed is played");
}

#[test]
fn damaged_files_are_errors_or_play() {
    damage(2_000);
}

#[test]
#[ignore = "slow without optimisation"]
fn a_hundred_thousand_damaged_files_are_errors_or_play() {
    damage(100_000);
}

/// What is long, deep or large takes no more memory than a good file.
#[test]
fn hostile_files_take_little_memory() {
    let numbers = "1,".repeat(3_000_000);
    let nam = |config: &str, weights: &str| {
        format!("{{\"version\":\"0.5.4\",\"architecture\":\"WaveNet\",\"config\":{config},\"weights\":[{weights}1]}}")
    };
    for text in [
        nam("{}", &numbers),
        nam(&format!("{{\"layers\":[{numbers}1],\"head\":null,\"head_scale\":1}}"), ""),
        nam(&"[".repeat(1_000_000), ""),
        format!("{{\"model_data\":{{}},\"state_dict\":{{\"rec.weight_ih_l0\":[{}[1]]}}}}", "[1],".repeat(1_000_000)),
        "[".repeat(1_000_000),
        include_str!("captures/a1_nano.nam").replacen("\"Tanh\"", &format!("[{numbers}1]"), 1),
        include_str!("captures/a1_nano.nam").replacen("\"Tanh\"", &format!("{{\"type\":[{numbers}1]}}"), 1),
        include_str!("captures/gru8_ts9.json").replacen("SimpleRNN", &"a".repeat(8 << 20), 1),
        include_str!("captures/gru8_ts9.json").replacen("skip", &"\\n".repeat(4 << 20), 1),
        format!("{{\"in_shape\":[1],\"layers\":[],\"samplerate\":[{numbers}1]}}"),
    ] {
        let bytes = most_bytes(|| assert!(Capture::read(&text, 1.0).is_err()));
        assert!(bytes < 4 << 20, "{bytes} bytes for {}", &text[..80]);
    }
}
