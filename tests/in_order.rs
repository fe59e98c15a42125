//! Streams trained piece after piece, with their states carried on: gradients through time as far as they go, and that a piece is its
//! steps.

use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::train::{Sequence, Streams, Unrolls, training_ram};
use tests::pieces::{Nested, Piece, STEPS, answers, numbers, piece};
use tests::{assert_close, assert_gradient, parameters, set_parameters};

network! { struct Conv: f64; stream 2 => conv(3, 2, dilation = 2, padding = causal) tanh => gru(3, start = learned) => 1; }
network! { struct Cells: f64; stream 2 => rnn(2, start = learned) => [lstm(2, start = learned)] => window(3) => 1; }
network! {
    struct Strides: f64;
    stream 2x4 => conv(3, 3, stride = 2, padding = causal) tanh => window(2) => [depthwise(2, dilation = 3, padding = causal)]
        => avg_pool(3, stride = 2, padding = causal) => gru(2, start = learned) => 1;
}
network! { struct Voice: stream 2 => conv(3, 3, padding = causal) tanh => gru(3, start = learned) => dropout(0.2) => 1; }

/// Loss and gradient of the next piece, by a step of length one, and what the stream remembers then.
fn step_of<N, X: Nested<f64>>(at: &[f64], states: &[u8], data: &[Piece<f64, X>]) -> (f64, Vec<f64>, Streams<N, 1>)
where
    N: Stream<Number = f64, Input = X>,
    Sequence<N, STEPS>: Unrolls<Number = f64, Stream = N, Input = [X; STEPS], Output = [[f64; 1]; STEPS]>,
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
fn check<N, X: Nested<f64>>(name: &str, first: &[usize], second: &[usize])
where
    N: Stream<Number = f64, Input = X>,
    Sequence<N, STEPS>: Unrolls<Number = f64, Stream = N, Input = [X; STEPS], Output = [[f64; 1]; STEPS]>,
{
    let mut uniform = numbers();
    let at: Vec<_> = (0..Sequence::<N, STEPS>::PARAMETERS).map(|_| uniform()).collect();
    let mut states = vec![0; Streams::<N, 1>::SAVED_LEN];
    Streams::<N, 1>::NEW.save(&mut states).expect("room");
    for (place, marks) in [first, second].into_iter().enumerate() {
        let data = [piece(&mut uniform, marks)];
        let (_, gradient, streams) = step_of::<N, X>(&at, &states, &data);
        let what = format!("{name}, marks {marks:?}, piece {place}");
        assert_gradient(&what, &gradient, &at, |values| step_of::<N, X>(values, &states, &data).0);
        streams.save(&mut states).expect("room");
    }
}

#[test]
fn gradients_go_back_to_the_episode_or_the_piece() {
    for (first, second) in [(&[][..], &[][..]), (&[3], &[0]), (&[0, 1, 5], &[2, 3]), (&[2], &[5])] {
        check::<Conv, _>("convolution", first, second);
        check::<Cells, _>("cells", first, second);
        check::<Strides, _>("strides", first, second);
    }
}

/// What a stream that begins gives: the bits of its steps, with the state started again where there is a mark.
#[test]
fn a_piece_is_its_steps_whether_at_once_or_one_by_one() {
    let (mut net, mut uniform) = (Voice::ZERO, numbers());
    net.init(&mut ChaCha8Rng::seed_from_u64(3));
    let data = [
        piece::<f32, [f32; 2]>(&mut uniform, &[]),
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
        let mut uniform = numbers();
        let (mut net, mut streams) = (Conv::ZERO, Streams::<Conv, 1>::NEW);
        let net = Sequence::<_, STEPS>::on(&mut net);
        net.init(&mut ChaCha8Rng::seed_from_u64(3));
        let (mut first, second) = (piece::<f64, [f64; 2]>(&mut uniform, &[]), piece(&mut uniform, &[0]));
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
    fn learn<const ROWS: usize>(data: &[Piece<f32, [f32; 2]>]) -> Vec<f32> {
        let mut net = Voice::ZERO;
        net.init(&mut ChaCha8Rng::seed_from_u64(3));
        let (mut memory, mut adam) = (Training::<_, ROWS>::boxed(), Adam::new(0.01));
        let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError)).with_batches_of(4);
        let net = Sequence::<Voice, STEPS>::on(&mut net);
        trainer.fit(net, data, &mut [0; 9], 3, |_| Continue(())).expect("a fit");
        parameters(net)
    }
    let mut uniform = numbers();
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
