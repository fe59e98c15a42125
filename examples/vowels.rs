//! Learns who is speaking from two vowels, and then listens frame by frame: `cargo run --release --example vowels`.
//!
//! What a recurrent network remembers of the frames before tells the speakers apart.

use examples::lessons::vowels::{Listener, accuracy, learn, listen};
use examples::plot::{self, Axis, BLUE, GREEN, Mark, Series, VERMILION, tenths};
use examples::vowels::{LONGEST, test, train};
use nn_core::metric::largest;
use nn_core::prelude::*;
use std::error::Error;
use std::process::ExitCode;

const SEED: u64 = 1;
/// Whose utterances are listened to.
const SPEAKER: usize = 0;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    println!("{}\n", Listener::summary());
    let (train, test) = (train(), test());
    let net = learn(&train, SEED)?;
    let right = accuracy(&net, &test);
    println!("speakers told apart: {:.1} % of {} utterances learnt", 100.0 * accuracy(&net, &train), train.len());
    println!("                     {:.1} % of {} others\n", 100.0 * right, test.len());

    let heard: Vec<_> = test.iter().filter(|(_, speaker)| *speaker == SPEAKER).take(3).collect();
    println!("speaker {SPEAKER}, frame by frame\n{:<8}{:>16}{:>16}", "frame", "likeliest", "probability");
    let mut series = Vec::new();
    let styles = [(BLUE, Mark::Line), (VERMILION, Mark::Dashes), (GREEN, Mark::Dots)];
    for (number, ((frames, _), (color, mark))) in heard.into_iter().zip(styles).enumerate() {
        let shares = listen(&net, frames);
        for (frame, shares) in shares.iter().enumerate().filter(|_| number == 0) {
            let likeliest = largest(shares);
            println!("{:<8}{likeliest:>16}{:>16.3}", frame + 1, shares[likeliest]);
        }
        let points = shares.iter().enumerate().map(|(frame, shares)| (frame as f64 + 1.0, f64::from(shares[SPEAKER])));
        series.push(Series { label: format!("utterance {}", number + 1), mark, color, points: points.collect() });
    }
    let x = Axis { label: "frames heard", range: 0.0..LONGEST as f64, tick: &|frame| format!("{frame:.0}") };
    let y = Axis { label: "probability of the right speaker", range: 0.0..1.0, tick: &tenths };
    println!("{}", plot::draw("vowels", "What was heard before tells who is speaking", x, y, &series)?.display());
    Ok(if right > 0.95 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
