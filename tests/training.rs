//! What training does with bad data, odd batches and seeds.

use nn_core::prelude::*;
use tests::parameters;

network! { struct Net: 2 => 3 tanh => 2; }

type Sample = ([f32; 2], [f32; 2]);
const DATA: [Sample; 5] = [
    ([0.1, 0.2], [1.0, 0.0]),
    ([0.5, -0.2], [0.0, 1.0]),
    ([-0.3, 0.9], [0.5, 0.5]),
    ([0.7, 0.7], [0.2, 0.1]),
    ([-1.0, -0.4], [0.3, 0.9]),
];

fn start() -> (Net, ChaCha8Rng) {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut net = Net::ZERO;
    net.init(&mut rng);
    (net, rng)
}

/// One epoch of plain gradient descent in batches of `ROWS`.
fn epoch<const ROWS: usize>(data: &[Sample], order: &mut [usize]) -> Result<(f32, Vec<f32>), TrainError> {
    let (mut net, mut rng) = start();
    let mut memory = Training::<Net, ROWS>::ZERO;
    let mut sgd = Sgd::new(0.1);
    let loss = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).epoch(&mut net, data, order, &mut rng)?;
    Ok((loss, parameters(&net)))
}

#[test]
fn bad_input_is_an_error_value() {
    assert_eq!(epoch::<4>(&[], &mut []), Err(TrainError::EmptyDataset));
    assert_eq!(epoch::<4>(&DATA, &mut [0; 4]), Err(TrainError::OrderLength { expected: 5, found: 4 }));
    let (net, _) = start();
    let mut memory = Training::<Net, 2>::ZERO;
    let mut gradient = |batch: &[usize]| memory.gradient(&net, &MeanSquaredError, &DATA, batch).map(drop);
    assert_eq!(gradient(&[]), Err(TrainError::BatchLength { most: 2, found: 0 }));
    assert_eq!(gradient(&[0, 1, 2]), Err(TrainError::BatchLength { most: 2, found: 3 }));
    assert_eq!(gradient(&[0, 5]), Err(TrainError::NoSample { index: 5 }));
    let classes = [([0.0, 0.0], 1), ([0.0, 0.0], 2)];
    let wrong = memory.gradient(&net, &CrossEntropy, &classes, &[0, 1]).map(drop);
    assert_eq!(wrong, Err(TrainError::Target { index: 1 }));
    let message = "the target of sample 1 is out of range for this network and loss";
    assert_eq!(wrong.map_err(|error| error.to_string()), Err(message.to_string()));
}

#[test]
fn more_rows_than_data_are_one_batch_of_all() {
    let five = epoch::<5>(&DATA, &mut [0; 5]).expect("five rows");
    let many = epoch::<64>(&DATA, &mut [0; 5]).expect("64 rows");
    assert_eq!(five, many);
    // And that is one step along the gradient of the mean loss.
    let (net, _) = start();
    let mut memory = Training::<Net, 5>::ZERO;
    let (loss, gradient) = memory.gradient(&net, &MeanSquaredError, &DATA, &[0, 1, 2, 3, 4]).expect("a gradient");
    assert!((loss - five.0).abs() < 1e-6);
    for ((p, g), after) in parameters(&net).iter().zip(parameters(gradient)).zip(&five.1) {
        assert!((p - 0.1 * g - after).abs() < 1e-6);
    }
}

#[test]
fn the_last_short_batch_counts_with_its_own_mean() {
    let (loss, after) = epoch::<3>(&DATA, &mut [0; 5]).expect("batches of three and two");
    let (mut net, mut rng) = start();
    // The same order, step by step.
    let mut order = [0; 5];
    let mut memory = Training::<Net, 3>::ZERO;
    let mut still = Sgd::new(0.0);
    Trainer::new(&mut memory, &mut still, MeanSquaredError)
        .epoch(&mut net, &DATA, &mut order, &mut rng)
        .expect("an epoch that changes nothing");
    let mut sgd = Sgd::new(0.1);
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let first = trainer.step(&mut net, &DATA, &order[..3]).expect("three");
    let second = trainer.step(&mut net, &DATA, &order[3..]).expect("two");
    assert_eq!(parameters(&net), after);
    assert!((loss - (3.0 * first + 2.0 * second) / 5.0).abs() < 1e-6);
    order.sort_unstable();
    assert_eq!(order, [0, 1, 2, 3, 4]);
}

#[test]
fn one_seed_gives_one_result() {
    let run = || epoch::<2>(&DATA, &mut [0; 5]).expect("an epoch");
    assert_eq!(run(), run());
}

#[test]
fn a_loss_that_is_not_finite_stops_before_the_step() {
    let (mut net, mut rng) = start();
    let mut memory = Training::<Net, 1>::ZERO;
    let mut momentum = Momentum::new(0.1, 0.9);
    let mut trainer = Trainer::new(&mut memory, &mut momentum, MeanSquaredError);
    trainer.epoch(&mut net, &DATA, &mut [0; 5], &mut rng).expect("an epoch");

    let mut data = DATA;
    data[3].0[0] = f32::NAN;
    let mut order = [0; 5];
    let result = trainer.epoch(&mut net, &data, &mut order, &mut rng);
    let position = order.iter().position(|index| *index == 3).expect("the sample");
    assert_eq!(result, Err(TrainError::Diverged { epoch: 1, batch: position }));
    assert!(result.expect_err("diverged").to_string().contains(&format!("epoch 1, batch {position}")));
    assert!(parameters(&net).iter().all(|p| p.is_finite()));

    // In one step: nothing of the network has changed.
    let at = parameters(&net);
    assert!(trainer.step(&mut net, &data, &[3]).is_err());
    assert_eq!(parameters(&net), at);
    let huge = [([1e30, 0.0], [1e30, 0.0])];
    assert!(trainer.step(&mut net, &huge, &[0]).is_err());
    assert_eq!(parameters(&net), at);
}

#[test]
fn epochs_are_reported_and_can_be_stopped() {
    let (mut net, mut rng) = start();
    let mut memory = Training::<Net, 2>::ZERO;
    let mut adam = Adam::new(0.01);
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError);
    let mut seen = Vec::new();
    let last = trainer
        .fit(&mut net, &DATA, &mut [0; 5], &mut rng, 10, |epoch, _| {
            seen.push(epoch);
            if epoch.index == 3 { Break(()) } else { Continue(()) }
        })
        .expect("a fit");
    assert_eq!(seen.iter().map(|epoch| epoch.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(seen[3].loss, last);
    trainer.optimizer().learning_rate = 0.0;
    let before = parameters(&net);
    trainer.epoch(&mut net, &DATA, &mut [0; 5], &mut rng).expect("an epoch");
    assert_eq!(parameters(&net), before);
}
