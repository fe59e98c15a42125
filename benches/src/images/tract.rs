//! `tract`, from a graph that is optimised before it runs.

use super::Case;
use super::graph::{Op, Tensor as Numbers};
use crate::timing::Entry;
use tract_core::internal::*;
use tract_core::ops::change_axes::wire_rank_broadcast;
use tract_core::ops::cnn::{Conv, KernelFormat, MaxPool, PaddingSpec, PoolSpec};
use tract_core::ops::einsum::EinSum;
use tract_core::ops::math;
use tract_core::ops::nn::{DataFormat, Reduce, Reducer};

fn tensor(numbers: &Numbers) -> TractResult<Tensor> {
    Tensor::from_shape(&numbers.dims, &numbers.values)
}

fn constant(model: &mut TypedModel, name: String, numbers: &Numbers) -> TractResult<OutletId> {
    model.add_const(name, tensor(numbers)?)
}

/// The network as one would load it from a file.
fn model(case: &Case) -> TractResult<TypedModel> {
    let mut model = TypedModel::default();
    let [channels, rows, columns] = case.graph.input;
    let mut values = vec![model.add_source("x", f32::fact([1, channels, rows, columns]))?];
    for (at, node) in case.graph.nodes.iter().enumerate() {
        let (x, shape) = (values[node.from], case.graph.shape(node.from));
        let name = |what: &str| format!("{what}{at}");
        let value = match &node.op {
            Op::Conv { weight, bias, window } => {
                let inputs =
                    [x, constant(&mut model, name("weight"), weight)?, constant(&mut model, name("bias"), bias)?];
                let [[top, bottom], [left, right]] = window.padding;
                let spec = PoolSpec {
                    data_format: DataFormat::NCHW,
                    kernel_shape: tvec![weight.dims[2], weight.dims[3]],
                    padding: PaddingSpec::Explicit(tvec![top, left], tvec![bottom, right]),
                    dilations: None,
                    strides: Some(tvec![window.stride; 2]),
                    input_channels: shape[0],
                    output_channels: node.shape[0],
                };
                let conv = Conv::new(spec, KernelFormat::OIHW, window.groups, None);
                model.wire_node(name("conv"), conv, &inputs)?[0]
            }
            Op::Relu => {
                let zero = model.add_const(name("zero"), tensor0(0.0_f32))?;
                let both = wire_rank_broadcast(name("zeros"), &mut model, &[x, zero])?;
                model.wire_node(name("relu"), math::max(), &both)?[0]
            }
            Op::MaxPool => {
                let spec = PoolSpec {
                    data_format: DataFormat::NCHW,
                    kernel_shape: tvec![2, 2],
                    padding: PaddingSpec::Valid,
                    dilations: None,
                    strides: Some(tvec![2, 2]),
                    input_channels: shape[0],
                    output_channels: shape[0],
                };
                model.wire_node(name("pool"), MaxPool::new(spec, None), &[x])?[0]
            }
            Op::Mean => {
                let sum = model.wire_node(name("sum"), Reduce::new(tvec![2, 3], Reducer::Sum), &[x])?[0];
                let part = tensor0(1.0 / (shape[1] * shape[2]) as f32).broadcast_into_rank(4)?;
                let part = model.add_const(name("part"), part)?;
                let mean = model.wire_node(name("mean"), math::mul(), &[sum, part])?[0];
                flat(&mut model, name("vector"), mean, [shape[0], 1, 1])?
            }
            Op::Flatten => flat(&mut model, name("vector"), x, shape)?,
            Op::Dense { weight, bias } => {
                let weight = constant(&mut model, name("weight"), weight)?;
                let product = EinSum::new("mk,nk->mn".parse()?, f32::datum_type());
                let product = model.wire_node(name("product"), product, &[x, weight])?[0];
                let bias = Numbers { dims: vec![1, bias.values.len()], values: bias.values.clone() };
                let bias = constant(&mut model, name("bias"), &bias)?;
                model.wire_node(name("sum"), math::add(), &[product, bias])?[0]
            }
            Op::Add(other) => model.wire_node(name("add"), math::add(), &[x, values[*other]])?[0],
        };
        values.push(value);
    }
    model.select_output_outlets(&values[case.graph.last()..])?;
    model.into_optimized()
}

/// A row of images as a row of a matrix.
fn flat(model: &mut TypedModel, name: String, x: OutletId, shape: [usize; 3]) -> TractResult<OutletId> {
    let from = shape.iter().map(|size| size.to_dim()).collect();
    let to = tvec![shape.iter().product::<usize>().to_dim()];
    Ok(model.wire_node(name, AxisOp::Reshape(1, from, to), &[x])?[0])
}

fn entry(case: &Case) -> TractResult<Entry> {
    let state = model(case)?.into_runnable()?.spawn()?;
    let [channels, rows, columns] = case.graph.input;
    let x: TValue = Tensor::from_shape(&[1, channels, rows, columns], &case.x)?.into();
    Ok(Entry::job(
        "tract",
        (state, None),
        move |(state, y)| *y = state.run(tvec![x.clone()]).expect("a run").pop(),
        |(_, y)| y.as_ref().expect("a call").to_plain_array_view::<f32>().expect("numbers").iter().copied().collect(),
    ))
}

pub fn contestant(case: &Case) -> Option<Entry> {
    case.classes.is_none().then(|| entry(case).expect("a graph"))
}
