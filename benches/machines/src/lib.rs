//! Networks beside loops for their shapes, each called as often as is wanted.

mod plain;

use nn_core::loss::LossOf;
use nn_core::prelude::*;
use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hint::black_box;

network! { struct A: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct B: 4 => 16 relu => 3; }
network! { struct C: 64 => 32 relu => 10; }
network! { struct D: 784 => 128 relu => 10; }

/// What can be called: the network, and whether it is a loop that is called, or a step of training.
pub const ROWS: [&str; 10] = ["A", "A plain", "B", "B plain", "C", "C plain", "D", "D plain", "A SGD", "C SGD"];

/// Calls a row so many times.
#[unsafe(no_mangle)]
pub extern "C" fn call(row: usize, calls: usize) {
    match ROWS[row] {
        "A" => forward::<A, 2>(row, calls),
        "B" => forward::<B, 4>(row, calls),
        "C" => forward::<C, 64>(row, calls),
        "D" => forward::<D, 784>(row, calls),
        "A plain" => plain::a(calls),
        "B plain" => plain::b(calls),
        "C plain" => plain::c(calls),
        "D plain" => plain::d(calls),
        "A SGD" => step::<A, 2, _>(row, calls, MeanSquaredError, [0.5]),
        "C SGD" => step::<C, 64, _>(row, calls, CrossEntropy, 3),
        _ => unreachable!("a row without a name"),
    }
}

/// Works with what a row keeps from one call to the next.
fn kept<T: Any>(row: usize, make: impl FnOnce() -> T, work: impl FnOnce(&mut T)) {
    thread_local!(static KEPT: RefCell<HashMap<usize, Box<dyn Any>>> = RefCell::default());
    KEPT.with_borrow_mut(|kept| {
        let kept = kept.entry(row).or_insert_with(|| Box::new(make()));
        work(kept.downcast_mut().expect("what this row keeps"));
    });
}

fn initialised<N: Trainable<Number = f32>>() -> Box<N> {
    let mut net = Box::new(N::ZERO);
    net.init(&mut ChaCha8Rng::seed_from_u64(1));
    net
}

fn forward<N: Trainable<Number = f32, Input = [f32; I]> + 'static, const I: usize>(row: usize, calls: usize) {
    kept(row, initialised::<N>, |net| {
        for _ in 0..calls {
            black_box(net.forward(black_box(&[0.5; I])));
        }
    });
}

/// Steps of SGD with a batch of 32.
fn step<N, const I: usize, L>(row: usize, calls: usize, loss: L, target: L::Target)
where
    N: Trainable<Number = f32, Input = [f32; I]> + 'static,
    L: LossOf<N, Target: Clone>,
{
    kept(
        row,
        || (initialised::<N>(), Box::new(Training::<N, 32>::ZERO)),
        |(net, memory)| {
            let data: Vec<_> = (0..32).map(|_| ([0.5; I], target.clone())).collect();
            let order: [usize; 32] = core::array::from_fn(|at| at);
            let mut sgd = Sgd::new(0.01);
            let mut trainer = Trainer::new(memory, &mut sgd, loss);
            for _ in 0..calls {
                trainer.step(net, &data[..], black_box(&order)).expect("a step");
            }
        },
    );
}
