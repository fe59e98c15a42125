//! Captures at other sample rates than they were made for.
#![cfg(feature = "resample")]

mod strict;

use nn_audio::{Capture, RateOutOfRange};
use std::f64::consts::TAU;
use strict::IS_AUDIO;

/// A capture that gives what it takes, made for this rate: it adds an LSTM of zeros to its input.
fn identity(rate: f64) -> Capture {
    let rows = |rows: usize, columns: usize| vec![vec![0.0; columns]; rows];
    let text = serde_json::json!({
        "model_data": {
            "model": "SimpleRNN", "input_size": 1, "skip": 1, "output_size": 1, "unit_type": "LSTM", "num_layers": 1,
            "hidden_size": 8, "bias_fl": true,
        },
        "state_dict": {
            "rec.weight_ih_l0": rows(32, 1), "rec.weight_hh_l0": rows(32, 8), "rec.bias_ih_l0": vec![0.0; 32],
            "rec.bias_hh_l0": vec![0.0; 32], "lin.weight": rows(1, 8), "lin.bias": [0.0],
        },
        "sample_rate": rate,
    });
    Capture::read(&text.to_string(), 1.0).expect("a capture")
}

/// What a capture gives at this rate of the host, in blocks of these lengths, and its latency.
fn play(capture: &Capture, host: f64, x: &[f32], lengths: &[usize]) -> (Vec<f32>, usize) {
    let (mut channel, mut resampler) = (capture.warm_channel(), capture.resampler(host).expect("a rate"));
    let (mut y, mut lengths) = (x.to_vec(), lengths.iter().cycle());
    let mut rest = &mut y[..];
    IS_AUDIO.set(true);
    while !rest.is_empty() {
        let count = rest.len().min(*lengths.next().expect("a length"));
        let (block, after) = rest.split_at_mut(count);
        resampler.process(capture, block, &mut channel).expect("its channel");
        rest = after;
    }
    IS_AUDIO.set(false);
    (y, resampler.latency())
}

fn sines(frequencies: &[f64], rate: f64, len: usize) -> Vec<f32> {
    let at = |t: usize| frequencies.iter().map(|frequency| (TAU * frequency * t as f64 / rate).sin()).sum::<f64>();
    (0..len).map(|t| (at(t) / frequencies.len() as f64) as f32).collect()
}

/// A sine is the same sine, late by the latency in every fraction of a sample, up to three quarters of half the lower rate; and nothing
/// is left of what only the higher rate can say, which would come back as another tone.
#[test]
fn a_sine_comes_back_late() {
    const LEN: usize = 1_500;
    let hosts = [44_100.0, 48_000.0, 88_200.0, 96_000.0, 22_050.0, 192_000.0, 8_000.0, 44_100.37, 47_900.0];
    let capture = identity(48_000.0);
    for host in hosts {
        let half = f64::min(host, 48_000.0) / 2.0;
        for share in [0.01, 0.1, 0.4, 0.6, 16.0 / 22.05, 0.75, 1.01, 1.5] {
            let frequency = half * share;
            if frequency > host / 2.0 {
                continue;
            }
            let x = sines(&[frequency], host, LEN);
            let (y, latency) = play(&capture, host, &x, &[64]);
            assert_eq!(latency == 0, host == 48_000.0);
            for t in 3 * latency..LEN {
                let late = if share > 1.0 { 0.0 } else { x[t - latency] };
                assert!((y[t] - late).abs() < 3e-5, "{frequency} Hz at {host}, sample {t}: {} and {late}", y[t]);
            }
        }
    }
}

/// An amplifier gives at other rates what it gives at its own. Sound is made of multiples of 100 Hz, and so is, after a while, what is made
/// of it: their strengths at 48,000 say what it is at any time. Beyond the pass band anything from nothing to all may come through, so that
/// the power of that is allowed, and a hundred thousandth of the whole, as errors of a sine are.
#[test]
fn an_amplifier_gives_what_it_gives_at_its_rate() {
    let (tones, from) = ([200.0, 300.0, 500.0, 1_100.0], 0.1);
    let period = |rate: f64| (rate / 100.0) as usize;
    let root_mean_square = |samples: &[f64]| (samples.iter().map(|y| y * y).sum::<f64>() / samples.len() as f64).sqrt();
    for text in [
        include_str!("captures/lstm8_ts9.json"),
        include_str!("captures/gru8_ts9.json"),
        include_str!("captures/a1_nano.nam"),
    ] {
        let capture = Capture::read(text, 1.0).expect("a capture");
        // A period after a while, and the latency.
        let played = |host: f64| {
            let start = (from * host) as usize;
            let (y, latency) = play(&capture, host, &sines(&tones, host, start + 1_200), &[64]);
            y[start + latency..][..period(host)].iter().map(|y| f64::from(*y)).collect::<Vec<_>>()
        };
        let own = played(48_000.0);
        let strength = |multiple: usize| {
            let turn = |t: usize| TAU * (multiple * t % own.len()) as f64 / own.len() as f64;
            let sum = |part: fn(f64) -> f64| own.iter().enumerate().map(|(t, y)| y * part(turn(t))).sum::<f64>();
            let whole = own.len() as f64 / if multiple == 0 { 1.0 } else { 2.0 };
            [sum(f64::cos) / whole, sum(f64::sin) / whole]
        };
        let strengths: Vec<_> = (0..own.len() / 2).map(strength).collect();
        for host in [44_100.0, 88_200.0, 96_000.0] {
            let (passed, beyond) = strengths.split_at((f64::min(host, 48_000.0) * 0.375 / 100.0) as usize);
            let beyond: f64 = beyond.iter().flatten().map(|strength| strength * strength / 2.0).sum::<f64>().sqrt();
            let expected = |t: usize| {
                let turn = |multiple: usize| TAU * (multiple * t) as f64 / period(host) as f64;
                let each =
                    passed.iter().enumerate().map(|(at, [cos, sin])| cos * turn(at).cos() + sin * turn(at).sin());
                each.sum::<f64>()
            };
            let errors: Vec<_> = played(host).iter().enumerate().map(|(t, y)| y - expected(t)).collect();
            let (error, whole) = (root_mean_square(&errors), root_mean_square(&own));
            assert!(error < beyond + whole * 1e-5, "{host}: {error} of {whole}, {beyond} beyond");
        }
    }
}

