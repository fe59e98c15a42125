//! What training does with odd batches, seeds, callbacks, streams and splits.

use nn_core::dataset::{from_fn, pairs};
use nn_core::init::Init;
use nn_core::optimizer::{
    Adadelta, Adagrad, Adamax, AmsGrad, AmsGradW, CenteredRmsProp, CenteredRmsPropMomentum, DampedMomentum, Lion,
    NAdam, RmsPropMomentum, Threshold,
};
use nn_core::prelude::*;
use nn_core::train::training_ram;
use std::convert::Infallible;
use tests::{assert_close, parameters, set_parameters};

network! { struct Net: 2 => 3 tanh => 2; }

type Sample = ([f32; 2], [f32; 2]);
const DATA: [Sample; 5] = [
    ([0.1, 0.2], [1.0, 0.0]),
    ([0.5, -0.2], [0.0, 1.0]),
    ([-0.3, 0.9], [0.5, 0.5]),
    ([0.7, 0.7], [0.2, 0.1]),
    ([-1.0, -0.4], [0.3, 0.9]),
];

fn start() -> Net {
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(5));
    net
}

/// One epoch of plain gradient descent in batches of `ROWS`.
fn epoch<const ROWS: usize>(data: &[Sample], seed: u64) -> (f32, Vec<f32>) {
    let mut net = start();
    let mut memory = Training::<Net, ROWS>::ZERO;
    let mut sgd = Sgd::new(0.1);
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).seeded(seed);
    let loss = trainer.epoch(&mut net, data, &mut vec![0; data.len()], |_| Continue(())).expect("an epoch");
    (loss, parameters(&net))
}

#[test]
fn more_rows_than_data_are_one_batch_of_all() {
    let (five, many) = (epoch::<5>(&DATA, 0), epoch::<64>(&DATA, 0));
    assert_eq!(five, many);
    // And that is one step along the gradient of the mean loss.
    let net = start();
    let mut memory = Training::<Net, 5>::ZERO;
    let (loss, gradient) = memory.gradient(&net, &MeanSquaredError, &DATA, &[0, 1, 2, 3, 4]).expect("a gradient");
    assert!((loss - five.0).abs() < 1e-6);
    for ((p, g), after) in parameters(&net).iter().zip(parameters(gradient)).zip(&five.1) {
        assert!((p - 0.1 * g - after).abs() < 1e-6);
    }
}

#[test]
fn the_last_short_batch_counts_with_its_own_mean() {
    let (mut net, mut order, mut losses) = (start(), [0; 5], Vec::new());
    let mut memory = Training::<Net, 3>::ZERO;
    let mut sgd = Sgd::new(0.1);
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let each = |report: nn_core::train::Report<'_, Sgd<Net>>| {
        losses.push(report.loss);
        Continue(())
    };
    let mean = trainer.epoch(&mut net, &DATA, &mut order, each).expect("batches of three and two");
    assert!((mean - (3.0 * losses[0] + 2.0 * losses[1]) / 5.0).abs() < 1e-6);

    // The same order, by hand: each batch is one step along the gradient of its own mean.
    let mut by_hand = start();
    for batch in [&order[..3], &order[3..]] {
        let (_, gradient) = memory.gradient(&by_hand, &MeanSquaredError, &DATA, batch).expect("a gradient");
        let moved: Vec<_> = parameters(&by_hand).iter().zip(parameters(gradient)).map(|(p, g)| p - 0.1 * g).collect();
        set_parameters(&mut by_hand, &moved);
    }
    assert_close("by hand", &parameters(&net), &parameters(&by_hand), 1e-6);
    order.sort_unstable();
    assert_eq!(order, [0, 1, 2, 3, 4]);
}

#[test]
fn one_seed_gives_one_result_and_another_another() {
    assert_eq!(epoch::<2>(&DATA, 7), epoch::<2>(&DATA, 7));
    assert_ne!(epoch::<2>(&DATA, 7), epoch::<2>(&DATA, 8));
}

