//! Streams.

use super::{Case, Digest, SAMPLES, number};
use nn_core::dataset::from_fn;
use nn_core::loss::Steps;
use nn_core::network::Learns;
use nn_core::prelude::*;
use nn_core::train::Sequence;

network! { struct Remembers: stream 2 => lstm(4, start = learned) => gru(3) tanh => [rnn(3, activation = relu)] => 2; }
network! { struct Wave: stream 1 => wavenet(channels = (3, 2), kernel = 3, dilations = ((1, 4), (2)), head = 2); }

/// Those that remember. Microcontrollers have them in a program of their own. None takes more than 14 KiB of stack.
pub const STREAMS: [Case; 2] = [
    Case { name: Remembers::NAME, digest: 0x5707_8150, compute: remembers },
    Case { name: Wave::NAME, digest: 0xc19b_5077, compute: wave },
];

fn remembers() -> u32 {
    pieces::<Remembers, 2, 2>(|piece, step| [number(piece + step), 0.5])
}

fn wave() -> u32 {
    pieces::<Wave, 1, 1>(|piece, step| [number(piece + step)])
}

/// Trains on pieces of a stream, and digests it and what it answers step by step, and to the same frames in blocks.
#[inline(never)]
fn pieces<N, const IN: usize, const OUT: usize>(answer: impl Fn(usize, usize) -> [f32; OUT]) -> u32
where
    N: Stream<Number = f32, Input = [f32; IN], Output = [f32; OUT]> + Learns,
    Sequence<N, STEPS>: Trainable<Number = f32, Input = [[f32; IN]; STEPS], Output = [[f32; OUT]; STEPS]>,
{
    let frame = |at: usize| core::array::from_fn(|channel| number(at * 5 + channel * 3));
    let input = |piece: usize, x: &mut [[f32; IN]; STEPS]| *x = core::array::from_fn(|step| frame(piece * 2 + step));
    let target = |piece| core::array::from_fn(|step| (answer(piece, step), (step > 0) as u8 as f32));
    let data = from_fn(8, input, target);
    let mut net = N::ZERO;
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    let (mut memory, mut adam) = (Training::<Sequence<N, STEPS>, 2>::ZERO, Adam::new(0.02));
    let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError)).clipped(Clip::Norm(1.0));
    let mut digest = Digest(0x811c_9dc5);
    let learnt = trainer.fit(Sequence::on(&mut net), &data, &mut [0; 8], 10, |report| {
        digest.add(report.loss);
        Continue(())
    });
    if learnt.is_err() {
        return 0;
    }
    net.parameters(|_, values| values.iter().for_each(|value| digest.add(*value)));
    let mut state = State::NEW;
    for at in 0..SAMPLES {
        net.step(&frame(at), &mut state).into_iter().for_each(|y| digest.add(y));
    }
    let (frames, mut answers): ([_; SAMPLES], _) = (core::array::from_fn(frame), [[0.0; OUT]; SAMPLES]);
    state.restart(&net);
    for (frames, answers) in frames.chunks(7).zip(answers.chunks_mut(7)) {
        if net.process(frames, answers, &mut state).is_err() {
            return 0;
        }
    }
    answers.as_flattened().iter().for_each(|y| digest.add(*y));
    digest.0
}

/// The steps of a piece.
const STEPS: usize = 5;
