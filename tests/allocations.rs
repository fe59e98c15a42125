//! Nothing allocates: not declaring, not training, not running.

use nn_core::collapse::collapse;
use nn_core::dataset::split;
use nn_core::init::Init;
use nn_core::loss::{LossOf, Steps};
use nn_core::metric::{Confusion, Regression};
use nn_core::optimizer::{
    Adadelta, Adagrad, Adamax, AmsGrad, AmsGradW, CenteredRmsProp, CenteredRmsPropMomentum, DampedMomentum, Lion,
    NAdam, RmsPropMomentum,
};
use nn_core::prelude::*;
use nn_core::statistics::Statistics;
use nn_core::train::{Sequence, checkpoint_len};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

/// Counts the allocations of each thread; the test runner's own threads may allocate as they like.
struct Counting;

#[allow(unsafe_code)]
// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations(f: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    f();
    ALLOCATIONS.get() - before
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);
}

network! { struct Xor: 2 => 8 relu => dropout(0.1) => 4 sigmoid => 1; }
network! { struct Amp: stream 1 => wavenet(channels = 3, kernel = 2, dilations = (1, 2)) => lstm(6, start = learned) => gru(4) => 1; }
network! { struct Sure: 2 => 8 relu => 1 sigmoid; }
network! { struct Classes: 2 => 8 relu => 2; }
network! { struct SureClasses: 2 => 8 relu => 2 softmax; }

const INPUTS: [[f32; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];

/// Trains for twenty epochs with everything that training can have.
fn learns<N, O, L>(mut optimizer: O, loss: L, targets: [L::Target; 4])
where
    N: Trainable<Number = f32, Input = [f32; 2]>,
    O: Optimizer<Network = N>,
    L: LossOf<N> + Copy,
    L::Target: Copy,
{
    let mut saved = vec![0; checkpoint_len::<O>()];
    let mut indices = [0; 4];
    let count = allocations(|| {
        let data: [_; 4] = core::array::from_fn(|at| (INPUTS[at], targets[at]));
        let mut net = N::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(1));
        let (train, validation) = split(&data, &mut indices, 0.25, 1).expect("a split");
        let mut memory = Training::<N, 2>::ZERO;
        let mut statistics = Statistics::<N>::ZERO;
        let (mut best, mut plateau) = (EarlyStopping::<N>::new(99), ReduceOnPlateau::new(0.5, 3).expect("a factor"));
        let mut trainer = Trainer::new(&mut memory, &mut optimizer, loss).with_batches_of(3).clipped(Clip::Norm(1.0));
        let result = trainer.fit(&mut net, &train, &mut [0; 3], 20, |mut report| {
            let loss = evaluate(report.network, &loss, &validation)?;
            statistics.see_gradient(report.gradient);
            statistics.see(report.network, &INPUTS[1]);
            plateau.see(loss, report.optimizer.state().learning_rate);
            assert_eq!(report.save(&mut saved), Ok(saved.len()));
            Ok(best.see(report.epoch, loss, report.network))
        });
        assert!(result.is_ok());
        best.restore(&mut net).expect("a best epoch");
        trainer.resume(&mut net, &saved).expect("a checkpoint");
        let samples = data.map(Ok::<_, ()>);
        trainer.online(&mut net, samples, &mut [data[0]; 3], |_| Continue(())).expect("a stream");
        let mut scheduled = trainer.clipped(Clip::Value(0.1)).scheduled(Schedule::cosine(0.1, 0.0, 10));
        scheduled.epoch(&mut net, &train, &mut [0; 3], |_| Continue(())).expect("an epoch");
        let mut layers = 0;
        statistics.each(|_| layers += 1);
        assert!(layers > 1);
    });
    assert_eq!(count, 0, "{}", O::NAME);
}

#[test]
fn no_loss_allocates() {
    let numbers = [[0.0], [1.0], [1.0], [0.0]];
    learns::<Xor, _, _>(Sgd::new(0.1), MeanSquaredError, numbers);
    learns::<Xor, _, _>(Sgd::new(0.1), MeanAbsoluteError, numbers);
    learns::<Xor, _, _>(Sgd::new(0.1), Huber { delta: 0.5 }, numbers);
    learns::<Xor, _, _>(Sgd::new(0.1), Hinge, [[-1.0], [1.0], [1.0], [-1.0]]);
    learns::<Xor, _, _>(Sgd::new(0.1), BinaryCrossEntropyWithLogits, numbers);
    learns::<Sure, _, _>(Sgd::new(0.1), BinaryCrossEntropy, numbers);
    let (classes, shares) = ([0, 1, 1, 0], [[1.0, 0.0], [0.2, 0.8], [0.0, 1.0], [0.5, 0.5]]);
    learns::<Classes, _, _>(Sgd::new(0.1), CrossEntropy, classes);
    learns::<Classes, _, _>(Sgd::new(0.1), CrossEntropy.smoothed(0.1), classes);
    learns::<Classes, _, _>(Sgd::new(0.1), DistributionCrossEntropy, shares);
    learns::<Classes, _, _>(Sgd::new(0.1), DistributionCrossEntropy.smoothed(0.1), shares);
    learns::<SureClasses, _, _>(Sgd::new(0.1), CrossEntropyOfProbabilities, classes);
}

