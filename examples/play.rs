//! Plays a capture of an amplifier: `cargo run --release --example play -- CAPTURE.nam IN.wav OUT.wav`. Without arguments, one of the
//! repository's plays a plucked string, into `target/sounds`.

use examples::amplifier::plucked;
use examples::plot::{self, Axis, BLUE, Mark, Series, VERMILION, tenths};
use examples::wav;
use indicatif::{ProgressBar, ProgressStyle};
use nn_audio::Capture;
use nn_core::prelude::*;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

/// As many samples as an audio callback often has.
const BLOCK: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let (file, (rate, input), out) = match &arguments[..] {
        [] => {
            fs::create_dir_all(root.join("target/sounds"))?;
            // The string swings by up to 3.5.
            let string = plucked(8, &mut ChaCha8Rng::seed_from_u64(2)).into_iter().map(|x| x as f32 / 4.0).collect();
            (root.join("nn-audio/tests/captures/A2.nam"), (48_000, string), root.join("target/sounds/play.wav"))
        }
        [file, input, out] => (file.clone(), wav::read(input)?, out.clone()),
        _ => return Err("usage: play CAPTURE IN.wav OUT.wav".into()),
    };
    let capture = Capture::read(&fs::read_to_string(&file)?, 1.0)?;
    let stated = if capture.info().is_rate_stated { "" } else { " (assumed)" };
    println!("{}, made for {} samples a second{stated}", capture.shape().name(), capture.info().sample_rate);
    let (mut channel, mut resampler) = (capture.warm_channel(), capture.resampler(rate.into())?);
    if capture.info().check_rate(rate.into()).is_err() {
        println!("resampled from {rate} samples a second and back");
    }

    // As much silence at the end as is cut off at the beginning.
    let mut sound = [&input[..], &vec![0.0; resampler.latency()]].concat();
    let bar = ProgressBar::new(sound.len() as u64);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {percent}%")?);
    let mut times = Vec::with_capacity(sound.len() / BLOCK + 1);
    for block in sound.chunks_mut(BLOCK) {
        let start = Instant::now();
        resampler.process(&capture, block, &mut channel)?;
        times.push(start.elapsed());
        bar.inc(block.len() as u64);
    }
    bar.finish_and_clear();
    let sound = sound.split_off(resampler.latency());
    wav::write(&out, rate, &sound)?;

    let peak = sound.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    let (total, worst) = (times.iter().sum::<Duration>(), times.iter().max().copied().unwrap_or_default());
    let seconds = sound.len() as f64 / f64::from(rate);
    println!("{}: {seconds:.1} s, peak {peak:.3}", out.display());
    println!(
        "real-time factor {:.4}; the worst of {} blocks took {:.1} µs of {:.0}",
        total.as_secs_f64() / seconds,
        times.len(),
        worst.as_secs_f64() * 1e6,
        BLOCK as f64 * 1e6 / f64::from(rate)
    );

    let (from, samples) = (sound.len() / 10, (rate as usize / 50).min(sound.len() / 2));
    let curve = |label: &str, mark, color, sound: &[f32]| Series {
        label: label.into(),
        mark,
        color,
        points: (0..samples).map(|t| (t as f64 * 1e3 / f64::from(rate), f64::from(sound[from + t]))).collect(),
    };
    let series = [curve("input", Mark::Line, BLUE, &input), curve("output", Mark::Wide, VERMILION, &sound)];
    let x = Axis { label: "milliseconds", range: 0.0..20.0, tick: &|place| format!("{place:.0}") };
    let y = Axis { label: "of full scale", range: -1.0..1.0, tick: &tenths };
    println!("{}", plot::draw("play", "A capture plays a plucked string", x, y, &series)?.display());
    Ok(())
}
