//! Networks learn what they should: the examples' promises as tests.

use examples::{digits, mnist};
use nn_core::dataset::Dataset;
use nn_core::loss::GivesLogits;
use nn_core::metric::{Classifies, Confusion};
use nn_core::prelude::*;
use std::sync::{LazyLock, Mutex};
use tests::Vectors;

/// The accuracies of PyTorch on the same data with the same settings, `vectors/accuracy.py`.
static PYTORCH: LazyLock<Vectors> = LazyLock::new(|| Vectors::parse(include_str!("vectors/accuracy.txt")));

/// A classifier, and what it learns with.
struct Learner<N: Trainable> {
    net: N,
    adam: Adam<N>,
    memory: Training<N, 32>,
}

impl<N: Trainable<Number = f32>> Learner<N> {
    const NEW: Self = Self { net: N::ZERO, adam: Adam::new(0.0), memory: Training::ZERO };

    /// The accuracy on the held-out samples after training anew, in percent.
    fn accuracy<const CLASSES: usize, D>(&mut self, [train, test]: &[D; 2], rate: f32, epochs: usize, seed: u64) -> f64
    where
        N: Trainable<Number = f32, Output = [f32; CLASSES]> + GivesLogits + Classifies<CLASSES>,
        D: Dataset<Input = N::Input, Target = usize>,
    {
        let Self { net, adam, memory } = self;
        net.init(&mut ChaCha8Rng::seed_from_u64(seed));
        *adam = Adam::new(rate);
        let mut trainer = Trainer::new(memory, adam, CrossEntropy).seeded(seed);
        let mut order = vec![0; train.len()];
        trainer.fit(net, train, &mut order, epochs, |_| Continue(())).expect("a fit");
        100.0 * Confusion::of(net, test).expect("a test").accuracy()
    }

    /// The mean of five seeds is at most one point below PyTorch's.
    fn is_as_good_as_pytorch<const CLASSES: usize, D>(&mut self, name: &str, data: &[D; 2], rate: f32, epochs: usize)
    where
        N: Trainable<Number = f32, Output = [f32; CLASSES]> + GivesLogits + Classifies<CLASSES>,
        D: Dataset<Input = N::Input, Target = usize>,
    {
        let found: Vec<_> = (1..=5).map(|seed| self.accuracy(data, rate, epochs, seed)).collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let expected = mean(&PYTORCH.get(name));
        println!("{name}: {found:.2?}, mean {:.2}; PyTorch {expected:.2}", mean(&found));
        assert!(mean(&found) >= expected - 1.0, "{found:?}, mean {}; PyTorch {expected}", mean(&found));
        assert!(found.iter().all(|accuracy| *accuracy > expected - 3.0), "{found:?}");
        let again = self.accuracy(data, rate, epochs, 1);
        assert_eq!(again, found[0], "the same seed gave another network");
    }
}

network! { struct Digits: 64 => 32 relu => 10; }
network! { struct Mnist: 784 => 128 relu => 10; }
network! { struct MnistCnn: 1x28x28 => conv(8, 3) relu => max_pool(2) => conv(16, 3) relu => max_pool(2) => flatten => 10; }

#[test]
#[ignore = "slow without optimisation"]
fn digits_are_read() {
    let (train, test) = (digits::train(), digits::test());
    assert_eq!((train.len(), test.len()), (1_438, 359));
    let data = [digits::dataset(&train), digits::dataset(&test)];
    let mut learner = Learner::<Digits>::NEW;
    learner.is_as_good_as_pytorch("digits", &data, 0.005, 30);
}

#[test]
#[ignore = "slow without optimisation"]
fn mnist_is_read() {
    // Two megabytes: too much for the stack of a thread.
    static LEARNER: Mutex<Learner<Mnist>> = Mutex::new(Learner::NEW);
    LEARNER.lock().expect("the learner").is_as_good_as_pytorch("mnist", &mnist::images(), 0.001, 10);
}

/// Its median is at most half a point below PyTorch's.
#[test]
#[ignore = "slow without optimisation"]
fn mnist_is_read_by_convolutions() {
    static LEARNER: Mutex<Learner<MnistCnn>> = Mutex::new(Learner::NEW);
    let mut learner = LEARNER.lock().expect("the learner");
    learner.is_as_good_as_pytorch("mnist_cnn", &mnist::images(), 0.001, 20);
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let found = (1..=5).map(|seed| learner.accuracy(&mnist::images(), 0.001, 20, seed)).collect();
    let (found, expected) = (median(found), median(PYTORCH.get("mnist_cnn")));
    assert!(found >= expected - 0.5, "{found}; PyTorch {expected}");
}