#[test]
fn every_epoch_has_an_order_of_its_own() {
    let mut net = start();
    let (mut memory, mut sgd) = (Training::<Net, 5>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let mut orders = std::collections::HashSet::new();
    for _ in 0..10 {
        let mut order = [0; 5];
        trainer.epoch(&mut net, &DATA, &mut order, |_| Continue(())).expect("an epoch");
        orders.insert(order);
    }
    assert!(orders.len() > 5, "{orders:?}");
}

/// A step for more samples than there are rows is that of one large batch.
#[test]
fn gradients_are_accumulated() {
    fn run<const ROWS: usize>(batch: usize) -> Vec<f32> {
        let mut net = start();
        let (mut memory, mut adam) = (Training::<Net, ROWS>::ZERO, Adam::new(0.05));
        let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError).with_batches_of(batch);
        trainer.fit(&mut net, &DATA, &mut [0; 5], 6, |_| Continue(())).expect("a fit");
        assert_eq!(trainer.progress().step, 6 * 5_u64.div_ceil(batch as u64));
        parameters(&net)
    }
    assert_close("4 by 1", &run::<1>(4), &run::<4>(4), 1e-5);
    assert_close("5 by 2", &run::<2>(5), &run::<5>(5), 1e-5);
    assert_close("3 of 4 rows", &run::<4>(3), &run::<3>(3), 0.0);
}

#[test]
fn epochs_are_reported_and_can_be_stopped() {
    let mut net = start();
    let mut memory = Training::<Net, 2>::ZERO;
    let mut adam = Adam::new(0.01);
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError);
    let mut seen = Vec::new();
    let last = trainer
        .fit(&mut net, &DATA, &mut [0; 5], 10, |report| {
            seen.push((report.epoch, report.loss));
            if report.epoch == 3 { Break(()) } else { Continue(()) }
        })
        .expect("a fit");
    assert_eq!(seen.iter().map(|(epoch, _)| *epoch).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(seen[3].1, last);
    assert_eq!(trainer.progress().epoch, 4);
    // Epochs are counted since training began.
    trainer.fit(&mut net, &DATA, &mut [0; 5], 6, |_| Continue(())).expect("two more");
    assert_eq!((trainer.progress().epoch, trainer.progress().step), (6, 18));
    assert!(trainer.fit(&mut net, &DATA, &mut [0; 5], 6, |_| Continue(())).expect("none").is_nan());
}

#[test]
fn an_epoch_that_was_stopped_goes_on_where_it_was() {
    let run = |stop_after: usize| {
        let mut net = start();
        let (mut memory, mut sgd) = (Training::<Net, 1>::ZERO, Momentum::new(0.1, 0.9));
        let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).seeded(3);
        let stop = |report: nn_core::train::Report<'_, Momentum<Net>>| {
            if report.progress.batch == stop_after { Break(()) } else { Continue(()) }
        };
        let mut loss = trainer.epoch(&mut net, &DATA, &mut [0; 5], stop).expect("some batches");
        if stop_after < 5 {
            assert_eq!((trainer.progress().epoch, trainer.progress().batch), (0, stop_after));
            loss = trainer.epoch(&mut net, &DATA, &mut [0; 5], |_| Continue(())).expect("the others");
        }
        assert_eq!((trainer.progress().epoch, trainer.progress().batch), (1, 0));
        (loss, parameters(&net))
    };
    assert_eq!(run(2), run(9));
    assert_eq!(run(5), run(9));
}

#[test]
fn batches_are_reported_with_their_gradient() {
    let mut net = start();
    let (mut memory, mut sgd) = (Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).clipped(Clip::Value(0.01));
    let mut before = parameters(&net);
    let each = |report: nn_core::train::Report<'_, Sgd<Net>>| {
        let (after, gradient) = (parameters(report.network), parameters(report.gradient));
        assert!(gradient.iter().all(|g| g.abs() <= 0.01) && gradient.iter().any(|g| g.abs() == 0.01));
        for ((before, after), g) in before.iter().zip(&after).zip(gradient) {
            assert_eq!(*after, before - 0.1 * g);
        }
        before = after;
        Continue(())
    };
    trainer.epoch(&mut net, &DATA, &mut [0; 5], each).expect("an epoch");
}

