//! Every mistake that is only seen when a program runs has an error of its own, and changes nothing.

use nn_core::dataset::{Dataset, Subset, split};
use nn_core::loss::{LossOf, Smoothed};
use nn_core::optimizer::Threshold;
use nn_core::optimizer::{
    Adadelta, Adagrad, Adamax, AmsGrad, AmsGradW, CenteredRmsProp, CenteredRmsPropMomentum, DampedMomentum, Lion,
    NAdam, RmsPropMomentum,
};
use nn_core::prelude::*;
use nn_core::setting::Setting;
use std::cell::Cell;
use tests::parameters;

network! { struct Net: 2 => 3 tanh => 2; }
network! { struct Each: 2 => 2 sigmoid; }
network! { struct Classes: 2 => 2 softmax; }

type Sample = ([f32; 2], [f32; 2]);
const DATA: [Sample; 3] = [([0.1, 0.2], [1.0, 0.0]), ([0.5, -0.2], [0.0, 1.0]), ([-0.3, 0.9], [0.5, 0.5])];

fn start() -> Net {
    let mut net = Net::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(5));
    net
}

/// The error of one step with all of the data, and what it says.
fn step<O, L>(mut optimizer: O, loss: L, data: &[([f32; 2], L::Target)]) -> Option<(TrainError, String)>
where
    O: Optimizer<Network = Net>,
    L: LossOf<Net>,
    L::Target: Clone,
{
    let (mut net, mut memory) = (start(), Training::<Net, 2>::ZERO);
    let order: Vec<_> = (0..data.len()).collect();
    let error = Trainer::new(&mut memory, &mut optimizer, loss).step(&mut net, data, &order).err()?;
    assert_eq!(parameters(&net), parameters(&start()), "the network changed");
    Some((error, error.to_string()))
}

fn setting<T>(result: Result<T, TrainError>) -> String {
    match result {
        Err(TrainError::Setting(setting)) => setting.to_string(),
        other => panic!("no setting is wrong: {:?}", other.err()),
    }
}

