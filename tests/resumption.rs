//! What a program that trains streams piece after piece goes on with: several side by side, after it was stopped, and after a step
//! that failed.

use nn_core::dataset::{Dataset, pieces};
use nn_core::loss::Steps;
use nn_core::network::{Learns, StateError};
use nn_core::prelude::*;
use nn_core::train::{Report, Sequence, Streams, checkpoint_len};
use std::sync::Mutex;
use tests::pieces::{STEPS, answers, numbers, piece};
use tests::{assert_close, parameters};

network! { struct Voice: stream 2 => conv(3, 3, padding = causal) tanh => gru(3, start = learned) => dropout(0.2) => 1; }
network! { struct Calm: stream 2 => conv(3, 3, padding = causal) tanh => gru(3, start = learned) => 1; }

type Piece = tests::pieces::Piece<f32, [f32; 2]>;

/// Three streams of four pieces, in which episodes begin here and there.
fn recordings() -> Vec<Piece> {
    let mut uniform = numbers();
    (0..12).map(|at| piece(&mut uniform, &[at * 5 % 13])).collect()
}

fn random_net<N: Stream + Learns>() -> N {
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    net
}

/// Sums of the weighted losses of a piece, and of the weights, step by step.
fn by_hand(net: &Calm, state: &mut State<Calm>, (x, y, marks): &Piece) -> [f32; 2] {
    let mut sums = [0.0; 2];
    for ((x, (y, weight)), begins) in x.iter().zip(y).zip(marks) {
        if *begins {
            state.restart(net);
        }
        let error = net.step(x, state)[0] - y[0];
        sums = [sums[0] + weight * error * error, sums[1] + weight];
    }
    sums
}

fn add(sums: [f32; 2], more: [f32; 2]) -> [f32; 2] {
    [sums[0] + more[0], sums[1] + more[1]]
}