#[test]
fn no_optimizer_allocates() {
    let numbers = [[0.0], [1.0], [1.0], [0.0]];
    learns::<Xor, _, _>(Sgd::new(0.1), MeanSquaredError, numbers);
    learns::<Xor, _, _>(Momentum::new(0.1, 0.9), MeanSquaredError, numbers);
    learns::<Xor, _, _>(Momentum::nesterov(0.1, 0.9), MeanSquaredError, numbers);
    learns::<Xor, _, _>(RmsProp::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(Adam::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(AdamW::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(DampedMomentum::new(0.01, 0.9, 0.5), MeanSquaredError, numbers);
    learns::<Xor, _, _>(RmsPropMomentum::new(0.01, 0.9), MeanSquaredError, numbers);
    learns::<Xor, _, _>(CenteredRmsProp::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(CenteredRmsPropMomentum::new(0.01, 0.9), MeanSquaredError, numbers);
    learns::<Xor, _, _>(Adagrad::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(Adadelta::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(AmsGrad::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(AmsGradW::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(NAdam::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(Adamax::new(0.01), MeanSquaredError, numbers);
    learns::<Xor, _, _>(Lion::new(0.01), MeanSquaredError, numbers);
}

#[test]
fn no_run_no_metric_and_no_file_allocates() {
    let count = allocations(|| {
        let mut net = Classes::ZERO;
        net.init_with(Init::HeNormal, &mut ChaCha8Rng::seed_from_u64(1));
        let mut outputs = [[0.0; 2]; 4];
        net.forward_batch(&INPUTS, &mut outputs);
        let mut seen = 0;
        assert_eq!(net.activations(&INPUTS[1], |_, values| seen += values.len()), outputs[1]);
        assert_eq!(seen, 8 + 8 + 2);
        assert_eq!(net.forward(&INPUTS[1]), outputs[1]);
        assert_eq!(collapse(&net).forward(&INPUTS[1]), outputs[1]);
        let classes: [_; 4] = core::array::from_fn(|at| (INPUTS[at], at % 2));
        assert!(Confusion::of(&net, &classes).is_ok_and(|confusion| confusion.accuracy() <= 1.0));
        let mut file = [0; Classes::SAVED_LEN];
        assert_eq!(net.save(&mut file), Ok(file.len()));
        net.load(&file).expect("what was saved");
        assert!(net.load(&file[..9]).is_err());
        let numbers: [_; 4] = core::array::from_fn(|at| (INPUTS[at], INPUTS[at]));
        assert!(Regression::of(&net, &numbers).is_ok_and(|regression| regression.r_squared()[0] < 1.0));
    });
    assert_eq!(count, 0);
}

#[test]
fn no_stream_allocates() {
    let count = allocations(|| {
        let data: [_; 5] = core::array::from_fn(|piece| {
            let sound: [_; 8] = core::array::from_fn(|at| [((piece * 3 + at) % 7) as f32 / 7.0]);
            (sound, sound.map(|frame| (frame, 1.0)))
        });
        let mut net = Amp::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(1));
        let (mut memory, mut adam) = (Training::<Sequence<Amp, 8>, 2>::ZERO, Adam::new(0.01));
        let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError)).clipped(Clip::Norm(1.0));
        trainer.fit(Sequence::on(&mut net), &data, &mut [0; 5], 3, |_| Continue(())).expect("a fit");
        let (mut sound, mut outputs, mut state) = ([[0.5]; 40], [[0.0]; 40], State::NEW);
        net.process(&sound, &mut outputs, &mut state).expect("as many");
        net.process_in_place(&mut sound, &mut net.start());
        assert_eq!(sound, outputs);
        let mut file = [0; State::<Amp>::SAVED_LEN];
        assert_eq!(state.save(&mut file), Ok(file.len()));
        let mut again = net.start();
        again.load(&file).expect("what was saved");
        assert!(again.load(&file[..9]).is_err() && again.clone().is_finite());
        assert_eq!(net.step(&[0.1], &mut again), net.step(&[0.1], &mut state));
        state.restart(&net);
    });
    assert_eq!(count, 0);
}

#[test]
fn no_piece_of_a_stream_allocates() {
    use nn_core::dataset::pieces;
    use nn_core::loss::Steps;
    use nn_core::train::{Sequence, Streams};
    network! { struct Ear: stream 1 => conv(2, 3, padding = causal) => gru(3, start = learned) => 1; }
    let mut saved = [0; Streams::<Ear, 2>::SAVED_LEN];
    let count = allocations(|| {
        let sound: [_; 40] = core::array::from_fn(|step| [(step % 5) as f32 / 5.0]);
        let marks = [([[0.5]; 4], [([0.5], 1.0); 4], [false, true, false, true]); 2];
        let mut net = Ear::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(1));
        let (mut memory, mut adam) = (Training::<Sequence<Ear, 4>, 1>::ZERO, Adam::new(0.01));
        let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError)).clipped(Clip::Norm(1.0));
        let (net, mut streams) = (Sequence::on(&mut net), Streams::<Ear, 2>::NEW);
        let data = pieces(&sound, &sound).expect("as many");
        trainer.fit_in_order(net, &data, &mut streams, 3, |_| Continue(())).expect("a fit");
        trainer.piece(net, &marks, &mut streams, &[0, 1]).expect("a piece");
        streams.save(&mut saved).expect("room");
        streams.load(&saved).expect("what was saved");
        trainer.fit(net, &marks, &mut [0; 2], 5, |_| Continue(())).expect("a fit");
        assert!(evaluate(net, &Steps(MeanSquaredError), &marks).is_ok());
    });
    assert_eq!(count, 0);
}
