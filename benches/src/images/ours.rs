//! This library.

use super::graph::{Graph, Tensor};
use super::{Case, Net, RATE};
use crate::ours::{self, NAME};
use crate::timing::Entry;
use nn_core::prelude::*;
use std::hint::black_box;

network! {
    struct F: 1x28x28 => conv(8, 3) relu => max_pool(2) => conv(16, 3) relu => max_pool(2) => flatten => 10;
}

// As in `examples::networks`.
network! {
    struct DsCnn: 1x49x10
        => conv(64, 10x4, stride = 2, padding = same) relu
        => depthwise(3, padding = 1) relu => conv(64, 1) relu
        => depthwise(3, padding = 1) relu => conv(64, 1) relu
        => depthwise(3, padding = 1) relu => conv(64, 1) relu
        => depthwise(3, padding = 1) relu => conv(64, 1) relu
        => global_avg_pool => 12;
}

network! {
    struct Resnet8: 3x32x32
        => conv(16, 3, padding = 1) relu
        => [conv(16, 3, padding = 1) relu => conv(16, 3, padding = 1)] relu
        => (conv(32, 3, stride = 2, padding = same) relu => conv(32, 3, padding = 1) + conv(32, 1, stride = 2)) relu
        => (conv(64, 3, stride = 2, padding = same) relu => conv(64, 3, padding = 1) + conv(64, 1, stride = 2)) relu
        => global_avg_pool => 10;
}

/// The network with the weights of a case, which it stores the other way round.
fn loaded<N: Trainable<Number = f32>>(case: &Case) -> Box<N> {
    let tensors: Vec<_> = case.graph.tensors().map(|tensor| tensor.reversed().values).collect();
    ours::loaded(tensors.iter().map(Vec::as_slice))
}

/// The parameters as the graph has them.
fn turned(graph: &Graph, flat: &[f32]) -> Vec<f32> {
    let (mut left, mut values) = (flat, Vec::new());
    for tensor in graph.tensors() {
        let (of, rest) = left.split_at(tensor.values.len());
        let dims = tensor.dims.iter().rev().copied().collect();
        values.extend(Tensor { dims, values: of.to_vec() }.reversed().values);
        left = rest;
    }
    values
}

fn forward<N, const I: usize, const O: usize>(case: &Case) -> Entry
where
    N: Trainable<Number = f32, Input = [f32; I], Output = [f32; O]> + 'static,
{
    let x: Box<[f32; I]> = case.x.clone().try_into().expect("one row");
    Entry::job(
        NAME,
        (loaded::<N>(case), x, [0.0; O]),
        |(net, x, y)| *black_box(y) = net.forward(black_box(&**x)),
        |(_, _, y)| y.to_vec(),
    )
}

pub fn contestant(case: &Case) -> Entry {
    match (case.net, &case.classes) {
        (_, Some(classes)) => {
            let graph = case.graph.clone();
            let show = move |flat: Vec<f32>| turned(&graph, &flat);
            ours::training::<F, _, _, 784>(loaded(case), &case.x, Box::new(Sgd::new(RATE)), CrossEntropy, classes, show)
        }
        (Net::F, _) => forward::<F, 784, 10>(case),
        (Net::DsCnn, _) => forward::<DsCnn, 490, 12>(case),
        (Net::Resnet8, _) => forward::<Resnet8, 3072, 10>(case),
    }
}
