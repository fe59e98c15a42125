//! Numbers at their ends: each is an error value, a refusal, or computed as it should be.

use nn_core::optimizer::Threshold;
use nn_core::prelude::*;
use nn_core::train::{CheckpointError, checkpoint_len, training_ram};
use tests::parameters;

type Net = network!(2 => 3 tanh => 2);

fn start() -> Net {
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(5));
    net
}

const DATA: [([f32; 2], [f32; 2]); 3] =
    [([0.1, 0.2], [1.0, 0.0]), ([0.5, -0.2], [0.0, 1.0]), ([-0.3, 0.9], [0.5, 0.5])];

/// As many rows as would take more bytes than there are addresses.
#[test]
#[should_panic(expected = "bytes, which this target can't address")]
fn memory_beyond_all_addresses_is_not_wrapped() {
    training_ram::<Sgd<Net>>(usize::MAX / 4);
}

#[test]
fn a_clip_of_a_gradient_that_is_not_finite_changes_nothing() {
    for wrong in [f32::INFINITY, f32::NAN, 1e20] {
        let mut gradient = start();
        gradient.parameters_mut(|kind, values| {
            if kind == Kind::Bias {
                values.fill(wrong);
            }
        });
        let before = parameters(&gradient);
        for clip in [Clip::Norm(1.0), Clip::Value(1.0)] {
            assert!(!clip.apply(&mut gradient).is_finite());
            let same = parameters(&gradient).iter().zip(&before).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "{clip:?} of {wrong}");
        }
    }
}

/// A checkpoint whose counters stand at their ends goes on without a panic, and is saved again.
#[test]
fn counters_at_their_ends() {
    let (mut net, mut memory, mut adam) = (start(), Training::<Net, 2>::ZERO, Adam::new(0.01));
    let mut bytes = [0; checkpoint_len::<Adam<Net>>()];
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError);
    trainer.step(&mut net, &DATA, &[0, 1]).expect("a step");
    trainer.save(&net, &mut bytes).expect("room");
    // Epoch, batch and steps; the checksum is made anew.
    for at in [3, 4, 5] {
        bytes[8 * at..8 * at + 8].copy_from_slice(&u64::MAX.to_le_bytes());
    }
    let body = bytes.len() - 8;
    assert_eq!(trainer.resume(&mut net, &bytes), Err(CheckpointError::Damaged));
    let checksum = crc64(&bytes[..body]).to_le_bytes();
    bytes[body..].copy_from_slice(&checksum);
    trainer.resume(&mut net, &bytes).expect("a checkpoint with its checksum");
    assert_eq!((trainer.progress().epoch, trainer.progress().step), (usize::MAX, u64::MAX));
    trainer.epoch(&mut net, &DATA, &mut [0; 3], |_| Continue(())).expect("an epoch");
    assert_eq!((trainer.progress().epoch, trainer.progress().step), (usize::MAX, u64::MAX));
    assert!(trainer.fit(&mut net, &DATA, &mut [0; 3], usize::MAX, |_| Continue(())).expect("nothing to do").is_nan());
    trainer.save(&net, &mut bytes).expect("room");
}

/// CRC-64/XZ, bit by bit.
fn crc64(bytes: &[u8]) -> u64 {
    let mut crc = u64::MAX;
    for byte in bytes {
        crc ^= u64::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xc96c_5795_d787_0f42 } else { crc >> 1 };
        }
    }
    !crc
}

#[test]
fn schedules_at_the_last_step() {
    let last = u64::MAX;
    assert_eq!(Schedule::constant(0.5).after_warm_up(last).rate(last - 1), 0.5);
    assert_eq!(Schedule::cosine(0.5, 0.25, last).rate(last), 0.25);
    assert_eq!(Schedule::step(0.5, 1, 0.5).rate(last), 0.0_f32);
    assert_eq!(Schedule::exponential(0.5, 1.0).rate(last), 0.5);
    assert_eq!(Schedule::step(0.5, 0, 0.5).rate(last), 0.5, "of a schedule that is refused when a step is made");
}

/// Losses that are no numbers, and those at the ends of the numbers, are not better than what there is.
#[test]
fn losses_at_the_ends_of_the_numbers() {
    let mut best = EarlyStopping::<Net>::new(usize::MAX);
    let (mut net, mut rate) = (start(), 1.0);
    let mut plateau = ReduceOnPlateau::new(0.5, 0).expect("a factor");
    for margin in [Threshold::Relative(1e-4), Threshold::Absolute(1e-4)] {
        plateau.threshold = margin;
        for loss in [f32::NAN, f32::INFINITY] {
            assert_eq!(best.see(0, loss, &mut net), Continue(()));
            plateau.see(loss, &mut rate);
        }
    }
    assert_eq!((best.epoch, rate), (None, 0.0625));
    best.waited = usize::MAX - 1;
    assert_eq!(best.see(1, f32::MIN, &mut net), Continue(()));
    plateau.see(f32::MIN, &mut rate);
    assert_eq!((best.epoch, best.waited, rate), (Some(1), 0, 0.0625));
    plateau.see(f32::NEG_INFINITY, &mut rate);
    plateau.see(f32::NEG_INFINITY, &mut rate);
    assert_eq!(rate, 0.03125);
}

/// More samples a batch than there are numbers for them: the whole data set.
#[test]
fn a_batch_larger_than_everything() {
    let (mut net, mut memory, mut sgd) = (start(), Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).with_batches_of(usize::MAX);
    trainer.epoch(&mut net, &DATA, &mut [0; 3], |_| Continue(())).expect("an epoch");
    assert_eq!(trainer.progress().step, 1);
}
