//! What one writes first: a dot product for every output, on vectors of any length.

use crate::networks::{Activation, Case, Layer, Task};
use crate::timing::Entry;
use std::hint::black_box;

pub const NAME: &str = "naive loop";

struct Rows {
    layer: Layer,
    by_rows: Vec<f32>,
}

impl Rows {
    fn forward(&self, x: &[f32], y: &mut Vec<f32>) {
        y.clear();
        y.extend(self.by_rows.chunks_exact(self.layer.inputs).zip(&self.layer.bias).map(|(row, bias)| {
            let sum = bias + row.iter().zip(x).map(|(weight, x)| weight * x).sum::<f32>();
            match self.layer.activation {
                Activation::Identity => sum,
                Activation::Relu => sum.max(0.0),
                Activation::Sigmoid => 1.0 / (1.0 + (-sum).exp()),
            }
        }));
    }
}

pub fn contestant(case: &Case) -> Option<Entry> {
    let layers: Vec<Rows> =
        case.layers.iter().map(|layer| Rows { layer: layer.clone(), by_rows: layer.by_rows() }).collect();
    let inputs = case.inputs();
    let call = move |(x, hidden, outputs): &mut (Vec<f32>, [Vec<f32>; 2], Vec<f32>)| {
        outputs.clear();
        for x in black_box(&*x).chunks_exact(inputs) {
            let [from, to] = hidden;
            from.clear();
            from.extend_from_slice(x);
            for layer in &layers {
                layer.forward(from, to);
                std::mem::swap(from, to);
            }
            outputs.extend_from_slice(from);
        }
    };
    let state = (case.x.clone(), [Vec::new(), Vec::new()], Vec::new());
    (case.task == Task::Forward).then(|| Entry::job(NAME, state, call, |(_, _, y)| y.clone()))
}
