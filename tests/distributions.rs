//! What a policy draws from: PyTorch's numbers, and how often what is drawn.

use nn_core::dataset::{Dataset, Replay};
use nn_core::distribution::{Categorical, Gaussian};
use nn_core::prelude::*;
use nn_core::scalar::Scalar;
use std::sync::LazyLock;
use tests::{Vectors, assert_close};

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/distributions.txt")));

fn agrees<T: Scalar>(tolerance: f64) {
    let vector = |name: &str| VECTORS.get::<T>(name);
    for (row, logits) in VECTORS.rows::<T, 5>("categorical:logits").iter().enumerate() {
        let choices = Categorical::of(logits);
        let name = |what: &str| format!("categorical{row}:{what}");
        let logarithms: [T; 5] = core::array::from_fn(|choice| choices.log_probability(choice));
        assert_close(&name("log"), &logarithms, &vector(&name("log")), tolerance);
        for choice in 0..5 {
            let what = name(&format!("slopes{choice}"));
            assert_close(&what, &choices.slopes(choice), &vector(&what), tolerance);
        }
        assert_close(&name("entropy"), &[choices.entropy()], &vector(&name("entropy")), tolerance);
        assert_close(&name("entropy's"), &choices.entropy_slopes(), &vector(&name("entropy_slopes")), tolerance);
    }
    let rows = |what: &str| VECTORS.rows::<T, 3>(&format!("gaussian:{what}"));
    let ends = rows("mean").into_iter().zip(rows("logarithm"));
    for (row, ((mean, log_deviation), at)) in ends.zip(rows("at")).enumerate() {
        let numbers = Gaussian { mean, log_deviation };
        let name = |what: &str| format!("gaussian{row}:{what}");
        let [by_mean, by_logarithm] = numbers.slopes(&at);
        assert_close(&name("log"), &[numbers.log_density(&at)], &vector(&name("log")), tolerance);
        assert_close(&name("by_mean"), &by_mean, &vector(&name("by_mean")), tolerance);
        assert_close(&name("by_logarithm"), &by_logarithm, &vector(&name("by_logarithm")), tolerance);
        assert_close(&name("entropy"), &[numbers.entropy()], &vector(&name("entropy")), tolerance);
    }
}

#[test]
fn distributions_agree_with_pytorch() {
    agrees::<f64>(1e-10);
    agrees::<f32>(1e-5);
}

/// Of 20,000 draws: three deviations are a hundredth.
#[test]
fn draws_are_as_often_as_they_are_probable() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let choices = Categorical::of(&[0.0_f64, 0.1_f64.ln(), 0.4_f64.ln()]);
    let mut counts = [0.0; 3];
    for _ in 0..20_000 {
        counts[choices.sample(&mut rng)] += 1.0 / 20_000.0;
    }
    for (choice, share) in counts.iter().enumerate() {
        assert!((share - [1.0, 0.1, 0.4][choice] / 1.5).abs() < 0.011, "{counts:?}");
    }
    assert_eq!((choices.most_probable(), choices.probability(3)), (0, 0.0));
    assert_eq!(Categorical::of(&[f32::NAN; 2]).sample(&mut rng), 0);

    let numbers = Gaussian { mean: [2.0_f32, -1.0], log_deviation: [0.0, 0.5_f32.ln()] };
    let (mut sums, mut squares) = ([0.0; 2], [0.0; 2]);
    for _ in 0..20_000 {
        for (at, drawn) in numbers.sample(&mut rng).into_iter().enumerate() {
            sums[at] += f64::from(drawn) / 20_000.0;
            squares[at] += f64::from(drawn - numbers.mean[at]).powi(2) / 20_000.0;
        }
    }
    assert!((sums[0] - 2.0).abs() < 0.022 && (sums[1] + 1.0).abs() < 0.011, "{sums:?}");
    assert!((squares[0] - 1.0).abs() < 0.03 && (squares[1] - 0.25).abs() < 0.008, "{squares:?}");
}

#[test]
fn a_replay_keeps_the_last_ones() {
    for capacity_is_passed in 0..20 {
        let mut replay = Replay::<([f32; 1], usize), 4>::new(([0.0], usize::MAX));
        assert!(replay.is_empty() && replay.sample::<1>(&mut ChaCha8Rng::seed_from_u64(1)).is_none());
        (0..capacity_is_passed).for_each(|step| replay.push(([step as f32], step)));
        let mut kept: Vec<usize> = replay.all().iter().map(|(_, step)| *step).collect();
        kept.sort_unstable();
        let expected: Vec<usize> = (capacity_is_passed.max(4) - 4..capacity_is_passed).collect();
        assert_eq!(kept, expected);
        assert_eq!((replay.len(), Dataset::len(&replay), replay.target(4)), (expected.len(), expected.len(), None));
    }
    let mut replay = Replay::<usize, 4>::new(0);
    (0..6).for_each(|step| replay.push(step));
    let drawn: [usize; 4_000] = replay.sample(&mut ChaCha8Rng::seed_from_u64(1)).expect("some");
    for step in 2..6 {
        let share = drawn.iter().filter(|drawn| **drawn == step).count();
        assert!((900..1_100).contains(&share), "{step}: {share}");
    }
    replay.clear();
    assert!(replay.is_empty());
}