#[test]
fn a_schedule_sets_the_rate_of_every_step() {
    let mut net = start();
    let (mut memory, mut sgd) = (Training::<Net, 1>::ZERO, Sgd::new(9.0));
    let schedule = Schedule::step(0.5, 2, 0.1).after_warm_up(2);
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).scheduled(schedule);
    let mut rates = Vec::new();
    let each = |report: nn_core::train::Report<'_, Sgd<Net>>| {
        rates.push(report.optimizer.learning_rate);
        Continue(())
    };
    trainer.epoch(&mut net, &DATA, &mut [0; 5], each).expect("an epoch");
    assert_eq!(rates, [0.25, 0.5, 0.5, 0.5, 0.05]);
}

/// A stream of as many samples as the buffer holds, over and over, is the same as steps with these samples.
#[test]
fn a_stream_is_trained_in_its_own_order() {
    let run = |buffer: usize| {
        let mut net = start();
        let (mut memory, mut sgd) = (Training::<Net, 2>::ZERO, Sgd::new(0.1));
        let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
        let samples = DATA.iter().copied().map(Ok::<_, Infallible>);
        let loss = trainer.online(&mut net, samples, &mut vec![DATA[0]; buffer], |_| Continue(()));
        assert_eq!((trainer.progress().epoch, trainer.progress().step), (1, 5_u64.div_ceil(buffer as u64)));
        (loss.expect("a stream"), parameters(&net))
    };
    for size in [1, 2, 3, 5, 8] {
        let mut net = start();
        let (mut memory, mut sgd) = (Training::<Net, 2>::ZERO, Sgd::new(0.1));
        let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
        let mut sum = 0.0;
        for batch in [0, 1, 2, 3, 4].chunks(size) {
            sum += f64::from(trainer.step(&mut net, &DATA, batch).expect("a step")) * batch.len() as f64;
        }
        let (loss, found) = run(size);
        assert_eq!(found, parameters(&net), "{size}");
        assert!((f64::from(loss) - sum / 5.0).abs() < 1e-6, "{size}");
    }
}

/// A data set of a billion samples is trained on with memory for two.
#[test]
fn a_stream_may_be_larger_than_memory() {
    let mut net = start();
    let (mut memory, mut sgd) = (Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let mut given = 0;
    let samples = (0..1_000_000_000_u64).map(|index| {
        given += 1;
        Ok::<_, Infallible>(DATA[(index % 5) as usize])
    });
    let stop = |report: nn_core::train::Report<'_, Sgd<Net>>| {
        if report.progress.step == 100 { Break(()) } else { Continue(()) }
    };
    trainer.online(&mut net, samples, &mut [DATA[0]; 2], stop).expect("some of the stream");
    assert_eq!(given, 200);
}

#[test]
fn a_split_has_every_sample_in_one_part() {
    let data = from_fn(100, |index, x: &mut [f32; 1]| x[0] = index as f32, |index| [index as f32]);
    let mut indices = [0; 100];
    let (train, validation) = split(&data, &mut indices, 0.25, 4).expect("a split");
    let all = |part: &dyn Dataset<Input = [f32; 1], Target = [f32; 1]>| {
        (0..part.len()).map(|index| part.target(index).expect("a sample")[0] as usize).collect::<Vec<_>>()
    };
    let (train, validation) = (all(&train), all(&validation));
    assert_eq!((train.len(), validation.len()), (75, 25));
    // At random: not the last quarter.
    assert!(validation.iter().any(|index| *index < 50));
    let mut both = [train, validation].concat();
    both.sort_unstable();
    assert!(both.iter().enumerate().all(|(place, index)| place == *index));
}

