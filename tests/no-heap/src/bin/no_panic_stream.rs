//! Links only if no panic can be reached from a stream: its steps and blocks, its state as bytes, a training step of its pieces, and
//! epochs of them in order. The panic handler calls a function that does not exist.
#![no_std]
#![no_main]

use core::hint::black_box;
use nn_core::dataset::pieces;
use nn_core::loss::{LossOf, Steps};
use nn_core::prelude::*;
use nn_core::train::{Sequence, Streams, Unrolls};

network! { struct Amp: stream 1 => lstm(12) => 1; }
network! { struct Filter: stream 2 => conv(4, 3, dilation = 2, padding = causal) tanh => window(2) => gru(3, start = learned) => 2; }
network! { struct Tone: stream 1 => wavenet(channels = (3, 2), kernel = 3, dilations = ((1, 4), 2), head = 2); }
network! { struct Pilot: stream 6 => 16 relu => gru(16, start = learned) => [rnn(16, activation = relu)] => 6 tanh; }

#[link(name = "c")]
unsafe extern "C" {
    fn a_panic_can_be_reached() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: never linked.
    unsafe { a_panic_can_be_reached() }
}

#[inline(never)]
fn exercise<N, const WIDTH: usize>(frame: [f32; WIDTH], order: &[usize]) -> i32
where
    N: Stream<Number = f32, Input = [f32; WIDTH], Output = [f32; WIDTH]>,
    Sequence<N, 6>: Unrolls<Stream = N, Number = f32, Input = [[f32; WIDTH]; 6], Output = [[f32; WIDTH]; 6]>,
    Steps<MeanSquaredError>: LossOf<Sequence<N, 6>, Target = [([f32; WIDTH], f32); 6]>,
{
    let mut net = N::ZERO;
    Sequence::on(&mut net).init(&mut ChaCha8Rng::seed_from_u64(order.len() as u64));
    let mut state = State::NEW;
    let mut y = [net.step(&frame, &mut state); 40];
    state.restart(&net);
    let mut right = i32::from(net.process(black_box(&[frame; 40]), black_box(&mut y), &mut state).is_ok());
    net.process_in_place(black_box(&mut y), &mut state);
    right += i32::from(state.is_finite());
    let mut file = [0; 1_024];
    let written = state.save(black_box(&mut file));
    let saved = file.get(..written.unwrap_or(0)).unwrap_or_default();
    right += i32::from(net.start().load(black_box(saved)).is_ok());
    black_box((&y, &state));
    let data = [([frame; 6], [(frame, 1.0); 6]); 2];
    let (mut memory, mut adam) = (Training::<Sequence<N, 6>, 2>::ZERO, Adam::new(0.01));
    let mut trainer = Trainer::new(&mut memory, &mut adam, Steps(MeanSquaredError));
    right += i32::from(trainer.step(Sequence::on(&mut net), &data[..], order).is_ok());
    let mut streams = Streams::<N, 2>::NEW;
    let recording = [frame; 24];
    let data = pieces(black_box(&recording), black_box(&recording));
    let net = Sequence::on(&mut net);
    right +=
        i32::from(data.is_ok_and(|data| trainer.fit_in_order(net, &data, &mut streams, 2, |_| Continue(())).is_ok()));
    let marks = [([frame; 6], [(frame, 1.0); 6], [false, false, frame[0] > 0.5, false, true, false])];
    right += i32::from(trainer.piece(net, black_box(&marks[..]), &mut streams, &[0; 2]).is_ok());
    right += i32::from(evaluate(net, &Steps(MeanSquaredError), black_box(&marks)).is_ok());
    let mut file = [0; 2_048];
    let written = streams.save(black_box(&mut file));
    right += i32::from(streams.load(file.get(..written.unwrap_or(0)).unwrap_or_default()).is_ok());
    black_box((&net, &streams));
    right
}

#[unsafe(no_mangle)]
extern "C" fn main(count: i32) -> i32 {
    let order = &black_box([0, 1, 1, 0])[..(count as usize).min(4)];
    let x = black_box(count as f32);
    let right = exercise::<Amp, _>([x], order)
        + exercise::<Filter, _>([x; 2], order)
        + exercise::<Tone, _>([x], order)
        + exercise::<Pilot, _>([x; 6], order);
    i32::from(right != 4 * 8)
}
