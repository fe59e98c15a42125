//! A recurrent network that PyTorch taught on sequences of different lengths: recorded answers, frame by frame and filled up.

use examples::vowels::{Frame, LONGEST, test};
use nn_core::dataset::{Dataset, many_to_one};
use nn_core::kernel::InstructionSet;
use nn_core::metric::largest;
use nn_core::prelude::*;
use nn_core::train::Sequence;
use safetensors::SafeTensors;
use tests::assert_close;

network! {
    #[derive(Clone)]
    #[weights("models/vowels_gru.safetensors")]
    struct Listener: stream 12 => gru(24) => 9;
}

/// Frames, and the logits after the last.
fn recorded() -> Vec<(Vec<Frame>, [f32; 9])> {
    let file = SafeTensors::deserialize(include_bytes!("models/vowels_gru.expected.safetensors")).expect("a file");
    let bytes = |name| file.tensor(name).expect("a tensor").data();
    let numbers = |name| bytes(name).as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect::<Vec<_>>();
    let (x, logits) = (numbers("x"), numbers("logits"));
    let lengths = bytes("lengths").as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes) as usize);
    let rows = x.as_chunks().0.chunks(LONGEST).zip(logits.as_chunks().0).zip(lengths);
    rows.map(|((frames, logits), length)| (frames[..length].to_vec(), *logits)).collect()
}

fn answer(frames: &[Frame]) -> [f32; 9] {
    let mut state = State::NEW;
    frames.iter().map(|frame| Listener::TRAINED.step(frame, &mut state)).last().expect("a frame")
}

/// One test, because the choice of a set is that of the whole program.
#[test]
fn utterances_are_answered_as_recorded() {
    let rows = recorded();
    assert_eq!((rows.len(), Listener::PARAMETERS), (50, 2_961));
    for set in InstructionSet::ALL.into_iter().filter(|set| set.select()) {
        for (row, (frames, logits)) in rows.iter().enumerate() {
            assert_close(&format!("{set:?}, row {row}"), &answer(frames), logits, 1e-5);
        }
        filled_up(&rows);
    }
    // Each seventh of the utterances for testing, of which it knows 358.
    let test = test();
    for ((frames, _), (recorded, _)) in test.iter().step_by(7).zip(&rows) {
        assert_eq!(frames, recorded);
    }
    let right = test.iter().filter(|(frames, speaker)| largest(&answer(frames)) == *speaker).count();
    assert_eq!((right, test.len()), (358, 370));
}

/// As sequences of 29 frames that are filled up, the bits of their own last frames.
fn filled_up(rows: &[(Vec<Frame>, [f32; 9])]) {
    let data = many_to_one::<_, _, _, f32, LONGEST>(rows).expect("of at most 29 frames");
    let mut net = Listener::TRAINED.clone();
    let (net, mut input) = (Sequence::<_, LONGEST>::on(&mut net), [[0.0; 12]; LONGEST]);
    for (index, (frames, logits)) in rows.iter().enumerate() {
        data.input(index, &mut input).expect("a row");
        assert_eq!(net.forward(&input)[frames.len() - 1], answer(frames));
        let target = data.target(index).expect("a row");
        assert!(target.iter().enumerate().all(|(step, (_, weight))| (*weight == 1.0) == (step + 1 == frames.len())));
        assert_eq!(&target[0].0, logits);
    }
}
