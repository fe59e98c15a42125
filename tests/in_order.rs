//! Streams trained piece after piece, with their states carried on: gradients through time as far as they go, and what a program that was
//! stopped, or failed, goes on with.

use nn_core::dataset::{Dataset, many_to_many, many_to_one, pieces};
use nn_core::loss::Steps;
use nn_core::network::{Learns, StateError};
use nn_core::prelude::*;
use nn_core::train::{Report, Sequence, Streams, Unrolls, checkpoint_len, training_ram};
use std::sync::Mutex;
use tests::{assert_close, parameters, set_parameters};

const STEPS: usize = 6;
type Marks = [bool; STEPS];
type Piece<T> = ([[T; 2]; STEPS], [([T; 1], T); STEPS], Marks);

network! { struct Conv: f64; stream 2 => conv(3, 2, dilation = 2, padding = causal) tanh => gru(3, start = learned) => 1; }
network! { struct Cells: f64; stream 2 => rnn(2, start = learned) => [lstm(2, start = learned)] => window(3) => 1; }
network! { struct Voice: stream 2 => conv(3, 3, padding = causal) tanh => gru(3, start = learned) => dropout(0.2) => 1; }

network! { struct Calm: stream 2 => conv(3, 3, padding = causal) tanh => gru(3, start = learned) => 1; }