#[test]
fn streams_are_trained_side_by_side() {
    let (data, mut net, mut streams) = (recordings(), random_net::<Calm>(), Streams::<Calm, 3>::NEW);
    // By hand: each stream by itself, and then all at one time.
    let mut states = [(); 3].map(|()| net.start());
    let mut sums = [[0.0; 2]; 4];
    for (stream, state) in data.chunks(4).zip(&mut states) {
        sums.iter_mut().zip(stream).for_each(|(sums, piece)| *sums = add(*sums, by_hand(&net, state, piece)));
    }
    let (mut memory, mut sgd) = (Training::<Sequence<Calm, STEPS>, 1>::ZERO, Sgd::new(1e-30));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
    let mut seen = Vec::new();
    let mean = trainer.in_order(Sequence::on(&mut net), &data, &mut streams, |report, _| {
        seen.push((report.loss, report.progress.samples));
        Continue(())
    });
    let [samples, losses] =
        [0, 1].map(|field| seen.iter().map(|seen| [seen.1 as f32, seen.0][field]).collect::<Vec<_>>());
    assert_eq!(samples, [3.0, 6.0, 9.0, 12.0]);
    assert_close("losses", &losses, &sums.map(|[loss, weight]| loss / weight), 1e-6);
    let [loss, weight] = sums.into_iter().fold([0.0; 2], add);
    assert_close("the epoch", &[mean.expect("an epoch")], &[loss / weight], 1e-6);
    // What they remember is the same; where a ring begins is not asked.
    for (found, expected) in streams.states().iter().zip(&states) {
        assert_eq!(answers(&net, found), answers(&net, expected));
    }
    assert_eq!(format!("{streams:?}"), r#"Streams { network: "Calm", streams: 3, .. }"#);
}

#[test]
fn pieces_with_episodes_are_evaluated() {
    let (data, mut net) = (recordings(), random_net::<Calm>());
    let [loss, weight] = data.iter().map(|piece| by_hand(&net, &mut net.start(), piece)).fold([0.0; 2], add);
    let found = evaluate(Sequence::on(&mut net), &Steps(MeanSquaredError), &data).expect("a loss");
    assert_close("evaluated", &[found], &[loss / weight], 1e-6);
    let mut indices = [0; 12];
    let (some, _) = nn_core::dataset::split(&data, &mut indices, 0.25, 1).expect("a split");
    let index = (0..some.len()).find(|index| some.begins(*index, 3)).expect("one begins there");
    let mut x = [[0.0; 2]; STEPS];
    some.input(index, &mut x).expect("it");
    assert!(data.iter().any(|piece| piece.0 == x && piece.2[3]), "marks go with their sample");
}

type Pieces = Sequence<Voice, STEPS>;

/// Stopped after every step of three epochs, and gone on with in a program that knows the files alone.
#[test]
fn training_resumes_with_its_states_bit_for_bit() {
    let (data, mut memory) = (recordings(), Training::<Pieces, 1>::ZERO);
    let (mut net, mut adam, mut streams) = (random_net::<Voice>(), Adam::new(0.01), Streams::<Voice, 3>::NEW);
    let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError)).seeded(5).clipped(Clip::Norm(0.5));
    let mut saved = Vec::new();
    for _ in 0..3 {
        let save = |mut report: Report<'_, Adam<Pieces>>, streams: &mut Streams<Voice, 3>| {
            let mut files = ([0; checkpoint_len::<Adam<Pieces>>()], [0; Streams::<Voice, 3>::SAVED_LEN]);
            assert_eq!(report.save(&mut files.0), Ok(files.0.len()));
            assert_eq!(streams.save(&mut files.1), Ok(files.1.len()));
            saved.push(files);
            Continue(())
        };
        trainer.in_order(Sequence::on(&mut net), &data, &mut streams, save).expect("an epoch");
    }
    let expected = parameters(&net);
    assert_eq!(saved.len(), 12);
    for (step, (checkpoint, states)) in saved.iter().enumerate() {
        let (mut net, mut adam, mut streams) = (Voice::ZERO, Adam::new(0.5), Streams::<Voice, 3>::NEW);
        let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError)).clipped(Clip::Norm(0.5));
        let net_of = Sequence::on(&mut net);
        trainer.resume(net_of, checkpoint).expect("a checkpoint");
        // After the last step of an epoch the next one begins.
        let error = Err(TrainError::States { samples: step as u64 % 4 * 3 + 3 });
        assert_eq!(trainer.fit_in_order(net_of, &data, &mut streams, 3, |_| Continue(())), error, "without");
        for wrong in [step + 1, step + 4].into_iter().filter_map(|other| saved.get(other)) {
            streams.load(&wrong.1).expect("states");
            assert_eq!(
                trainer.fit_in_order(net_of, &data, &mut streams, 3, |_| Continue(())),
                error,
                "of another step"
            );
        }
        streams.load(states).expect("states");
        trainer.fit_in_order(net_of, &data, &mut streams, 3, |_| Continue(())).expect("the rest");
        assert_eq!(parameters(&net), expected, "stopped after {step} steps");
    }
    let message = "the states are not those after 3 samples of this epoch; load those that were saved with the checkpoint, or restart the epoch";
    assert_eq!(TrainError::States { samples: 3 }.to_string(), message);
}

#[test]
fn states_of_others_are_refused() {
    type Three = Streams<Voice, 3>;
    let mut bytes = [0; Three::SAVED_LEN];
    Three::NEW.save(&mut bytes).expect("room");
    assert_eq!(Streams::<Voice, 2>::default().load(&bytes), Err(StateError::Foreign));
    assert_eq!(Streams::<Calm, 3>::default().load(&bytes), Err(StateError::Foreign));
    assert_eq!(State::<Voice>::default().load(&bytes), Err(StateError::Unknown));
    let mut streams = Three::NEW;
    for at in 0..bytes.len() {
        let mut bytes = bytes;
        bytes[at] ^= 0x10;
        let expected = if at < 8 { StateError::Unknown } else { StateError::Damaged };
        assert_eq!(streams.load(&bytes), Err(expected), "byte {at}");
    }
    let short = StateError::Buffer { needed: Three::SAVED_LEN, found: 9 };
    assert_eq!(streams.save(&mut [0; 9]), Err(short));
}

