//! Dense layers by the matrix product of `matrixmultiply`, which is also that of `ndarray`.

use crate::networks::{Activation, Case, Task};
use crate::timing::Entry;

/// `y += x w`, for so many rows.
fn product(rows: usize, x: &[f32], w: &[f32], y: &mut [f32]) {
    let (inputs, outputs) = (x.len() / rows, y.len() / rows);
    assert!(w.len() == inputs * outputs && x.len() == rows * inputs && y.len() == rows * outputs);
    let (i, o) = (inputs as isize, outputs as isize);
    // SAFETY: the slices have as many numbers as the sizes and the strides of rows say.
    unsafe {
        let (x, w, y) = (x.as_ptr(), w.as_ptr(), y.as_mut_ptr());
        matrixmultiply::sgemm(rows, inputs, outputs, 1.0, x, i, 1, w, o, 1, 1.0, y, o, 1);
    }
}

pub fn contestant(case: &Case) -> Option<Entry> {
    let (layers, rows) = (case.layers.clone(), case.rows);
    // The input, and the values of every layer.
    let values: Vec<Vec<f32>> = layers.iter().map(|layer| vec![0.0; rows * layer.outputs]).collect();
    let state: Vec<Vec<f32>> = [case.x.clone()].into_iter().chain(values).collect();
    let call = move |values: &mut Vec<Vec<f32>>| {
        for (at, layer) in layers.iter().enumerate() {
            let (x, y) = values.split_at_mut(at + 1);
            let (x, y) = (&x[at], &mut y[0]);
            y.chunks_exact_mut(layer.outputs).for_each(|y| y.copy_from_slice(&layer.bias));
            product(rows, x, &layer.weights, y);
            match layer.activation {
                Activation::Identity => {}
                Activation::Relu => y.iter_mut().for_each(|y| *y = y.max(0.0)),
                Activation::Sigmoid => y.iter_mut().for_each(|y| *y = 1.0 / (1.0 + (-*y).exp())),
            }
        }
    };
    let outputs = |values: &mut Vec<Vec<f32>>| values.last().expect("a layer").clone();
    (case.task == Task::Forward).then(|| Entry::job("matrixmultiply", state, call, outputs))
}
