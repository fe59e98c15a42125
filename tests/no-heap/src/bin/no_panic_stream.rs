//! Links only if no panic can be reached from a stream: its steps and blocks, its state as bytes, a training step of its pieces, and
//! epochs of them in order. The panic handler calls a function that does not exist.
#![no_std]
#![no_main]

use core::hint::black_box;
use nn_core::dataset::pieces;
use nn_core::loss::Steps;
use nn_core::prelude::*;
use nn_core::train::{Sequence, Streams};

network! { struct Amp: stream 1 => lstm(12) => 1; }
network! { struct Filter: stream 2 => conv(4, 3, dilation = 2, padding = causal) tanh => window(2) => gru(3, start = learned) => 2; }
network! { struct Tone: stream 1 => wavenet(channels = (3, 2), kernel = 3, dilations = ((1, 4), 2), head = 2); }
network! {
    struct Wake: stream 2x4 => (conv(4, 5, stride = 2, padding = causal) | max_pool(3, stride = 2, padding = causal)) tanh
        => depthwise(2, dilation = 3, padding = causal) => gru(3) => upsample(2) => 2;
}
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

/// What a stream may be asked for, and how much of it was right; its ends are alike.
macro_rules! exercise {
    ($Net:ty, $loss:expr, $target:expr, $frame:expr, $order:expr) => {{
        #[inline(never)]
        fn exercise(frame: <$Net as Network>::Input, order: &[usize]) -> i32 {
            let (mut net, target) = (<$Net>::ZERO, ($target)(frame));
            Sequence::<$Net, 6>::on(&mut net).init(&mut ChaCha8Rng::seed_from_u64(order.len() as u64));
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
            let data = [([frame; 6], [(target, 1.0); 6]); 2];
            let (mut memory, mut adam) = (Training::<Sequence<$Net, 6>, 2>::ZERO, Adam::new(0.01));
            let mut trainer = Trainer::new(&mut memory, &mut adam, $loss);
            right += i32::from(trainer.step(Sequence::<$Net, 6>::on(&mut net), &data[..], order).is_ok());
            let mut streams = Streams::<$Net, 2>::NEW;
            let (sound, targets) = ([frame; 24], [target; 24]);
            let data = pieces(black_box(&sound), black_box(&targets));
            let net = Sequence::<$Net, 6>::on(&mut net);
            right += i32::from(
                data.is_ok_and(|data| trainer.fit_in_order(net, &data, &mut streams, 2, |_| Continue(())).is_ok()),
            );
            let marks = [([frame; 6], [(target, 1.0); 6], [false, false, order.len() > 3, false, true, false])];
            right += i32::from(trainer.piece(net, black_box(&marks[..]), &mut streams, &[0; 2]).is_ok());
            right += i32::from(evaluate(net, &$loss, black_box(&marks)).is_ok());
            let mut file = [0; 2_048];
            let written = streams.save(black_box(&mut file));
            right += i32::from(streams.load(file.get(..written.unwrap_or(0)).unwrap_or_default()).is_ok());
            black_box((&net, &streams));
            right
        }
        exercise($frame, $order)
    }};
}

#[unsafe(no_mangle)]
extern "C" fn main(count: i32) -> i32 {
    let order = &black_box([0, 1, 1, 0])[..(count as usize).min(4)];
    let x = black_box(count as f32);
    let right = exercise!(Amp, Steps(MeanSquaredError), |frame| frame, [x], order)
        + exercise!(Filter, Steps(MeanSquaredError), |frame| frame, [x; 2], order)
        + exercise!(Tone, Steps(MeanSquaredError), |frame| frame, [x], order)
        + exercise!(
            Wake,
            Steps(Steps(MeanSquaredError)),
            |step: [_; 4]| step.map(|frame| (frame, 1.0)),
            [[x; 2]; 4],
            order
        )
        + exercise!(Pilot, Steps(MeanSquaredError), |frame| frame, [x; 6], order);
    i32::from(right != 5 * 8)
}
