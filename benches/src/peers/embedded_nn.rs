//! `embedded-nn`, its layers of `f32`.

use crate::networks::{Activation, Case, Task};
use crate::timing::Entry;
use embedded_nn::float_ops::{fully_connected_f32, relu_f32};
use embedded_nn::types::Dims;

pub fn contestant(case: &Case) -> Option<Entry> {
    let rows = case.rows as i32;
    let layers: Vec<_> = case.layers.iter().map(|layer| (layer.clone(), layer.by_rows())).collect();
    let values: Vec<Vec<f32>> = case.layers.iter().map(|layer| vec![0.0; case.rows * layer.outputs]).collect();
    let state: Vec<Vec<f32>> = [case.x.clone()].into_iter().chain(values).collect();
    let call = move |values: &mut Vec<Vec<f32>>| {
        for (at, (layer, weights)) in layers.iter().enumerate() {
            let (x, y) = values.split_at_mut(at + 1);
            let (x, y) = (&x[at], &mut y[0]);
            let (inputs, outputs) = (layer.inputs as i32, layer.outputs as i32);
            let dims = |n, c| Dims { n, h: 1, w: 1, c };
            let (input, filter, output) = (dims(rows, inputs), dims(inputs, outputs), dims(rows, outputs));
            fully_connected_f32(&input, x, &filter, weights, Some(&layer.bias), &output, y).expect("a dense layer");
            match layer.activation {
                Activation::Identity => {}
                Activation::Relu => relu_f32(y),
                // The crate's own are approximations that differ in the second digit.
                Activation::Sigmoid => y.iter_mut().for_each(|y| *y = 1.0 / (1.0 + (-*y).exp())),
            }
        }
    };
    let outputs = |values: &mut Vec<Vec<f32>>| values.last().expect("a layer").clone();
    (case.task == Task::Forward).then(|| Entry::job("embedded-nn", state, call, outputs))
}
