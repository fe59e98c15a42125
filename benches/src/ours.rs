//! This library.

use crate::networks::{BATCH, Case, Net, Targets, Task};
use crate::timing::Entry;
use nn_core::loss::LossOf;
use nn_core::optimizer::Optimizer;
use nn_core::prelude::*;
use std::hint::black_box;

network! { struct A: 2 => 8 relu => 4 sigmoid => 1; }
network! { struct B: 4 => 16 relu => 3; }
network! { struct C: 64 => 32 relu => 10; }
network! { struct D: 784 => 128 relu => 10; }
network! {
    struct E: 640 => 128 relu => 128 relu => 128 relu => 128 relu => 8 relu
        => 128 relu => 128 relu => 128 relu => 128 relu => 640;
}

/// What the rows are compared with.
pub const NAME: &str = "nn-core";

/// A value of all bytes zero that never was on the stack.
///
/// # Safety
/// All bytes zero must be a valid `T`.
unsafe fn zeroed<T>() -> Box<T> {
    // SAFETY: by the contract of this function.
    unsafe { Box::new_zeroed().assume_init() }
}

/// The network with the weights of a case.
fn loaded_case<N: Trainable<Number = f32>>(case: &Case) -> Box<N> {
    loaded(case.layers.iter().flat_map(|layer| [&layer.weights[..], &layer.bias]))
}

/// The network with these tensors.
pub fn loaded<'a, N: Trainable<Number = f32>>(mut tensors: impl Iterator<Item = &'a [f32]>) -> Box<N> {
    // SAFETY: all bytes zero are a valid network of the library's layers, as `Network` says.
    let mut net: Box<N> = unsafe { zeroed() };
    net.parameters_mut(|_, values| values.copy_from_slice(tensors.next().expect("as many tensors")));
    net
}

fn flat<N: Trainable<Number = f32>>(net: &N) -> Vec<f32> {
    let mut flat = Vec::new();
    net.parameters(|_, values| flat.extend_from_slice(values));
    flat
}

fn forward<N, const I: usize, const O: usize>(case: &Case) -> Entry
where
    N: Trainable<Number = f32, Input = [f32; I], Output = [f32; O]> + 'static,
{
    let x: [f32; I] = case.x[..].try_into().expect("one row");
    Entry::job(
        NAME,
        (loaded_case::<N>(case), x, [0.0; O]),
        |(net, x, y)| *black_box(y) = net.forward(black_box(x)),
        |(_, _, y)| y.to_vec(),
    )
}

fn batch<N, const I: usize, const O: usize>(case: &Case) -> Entry
where
    N: Trainable<Number = f32, Input = [f32; I], Output = [f32; O]> + 'static,
{
    let x: Box<[[f32; I]; BATCH]> = case.x.as_chunks().0.to_vec().try_into().expect("as many rows");
    Entry::job(
        NAME,
        (loaded_case::<N>(case), x, Box::new([[0.0; O]; BATCH])),
        |(net, x, y)| net.forward_batch(black_box(&**x), black_box(&mut **y)),
        |(_, _, y)| y.as_flattened().to_vec(),
    )
}

/// Steps with a batch, whose parameters are shown as asked for.
pub fn training<N, O, L, const I: usize>(
    net: Box<N>,
    x: &[f32],
    optimizer: Box<O>,
    loss: L,
    targets: &[L::Target],
    show: impl Fn(Vec<f32>) -> Vec<f32> + 'static,
) -> Entry
where
    N: Trainable<Number = f32, Input = [f32; I]> + 'static,
    O: Optimizer<Network = N> + 'static,
    L: LossOf<N, Target: Copy> + Copy + 'static,
{
    // SAFETY: the memory is networks and numbers, all bytes of which may be zero at first, as `Training` says.
    let memory: Box<Training<N, BATCH>> = unsafe { zeroed() };
    let data: Vec<_> = x.as_chunks::<I>().0.iter().copied().zip(targets.iter().copied()).collect();
    let order: [usize; BATCH] = core::array::from_fn(|at| at);
    Entry::job(
        NAME,
        (net, memory, optimizer, data),
        move |(net, memory, optimizer, data)| {
            let mut trainer = Trainer::new(&mut **memory, &mut **optimizer, loss);
            trainer.step(net, black_box(&data[..]), black_box(&order)).expect("a step")
        },
        move |(net, ..)| show(flat(&**net)),
    )
}

/// Training with the optimiser of a case.
fn trained<N, L, const I: usize>(case: &Case, loss: L, targets: &[L::Target]) -> Entry
where
    N: Trainable<Number = f32, Input = [f32; I]> + 'static,
    L: LossOf<N, Target: Copy> + Copy + 'static,
{
    if !case.is_adam() {
        let sgd = Box::new(Sgd::new(case.rate()));
        return training::<N, _, L, I>(loaded_case(case), &case.x, sgd, loss, targets, |flat| flat);
    }
    // SAFETY: the optimiser is numbers and networks, of which all bytes zero are valid; the settings are set below.
    let mut adam: Box<Adam<N>> = unsafe { zeroed() };
    (adam.learning_rate, adam.betas, adam.epsilon) = (case.rate(), [0.9, 0.999], 1e-8);
    training::<N, _, L, I>(loaded_case(case), &case.x, adam, loss, targets, |flat| flat)
}

/// The library on a case.
pub fn contestant(case: &Case) -> Entry {
    match (&case.task, case.net, case.rows) {
        (Task::Train { targets: Targets::Values(targets), .. }, ..) => {
            trained::<A, _, 2>(case, MeanSquaredError, targets.as_chunks::<1>().0)
        }
        (Task::Train { targets: Targets::Classes(targets), .. }, Net::C, _) => {
            trained::<C, _, 64>(case, CrossEntropy, targets)
        }
        (Task::Train { targets: Targets::Classes(targets), .. }, ..) => {
            trained::<D, _, 784>(case, CrossEntropy, targets)
        }
        (_, Net::A, BATCH) => batch::<A, 2, 1>(case),
        (_, Net::C, BATCH) => batch::<C, 64, 10>(case),
        (_, Net::D, BATCH) => batch::<D, 784, 10>(case),
        (_, Net::A, _) => forward::<A, 2, 1>(case),
        (_, Net::B, _) => forward::<B, 4, 3>(case),
        (_, Net::C, _) => forward::<C, 64, 10>(case),
        (_, Net::D, _) => forward::<D, 784, 10>(case),
        (_, Net::E, _) => forward::<E, 640, 640>(case),
    }
}
