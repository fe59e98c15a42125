//! What was heard before tells who is speaking.
//!
//! A recurrent network learns nine speakers from utterances of different lengths, each a sequence that counts at its last frame. It then
//! listens frame by frame.

use crate::vowels::{Frame, LONGEST, SPEAKERS, Utterance};
use nn_core::dataset::many_to_one;
use nn_core::loss::Steps;
use nn_core::metric::largest;
use nn_core::prelude::*;
use nn_core::train::Sequence;

network! {
    /// Tells nine speakers apart, frame by frame.
    pub struct Listener: stream 12 => gru(24) => 9;
}

const EPOCHS: usize = 40;
const BATCH: usize = 10;
const RATE: f32 = 0.01;

/// Learns from these utterances. Each is computed by itself, so that the memory of one is enough.
///
/// # Errors
/// Those of the trainer.
pub fn learn(utterances: &[Utterance], seed: u64) -> Result<Listener, TrainError> {
    let mut net = Listener::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut memory = Training::<Sequence<Listener, LONGEST>, 1>::ZERO;
    let mut adam = Adam::new(RATE);
    let schedule = Schedule::cosine(RATE, 0.0, (EPOCHS * utterances.len().div_ceil(BATCH)) as u64);
    let trainer = Trainer::new(&mut memory, &mut adam, Steps(CrossEntropy)).seeded(seed);
    let (data, mut order) = (many_to_one(utterances)?, vec![0; utterances.len()]);
    let mut trainer = trainer.with_batches_of(BATCH).scheduled(schedule);
    trainer.fit(Sequence::on(&mut net), &data, &mut order, EPOCHS, |_| Continue(()))?;
    Ok(net)
}

/// How likely each speaker is after each frame.
pub fn listen(net: &Listener, frames: &[Frame]) -> Vec<[f32; SPEAKERS]> {
    let mut state = State::NEW;
    frames.iter().map(|frame| probabilities(net.step(frame, &mut state))).collect()
}

fn probabilities(logits: [f32; SPEAKERS]) -> [f32; SPEAKERS] {
    let most = logits.into_iter().fold(f32::MIN, f32::max);
    let shares = logits.map(|logit| libm::expf(logit - most));
    shares.map(|share| share / shares.iter().sum::<f32>())
}

/// The share of utterances after whose last frame the right speaker is the likeliest.
pub fn accuracy(net: &Listener, utterances: &[Utterance]) -> f64 {
    let is_right =
        |(frames, speaker): &&Utterance| listen(net, frames).last().map(|last| largest(last)) == Some(*speaker);
    utterances.iter().filter(is_right).count() as f64 / utterances.len() as f64
}