#[test]
fn early_stopping_restores_the_best_parameters() {
    let mut net = start();
    let mut best = EarlyStopping::<Net>::new(2);
    let mut at = Vec::new();
    for (epoch, loss) in [0.9, f32::NAN, 0.5, 0.6, 0.7, 0.8].into_iter().enumerate() {
        net.parameters_mut(|_, values| values.fill(epoch as f32));
        at.push(best.see(epoch, loss, &mut net).is_break());
    }
    // More than two in a row were no better.
    assert_eq!(at, [false, false, false, false, false, true]);
    assert_eq!((best.epoch, best.loss), (Some(2), 0.5));
    assert_eq!(best.restore(&mut net), Some(2));
    assert!(parameters(&net).iter().all(|p| *p == 2.0));
    assert_eq!(EarlyStopping::<Net>::new(2).restore(&mut net), None);

    // Of a quarter each, an absolute and a relative threshold.
    let seen = |best: EarlyStopping<Net>, measures: [f32; 4]| {
        let mut best = best;
        measures.into_iter().enumerate().for_each(|(epoch, loss)| {
            let _ = best.see(epoch, loss, &mut start());
        });
        (best.epoch, best.loss)
    };
    let threshold = |mut best: EarlyStopping<Net>, threshold| {
        best.threshold = threshold;
        best
    };
    let (fall, rise) = ([8.0, 7.75, 7.5, 7.25], [8.0, 8.25, 8.5, 10.5]);
    let best = || EarlyStopping::new(9);
    assert_eq!(seen(best(), fall), (Some(3), 7.25));
    assert_eq!(seen(threshold(best(), Threshold::Absolute(0.25)), fall), (Some(2), 7.5));
    assert_eq!(seen(threshold(best(), Threshold::Relative(0.25)), fall), (Some(0), 8.0));
    assert_eq!(seen(best().growing(), rise), (Some(3), 10.5));
    assert_eq!(seen(threshold(best().growing(), Threshold::Absolute(0.25)), rise), (Some(3), 10.5));
    assert_eq!(seen(threshold(best().growing(), Threshold::Relative(0.25)), rise), (Some(3), 10.5));
    assert_eq!(seen(threshold(best().growing(), Threshold::Relative(0.5)), rise), (Some(0), 8.0));
    assert!(parameters(&net).iter().all(|p| *p == 2.0));
}

#[test]
fn what_training_holds_is_known() {
    fn holds<N: Trainable, O: Optimizer<Network = N>, const ROWS: usize>(optimizer: O) {
        let (net, memory) = (N::ZERO, Training::<N, ROWS>::ZERO);
        let held = size_of_val(&net) + size_of_val(&optimizer) + size_of_val(&memory);
        assert_eq!(training_ram::<O>(ROWS), held, "{} with {}, {ROWS} rows", N::NAME, O::NAME);
    }
    network! { struct Wide: f64; 5 => 70 gelu => dropout(0.1) => 3 softmax; }
    network! { struct Blocks: 4 => 8 relu => [8 tanh => 8] relu => (4 | 3 sigmoid) => 1; }
    holds::<Net, _, 1>(Sgd::new(0.1));
    holds::<Net, _, 7>(Adam::new(0.1));
    holds::<Wide, _, 3>(AdamW::new(0.1));
    holds::<Blocks, _, 32>(RmsProp::new(0.1));
    holds::<Blocks, _, 32>(Momentum::new(0.1, 0.9));
    holds::<Net, _, 1>(DampedMomentum::new(0.1, 0.9, 0.5));
    holds::<Wide, _, 2>(RmsPropMomentum::new(0.1, 0.9));
    holds::<Blocks, _, 3>(CenteredRmsProp::new(0.1));
    holds::<Net, _, 4>(CenteredRmsPropMomentum::new(0.1, 0.9));
    holds::<Wide, _, 5>(Adagrad::new(0.1));
    holds::<Blocks, _, 6>(Adadelta::new(0.1));
    holds::<Net, _, 7>(AmsGrad::new(0.1));
    holds::<Wide, _, 8>(AmsGradW::new(0.1));
    holds::<Blocks, _, 9>(NAdam::new(0.1));
    holds::<Net, _, 10>(Adamax::new(0.1));
    holds::<Wide, _, 11>(Lion::new(0.1));
}

/// A relu draws weights by He's rule and a tanh by Glorot's, unless the program says otherwise.
#[test]
fn the_activation_chooses_the_first_weights() {
    network! { struct Deep: f64; 50 => 40 relu => 30 tanh => last: 20; }
    let largest = |net: &Deep| {
        let mut all = Vec::new();
        net.parameters(|kind, values| match kind {
            Kind::Weight => all.push(values.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()))),
            _ => assert!(values.iter().all(|bias| *bias == 0.0)),
        });
        all
    };
    // Of 600 numbers and more that are uniform, the largest is within two hundredths of the bound.
    let near = |found: Vec<f64>, bounds: [f64; 3]| {
        for (found, bound) in found.into_iter().zip(bounds) {
            assert!(found <= bound && found > 0.98 * bound, "{found} of {bound}");
        }
    };
    let mut net = Deep::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    near(largest(&net), [(6.0_f64 / 50.0).sqrt(), (6.0_f64 / 70.0).sqrt(), (6.0_f64 / 50.0).sqrt()]);
    net.init_with(Init::LecunUniform, &mut ChaCha8Rng::seed_from_u64(1));
    near(largest(&net), [(3.0_f64 / 50.0).sqrt(), (3.0_f64 / 40.0).sqrt(), (3.0_f64 / 30.0).sqrt()]);
    net.last_mut().init(Init::Uniform(0.25), &mut ChaCha8Rng::seed_from_u64(2));
    near(largest(&net), [(3.0_f64 / 50.0).sqrt(), (3.0_f64 / 40.0).sqrt(), 0.25]);
    net.init_with(Init::Constant(0.5), &mut ChaCha8Rng::seed_from_u64(1));
    near(largest(&net), [0.5; 3]);
}

