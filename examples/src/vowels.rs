//! 640 utterances of two Japanese vowels, /ae/, by nine men (UCI, aeon): sequences of 7 to 29 frames.

/// Twelve cepstral coefficients of a stretch of sound.
pub type Frame = [f32; 12];
/// The frames of an utterance, and who spoke it, 0 to 8.
pub type Utterance = (Vec<Frame>, usize);

/// The most frames of an utterance.
pub const LONGEST: usize = 29;
/// How many speakers there are.
pub const SPEAKERS: usize = 9;

/// The 270 utterances for training.
pub fn train() -> Vec<Utterance> {
    read(include_bytes!("../data/japanese_vowels_train.bin"))
}

/// The 370 utterances for testing.
pub fn test() -> Vec<Utterance> {
    read(include_bytes!("../data/japanese_vowels_test.bin"))
}

/// A byte for the speaker, one for the number of frames, and these.
fn read(mut bytes: &[u8]) -> Vec<Utterance> {
    let mut utterances = Vec::new();
    while let [speaker, count, rest @ ..] = bytes {
        let (frames, rest) = rest.split_at(usize::from(*count) * size_of::<Frame>());
        let numbers: Vec<f32> = frames.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        utterances.push((numbers.as_chunks().0.to_vec(), usize::from(*speaker)));
        bytes = rest;
    }
    utterances
}
