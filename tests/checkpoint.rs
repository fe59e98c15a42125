//! Checkpoints: training that was stopped ends as training that was not, and damage is found.

use nn_core::optimizer::{
    Adadelta, Adagrad, Adamax, AmsGrad, AmsGradW, CenteredRmsProp, CenteredRmsPropMomentum, DampedMomentum, Lion,
    NAdam, RmsPropMomentum,
};
use nn_core::prelude::*;
use nn_core::train::{CheckpointError, checkpoint_len};
use tests::parameters;

network! { struct Net: 2 => 5 tanh => dropout(0.3) => 2; }
network! { struct Double: f64; 2 => 5 tanh => dropout(0.3) => 2; }
network! { struct Named: 2 => features: 5 tanh => dropout(0.3) => 2; }
network! { struct Inner: 4 => 4 relu => 4; }
network! { struct Nested: 4 => Inner => 2; }
network! { struct Residual: 4 => [4 relu => 4] => 2; }
network! { struct Rate: 2 => 5 tanh => dropout(0.4) => 2; }
network! { struct Other: 2 => 5 sigmoid => dropout(0.3) => 2; }

/// Samples of random numbers.
fn data<N: Trainable>() -> Vec<(N::Input, N::Output)>
where
    N::Input: Default + AsMut<[N::Number]>,
    N::Output: Default + AsMut<[N::Number]>,
{
    use nn_core::scalar::Scalar;
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let mut sample = || {
        let (mut x, mut y) = (N::Input::default(), N::Output::default());
        x.as_mut().iter_mut().chain(y.as_mut()).for_each(|number| *number = N::Number::uniform(&mut rng));
        (x, y)
    };
    (0..13).map(|_| sample()).collect()
}

fn start<N: Trainable>() -> N {
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(5));
    net
}

/// Trains for three epochs of four batches at once, and with a stop after every single batch.
fn resumes<N, O>(optimizer: impl Fn() -> O)
where
    N: Trainable,
    O: Optimizer<Network = N>,
    N::Input: Default + AsMut<[N::Number]> + Clone,
    N::Output: Default + AsMut<[N::Number]> + Clone,
    MeanSquaredError: Loss<N::Number, N::Output, Target = N::Output, Takes = nn_core::loss::Values>,
{
    let (data, mut order) = (data::<N>(), [0; 13]);
    let data = data.as_slice();
    let mut memory = Training::<N, 4>::ZERO;
    let (mut net, mut at_once) = (start::<N>(), optimizer());
    let mut trainer = Trainer::new(&mut memory, &mut at_once, MeanSquaredError).seeded(11);
    let mut losses = Vec::new();
    trainer
        .fit(&mut net, data, &mut order, 3, |report| {
            losses.push(report.loss);
            Continue(())
        })
        .expect("a fit");
    let expected = parameters(&net);

    for stop in 1..12 {
        let mut bytes = vec![0; checkpoint_len::<O>()];
        let (mut net, mut first) = (start::<N>(), optimizer());
        let mut trainer = Trainer::new(&mut memory, &mut first, MeanSquaredError).seeded(11);
        while trainer.progress().step < stop {
            let break_there = |report: nn_core::train::Report<'_, O>| {
                if report.progress.step == stop { Break(()) } else { Continue(()) }
            };
            trainer.epoch(&mut net, data, &mut order, break_there).expect("some batches");
        }
        assert_eq!(trainer.save(&net, &mut bytes), Ok(bytes.len()));

        let (mut net, mut then) = (N::ZERO, optimizer());
        *then.state().learning_rate = N::Number::default();
        let mut trainer = Trainer::new(&mut memory, &mut then, MeanSquaredError);
        trainer.resume(&mut net, &bytes).expect("a checkpoint");
        assert_eq!(trainer.progress().step, stop);
        let last = trainer.fit(&mut net, data, &mut order, 3, |_| Continue(())).expect("the rest");
        assert_eq!(parameters(&net), expected, "{}, stopped after {stop} steps", O::NAME);
        assert_eq!(last, losses[2]);
    }
}

