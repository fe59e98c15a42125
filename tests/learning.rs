//! Networks learn what they should: the examples' promises as tests.

use examples::{diabetes, digits};
use nn_core::prelude::*;
use tests::parameters;

/// The weights of a network without hidden layers are those of least squares: at the minimum of the mean squared error
/// its residuals are orthogonal to every input, which only one vector of weights achieves.
#[test]
fn linear_regression_is_least_squares() {
    network! { struct Regression: f64; 10 => 1; }
    let [train, _] = diabetes::patients();
    let mut net = Regression::ZERO;
    let mut memory = Training::<Regression, 354>::ZERO;
    let mut momentum = Momentum::new(0.2, 0.9);
    let mut trainer = Trainer::new(&mut memory, &mut momentum, MeanSquaredError);
    let fit = trainer.fit(&mut net, train.as_slice(), &mut [0; 354], 1_500, |_| Continue(()));
    fit.expect("a fit");
    let residual: Vec<_> = train.iter().map(|(x, [y])| net.forward(x)[0] - y).collect();
    let mean = |f: &dyn Fn(usize) -> f64| (0..354).map(|row| f(row) * residual[row]).sum::<f64>() / 354.0;
    assert!(mean(&|_| 1.0).abs() < 1e-10);
    for column in 0..10 {
        let along = mean(&|row| train[row].0[column]);
        assert!(along.abs() < 1e-10, "column {column}: {along}");
    }
    // numpy.linalg.lstsq on the same rows.
    let expected = NUMPY;
    for (found, expected) in parameters(&net).iter().zip(expected) {
        assert!((found - expected).abs() < 1e-7, "{found} and {expected}");
    }
}

/// Weights in the order of the columns, then the bias.
const NUMPY: [f64; 11] = [
    -1.1657332723383922,
    -13.192910954304082,
    24.72135941799244,
    17.073798831747215,
    -27.783344516499575,
    14.575470211187335,
    -1.303605322261557,
    8.841081045574299,
    31.256978945882008,
    0.4920347768019667,
    151.8870056497176,
];

#[test]
fn hidden_nodes_learn_xor() {
    network! { struct Xor: 2 => 8 relu => 4 sigmoid => 1; }
    let data = [([0.0, 0.0], [0.0]), ([0.0, 1.0], [1.0]), ([1.0, 0.0], [1.0]), ([1.0, 1.0], [0.0])];
    for seed in 0..5 {
        let mut net = Xor::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(seed));
        let mut memory = Training::<Xor, 4>::ZERO;
        let mut adam = Adam::new(0.02);
        let mut trainer = Trainer::new(&mut memory, &mut adam, BinaryCrossEntropyWithLogits);
        trainer.fit(&mut net, &data, &mut [0; 4], 1_000, |_| Continue(())).expect("a fit");
        let right = data.iter().filter(|(x, [target])| (net.forward(x)[0] > 0.0) == (*target > 0.5)).count();
        assert_eq!(right, 4, "seed {seed}");
    }
}

/// Three seconds in release, minutes without optimisation: `cargo test --release -- --ignored`.
#[test]
#[ignore = "slow without optimisation"]
fn digits_are_read() {
    network! { struct Digits: 64 => 32 relu => 10; }
    let (train, test) = (digits::train(), digits::test());
    assert_eq!((train.len(), test.len()), (1_438, 359));
    let run = |seed| {
        let mut net = Digits::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(seed));
        let mut memory = Training::<Digits, 32>::ZERO;
        let mut adam = Adam::new(0.005);
        let mut trainer = Trainer::new(&mut memory, &mut adam, CrossEntropy).seeded(seed);
        let data = digits::dataset(&train);
        trainer.fit(&mut net, &data, &mut [0; 1_438], 30, |_| Continue(())).expect("a fit");
        let right =
            |image: &&&digits::Image| digits::largest(&net.forward(&digits::pixels(image))) == digits::label(image);
        (test.iter().filter(right).count(), parameters(&net))
    };
    for seed in 1..=3 {
        let (right, _) = run(seed);
        assert!(right as f64 / 359.0 >= 0.95, "seed {seed}: {right} of 359");
    }
    assert_eq!(run(1), run(1));
}