/// Blocks of any length give the same bits, and so does what begins again; clones are apart. Nothing is allocated.
#[test]
fn blocks_of_any_length_are_the_same() {
    let capture = Capture::read(include_str!("captures/lstm8_ts9.json"), 1.0).expect("a capture");
    let bits = |samples: &[f32]| samples.iter().map(|sample| sample.to_bits()).collect::<Vec<_>>();
    for host in [44_100.0, 96_000.0, 22_050.0, 1_000.0, 1_000_000.0, 44_100.37] {
        let x = sines(&[110.0, 330.0], host, 1_000);
        let (heard, _) = play(&capture, host, &x, &[64]);
        for lengths in [&[1][..], &[7], &[480], &[1, 0, 7, 64, 480, 3], &[x.len()]] {
            assert_eq!(bits(&play(&capture, host, &x, lengths).0), bits(&heard), "{host}, {lengths:?}");
        }

        let (mut channel, mut resampler) = (capture.channel(), capture.resampler(host).expect("a rate"));
        resampler.process(&capture, &mut [f32::NAN; 100], &mut channel).expect("its channel");
        let mut other = resampler.clone();
        let mut again = x.clone();
        IS_AUDIO.set(true);
        resampler.restart();
        let restarted = capture.restart(&mut channel);
        let played = resampler.process(&capture, &mut again, &mut channel);
        IS_AUDIO.set(false);
        assert!(restarted.is_ok() && played.is_ok());
        assert_eq!(bits(&again), bits(&heard), "{host}, again");
        let mut still = vec![0.0; 2 * other.latency()];
        other.process(&capture, &mut still, &mut capture.channel()).expect("its channel");
        assert!(still.iter().any(|sample| sample.is_nan()), "{host}: a clone remembers for itself");
    }
}

#[test]
fn what_is_no_sample_rate_is_refused() {
    let capture = identity(48_000.0);
    for rate in [0.0, -0.0, -48_000.0, 999.9, 1_000_000.1, 1e12, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let refused = capture.resampler(rate).map(|_| ()).expect_err("no rate");
        assert_eq!(refused.0.to_bits(), rate.to_bits());
        assert!(nn_audio::player_at(1, 1, rate).is_err());
    }
    assert_eq!(RateOutOfRange(-1.0).to_string(), "a sample rate of -1 is not from 1,000 to 1,000,000");
}

/// Rates of files, too, are from 1,000 to 1,000,000.
#[test]
fn rates_may_be_as_far_apart_as_they_can() {
    for (own, host) in [(1_000.0, 1_000_000.0), (1_000_000.0, 1_000.0), (999_983.0, 1_009.0), (1_009.0, 48_000.0)] {
        let x = sines(&[host / 10_000.0], host, 500);
        let (y, _) = play(&identity(own), host, &x, &[7, 64]);
        assert!(y.iter().all(|sample| sample.abs() < 1.1), "{own} at {host}");
    }
}

/// A channel of another shape is an error, and what it was to play is as it was.
#[test]
fn a_channel_of_another_shape_is_an_error() {
    let [capture, other] = [include_str!("captures/lstm8_ts9.json"), include_str!("captures/gru8_ts9.json")]
        .map(|text| Capture::read(text, 1.0).expect("a capture"));
    for host in [44_100.0, 48_000.0] {
        let (mut samples, mut resampler) = ([0.1; 200], capture.resampler(host).expect("a rate"));
        assert!(resampler.process(&capture, &mut samples, &mut other.channel()).is_err());
        assert_eq!(samples, [0.1; 200]);
    }
}