/// A program's own error.
#[derive(Debug, PartialEq)]
enum Own {
    Training(TrainError),
    Full,
}

impl From<TrainError> for Own {
    fn from(error: TrainError) -> Self {
        Self::Training(error)
    }
}

#[test]
fn callbacks_give_errors_of_any_type() {
    let (mut net, mut memory, mut sgd) = (start(), Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let data = vec![([0.5, 0.25], [0.0; 2]); 4];
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).with_error::<Own>();
    let full = |fails: bool| if fails { Err(Own::Full) } else { Ok(Continue(())) };
    let fit = trainer.fit(&mut net, &data, &mut [0; 4], 5, |report| {
        evaluate(report.network, &MeanSquaredError, &data)?;
        full(report.epoch == 1)
    });
    assert_eq!((fit, trainer.progress().epoch), (Err(Own::Full), 2));
    let epoch = trainer.epoch(&mut net, &data, &mut [0; 4], |report| full(report.progress.batch == 1));
    assert_eq!((epoch, trainer.progress().batch), (Err(Own::Full), 1));
    trainer.restart_epoch();
    let samples = data.iter().map(|sample| Ok::<_, ()>(*sample));
    assert_eq!(trainer.online(&mut net, samples, &mut data.clone()[..2], |_| full(true)), Err(Own::Full));
    let epoch = trainer.epoch(&mut net, &data, &mut [0; 3], |_| Continue(()));
    assert_eq!(epoch, Err(Own::Training(TrainError::OrderLength { expected: 4, found: 3 })));
}

/// The same samples as an array, a slice, a vector, and two slices side by side, by their indices and all at once.
#[test]
fn samples_are_the_same_however_they_lie() {
    const SAMPLES: [([f32; 2], [f32; 2]); 3] =
        [([0.5, 0.25], [0.0, 1.0]), ([0.1, 0.9], [1.0, 1.0]), ([0.3; 2], [0.5; 2])];
    fn gradient(data: &(impl Dataset<Input = [f32; 2], Target = [f32; 2]> + ?Sized)) -> Vec<f32> {
        let mut memory = Training::<Net, 2>::ZERO;
        let (loss, by_index) = memory.gradient(&start(), &MeanSquaredError, data, &[0, 1, 2]).expect("a gradient");
        let by_index = [vec![loss], parameters(by_index)].concat();
        let (loss, all) = memory.full_gradient(&start(), &MeanSquaredError, data).expect("a gradient");
        assert_eq!([vec![loss], parameters(all)].concat(), by_index);
        by_index
    }
    let (inputs, targets) = (SAMPLES.map(|(input, _)| input), SAMPLES.map(|(_, target)| target));
    let expected = gradient(&SAMPLES);
    assert_eq!(gradient(SAMPLES.as_slice()), expected);
    assert_eq!(gradient(&SAMPLES.to_vec()), expected);
    assert_eq!(gradient(&pairs(&inputs, &targets).expect("as many")), expected);
    let error = pairs(&inputs, &targets[..2]).expect_err("a target is missing");
    assert_eq!(error.to_string(), "there are 3 inputs, but 2 targets");

    let empty = Vec::<([f32; 2], [f32; 2])>::new();
    let (mut memory, mut sgd) = (Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let none = memory.full_gradient(&start(), &MeanSquaredError, &empty);
    assert_eq!(none.err(), Some(TrainError::EmptyDataset));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    assert_eq!(trainer.full_step(&mut start(), &empty), Err(TrainError::EmptyDataset));
}