/// A step that fails changes neither the network nor the states, and the epoch goes on with the piece that failed.
#[test]
fn a_failed_step_leaves_the_states_as_they_were() {
    let (mut data, mut memory) = (recordings(), Training::<Pieces, 1>::ZERO);
    let learn = |data: &[Piece], memory: &mut Training<Pieces, 1>, fails: Option<TrainError>| {
        let (mut net, mut adam, mut streams) = (random_net::<Voice>(), Adam::new(0.01), Streams::<Voice, 3>::NEW);
        let mut trainer = Trainer::new(memory, &mut adam, Steps(MeanSquaredError));
        let net_of = Sequence::on(&mut net);
        if let Some(fails) = fails {
            let error = trainer.in_order(net_of, data, &mut streams, |_, _| Continue(()));
            assert_eq!((error, trainer.progress().samples), (Err(fails), 6));
            trainer.in_order(net_of, &recordings(), &mut streams, |_, _| Continue(())).expect("the rest");
        } else {
            trainer.in_order(net_of, data, &mut streams, |_, _| Continue(())).expect("an epoch");
        }
        parameters(&net)
    };
    let expected = learn(&data, &mut memory, None);
    // The third piece of the second stream: the first stream is a step further then.
    data[6].1[5].1 = -1.0;
    assert_eq!(learn(&data, &mut memory, Some(TrainError::Target { index: 6 })), expected);
    let mut data = recordings();
    data[6].0[5][1] = f32::INFINITY;
    data[6].1[5] = ([f32::INFINITY], 1.0);
    assert_eq!(learn(&data, &mut memory, Some(TrainError::Diverged { step: 2 })), expected);
}

#[test]
fn a_piece_is_learnt_again_after_the_states_are_set_back() {
    let (data, mut net, mut streams) = (recordings(), random_net::<Calm>(), Streams::<Calm, 2>::NEW);
    let (mut memory, mut sgd) = (Training::<Sequence<Calm, STEPS>, 1>::ZERO, Sgd::new(1e-30));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
    let net = Sequence::on(&mut net);
    let mut learn = |streams: &mut Streams<Calm, 2>, batch| trainer.piece(net, &data, streams, &batch).expect("a step");
    learn(&mut streams, [0, 4]);
    let second = learn(&mut streams, [1, 5]);
    streams.rewind();
    assert_eq!(learn(&mut streams, [1, 5]), second);
    assert_ne!(learn(&mut streams, [1, 5]), second, "one goes on from the piece before");
    // Within an epoch that is not complete, they are no longer those of the epoch.
    trainer.in_order(net, &data, &mut streams, |_, _| Break(())).expect("a step");
    streams.rewind();
    let error = trainer.in_order(net, &data, &mut streams, |_, _| Continue(()));
    assert_eq!(error, Err(TrainError::States { samples: 2 }));
    trainer.restart_epoch();
    trainer.in_order(net, &data, &mut streams, |_, _| Continue(())).expect("an epoch");
    let uneven = trainer.in_order(net, &data[..5], &mut streams, |_, _| Continue(()));
    assert_eq!(uneven, Err(TrainError::Uneven { pieces: 5, streams: 2 }));
    let message = "5 pieces can't be dealt out evenly to 2 streams";
    assert_eq!(uneven.map_err(|error| error.to_string()), Err(message.to_string()));
    let empty = trainer.in_order(net, &data[..0], &mut streams, |_, _| Continue(()));
    assert_eq!(empty, Err(TrainError::EmptyDataset));
}

network! { struct Echo: stream 1 => conv(1, 2, dilation = 50_000, padding = causal); }
static ECHOES: Mutex<Streams<Echo>> = Mutex::new(Streams::NEW);

/// States of 200 KB, on a stack of 96 KiB without optimisation.
#[test]
fn states_stay_where_they_lie() {
    let train = || {
        let mut streams = ECHOES.lock().expect("one thread");
        let (mut net, mut sgd) = (Echo::ZERO, Sgd::new(0.1));
        let mut memory = Training::<Sequence<Echo, 4>, 1>::boxed();
        let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
        let (net, sound) = (Sequence::on(&mut net), [[0.5]; 8]);
        let data = pieces(&sound, &sound).expect("as many");
        trainer.fit_in_order(net, &data, &mut streams, 2, |_| Continue(())).expect("a fit");
        trainer.step(net, &data, &[0, 1]).expect("a step");
        streams.rewind();
        streams.restart();
    };
    assert!(Echo::STATE > 200_000 && size_of::<Streams<Echo>>() > 400_000);
    std::thread::Builder::new().stack_size(96 << 10).spawn(train).expect("a thread").join().expect("room");
}
