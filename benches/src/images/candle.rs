//! `candle`, on the CPU.

use super::Case;
use super::graph::{Graph, Op, Tensor as Numbers};
use crate::timing::Entry;
use candle_core::{Device, Result, Tensor};

/// A graph with its parameters.
struct Model {
    graph: Graph,
    tensors: Vec<Tensor>,
}

impl Model {
    fn new(graph: &Graph) -> Result<Self> {
        let tensor = |numbers: &Numbers| Tensor::from_vec(numbers.values.clone(), &numbers.dims[..], &Device::Cpu);
        Ok(Self { graph: graph.clone(), tensors: graph.tensors().map(tensor).collect::<Result<_>>()? })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut tensors = self.tensors.iter();
        let mut next = || tensors.next().expect("as many tensors");
        let mut values = vec![x.clone()];
        for node in &self.graph.nodes {
            let x = &values[node.from];
            let value = match &node.op {
                Op::Conv { window, .. } => {
                    let (weight, bias) = (next(), next());
                    let [[top, bottom], [left, right]] = window.padding;
                    // It pads all sides alike, or one after the other.
                    let is_even = top == bottom && top == left && left == right;
                    let padded = if is_even {
                        x.clone()
                    } else {
                        x.pad_with_zeros(2, top, bottom)?.pad_with_zeros(3, left, right)?
                    };
                    let padding = if is_even { top } else { 0 };
                    let y = padded.conv2d(weight, padding, window.stride, 1, window.groups)?;
                    y.broadcast_add(&bias.reshape((1, node.shape[0], 1, 1))?)?
                }
                Op::Relu => x.relu()?,
                Op::MaxPool => x.max_pool2d(2)?,
                Op::Mean => x.mean((2, 3))?,
                Op::Flatten => x.flatten_from(1)?,
                Op::Dense { .. } => x.matmul(&next().t()?)?.broadcast_add(next())?,
                Op::Add(other) => (x + &values[*other])?,
            };
            values.push(value);
        }
        Ok(values.pop().expect("a value"))
    }
}

fn entry(case: &Case) -> Result<Entry> {
    let [channels, rows, columns] = case.graph.input;
    let x = Tensor::from_vec(case.x.clone(), (case.rows, channels, rows, columns), &Device::Cpu)?;
    let values = |y: &Tensor| y.flatten_all()?.to_vec1::<f32>();
    Ok(Entry::job(
        "candle",
        (Model::new(&case.graph)?, x, None),
        |(model, x, y)| *y = Some(model.forward(x).expect("a forward pass")),
        move |(_, _, y)| values(y.as_ref().expect("a call")).expect("numbers"),
    ))
}

/// Forward passes only: its max pool gives the largest of four values a quarter of the gradient.
pub fn contestant(case: &Case) -> Option<Entry> {
    case.classes.is_none().then(|| entry(case).expect("candle's tensors"))
}