#[test]
fn rates_and_other_settings_of_optimizers() {
    let message = |found: Option<(TrainError, String)>| found.map(|(_, message)| message);
    for rate in [0.0, -0.1, f32::NAN, f32::INFINITY] {
        let expected = Some("`learning_rate` must be finite and above zero".to_string());
        assert_eq!(message(step(Sgd::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(Momentum::new(rate, 0.9), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(RmsProp::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(Adam::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(AdamW::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(DampedMomentum::new(rate, 0.9, 0.5), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(RmsPropMomentum::new(rate, 0.9), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(CenteredRmsProp::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(CenteredRmsPropMomentum::new(rate, 0.9), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(Adagrad::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(Adadelta::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(AmsGrad::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(AmsGradW::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(NAdam::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(Adamax::new(rate), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(Lion::new(rate), MeanSquaredError, &DATA)), expected);
    }
    for momentum in [-0.1, 1.0, f32::NAN] {
        let expected = Some("`momentum` must be from 0 to below 1".to_string());
        assert_eq!(message(step(Momentum::nesterov(0.1, momentum), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(DampedMomentum::new(0.1, momentum, 0.0), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(RmsPropMomentum::new(0.1, momentum), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(CenteredRmsPropMomentum::new(0.1, momentum), MeanSquaredError, &DATA)), expected);
        let expected = Some("`dampening` must be from 0 to below 1".to_string());
        assert_eq!(message(step(DampedMomentum::new(0.1, 0.5, momentum), MeanSquaredError, &DATA)), expected);
    }
    let adam = |change: &dyn Fn(&mut Adam<Net>)| {
        let mut adam = Adam::new(0.1);
        change(&mut adam);
        message(step(adam, MeanSquaredError, &DATA))
    };
    assert_eq!(adam(&|_| {}), None);
    assert_eq!(adam(&|adam| adam.betas[1] = 1.0), Some("`betas` must be from 0 to below 1".into()));
    let expected = Some("`betas` must be from 0 to below 1".to_string());
    assert_eq!(message(step(Lion::new(0.1).with_betas([-0.1, 0.9]), MeanSquaredError, &DATA)), expected);
    assert_eq!(message(step(NAdam::new(0.1).with_betas([0.9, f32::NAN]), MeanSquaredError, &DATA)), expected);
    for epsilon in [0.0, -1e-8, 1e-44, 1e-31, f32::NAN, f32::INFINITY] {
        let expected = Some("`epsilon` must be finite and at least 1e-30".to_string());
        assert_eq!(adam(&|adam| adam.epsilon = epsilon), expected);
        assert_eq!(message(step(RmsProp::new(0.1).with_epsilon(epsilon), MeanSquaredError, &DATA)), expected);
        assert_eq!(
            message(step(RmsPropMomentum::new(0.1, 0.9).with_epsilon(epsilon), MeanSquaredError, &DATA)),
            expected
        );
        assert_eq!(message(step(CenteredRmsProp::new(0.1).with_epsilon(epsilon), MeanSquaredError, &DATA)), expected);
        assert_eq!(
            message(step(CenteredRmsPropMomentum::new(0.1, 0.9).with_epsilon(epsilon), MeanSquaredError, &DATA)),
            expected
        );
        assert_eq!(message(step(Adagrad::new(0.1).with_epsilon(epsilon), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(Adadelta::new(0.1).with_epsilon(epsilon), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(AmsGrad::new(0.1).with_epsilon(epsilon), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(AmsGradW::new(0.1).with_epsilon(epsilon), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(NAdam::new(0.1).with_epsilon(epsilon), MeanSquaredError, &DATA)), expected);
        assert_eq!(message(step(Adamax::new(0.1).with_epsilon(epsilon), MeanSquaredError, &DATA)), expected);
    }
    let expected = Some("`weight_decay` must be finite and not negative".to_string());
    assert_eq!(message(step(Adam::new(0.1).with_weight_decay(-1.0), MeanSquaredError, &DATA)), expected);
    assert_eq!(message(step(Sgd::new(0.1).with_weight_decay(f32::NAN), MeanSquaredError, &DATA)), expected);
    let mut rms_prop = RmsProp::new(0.1);
    rms_prop.smoothing = 1.0;
    assert_eq!(message(step(rms_prop, MeanSquaredError, &DATA)), Some("`smoothing` must be from 0 to below 1".into()));
}

#[test]
fn settings_of_the_trainer() {
    let (mut net, mut memory, mut sgd) = (start(), Training::<Net, 2>::ZERO, Sgd::new(0.1));
    for bound in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        for clip in [Clip::Value(bound), Clip::Norm(bound)] {
            let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).clipped(clip);
            let found = setting(trainer.step(&mut net, &DATA, &[0]));
            assert_eq!(found, "`clip` must be finite and above zero");
        }
    }
    for (schedule, message) in [
        (Schedule::constant(0.0), "`rate` must be finite and above zero"),
        (Schedule::step(0.1, 2, f32::NAN), "`factor` must be finite and above zero"),
        (Schedule::exponential(0.1, -0.5), "`factor` must be finite and above zero"),
        (Schedule::cosine(0.1, -0.1, 10), "`least` must be finite and not negative"),
        (Schedule::step(0.1, 0, 0.5), "`every` must be at least 1"),
        (Schedule::milestones(0.1, &[1], 0.0), "`factor` must be finite and above zero"),
        (Schedule::cosine_with_restarts(0.1, f32::NAN, 1, 1), "`least` must be finite and not negative"),
        (Schedule::cosine_with_restarts(0.1, 0.0, 0, 1), "`steps` must be at least 1"),
        (Schedule::cosine_with_restarts(0.1, 0.0, 1, 0), "`times` must be at least 1"),
        (Schedule::linear(0.1, -0.1, 3), "`last` must be finite and not negative"),
        (Schedule::polynomial(0.1, 3, 0.0), "`power` must be finite and above zero"),
        (Schedule::function(|_| -1.0), "`rate` must be finite and not negative"),
    ] {
        let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).scheduled(schedule);
        assert_eq!(setting(trainer.step(&mut net, &DATA, &[0])), message);
    }
    // A rate that grows beyond all numbers, where there is nothing to learn.
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).scheduled(Schedule::exponential(1.0, 1e30));
    let mut copy = start();
    let known = DATA.map(|(input, _)| (input, copy.forward(&input)));
    trainer.step(&mut copy, &known, &[0]).expect("a rate of 1");
    let message = "`rate` must be finite and not negative";
    assert_eq!(setting((0..3).try_for_each(|_| trainer.step(&mut copy, &known, &[0]).map(drop))), message);
    for factor in [0.0, 1.0, 2.0, f64::NAN] {
        assert!(ReduceOnPlateau::new(factor, 1).is_err());
    }
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).with_batches_of(0);
    let epoch = trainer.epoch(&mut net, &DATA, &mut [0; 3], |_| Continue(()));
    assert_eq!(epoch, Err(TrainError::EmptyBatch));
    assert_eq!(parameters(&net), parameters(&start()));
}

/// A loss below zero that stays where it is, is no better; one that falls by more than the margin is.
#[test]
fn a_plateau_below_zero_is_one() {
    let (mut rate, mut plateau) = (1.0, ReduceOnPlateau::new(0.5, 1).expect("a factor"));
    for (loss, expected) in [(-1.0, 1.0), (-1.0, 1.0), (-1.00005, 0.5), (-1.1, 0.5), (-1.1, 0.5), (-1.1, 0.25)] {
        plateau.see(loss, &mut rate);
        assert_eq!(rate, expected, "{loss}");
    }
}

/// An absolute margin is the same whatever the loss.
#[test]
fn the_margin_of_a_plateau_can_be_absolute() {
    let (mut rate, mut plateau) = (1.0, ReduceOnPlateau::new(0.5, 0).expect("a factor"));
    plateau.threshold = Threshold::Absolute(0.1);
    for (loss, expected) in
        [(100.0, 1.0), (99.8, 1.0), (99.75, 0.5), (99.6, 0.5), (0.0, 0.5), (-0.05, 0.25), (-0.2, 0.25)]
    {
        plateau.see(loss, &mut rate);
        assert_eq!(rate, expected, "{loss}");
    }
}

#[test]
fn settings_of_losses() {
    for delta in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let (error, _) = step(Sgd::new(0.1), Huber { delta }, &DATA).expect("an error");
        let expected = Setting { name: "delta", expected: "finite and above zero" };
        assert_eq!(error, TrainError::Setting(expected));
    }
    let classes = [([0.0, 0.0], 1)];
    for smoothing in [-0.1, 1.1, f32::NAN] {
        let smoothed: Smoothed<_, f32> = CrossEntropy.smoothed(smoothing);
        let (error, message) = step(Sgd::new(0.1), smoothed, &classes).expect("an error");
        assert_eq!(error, TrainError::Setting(Setting { name: "smoothing", expected: "from 0 to 1" }));
        assert_eq!(message, "`smoothing` must be from 0 to 1");
        assert!(evaluate(&start(), &smoothed, &classes).is_err());
    }
    assert!(step(Sgd::new(0.1), CrossEntropy.smoothed(1.0), &classes).is_none());
}

#[test]
fn targets_out_of_range() {
    let message = "the target of sample 1 is out of range for this network and loss".to_string();
    let expected = Some((TrainError::Target { index: 1 }, message));
    let classes = [([0.0, 0.0], 1), ([0.0, 0.0], 2)];
    assert_eq!(step(Sgd::new(0.1), CrossEntropy, &classes), expected);
    assert_eq!(step(Sgd::new(0.1), CrossEntropy.smoothed(0.1), &classes), expected);
    assert_eq!(evaluate(&Classes::ZERO, &CrossEntropyOfProbabilities, &classes), Err(TrainError::Target { index: 1 }));
    assert_eq!(evaluate(&start(), &CrossEntropy, &classes), Err(TrainError::Target { index: 1 }));
    assert_eq!(nn_core::metric::Confusion::of(&start(), &classes), Err(TrainError::Target { index: 1 }));
    for wrong in [-0.01, 1.01, f32::NAN] {
        let data = [([0.0, 0.0], [0.0, 1.0]), ([0.0, 0.0], [0.5, wrong])];
        assert_eq!(evaluate(&Each::ZERO, &BinaryCrossEntropy, &data), Err(TrainError::Target { index: 1 }));
        assert_eq!(step(Sgd::new(0.1), BinaryCrossEntropyWithLogits, &data), expected);
        assert_eq!(step(Sgd::new(0.1), DistributionCrossEntropy, &data), expected);
        assert_eq!(step(Sgd::new(0.1), DistributionCrossEntropy.smoothed(0.1), &data), expected);
    }
    assert_eq!(step(Sgd::new(0.1), Hinge, &[([0.0, 0.0], [1.0, -1.0]), ([0.0, 0.0], [1.0, 0.0])]), expected);
}

#[test]
fn indices() {
    let (mut net, mut memory, mut sgd) = (start(), Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let empty: &[Sample] = &[];
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    assert_eq!(trainer.step(&mut net, &DATA, &[]), Err(TrainError::EmptyBatch));
    assert_eq!(trainer.step(&mut net, &DATA, &[0, 1, 3]), Err(TrainError::NoSample { index: 3 }));
    assert_eq!(trainer.epoch(&mut net, empty, &mut [], |_| Continue(())), Err(TrainError::EmptyDataset));
    for length in [0, 2, 4] {
        let expected = Err(TrainError::OrderLength { expected: 3, found: length });
        let order = &mut [0; 4][..length];
        assert_eq!(trainer.epoch(&mut net, &DATA, order, |_| Continue(())), expected);
        assert_eq!(trainer.fit(&mut net, &DATA, order, 3, |_| Continue(())), expected);
        assert_eq!(split(&DATA, order, 0.5, 1).err(), expected.err());
    }
    assert_eq!(Subset::new(&DATA, &[0, 3]).err(), Some(TrainError::NoSample { index: 3 }));
    assert_eq!(evaluate(&net, &MeanSquaredError, empty), Err(TrainError::EmptyDataset));
    assert_eq!(parameters(&net), parameters(&start()));
    assert_eq!(TrainError::NoSample { index: 3 }.to_string(), "the data set did not give sample 3");
    let message = "the order has room for 2 indices, but there are 3 samples";
    assert_eq!(TrainError::OrderLength { expected: 3, found: 2 }.to_string(), message);
}

#[test]
fn an_empty_part_of_a_split() {
    for share in [0.0, 1.0, -1.0, 7.0, f64::NAN] {
        let error = split(&DATA, &mut [0; 3], share, 1).expect_err("no share");
        let setting = Setting { name: "validation", expected: "above 0 and below 1" };
        assert_eq!(error, TrainError::Setting(setting));
    }
    for (share, training, validation) in [(0.1, 3, 0), (0.9, 0, 3)] {
        let error = split(&DATA, &mut [0; 3], share, 1).expect_err("a part is empty");
        assert_eq!(error, TrainError::EmptyPart { training, validation });
    }
    let message = "a split into 3 samples for training and 0 for validation leaves one empty";
    assert_eq!(TrainError::EmptyPart { training: 3, validation: 0 }.to_string(), message);
}

/// A file whose reading fails after some samples.
struct Failing(Cell<usize>);

impl Dataset for Failing {
    type Input = [f32; 2];
    type Target = [f32; 2];
    fn len(&self) -> usize {
        3
    }
    fn input(&self, index: usize, into: &mut [f32; 2]) -> Option<()> {
        self.0.set(self.0.get().checked_sub(1)?);
        DATA.input(index, into)
    }
    fn target(&self, index: usize) -> Option<[f32; 2]> {
        DATA.target(index)
    }
}

#[test]
fn a_source_that_fails_in_the_middle_of_an_epoch() {
    let (mut net, mut memory, mut sgd) = (start(), Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).with_batches_of(1);
    let (data, mut order) = (Failing(Cell::new(2)), [0; 3]);
    let error = trainer.epoch(&mut net, &data, &mut order, |_| Continue(())).expect_err("two samples only");
    assert_eq!(error, TrainError::NoSample { index: order[2] });
    // What was learnt remains, and when the source is there again the epoch goes on with the sample that failed.
    assert_eq!((trainer.progress().epoch, trainer.progress().batch), (0, 2));
    trainer.epoch(&mut net, &DATA, &mut order, |_| Continue(())).expect("the rest");
    assert_eq!((trainer.progress().epoch, trainer.progress().step), (1, 3));
    let mut at_once = start();
    let mut sgd = Sgd::new(0.1);
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError).with_batches_of(1);
    trainer.epoch(&mut at_once, &DATA, &mut order, |_| Continue(())).expect("an epoch");
    assert_eq!(parameters(&net), parameters(&at_once));
}

#[test]
fn a_source_that_fails() {
    let (mut net, mut memory, mut sgd) = (start(), Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let samples = || [Ok(DATA[0]), Ok(DATA[1]), Ok(DATA[2]), Err("the cable is out")];
    let mut buffer = [DATA[0]; 2];
    let error = trainer.online(&mut net, samples(), &mut buffer, |_| Continue(())).expect_err("a failure");
    assert_eq!(error, TrainError::Source { after: 3 });
    assert_eq!(error.to_string(), "the source of samples failed after 3 of this epoch");
    // All that came before it was learnt.
    assert_eq!((trainer.progress().step, trainer.progress().samples), (2, 3));
    let unfinished = Err(TrainError::Unfinished { samples: 3 });
    assert_eq!(trainer.epoch(&mut net, &DATA, &mut [0; 3], |_| Continue(())), unfinished);
    let message = "an epoch of other data is unfinished after 3 samples; go on with those or restart it";
    assert_eq!(unfinished.map_err(|error| error.to_string()), Err(message.to_string()));
    trainer.restart_epoch();
    trainer.epoch(&mut net, &DATA, &mut [0; 3], |_| Continue(())).expect("an epoch");
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let nothing = || core::iter::empty::<Result<Sample, ()>>();
    assert_eq!(trainer.online(&mut net, nothing(), &mut buffer, |_| Continue(())), Err(TrainError::EmptyDataset));
    assert_eq!(trainer.online(&mut net, samples(), &mut [], |_| Continue(())), Err(TrainError::EmptyBatch));
}

#[test]
fn a_loss_or_a_gradient_that_is_not_finite() {
    let (mut net, mut memory) = (start(), Training::<Net, 1>::ZERO);
    let mut momentum = Momentum::new(0.1, 0.9);
    let mut trainer = Trainer::new(&mut memory, &mut momentum, MeanSquaredError);
    trainer.epoch(&mut net, &DATA, &mut [0; 3], |_| Continue(())).expect("an epoch");
    let at = parameters(&net);
    let diverged = Err(TrainError::Diverged { step: 3 });
    for data in [[([f32::NAN, 0.0], [0.0, 0.0])], [([1e30, 0.0], [1e30, 0.0])]] {
        assert_eq!(trainer.step(&mut net, &data, &[0]), diverged);
    }
    assert_eq!(parameters(&net), at);
    let message = "the loss, its gradient or the network is not finite in step 3; try a lower learning rate";
    assert_eq!(TrainError::Diverged { step: 3 }.to_string(), message);

    // A loss that is finite, and a gradient that is not: with clipping and without.
    network! { struct Line: 1 => 1; }
    for clip in [None, Some(Clip::Norm(1.0)), Some(Clip::Value(1.0))] {
        let (mut line, mut memory, mut adam) = (Line::ZERO, Training::<Line, 1>::ZERO, Adam::new(0.1));
        let mut trainer = Trainer::new(&mut memory, &mut adam, MeanAbsoluteError);
        if let Some(clip) = clip {
            trainer = trainer.clipped(clip);
        }
        let error = trainer.step(&mut line, &[([3e38], [1.0]), ([3e38], [2.0])], &[0, 1]);
        assert_eq!(error, Err(TrainError::Diverged { step: 0 }), "{clip:?}");
        assert_eq!(parameters(&line), [0.0, 0.0]);
        // The state is that of before, too: a step is as it would have been.
        trainer.step(&mut line, &[([1.0], [1.0])], &[0]).expect("a step");
        assert!(parameters(&line).iter().all(|p| (p - 0.1).abs() < 1e-6), "{:?}", parameters(&line));
    }
}

#[test]
fn a_callback_passes_on_its_error() {
    let (mut net, mut memory, mut sgd) = (start(), Training::<Net, 2>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let empty: &[Sample] = &[];
    let result = trainer.fit(&mut net, &DATA, &mut [0; 3], 5, |report| {
        evaluate(report.network, &MeanSquaredError, empty)?;
        Ok(Continue(()))
    });
    assert_eq!((result, trainer.progress().epoch), (Err(TrainError::EmptyDataset), 1));
}

/// An epoch that was broken off goes on with its own data, however large the batches are then, and with no others.
#[test]
fn an_unfinished_epoch() {
    let (mut net, mut memory, mut sgd) = (start(), Training::<Net, 1>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    trainer.epoch(&mut net, &DATA, &mut [0; 3], |_| Break(())).expect("a batch");
    let unfinished = Err(TrainError::Unfinished { samples: 1 });
    assert_eq!(trainer.epoch(&mut net, &DATA[..2], &mut [0; 2], |_| Continue(())), unfinished);
    let samples = DATA.map(Ok::<_, ()>);
    assert_eq!(trainer.online(&mut net, samples, &mut [DATA[0]; 2], |_| Continue(())), unfinished);
    let mut trainer = trainer.with_batches_of(2);
    trainer.epoch(&mut net, &DATA, &mut [0; 3], |_| Continue(())).expect("the rest");
    assert_eq!((trainer.progress().epoch, trainer.progress().step), (1, 2));
}

/// A step beyond the numbers there are is an error, of every optimiser.
#[test]
fn steps_beyond_the_numbers_there_are() {
    type Line = network!(1 => 1);
    fn steps<O: Optimizer<Network = Line>>(mut optimizer: O, steps: u64) -> (Option<TrainError>, Vec<f32>) {
        let (mut net, mut memory) = (Line::ZERO, Training::<Line, 1>::ZERO);
        let mut trainer = Trainer::new(&mut memory, &mut optimizer, MeanAbsoluteError);
        // Each step is away from where the last one led.
        let data = [([1.0], [3.0])];
        let error = (0..steps).find_map(|_| trainer.full_step(&mut net, &data).err());
        (error, parameters(&net))
    }
    assert_eq!(steps(Sgd::new(1e18), 1), (None, vec![1e18; 2]));
    for (error, _) in [
        steps(Sgd::new(3e38), 1),
        steps(Momentum::new(2e38, 0.99), 3),
        steps(RmsProp::new(2e38), 3),
        steps(Adam::new(3e38), 3),
        steps(AdamW::new(3e38), 3),
        steps(DampedMomentum::new(3e38, 0.9, 0.5), 3),
        steps(RmsPropMomentum::new(3e38, 0.9), 3),
        steps(CenteredRmsProp::new(3e38), 3),
        steps(CenteredRmsPropMomentum::new(3e38, 0.9), 3),
        steps(Adagrad::new(3e38), 3),
        steps(AmsGrad::new(3e38), 3),
        steps(AmsGradW::new(3e38), 3),
        steps(NAdam::new(3e38), 3),
        steps(Adamax::new(3e38), 3),
        steps(Lion::new(3e38), 3),
    ] {
        assert!(matches!(error, Some(TrainError::Diverged { .. })), "{error:?}");
    }

    let (mut net, mut memory, mut sgd) = (Line::ZERO, Training::<Line, 1>::ZERO, Sgd::new(1e38));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let fit = trainer.fit(&mut net, &[([2.0], [3.0])], &mut [0], 1, |_| Continue(()));
    assert_eq!(fit, Err(TrainError::Diverged { step: 0 }));
}

/// With a gradient of zero, the smallest epsilon gives what it gives in PyTorch: the parameters as they were.
#[test]
fn a_gradient_of_zero_divides_by_no_zero() {
    type Line = network!(1 => 1);
    let (mut net, mut gradient) = (Line::ZERO, Line::ZERO);
    macro_rules! steps {
        ($($Name:ident($($argument:literal),+)),+) => {$(
            let mut optimizer = $Name::new($($argument),+).with_epsilon(1e-30);
            (0..3).for_each(|_| optimizer.step(&mut net, &mut gradient));
            assert_eq!(parameters(&net), [0.0, 0.0], stringify!($Name));
        )+};
    }
    steps![Adam(0.1), AmsGrad(0.1), NAdam(0.1), Adamax(0.1), Adagrad(0.1), Adadelta(0.1)];
    steps![RmsProp(0.1), RmsPropMomentum(0.1, 0.9), CenteredRmsProp(0.1), CenteredRmsPropMomentum(0.1, 0.9)];
}