/// Numbers from -1 to 1.
fn random() -> impl FnMut() -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    move || (rng.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

fn marks(at: &[usize]) -> Marks {
    core::array::from_fn(|step| at.contains(&step))
}

fn piece<T: nn_core::scalar::Scalar>(uniform: &mut impl FnMut() -> f64, at: &[usize]) -> Piece<T> {
    let mut number = || T::from_f64(uniform());
    let x = [(); STEPS].map(|()| [number(), number()]);
    (x, [(); STEPS].map(|()| ([number()], number() + T::ONE)), marks(at))
}

/// Loss and gradient of the next piece, by a step of length one, and what the stream remembers then.
fn step_of<N>(at: &[f64], states: &[u8], data: &[Piece<f64>]) -> (f64, Vec<f64>, Streams<N, 1>)
where
    N: Stream<Number = f64>,
    Sequence<N, STEPS>: Unrolls<Number = f64, Stream = N, Input = [[f64; 2]; STEPS], Output = [[f64; 1]; STEPS]>,
{
    let (mut net, mut streams) = (N::ZERO, Streams::<N, 1>::NEW);
    let net = Sequence::<N, STEPS>::on(&mut net);
    set_parameters(net, at);
    streams.load(states).expect("what was saved");
    let (mut memory, mut sgd) = (Training::<_, 1>::boxed(), Sgd::new(1.0));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
    let loss = trainer.piece(net, data, &mut streams, &[0]).expect("a step");
    let gradient = at.iter().zip(parameters(net)).map(|(before, after)| before - after).collect();
    (loss, gradient, streams)
}

/// Of two pieces, one after the other, with these marks. What the first leaves is a number for the second.
fn check<N>(name: &str, first: &[usize], second: &[usize])
where
    N: Stream<Number = f64>,
    Sequence<N, STEPS>: Unrolls<Number = f64, Stream = N, Input = [[f64; 2]; STEPS], Output = [[f64; 1]; STEPS]>,
{
    let mut uniform = random();
    let at: Vec<_> = (0..Sequence::<N, STEPS>::PARAMETERS).map(|_| uniform()).collect();
    let mut states = vec![0; Streams::<N, 1>::SAVED_LEN];
    Streams::<N, 1>::NEW.save(&mut states).expect("room");
    for (place, marks) in [first, second].into_iter().enumerate() {
        let data = [piece(&mut uniform, marks)];
        let (_, gradient, streams) = step_of::<N>(&at, &states, &data);
        for (index, analytic) in gradient.iter().enumerate() {
            let moved = |by: f64| {
                let mut values = at.clone();
                values[index] += by;
                step_of::<N>(&values, &states, &data).0
            };
            // Of the fourth order: what a step adds in third derivatives goes.
            let slope = |by: f64| (moved(by) - moved(-by)) / (2.0 * by);
            let numeric = (4.0 * slope(1e-3) - slope(2e-3)) / 3.0;
            let what = format!("{name}, marks {marks:?}, piece {place}, parameter {index}");
            assert!((analytic - numeric).abs() <= 1e-8, "{what}: {analytic} and {numeric}");
        }
        streams.save(&mut states).expect("room");
    }
}

#[test]
fn gradients_go_back_to_the_episode_or_the_piece() {
    for (first, second) in [(&[][..], &[][..]), (&[3], &[0]), (&[0, 1, 5], &[2, 3]), (&[2], &[5])] {
        check::<Conv>("convolution", first, second);
        check::<Cells>("cells", first, second);
    }
}

/// The bits of what a stream would give next.
fn answers<N: Stream<Number = f32, Input = [f32; 2], Output = [f32; 1]>>(net: &N, state: &State<N>) -> [u32; 5] {
    let mut state = state.clone();
    core::array::from_fn(|at| net.step(&[at as f32 / 4.0, 0.5], &mut state)[0].to_bits())
}

/// What a stream that begins gives: the bits of its steps, with the state started again where there is a mark.
#[test]
fn a_piece_is_its_steps_whether_at_once_or_one_by_one() {
    let (mut net, mut uniform) = (Voice::ZERO, random());
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let data = [
        piece::<f32>(&mut uniform, &[]),
        piece(&mut uniform, &[0, 4]),
        piece(&mut uniform, &[2]),
        piece(&mut uniform, &[]),
    ];
    // Nothing counts: nothing is learnt, and the states go on.
    let data = data.map(|(x, y, marks)| (x, y.map(|(y, _)| (y, 0.0)), marks));
    let (before, mut state, mut streams) = (parameters(&net), net.start(), Streams::<Voice, 1>::NEW);
    let (mut memory, mut adam) = (Training::<Sequence<Voice, STEPS>, 1>::ZERO, Adam::new(0.1));
    let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
    for (index, (x, _, marks)) in data.iter().enumerate() {
        for (x, begins) in x.iter().zip(marks) {
            if *begins {
                state.restart(&net);
            }
            net.step(x, &mut state);
        }
        let loss = trainer.piece(Sequence::on(&mut net), &data, &mut streams, &[index]).expect("a piece");
        assert_eq!((loss, answers(&net, &streams.states()[0])), (0.0, answers(&net, &state)), "piece {index}");
    }
    assert_eq!(parameters(&net), before);
    assert_eq!(trainer.progress().step, 0, "no step of the optimiser");
    streams.restart();
    assert_eq!(answers(&net, &streams.states()[0]), answers(&net, &State::NEW));
}

/// What remains of h = h₀, which nothing changes: the mean of its squares, and 2 h₀ times the share of the steps that go back to it.
#[test]
fn a_start_that_is_learnt_counts_in_every_episode_that_begins() {
    network! { struct Still: f64; stream 1 => rnn(1, activation = relu, bias = false, start = learned); }
    let gradient = |carried: bool, marks: [bool; 4]| {
        let (mut net, mut streams) = (Still::ZERO, Streams::<Still, 1>::NEW);
        let net = Sequence::<_, 4>::on(&mut net);
        set_parameters(net, &[0.0, 1.0, 0.5]);
        let (mut memory, mut sgd) = (Training::<_, 1>::ZERO, Sgd::new(1.0));
        let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
        let data = [([[0.0]; 4], [([0.0], 0.0); 4], [false; 4]), ([[0.0]; 4], [([0.0], 1.0); 4], marks)];
        if carried {
            trainer.piece(net, &data, &mut streams, &[0]).expect("a piece");
        }
        let loss = trainer.piece(net, &data, &mut streams, &[1]).expect("a piece");
        assert_eq!(loss, 0.25);
        0.5 - parameters(net)[2]
    };
    let (none, third) = ([false; 4], [false, false, true, false]);
    assert_eq!(gradient(false, none), 1.0);
    assert_eq!(gradient(false, third), 1.0);
    assert_eq!(gradient(true, none), 0.0);
    assert_eq!(gradient(true, third), 0.5);
    assert_eq!(gradient(true, [true; 4]), 1.0);
}

/// `h = tanh(0.7 x + 0.5 h)`, the loss of the last of four steps, cut after two: PyTorch's numbers with the state detached there.
#[test]
fn a_cut_after_two_steps_of_four() {
    let (mut net, mut streams) = (<network!(f64; stream 1 => rnn(1, bias = false))>::ZERO, Streams::<_, 1>::NEW);
    let net = Sequence::<_, 2>::on(&mut net);
    set_parameters(net, &[0.7, 0.5]);
    let (x, y) = ([[0.5], [-1.0], [0.25], [1.0]], [[0.0], [0.0], [0.0], [0.3]]);
    let data = [0, 2].map(|at| ([x[at], x[at + 1]], [(y[at], 0.0), (y[at + 1], f64::from(at as u32) / 2.0)]));
    let (mut memory, mut sgd) = (Training::<_, 1>::ZERO, Sgd::new(1.0));
    let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
    let mut losses = Vec::new();
    let mean = trainer.in_order(net, &data, &mut streams, |report, _| {
        losses.push(report.loss);
        Continue(())
    });
    assert_close("losses", &losses, &[0.0, 0.079_665_775_260_222_68], 1e-14);
    assert_eq!(mean, Ok(losses[1]), "what does not count has no part in the mean");
    let gradient = [0.7, 0.5].iter().zip(parameters(net)).map(|(before, after)| before - after).collect::<Vec<_>>();
    assert_close("gradient", &gradient, &[0.419_550_268_178_592_6, -0.115_864_910_904_491_64], 1e-14);
}

/// A recording that ends in what is no number, and one that follows after a mark.
#[test]
fn what_fills_a_piece_poisons_nothing() {
    let gradient = |fill: f64| {
        let mut uniform = random();
        let (mut net, mut streams) = (Conv::ZERO, Streams::<Conv, 1>::NEW);
        let net = Sequence::<_, STEPS>::on(&mut net);
        net.init(&mut ChaCha8Rng::seed_from_u64(3));
        let (mut first, second) = (piece::<f64>(&mut uniform, &[]), piece(&mut uniform, &[0]));
        first.0[3..].fill([fill; 2]);
        first.1[3..].fill(([fill], 0.0));
        let (mut memory, mut sgd) = (Training::<_, 1>::boxed(), Sgd::new(0.1));
        let mut trainer = Trainer::new(&mut memory, &mut sgd, Steps(MeanSquaredError));
        let data = [first, second];
        trainer.step(net, &data, &[0, 1]).expect("a step");
        trainer.in_order(net, &data, &mut streams, |_, _| Continue(())).expect("an epoch");
        assert!(streams.states()[0].is_finite());
        parameters(net)
    };
    assert_eq!(gradient(f64::NAN), gradient(0.0));
}

/// A batch of pieces, or one after the other: the same bits, whatever falls out.
#[test]
fn memory_of_one_row_is_enough() {
    fn learn<const ROWS: usize>(data: &[Piece<f32>]) -> Vec<f32> {
        let mut net = Voice::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(3));
        let (mut memory, mut adam) = (Training::<_, ROWS>::boxed(), Adam::new(0.01));
        let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError)).with_batches_of(4);
        let net = Sequence::<Voice, STEPS>::on(&mut net);
        trainer.fit(net, data, &mut [0; 9], 3, |_| Continue(())).expect("a fit");
        parameters(net)
    }
    let mut uniform = random();
    let data: Vec<_> = (0..9).map(|at| piece(&mut uniform, &[at])).collect();
    let one = learn::<1>(&data);
    assert_eq!(learn::<4>(&data), one);
    assert_eq!(learn::<3>(&data), one);
    // The marks do count.
    let whole: Vec<_> = data.iter().map(|(x, y, _)| (*x, *y, [false; STEPS])).collect();
    assert_ne!(learn::<1>(&whole), one);
}