#[test]
fn training_resumes_bit_for_bit() {
    resumes::<Net, _>(|| Sgd::new(0.1));
    resumes::<Net, _>(|| Momentum::nesterov(0.1, 0.9));
    resumes::<Net, _>(|| RmsProp::new(0.01));
    resumes::<Net, _>(|| Adam::new(0.01));
    resumes::<Double, _>(|| AdamW::new(0.01));
    resumes::<Net, _>(|| DampedMomentum::new(0.01, 0.9, 0.5));
    resumes::<Net, _>(|| RmsPropMomentum::new(0.01, 0.9));
    resumes::<Net, _>(|| CenteredRmsProp::new(0.01));
    resumes::<Net, _>(|| CenteredRmsPropMomentum::new(0.01, 0.9));
    resumes::<Net, _>(|| Adagrad::new(0.01));
    resumes::<Net, _>(|| Adadelta::new(0.01));
    resumes::<Net, _>(|| AmsGrad::new(0.01));
    resumes::<Net, _>(|| AmsGradW::new(0.01));
    resumes::<Net, _>(|| NAdam::new(0.01));
    resumes::<Net, _>(|| Adamax::new(0.01));
    resumes::<Net, _>(|| Lion::new(0.01));
}

/// A checkpoint in the middle of training, and what made it.
fn checkpoint() -> Vec<u8> {
    let (data, mut net) = (data::<Net>(), start::<Net>());
    let (mut memory, mut adam) = (Training::<Net, 4>::ZERO, Adam::new(0.01));
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError).seeded(11);
    let mut bytes = vec![0; checkpoint_len::<Adam<Net>>()];
    let save = |mut report: nn_core::train::Report<'_, Adam<Net>>| match report.progress.step {
        6 => {
            report.save(&mut bytes).expect("room");
            Break(())
        }
        _ => Continue(()),
    };
    trainer.epoch(&mut net, data.as_slice(), &mut [0; 13], |_| Continue(())).expect("an epoch");
    trainer.epoch(&mut net, data.as_slice(), &mut [0; 13], save).expect("half an epoch");
    bytes
}

/// A checkpoint before any step.
fn saved<O: Optimizer>(mut optimizer: O) -> Vec<u8>
where
    MeanSquaredError: nn_core::loss::LossOf<O::Network>,
{
    let (net, mut memory) = (O::Network::ZERO, Training::<O::Network, 1>::ZERO);
    let mut bytes = vec![0; checkpoint_len::<O>()];
    Trainer::new(&mut memory, &mut optimizer, MeanSquaredError).save(&net, &mut bytes).expect("room");
    bytes
}

/// What reading gives, and that a refused checkpoint changes nothing.
fn read<O: Optimizer>(optimizer: &mut O, bytes: &[u8]) -> Result<(), CheckpointError>
where
    MeanSquaredError: nn_core::loss::LossOf<O::Network>,
{
    let state = |optimizer: &mut O| {
        let state = optimizer.state();
        let networks: Vec<_> = state.networks.iter().map(parameters).collect();
        (*state.learning_rate, state.steps.map(|steps| *steps), networks)
    };
    let state_before = state(optimizer);
    let (mut net, mut memory) = (start::<O::Network>(), Training::<O::Network, 1>::ZERO);
    let mut trainer = Trainer::new(&mut memory, optimizer, MeanSquaredError);
    let (before, progress) = (parameters(&net), trainer.progress());
    let result = trainer.resume(&mut net, bytes);
    let same = parameters(&net) == before && trainer.progress() == progress;
    assert_eq!(same, result.is_err());
    assert_eq!(state(optimizer) == state_before, result.is_err());
    result
}

#[test]
fn every_flipped_bit_is_found() {
    let bytes = checkpoint();
    assert_eq!(read(&mut Adam::<Net>::new(0.5), &bytes), Ok(()));
    let mut adam = Adam::<Net>::new(0.5);
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let expected = if bit < 64 { CheckpointError::Unknown } else { CheckpointError::Damaged };
        assert_eq!(read(&mut adam, &flipped), Err(expected), "bit {bit}");
    }
    assert_eq!(adam.learning_rate, 0.5);
}

#[test]
fn every_truncation_is_found() {
    let bytes = checkpoint();
    for length in 0..bytes.len() {
        let expected = if length < 8 { CheckpointError::Unknown } else { CheckpointError::Damaged };
        assert_eq!(read(&mut Adam::<Net>::new(0.5), &bytes[..length]), Err(expected), "{length} bytes");
    }
    assert_eq!(read(&mut Adam::<Net>::new(0.5), &[&bytes[..], &[0]].concat()), Err(CheckpointError::Damaged));
}

