//! `tract`, from a graph that is optimised before it runs.

use crate::networks::{Activation, Case, Task};
use crate::timing::Entry;
use tract_core::internal::*;
use tract_core::ops::change_axes::wire_rank_broadcast;
use tract_core::ops::einsum::EinSum;
use tract_core::ops::{math, nn};

/// The network as one would load it from a file.
fn model(case: &Case) -> TractResult<TypedModel> {
    let mut model = TypedModel::default();
    let mut x = model.add_source("x", f32::fact([case.rows, case.inputs()]))?;
    for (at, layer) in case.layers.iter().enumerate() {
        let name = |what: &str| format!("{what}{at}");
        let weights = Tensor::from_shape(&[layer.inputs, layer.outputs], &layer.weights)?;
        let weights = model.add_const(name("weights"), weights)?;
        let product = EinSum::new("mk,kn->mn".parse()?, f32::datum_type());
        x = model.wire_node(name("product"), product, &[x, weights])?[0];
        let bias = model.add_const(name("bias"), Tensor::from_shape(&[1, layer.outputs], &layer.bias)?)?;
        x = model.wire_node(name("sum"), math::add(), &[x, bias])?[0];
        match layer.activation {
            Activation::Identity => {}
            Activation::Relu => {
                let zero = model.add_const(name("zero"), tensor0(0.0_f32))?;
                let both = wire_rank_broadcast(name("zeros"), &mut model, &[x, zero])?;
                x = model.wire_node(name("relu"), math::max(), &both)?[0];
            }
            Activation::Sigmoid => x = model.wire_node(name("sigmoid"), nn::sigmoid(), &[x])?[0],
        }
    }
    model.select_output_outlets(&[x])?;
    model.into_optimized()
}

fn entry(case: &Case) -> TractResult<Entry> {
    let state = model(case)?.into_runnable()?.spawn()?;
    let x: TValue = Tensor::from_shape(&[case.rows, case.inputs()], &case.x)?.into();
    Ok(Entry::job(
        "tract",
        (state, None),
        move |(state, y)| *y = state.run(tvec![x.clone()]).expect("a run").pop(),
        |(_, y)| y.as_ref().expect("a call").to_plain_array_view::<f32>().expect("numbers").iter().copied().collect(),
    ))
}

pub fn contestant(case: &Case) -> Option<Entry> {
    (case.task == Task::Forward).then(|| entry(case).expect("a graph"))
}