#[test]
fn the_memory_of_training_is_known() {
    type Pieces = Sequence<Voice, STEPS>;
    let held = |rows: usize, memory: usize| {
        assert_eq!(training_ram::<Adam<Pieces>>(rows), size_of::<Pieces>() + size_of::<Adam<Pieces>>() + memory);
    };
    held(1, size_of::<Training<Pieces, 1>>());
    held(5, size_of::<Training<Pieces, 5>>());
    assert_eq!((Pieces::STATE, Voice::STATE), (0, size_of::<State<Voice>>()));
    assert_eq!(size_of::<Streams<Voice, 3>>(), 6 * Voice::STATE + 24);
}

/// Three streams of four pieces, in which episodes begin here and there.
fn recordings() -> Vec<Piece<f32>> {
    let mut uniform = random();
    (0..12).map(|at| piece(&mut uniform, &[at * 5 % 13])).collect()
}

fn random_net<N: Stream + Learns>() -> N {
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    net
}

/// Sums of the weighted losses of a piece, and of the weights, step by step.
fn by_hand(net: &Calm, state: &mut State<Calm>, (x, y, marks): &Piece<f32>) -> [f32; 2] {
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
    let learn = |data: &[Piece<f32>], memory: &mut Training<Pieces, 1>, fails: Option<TrainError>| {
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

/// What is filled up is the last step again, and does not count.
#[test]
fn sequences_are_cut_and_filled_up() {
    let (x, y): (Vec<_>, Vec<_>) = (0..7).map(|step| ([step as f32], [-step as f32])).unzip();
    let data = pieces::<_, _, f32, 3>(&x, &y).expect("as many");
    let (mut input, mut rows) = ([[0.0]; 3], Vec::new());
    for index in 0..data.len() {
        data.input(index, &mut input).expect("a piece");
        rows.push((input, data.target(index).expect("a piece")));
        assert!(!data.begins(index, 0));
    }
    let row = |from: i32, weights: [f32; 3]| {
        let step = |at: usize| (from + at as i32).min(6) as f32;
        (core::array::from_fn(|at| [step(at)]), core::array::from_fn(|at| ([-step(at)], weights[at])))
    };
    assert_eq!(rows, [row(0, [1.0; 3]), row(3, [1.0; 3]), row(6, [1.0, 0.0, 0.0])]);
    assert_eq!((data.input(3, &mut input), data.target(3)), (None, None));
    assert_eq!(data.target(usize::MAX), None);
    let error = pieces::<_, _, f32, 3>(&x, &y[1..]).expect_err("a target too few");
    assert_eq!(error, TrainError::Lengths { expected: 7, found: 6 });

    let sequences = [(&x[..1], 4), (&x[2..5], 5)];
    let data = many_to_one::<_, _, _, f32, 3>(&sequences).expect("of one to three");
    assert_eq!(data.target(0), Some([(4, 1.0), (4, 0.0), (4, 0.0)]));
    assert_eq!(data.target(1), Some([(5, 0.0), (5, 0.0), (5, 1.0)]));
    data.input(0, &mut input).expect("a sequence");
    assert_eq!(input, [[0.0]; 3]);
    assert_eq!((data.len(), data.input(2, &mut input)), (2, None));
    let error = many_to_one::<_, _, _, f32, 2>(&sequences).expect_err("three steps");
    assert_eq!(error, TrainError::Steps { index: 1, expected: 2, found: 3 });
    assert_eq!(error.to_string(), "sequence 1 has 3 steps, but 1 to 2 are expected");
    assert!(many_to_one::<_, _, _, f32, 3>(&[(&x[..0], 1)]).is_err(), "no step");

    let both = [(&x[..2], &y[..2])];
    let data = many_to_many::<_, _, _, _, f64, 3>(&both).expect("of two");
    assert_eq!(data.target(0), Some([([0.0], 1.0), ([-1.0], 1.0), ([-1.0], 0.0)]));
    let error = many_to_many::<_, _, _, _, f64, 3>(&[(&x[..2], &y[..3])]).expect_err("a target too many");
    assert_eq!(error, TrainError::Lengths { expected: 2, found: 3 });
}
