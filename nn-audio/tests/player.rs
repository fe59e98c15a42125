//! Captures that are replaced while they play.

mod strict;

use nn_audio::{Capture, Channel, player};
use std::sync::atomic::{AtomicUsize, Ordering};
use strict::IS_AUDIO;

const FILES: [&str; 3] = [
    include_str!("captures/a1_nano.nam"),
    include_str!("captures/lstm8_ts9.json"),
    include_str!("captures/gru8_ts9.json"),
];

fn capture(number: usize) -> Capture {
    Capture::read(FILES[number % FILES.len()], 1.0).expect("a capture")
}

const FADE: usize = 240;

fn sound(from: usize, samples: &mut [f32]) {
    for (at, sample) in samples.iter_mut().enumerate() {
        *sample = ((from + at) as f32 * 0.021).sin() * 0.3;
    }
}

/// What a capture gives from its first sample on.
fn alone(capture: &Capture, channel: &mut Channel, samples: &[f32]) -> Vec<f32> {
    let mut samples = samples.to_vec();
    capture.process(&mut samples, channel).expect("its channel");
    samples
}

/// Before a fade is what played, after it what plays, both in every bit, and within it the one and the other as far as it is.
#[test]
fn one_capture_fades_into_another() {
    let (mut desk, mut player) = player(1, FADE);
    let mut before: Option<(Capture, Channel)> = None;
    for (number, block) in [64, 7, 480, 1, 100].into_iter().enumerate() {
        desk.put(capture(number)).expect("room");
        let now = capture(number);
        let mut channel = now.warm_channel();
        for round in 0..600_usize.div_ceil(block) {
            let (mut samples, mut at) = (vec![0.0; block], round * block);
            sound(at, &mut samples);
            let new = alone(&now, &mut channel, &samples);
            let old = before.as_mut().map_or(samples.clone(), |(capture, channel)| alone(capture, channel, &samples));
            player.process(&mut [&mut samples]);
            for ((found, new), old) in samples.iter().zip(new).zip(old) {
                let share = FADE.saturating_sub(at) as f32 / FADE as f32;
                let expected = new + (old - new) * share;
                let is_exact = at >= FADE;
                assert!(
                    if is_exact { *found == new } else { (found - expected).abs() < 1e-6 },
                    "{number}, sample {at}"
                );
                at += 1;
            }
        }
        before = Some((now, channel));
    }
}

/// Channels are apart, a block without channels or samples does nothing, and several captures that wait are one replacement.
#[test]
fn the_last_that_waits_is_played() {
    let (mut desk, mut player) = player(2, 1);
    let (mut left, mut right) = ([0.1; 64], [0.2; 64]);
    player.process(&mut [&mut left, &mut right]);
    assert_eq!((left, right), ([0.1; 64], [0.2; 64]), "nothing is put in");
    for number in 0..4 {
        desk.put(capture(number)).expect("room");
    }
    assert!(desk.put(capture(4)).is_err(), "the player does not run");
    player.process(&mut []);
    player.process(&mut [&mut []]);
    player.process(&mut [&mut left[..1], &mut right[..1]]);
    player.process(&mut [&mut left[1..], &mut right[1..]]);
    let last = capture(3);
    for (found, input) in [(left, 0.1), (right, 0.2)] {
        let mut expected = [input; 64];
        last.process(&mut expected, &mut last.warm_channel()).expect("its channel");
        assert_eq!(found[1..], expected[1..]);
    }
    desk.put(capture(5)).expect("room again");
}

/// A knob that is turned while it plays changes what follows, for every channel, and nothing is allocated.
#[test]
fn knobs_are_turned_while_it_plays() {
    let text = include_str!("captures/made/aidax_lstm12_2knobs.json");
    let read = || Capture::read(text, 1.0).expect("a capture");
    let (mut desk, mut player) = player(2, 1);
    assert!(!player.set_knob(0, 0.9), "nothing plays");
    desk.put(read()).expect("room");
    player.process(&mut [&mut [0.0], &mut [0.0]]);

    let mut alone = read();
    let mut channel = alone.warm_channel();
    alone.process(&mut [0.0], &mut channel).expect("its channel");
    for (knob, value) in [(0, 0.9), (1, 0.1), (0, 0.5)] {
        let (mut left, mut right, mut expected) = ([0.1; 64], [0.1; 64], [0.1; 64]);
        IS_AUDIO.set(true);
        let is_there = player.set_knob(knob, value) && alone.set_knob(knob, value);
        player.process(&mut [&mut left, &mut right]);
        let is_like = alone.process(&mut expected, &mut channel);
        IS_AUDIO.set(false);
        assert!(is_there && is_like.is_ok());
        assert_eq!((left, right), (expected, expected));
    }
    assert!(!player.set_knob(2, 0.9), "no third knob");
}

/// Where the rate of the host is told, captures of another rate are resampled, and those of its own are not.
#[test]
#[cfg(feature = "resample")]
fn captures_of_other_rates_are_resampled() {
    for host in [44_100.0, 48_000.0] {
        let (mut desk, mut player) = nn_audio::player_at(2, 1, host).expect("a rate");
        assert_eq!(player.latency(), 0, "nothing plays");
        desk.put(capture(1)).expect("room");
        player.process(&mut [&mut [0.0], &mut [0.0]]);
        let alone = capture(1);
        let (mut channel, mut resampler) = (alone.warm_channel(), alone.resampler(host).expect("a rate"));
        assert_eq!(player.latency(), resampler.latency());
        resampler.process(&alone, &mut [0.0], &mut channel).expect("its channel");
        let (mut left, mut right, mut expected) = ([0.0; 480], [0.0; 480], [0.0; 480]);
        for samples in [&mut left, &mut right, &mut expected] {
            sound(0, samples);
        }
        IS_AUDIO.set(true);
        player.process(&mut [&mut left, &mut right]);
        IS_AUDIO.set(false);
        resampler.process(&alone, &mut expected, &mut channel).expect("its channel");
        assert_eq!((left, right), (expected, expected), "{host}");
    }
}

/// Sixty captures one after another, each for a sixth of a second, in a thread that may not allocate.
#[test]
fn sixty_captures_one_after_another() {
    const EACH: usize = 8_000 / 64;
    let (mut desk, mut player) = player(1, FADE);
    let (played, put) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            IS_AUDIO.set(true);
            let mut loudest: f32 = 0.0;
            for block in 0..60 * EACH {
                // It is faster than a host, which gives the desk more time.
                while put.load(Ordering::Acquire) <= block / EACH {
                    std::thread::yield_now();
                }
                let mut samples = [0.0; 64];
                sound(block * 64, &mut samples);
                player.process(&mut [&mut samples]);
                loudest = samples.iter().fold(loudest, |loudest, sample| loudest.max(sample.abs()));
                played.store(block + 1, Ordering::Release);
            }
            IS_AUDIO.set(false);
            assert!(loudest > 0.1 && loudest < 10.0, "{loudest}");
        });
        for number in 0..60 {
            while played.load(Ordering::Acquire) < number * EACH {
                std::thread::sleep(std::time::Duration::from_micros(200));
            }
            desk.put(capture(number)).expect("room");
            put.store(number + 1, Ordering::Release);
        }
    });
}
