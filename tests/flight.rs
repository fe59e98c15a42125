//! A recurrent policy of other people: its recorded outputs, and flights with it that were computed elsewhere.

use examples::flight::{Raptor, STARTS, STEPS, fly};
use nn_core::kernel::InstructionSet;
use nn_core::prelude::*;

/// Two episodes of 500 steps as recorded in RAPTOR's checkpoint (rl-tools/raptor 3813c24, MIT): inputs, and what it answered.
fn recorded() -> Vec<([f32; 22], [f32; 4])> {
    let file = include_bytes!("models/raptor.expected.safetensors");
    let (len, rest) = file.split_first_chunk().expect("a length");
    let data = &rest[u64::from_le_bytes(*len) as usize..];
    let numbers: Vec<f32> = data.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let (x, y) = numbers.split_at(1_000 * 22);
    x.as_chunks().0.iter().copied().zip(y.as_chunks().0.iter().copied()).collect()
}

#[test]
fn a_policy_answers_as_recorded() {
    for set in InstructionSet::ALL.into_iter().filter(|set| set.select()) {
        for episode in recorded().chunks(500) {
            let mut state = State::NEW;
            for (step, (x, y)) in episode.iter().enumerate() {
                for (found, expected) in Raptor::TRAINED.step(x, &mut state).iter().zip(y) {
                    assert!((found - expected).abs() < 2e-6, "{set:?}, step {step}: {found} and {expected}");
                }
            }
        }
    }
    assert_eq!((Raptor::PARAMETERS, Raptor::MACS), (2_084, 1_952));
}

/// Each tenth of the first second, by `models/fly.py`.
const DISTANCES: [[f64; 10]; 5] = [
    [0.300135, 0.2951, 0.275362, 0.240997, 0.197818, 0.15335, 0.115108, 0.087797, 0.072379, 0.065203],
    [0.308513, 0.349638, 0.419552, 0.481898, 0.515623, 0.517446, 0.492184, 0.447822, 0.390313, 0.324408],
    [0.409096, 0.495506, 0.588676, 0.65287, 0.675009, 0.658112, 0.615554, 0.560495, 0.497665, 0.426933],
    [0.272731, 0.192237, 0.078303, 0.041226, 0.144566, 0.224544, 0.278902, 0.307067, 0.308977, 0.286328],
    [0.340121, 0.254222, 0.167348, 0.154787, 0.199921, 0.237128, 0.248361, 0.235655, 0.206751, 0.172134],
];

#[test]
fn a_policy_flies_home() {
    for (start, distances) in STARTS.into_iter().zip(DISTANCES) {
        let path = fly(start, 6);
        for (tenth, expected) in distances.into_iter().enumerate() {
            let found = path[(tenth + 1) * STEPS / 10 - 1].position.norm();
            assert!((found - expected).abs() < 0.01, "{start:?}, tenth {tenth}: {found} and {expected}");
        }
        let away = path[3 * STEPS..].iter().map(|body| body.position.norm()).fold(0.0, f64::max);
        assert!(away < 0.06, "{start:?}: {away} from the third second on");
    }
}