#[test]
fn foreign_checkpoints_are_refused() {
    let bytes = checkpoint();
    let foreign = Err(CheckpointError::Foreign);
    assert_eq!(read(&mut Adam::<Other>::new(0.5), &bytes), foreign);
    assert_eq!(read(&mut Adam::<Rate>::new(0.5), &bytes), foreign);
    assert_eq!(read(&mut Adam::<Residual>::new(0.5), &saved::<Adam<Nested>>(Adam::new(0.5))), foreign);
    assert_eq!(read(&mut Adam::<Nested>::new(0.5), &saved::<Adam<Residual>>(Adam::new(0.5))), foreign);
    assert_eq!(read(&mut Adam::<Residual>::new(0.5), &saved::<Adam<Residual>>(Adam::new(0.7))), Ok(()));
    assert_eq!(read(&mut Adam::<Named>::new(0.5), &bytes), foreign);
    assert_eq!(read(&mut Adam::<Double>::new(0.5), &bytes), foreign);
    assert_eq!(read(&mut AdamW::<Net>::new(0.5), &bytes), foreign);
    assert_eq!(read(&mut NAdam::<Net>::new(0.5), &bytes), foreign);
    assert_eq!(read(&mut Momentum::<Net>::new(0.5, 0.5), &bytes), foreign);
    assert_eq!(read(&mut Adam::<Net>::new(0.5), b"a file of another kind"), Err(CheckpointError::Unknown));
}

#[test]
fn a_buffer_that_is_too_short() {
    let (net, mut memory, mut sgd) = (start::<Net>(), Training::<Net, 1>::ZERO, Sgd::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, MeanSquaredError);
    let needed = checkpoint_len::<Sgd<Net>>();
    for found in [0, 7, needed - 1] {
        let error = trainer.save(&net, &mut vec![0; found]).expect_err("too short");
        assert_eq!(error, CheckpointError::Buffer { needed, found });
    }
    // More room than needed is left alone.
    let mut bytes = vec![0xaa; needed + 3];
    assert_eq!(trainer.save(&net, &mut bytes), Ok(needed));
    assert_eq!(bytes[needed..], [0xaa; 3]);
}

#[test]
fn messages() {
    let message = CheckpointError::Buffer { needed: 348, found: 7 }.to_string();
    assert_eq!(message, "a checkpoint takes 348 bytes, but there is room for 7");
    assert_eq!(CheckpointError::Unknown.to_string(), "this is not a checkpoint");
    assert_eq!(CheckpointError::Damaged.to_string(), "the checkpoint is damaged: bytes are missing or changed");
    assert_eq!(CheckpointError::Foreign.to_string(), "the checkpoint is of another network or optimizer");
}

/// A run that stops for want of better epochs, and one that a power failure ended just then: as many epochs, the same network.
#[test]
fn a_patience_that_is_over_stays_over_when_resumed() {
    let (data, mut order) = (data::<Net>(), [0; 13]);
    let losses = [5.0, 4.0, 4.5, 4.25, 4.1];
    let mut checkpoint = [0; checkpoint_len::<Adam<Net>>()];
    let (mut net, mut memory, mut adam) = (start::<Net>(), Training::<Net, 4>::ZERO, Adam::new(0.01));
    let mut best = EarlyStopping::<Net>::new(2);
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError);
    trainer
        .fit(&mut net, data.as_slice(), &mut order, 20, |mut report| {
            let flow = best.see(report.epoch, losses[report.epoch], report.network);
            report.save(&mut checkpoint).expect("room");
            flow
        })
        .expect("a fit");
    assert_eq!(trainer.progress().epoch, 5);
    let expected = parameters(&net);

    let (mut net, mut memory, mut adam) = (Net::ZERO, Training::<Net, 4>::ZERO, Adam::new(0.01));
    let mut stored = EarlyStopping::<Net>::new(best.patience);
    (stored.loss, stored.epoch, stored.waited) = (best.loss, best.epoch, best.waited);
    let mut trainer = Trainer::new(&mut memory, &mut adam, MeanSquaredError);
    trainer.resume(&mut net, &checkpoint).expect("the checkpoint that was written");
    assert!(stored.is_over() && trainer.progress().epoch == 5);
    assert_eq!(parameters(&net), expected);
}
